"""What a step promises, and when each rung of its ladder is reached."""

from collections.abc import Mapping
from datetime import datetime

from engine import records
from engine.model.performer import Promise
from engine.ports import Engine, Transaction
from engine.schedule import calendars
from engine.schedule.calendars import Calendar


def rungs(
    promise: Promise, *, instance_id: str, wait: int, start: datetime, end: datetime, known: Mapping[str, Calendar]
) -> tuple[records.Rung, ...]:
    """A rung at 80 % of a promise in business time comes when 80 % of its business time is over.

    ``end`` is when the promise is due, which the kernel found; hence ``known`` has the promise's calendar.
    """
    calendar = known[promise.calendar] if promise.calendar else None
    return tuple(
        records.Rung(
            instance_id=instance_id,
            wait=wait,
            at_percent=rung.at_percent,
            action=rung.action,
            to=rung.to,
            due_at=_share(start, end, rung.at_percent, calendar),
        )
        for rung in promise.ladder
    )


def _share(start: datetime, end: datetime, percent: int, calendar: Calendar | None) -> datetime:
    if calendar is None:
        return start + (end - start) * percent / 100
    return calendars.add_time(calendar, start, calendars.open_time(calendar, start, end) * percent / 100)


def of_item(engine: Engine, tx: Transaction, item: records.WorkItem) -> Promise | None:
    """What the program that the item belongs to promises of its step."""
    plan = engine.plans.get(tx, item.program)
    node = plan.nodes[plan.index[item.node]].model if item.node in plan.index else None
    return getattr(node, "promise", None)
