"""The threads that waitress hands requests to: whoever was busy last is asked first.

Waitress's own wake whoever has waited longest: of many threads always the one whose memory no cache holds any more.
These begin when they are wanted, so that a server with room for hundreds of waiting requests starts at once.
"""

import threading
import time
from collections import deque
from typing import Protocol

import structlog

_LOG = structlog.get_logger("crmflow.serving")


class Task(Protocol):
    """What waitress wants to have done: a connection with a request."""

    def service(self) -> None: ...

    def cancel(self) -> None: ...


class _Hand:
    """One thread: sleeps on its own lock until somebody gives it a task; None sends it home."""

    def __init__(self) -> None:
        self.task: Task | None = None
        self.asleep = threading.Lock()
        self.asleep.acquire()

    def give(self, task: Task | None) -> None:
        self.task = task
        self.asleep.release()


class Crew:
    """At most ``most`` threads; what comes when all are busy waits for its turn. Stands in for waitress's own."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._home = threading.Condition(self._lock)
        self._idle: list[_Hand] = []
        self._queue: deque[Task] = deque()
        self._size = 0
        self._ending = False

    def add_task(self, task: Task) -> None:
        with self._lock:
            if self._idle:
                self._idle.pop().give(task)
            elif self._size < self._most:
                self._size += 1
                name = f"waitress-{self._size}"
                threading.Thread(target=self._work, args=(_Hand(), task), name=name, daemon=True).start()
            else:
                self._queue.append(task)

    def _work(self, hand: _Hand, first: Task) -> None:
        task: Task | None = first
        while task is not None:
            try:
                task.service()
            except BaseException as error:  # the thread outlives whatever went wrong with one connection
                _LOG.exception("a request failed outside the application", error=repr(error))
            task = self._next(hand)

    def _next(self, hand: _Hand) -> Task | None:
        with self._lock:
            if self._queue:
                return self._queue.popleft()
            if self._ending:
                self._size -= 1
                self._home.notify_all()
                return None
            self._idle.append(hand)
        hand.asleep.acquire()
        return hand.task

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:
        """Requests under way are finished, for at most ``timeout`` seconds; those that still wait are cancelled. True
        when some were."""
        end = time.monotonic() + timeout
        with self._lock:
            self._ending = True
            self._size -= len(self._idle)
            while self._idle:
                self._idle.pop().give(None)
            while self._size and (left := end - time.monotonic()) > 0:
                self._home.wait(left)
            pending = [self._queue.popleft() for _ in range(len(self._queue) if cancel_pending else 0)]
        for task in pending:
            task.cancel()
        return bool(pending)
