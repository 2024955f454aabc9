"""Business calendars as the house keeps them."""

from datetime import date, datetime

from engine.model.text import Text
from engine.records.base import Record

Span = tuple[int, int]
"""From and to in minutes of the day."""


class HouseCalendar(Record, frozen=True, kw_only=True):
    """In the place of the built-in one of the same key, where there is one."""

    key: str
    texts: Text
    zone: str
    weeks: tuple[tuple[Span, ...], ...]
    """Seven days, Monday first."""
    makeup: tuple[Span, ...]
    """The hours of ``workdays``."""
    holidays: dict[date, Text] = {}
    workdays: dict[date, Text] = {}
    revision: int = 0
    """0 for one that is not kept yet."""
    changed_at: datetime
    changed_by: str
