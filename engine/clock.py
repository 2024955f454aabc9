"""The only place that reads the clock. Below the entry points time is an argument named ``now``."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The current moment, aware, in UTC."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class HandClock:
    """A clock that tests and simulations move by hand; it never goes by itself."""

    def __init__(self, start: datetime) -> None:
        self._now = aware(start)

    def now(self) -> datetime:
        return self._now

    def advance(self, step: timedelta) -> datetime:
        self._now += step
        return self._now

    def set(self, moment: datetime) -> None:
        self._now = aware(moment)


def aware(moment: datetime) -> datetime:
    """Refuse a naive moment at the door: nobody can say later which zone it meant.

    Raises ValueError for a naive ``moment``; otherwise returns it in UTC.
    """
    if moment.tzinfo is None:
        raise ValueError(f"expected an aware datetime, got the naive {moment.isoformat()}")
    return moment.astimezone(UTC)
