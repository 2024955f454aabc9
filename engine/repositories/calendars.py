"""Business calendars of the house."""

from typing import Protocol

from engine import records


class Calendars(Protocol):
    def get(self, key: str) -> records.HouseCalendar | None: ...
    def all(self) -> list[records.HouseCalendar]:
        """By key."""
        ...

    def put(self, calendar: records.HouseCalendar) -> None:
        """Adds it, or overwrites the one of that key; revision + 1. Raises Stale when somebody else was faster."""
        ...

    def drop(self, key: str) -> bool: ...
