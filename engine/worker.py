"""Processes that do due work beside the web server: as many as one likes, on as many machines.

Each sweeps by itself, so that nothing depends on the bell; with ``queue=rq`` it also hears the bell through Redis.
"""

import signal
import threading
from collections.abc import Callable
from types import FrameType

import structlog
from rq import SimpleWorker
from rq.serializers import JSONSerializer
from rq.timeouts import TimerDeathPenalty

from engine import app, dispatch
from engine.queue import Rq, Threads
from engine.settings import Settings

_LOG = structlog.get_logger("crmflow.worker")
_rounds: list[dispatch.Dispatcher] = []
"""What ``hear`` calls: rq finds its function by name, so the process's dispatcher stands here while it works."""


def hear(kind: str) -> int:
    """The rq job: rounds until nothing is due; how many things were done."""
    total = 0
    for dispatcher in _rounds:
        while done := dispatcher():
            total += done
    return total


def work(settings: Settings, *, stop: threading.Event | None = None) -> None:
    """Works until ``stop`` is set or the process is told to end (SIGTERM, SIGINT); rounds under way are finished."""
    ending = stop or threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _ender(ending))
    engine = app.build(settings, dispatcher=False)
    dispatcher = dispatch.Dispatcher(engine, worker="worker")
    sweeper = Threads(threads=settings.threads, sweep_seconds=settings.sweep_seconds)
    sweeper.begin(dispatcher)
    try:
        if isinstance(engine.queue, Rq):
            _hear(engine.queue, dispatcher, ending)
        ending.wait()
    finally:
        sweeper.close()
        engine.close()


def _hear(queue: Rq, dispatcher: dispatch.Dispatcher, ending: threading.Event) -> None:
    """SimpleWorker: a fork costs more than most jobs. Bursts of a second, so that an end is noticed."""
    _rounds.append(dispatcher)
    try:
        while not ending.is_set():
            try:
                worker = _Quiet([queue.queue], connection=queue.queue.connection, serializer=JSONSerializer)
                worker.work(max_idle_time=1, logging_level="WARNING")
            except Exception as error:  # Redis is away: the sweep goes on
                _LOG.warning("the bell is out of order", error=repr(error))
                ending.wait(1)
    finally:
        _rounds.remove(dispatcher)


class _Quiet(SimpleWorker):
    """Leaves the signals to ``work``: they end the whole process, cleanly. Hence time-outs by timer, not by alarm."""

    death_penalty_class = TimerDeathPenalty

    def _install_signal_handlers(self) -> None:
        pass


def _ender(ending: threading.Event) -> Callable[[int, FrameType | None], None]:
    def end(number: int, frame: FrameType | None) -> None:
        ending.set()

    return end
