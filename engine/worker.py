"""Processes that do due work beside the web server: as many as one likes, on as many machines.

Each sweeps by itself, so that nothing depends on the bell; with ``queue=rq`` it also hears the bell through Redis.
"""

import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Callable, Mapping
from multiprocessing import connection
from multiprocessing.process import BaseProcess
from types import FrameType

import structlog
from rq import SimpleWorker
from rq.serializers import JSONSerializer
from rq.timeouts import TimerDeathPenalty

from engine import app, dispatch, logs, ports
from engine.queue import Rq, Threads, Work
from engine.settings import Settings

_LOG = structlog.get_logger("crmflow.worker")
_rounds: list[Work] = []
"""What ``hear`` calls: rq finds its function by name, so the process's rounds stand here while it works."""


def hear(kind: str) -> int:
    """The rq job: rounds until nothing is due; how many things were done."""
    total = 0
    for one in _rounds:
        while done := one():
            total += done
    return total


def work_in_processes(settings: Settings, *, processes: int) -> None:
    """``processes`` workers until this process is told to end; one that dies is begun anew a second later.

    They begin in a fresh interpreter and get the settings through a pipe: no password shows among the
    machine's processes. When this process is killed, they end by themselves.
    """
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _ender(ending))
    spawn = multiprocessing.get_context("spawn")

    def begun() -> BaseProcess:
        made = spawn.Process(target=_child, args=(settings,), name="crmflow-worker")
        made.start()
        return made

    workers = [begun() for _ in range(processes)]
    while not ending.wait(1.0):
        for place, one in enumerate(workers):
            if not one.is_alive():
                _LOG.error("a worker died and is begun anew", pid=one.pid, exit=one.exitcode)
                workers[place] = begun()
    for one in workers:
        one.terminate()
    for one in workers:
        one.join()


def _child(settings: Settings) -> None:
    logs.configure()
    stop = threading.Event()
    parent = multiprocessing.parent_process()
    if parent is not None:

        def watch(sentinel: int = parent.sentinel) -> None:
            connection.wait([sentinel])
            stop.set()

        threading.Thread(target=watch, name="crmflow-parent", daemon=True).start()
    work(settings, stop=stop)


def work(
    settings: Settings,
    *,
    stop: threading.Event | None = None,
    jobs: bool = True,
    more_handlers: Mapping[str, ports.Handler] | None = None,
) -> None:
    """Works until ``stop`` is set or the process is told to end (SIGTERM, SIGINT); rounds under way are finished.

    ``jobs`` False: a dispatcher, which leaves jobs to the workers and hears no bell.
    """
    ending = stop or threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _ender(ending))
    engine = app.build(settings, more_handlers=more_handlers, dispatcher=False)
    name = f"{socket.gethostname()}-{os.getpid()}"
    dispatcher = dispatch.Dispatcher(engine, worker=name, jobs=jobs)
    sweeper, couriers = (Threads(threads=settings.threads, sweep_seconds=settings.sweep_seconds) for _ in range(2))
    sweeper.begin(dispatcher)
    if jobs:
        couriers.begin(dispatch.Couriers(engine, worker=name))

    def round() -> int:
        """Couriers are woken, never waited for."""
        couriers.ring(())
        return dispatcher()

    try:
        if jobs and isinstance(engine.queue, Rq):
            _hear(engine.queue, round, ending)
        ending.wait()
    finally:
        sweeper.close()
        couriers.close()
        engine.close()


def _hear(queue: Rq, round: Work, ending: threading.Event) -> None:
    """SimpleWorker: a fork costs more than most jobs. Bursts of a second, so that an end is noticed."""
    _rounds.append(round)
    try:
        while not ending.is_set():
            try:
                worker = _Quiet([queue.queue], connection=queue.queue.connection, serializer=JSONSerializer)
                worker.work(max_idle_time=1, logging_level="WARNING")
            except Exception as error:  # Redis is away: the sweep goes on
                _LOG.warning("the bell is out of order", error=repr(error))
                ending.wait(1)
    finally:
        _rounds.remove(round)


class _Quiet(SimpleWorker):
    """Leaves the signals to ``work``: they end the whole process, cleanly. Hence time-outs by timer, not by alarm."""

    death_penalty_class = TimerDeathPenalty

    def _install_signal_handlers(self) -> None:
        pass


def _ender(ending: threading.Event) -> Callable[[int, FrameType | None], None]:
    def end(number: int, frame: FrameType | None) -> None:
        ending.set()

    return end
