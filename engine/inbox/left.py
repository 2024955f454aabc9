"""How much working time a promise leaves, or is over: counted in the calendar that it was given in, and standing still
while its case is on hold."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from engine import records
from engine.ports import Engine, Transaction
from engine.runtime import promises
from engine.schedule import calendars
from engine.schedule.calendars import Calendar


class Left(msgspec.Struct, frozen=True, kw_only=True):
    """Open hours until then, negative since; None without such a moment."""

    deadline: timedelta | None
    goal: timedelta | None = None


def of_items(engine: Engine, items: Sequence[records.WorkItem], now: datetime) -> dict[str, Left]:
    """By the item's id; only of open items whose promise counts in a calendar that is known."""
    with engine.store.reading() as tx:
        return {item.id: left for item in items if (left := _left(engine, tx, item, now)) is not None}


def _left(engine: Engine, tx: Transaction, item: records.WorkItem, now: datetime) -> Left | None:
    if item.status != "open" or not (item.due_at or item.goal_at):
        return None
    promise = promises.of_item(engine, tx, item)
    calendar = engine.calendars.get(promise.calendar) if promise is not None else None
    if calendar is None:
        return None
    at = item.held_at or now
    return Left(deadline=_between(calendar, at, item.due_at), goal=_between(calendar, at, item.goal_at))


def _between(calendar: Calendar, at: datetime, moment: datetime | None) -> timedelta | None:
    if moment is None:
        return None
    return calendars.open_time(calendar, at, moment) if at < moment else -calendars.open_time(calendar, moment, at)
