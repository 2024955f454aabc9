"""Processes that do due work beside the web server: as many as one likes, on as many machines.

Each sweeps by itself, so that nothing depends on the bell; with ``queue=rq`` it also hears the bell through Redis.
"""

import os
import socket
import threading
from collections.abc import Mapping

import structlog
from rq import SimpleWorker
from rq.serializers import JSONSerializer
from rq.timeouts import TimerDeathPenalty

from engine import app, children, dispatch, logs, ports
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
    """``processes`` workers until this process is told to end; one that dies is begun anew."""
    children.keep(_child, settings, processes=processes, name="crmflow-worker")


def _child(settings: Settings) -> None:
    logs.configure()
    stop = threading.Event()
    children.at_the_end_of_the_parent(stop.set)
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
        children.told_to_end(ending)
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

    def subscribe(self) -> None:
        """Takes no orders from Redis: the thread that waits for them would outlive a Redis that dies."""
