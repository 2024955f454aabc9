"""How often a token may ask: so many requests a minute, and at once no more than a tenth of them.

Counted in each web process by itself, in memory: what a limit protects is the process.
"""

import math
import threading
from collections import OrderedDict
from datetime import datetime

import flask
from werkzeug.exceptions import TooManyRequests

from web.api import here

MOST_TOKENS = 10_000


class Pace:
    """``per_minute`` 0: no limit. Each token has a bucket that fills steadily and holds a burst."""

    def __init__(self, per_minute: int) -> None:
        self._per_second = per_minute / 60
        self._burst = max(1.0, per_minute / 10)
        self._left: OrderedDict[str, tuple[float, datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def wait_seconds(self, token: str, now: datetime) -> int:
        """0: the request may pass, and is counted. Else in how many whole seconds one may."""
        if not self._per_second:
            return 0
        with self._lock:
            left, at = self._left.pop(token, (self._burst, now))
            left = min(self._burst, left + max(0.0, (now - at).total_seconds()) * self._per_second)
            passes = left >= 1
            self._left[token] = (left - 1 if passes else left, max(at, now))
            if len(self._left) > MOST_TOKENS:
                self._left.popitem(last=False)
        return 0 if passes else max(1, math.ceil((1 - left) / self._per_second))


def keep(token: str) -> None:
    """Raises 429 with Retry-After for a token that asks too often."""
    pace: Pace = flask.current_app.extensions["pace"]
    seconds = pace.wait_seconds(token, here.now())
    if seconds:
        raise TooManyRequests(retry_after=seconds)
