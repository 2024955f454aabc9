"""Who hears the bell. A ring may be lost, doubled or late: the rows are the truth, the sweep finds the unheard."""

import threading
import time
from collections.abc import Callable, Sequence

import redis
import rq
import structlog
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq.serializers import JSONSerializer

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


class Rq:
    """Workers of other processes hear the bell through Redis: a job whose one argument is the kind of work.

    What a ring says is only *look*: the rows say what there is. A Redis that is away costs a sweep's time, no work.
    """

    NAME = "crmflow"
    HEARD = ("job", "timer", "mail")
    SILENT_SECONDS = 5.0
    """After a failure nobody is made to wait for another one."""

    def __init__(self, url: str) -> None:
        # No second try: whoever rings has a caller that waits, and the sweep comes anyway.
        once = Retry(NoBackoff(), 0)
        self._redis = redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1, retry=once)
        self._silent_until = 0.0
        self.queue = rq.Queue(self.NAME, connection=self._redis, serializer=JSONSerializer)

    def begin(self, work: Work) -> None:
        """Nothing runs in the ringing process; ``crmflow worker`` hears, and sweeps for what nobody heard."""

    def ring(self, rings: Sequence[Ring]) -> None:
        if time.monotonic() < self._silent_until:
            return
        try:
            for kind in sorted({ring.kind for ring in rings} & set(self.HEARD)):
                self.queue.enqueue_call("engine.worker.hear", args=(kind,), result_ttl=0, failure_ttl=3600)
        except Exception as error:  # what was rung for is committed: whatever Redis or rq say, its caller is answered
            self._silent_until = time.monotonic() + self.SILENT_SECONDS
            _LOG.warning("the bell is out of order", error=repr(error))

    def close(self) -> None:
        self._redis.close()
