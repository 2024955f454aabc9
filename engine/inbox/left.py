"""How much working time a promise leaves, or is over: counted in the calendar that it was given in."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from engine import records
from engine.ports import Engine, Transaction
from engine.schedule import calendars


def of_items(engine: Engine, items: Sequence[records.WorkItem], now: datetime) -> dict[str, timedelta]:
    """By the item's id: the open hours until it is due, negative since it was; only of open items whose promise counts
    in a calendar that is known."""
    with engine.store.reading() as tx:
        return {item.id: left for item in items if (left := _left(engine, tx, item, now)) is not None}


def _left(engine: Engine, tx: Transaction, item: records.WorkItem, now: datetime) -> timedelta | None:
    if item.due_at is None or item.status != "open":
        return None
    plan = engine.plans.get(tx, item.program)
    node = plan.nodes[plan.index[item.node]].model if item.node in plan.index else None
    promise = getattr(node, "promise", None)
    calendar = engine.calendars.get(promise.calendar) if promise is not None and promise.calendar else None
    if calendar is None:
        return None
    if now < item.due_at:
        return calendars.open_time(calendar, now, item.due_at)
    return -calendars.open_time(calendar, item.due_at, now)
