"""How much working time a promise leaves, or is over: counted in the calendar that it was given in, and standing still
while its case is on hold."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from engine import records
from engine.ports import Engine, Transaction
from engine.runtime import promises
from engine.schedule import calendars


def of_items(engine: Engine, items: Sequence[records.WorkItem], now: datetime) -> dict[str, timedelta]:
    """By the item's id: the open hours until it is due, negative since it was; only of open items whose promise counts
    in a calendar that is known."""
    with engine.store.reading() as tx:
        return {item.id: left for item in items if (left := _left(engine, tx, item, now)) is not None}


def _left(engine: Engine, tx: Transaction, item: records.WorkItem, now: datetime) -> timedelta | None:
    if item.due_at is None or item.status != "open":
        return None
    promise = promises.of_item(engine, tx, item)
    calendar = engine.calendars.get(promise.calendar) if promise is not None else None
    if calendar is None:
        return None
    at = item.held_at or now
    if at < item.due_at:
        return calendars.open_time(calendar, at, item.due_at)
    return -calendars.open_time(calendar, item.due_at, at)
