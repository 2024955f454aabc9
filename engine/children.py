"""Processes of our own that do the same side by side: begun anew when one dies, ended with us.

They begin in a fresh interpreter and get what they need through a pipe: no password shows among
the machine's processes.
"""

import multiprocessing
import signal
import threading
from collections.abc import Callable
from multiprocessing import connection
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Any

import structlog

_LOG = structlog.get_logger("crmflow.children")
LOOK_SECONDS = 1.0


def keep(target: Callable[..., None], *words: Any, processes: int, name: str) -> None:
    """``processes`` of them call ``target(*words)`` until this process is told to end (SIGTERM, SIGINT); they are told
    too and waited for. One that dies is begun anew a second later."""
    ending = threading.Event()
    told_to_end(ending)
    spawn = multiprocessing.get_context("spawn")

    def begun() -> BaseProcess:
        made = spawn.Process(target=target, args=words, name=name)
        made.start()
        return made

    all_of_them = [begun() for _ in range(processes)]
    while not ending.wait(LOOK_SECONDS):
        for place, one in enumerate(all_of_them):
            if not one.is_alive():
                _LOG.error("a process died and is begun anew", process=name, pid=one.pid, exit=one.exitcode)
                all_of_them[place] = begun()
    for one in all_of_them:
        one.terminate()
    for one in all_of_them:
        one.join()


def told_to_end(ending: threading.Event) -> None:
    """Sets ``ending`` when this process is told to end. For the main thread."""

    def end(number: int, frame: FrameType | None) -> None:
        ending.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)


def at_the_end_of_the_parent(end: Callable[[], object]) -> None:
    """Calls ``end`` in a thread of its own when the process that began this one is gone, even killed."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch(sentinel: int = parent.sentinel) -> None:
        connection.wait([sentinel])
        end()

    threading.Thread(target=watch, name="crmflow-parent", daemon=True).start()
