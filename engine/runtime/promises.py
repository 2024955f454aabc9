"""What a step promises, and when each rung of its ladder is reached."""

from collections.abc import Mapping
from datetime import datetime

from engine import records
from engine.model.performer import Promise
from engine.ports import Engine, Transaction
from engine.schedule import calendars
from engine.schedule.calendars import Calendar


def rungs(
    promise: Promise, *, item: records.WorkItem, start: datetime, known: Mapping[str, Calendar]
) -> tuple[records.Rung, ...]:
    """A rung at 80 % of a promise in business time comes when 80 % of its business time is over.

    The kernel found when the item is due and its goal; hence ``known`` has the promise's calendar.
    """
    calendar = known[promise.calendar] if promise.calendar else None
    ends = {"deadline": item.due_at, "goal": item.goal_at}
    return tuple(
        records.Rung(
            instance_id=item.instance_id,
            wait=item.wait,
            at_percent=rung.at_percent,
            action=rung.action,
            to=rung.to,
            of=rung.of,
            due_at=_share(start, end, rung.at_percent, calendar),
        )
        for rung in promise.ladder
        if (end := ends[rung.of]) is not None
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
