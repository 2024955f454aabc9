"""Screens that wait until something changes: a few at a time, without a database connection, for some seconds.

One look a second into the database serves all who wait. Who finds no seat is told to ask again later: a page that polls
costs little, and the server's threads stay free for work.
"""

import threading
from collections.abc import Callable

LOOK_SECONDS = 1.0


class Watch:
    """``last``: number of the last change of anything, a cheap question."""

    def __init__(self, last: Callable[[], int], *, seats: int) -> None:
        self._last = last
        self._seats = threading.BoundedSemaphore(seats)
        self._news = threading.Condition()
        self._waiting = 0
        self._looking = False
        """Somebody looks for all who wait, at the end of the second that they wait now."""
        self._seen = 0

    def wait(self, since: int, seconds: float) -> bool:
        """Until there is a change after ``since``, or for so long; False at once when every seat is taken."""
        if not self._seats.acquire(blocking=False):
            return False
        try:
            self._wait(since, seconds)
        finally:
            self._seats.release()
        return True

    def _wait(self, since: int, seconds: float) -> None:
        """Who finds nobody looking looks for all the others."""
        left = seconds
        while left > 0:
            span = min(LOOK_SECONDS, left)
            with self._news:
                if self._seen > since:
                    return
                mine, self._looking = not self._looking, True
                self._waiting += 1
                self._news.wait(span)
                self._waiting -= 1
            left -= span
            if mine:
                try:
                    self.look()
                finally:
                    self._looking = False

    def look(self) -> None:
        found = self._last()
        with self._news:
            if found > self._seen:
                self._seen = found
                self._news.notify_all()
