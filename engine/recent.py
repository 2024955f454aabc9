"""What was found a moment ago, kept in this process: for what every request asks and hardly anybody changes."""

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Generic, TypeVar

V = TypeVar("V")
MOST = 10_000


class Recent(Generic[V]):
    """Values by key, each for ``seconds`` after it was put; 0 keeps nothing. Safe for many threads.

    Whoever changes what was found says ``forget``: then this process knows at once, and others within ``seconds``.
    """

    def __init__(self, seconds: float = 0) -> None:
        self._span = timedelta(seconds=seconds)
        self._kept: OrderedDict[str, tuple[datetime, V]] = OrderedDict()

    def get(self, key: str, now: datetime) -> V | None:
        found = self._kept.get(key)
        if found is None or not timedelta() <= now - found[0] < self._span:
            return None
        return found[1]

    def put(self, key: str, value: V, now: datetime) -> None:
        """The first put go first when there are more than ``MOST``."""
        if not self._span:
            return
        self._kept[key] = (now, value)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)

    def forget(self) -> None:
        self._kept = OrderedDict()
