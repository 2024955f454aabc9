"""Who hears the bell. A ring may be lost, doubled or late: the rows are the truth, the sweep finds the unheard."""

import threading
from collections.abc import Callable, Sequence

import structlog

from engine.ports import Ring

_LOG = structlog.get_logger("crmflow.queue")
Work = Callable[[], int]
"""One round of what is due; how many things it did."""


class Inline:
    """The ringing thread does the work itself, at once. For tests and one-off commands."""

    def __init__(self) -> None:
        self._work: Work | None = None
        self._busy = threading.local()

    def begin(self, work: Work) -> None:
        self._work = work

    def ring(self, rings: Sequence[Ring]) -> None:
        if self._work is None or getattr(self._busy, "now", False):
            return  # the round that is under way goes on until nothing is due
        self._busy.now = True
        try:
            while self._work():
                pass
        finally:
            self._busy.now = False

    def close(self) -> None:
        self._work = None


class Threads:
    """Dispatcher threads inside this process: woken by the bell, and every ``sweep_seconds`` by themselves."""

    def __init__(self, *, threads: int, sweep_seconds: float) -> None:
        self._count = threads
        self._sweep = sweep_seconds
        self._bell = threading.Condition()
        self._rung = 0
        self._closed = False
        self._threads: list[threading.Thread] = []

    def begin(self, work: Work) -> None:
        for number in range(self._count):
            # Only the first looks at the clock; the others help when the bell says that there is much to do.
            pause = self._sweep if number == 0 else self._sweep * 30
            thread = threading.Thread(
                target=self._loop, args=(work, pause), name=f"crmflow-dispatcher-{number}", daemon=True
            )
            thread.start()
            self._threads.append(thread)

    def ring(self, rings: Sequence[Ring]) -> None:
        with self._bell:
            self._rung += 1
            self._bell.notify_all()

    def close(self) -> None:
        """Waits for the rounds under way; a round is short."""
        with self._bell:
            self._closed = True
            self._bell.notify_all()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(timeout=30)
        self._threads.clear()

    def _loop(self, work: Work, pause: float) -> None:
        heard = 0
        while not self._closed:
            try:
                done = work()
            except Exception as error:  # the database may be away for a while; the thread must not be
                _LOG.exception("dispatcher round failed", error=repr(error))
                done = 0
            if done:
                continue
            with self._bell:
                if not self._closed and self._rung == heard:
                    self._bell.wait(pause)
                heard = self._rung
