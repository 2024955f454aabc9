"""Timer start events: an instance at each moment, each exactly once."""

from datetime import datetime, timedelta
from typing import Any

import structlog

from engine import errors, records
from engine.definitions import starts
from engine.people.agent import SYSTEM
from engine.ports import Engine, Transaction
from engine.runtime import start
from engine.schedule import due

PUT_OFF = timedelta(minutes=5)
_LOG = structlog.get_logger("crmflow.timers")


def begin_due(engine: Engine, *, now: datetime, limit: int = 20) -> int:
    """Starts what is due; how many timers it looked at. One that cannot start now is reported and tried again."""
    timers = engine.store.run(lambda tx: tx.due.starts(now, limit))
    for timer in timers:
        _one(engine, timer, now)
    return len(timers)


def _one(engine: Engine, timer: records.StartTimer, now: datetime) -> None:
    work = _set if timer.left == records.NOT_SET else _begin
    try:
        engine.store.run(lambda tx: work(engine, tx, timer, now))
    except errors.CrmflowError as error:
        _LOG.error("timer start refused", process=timer.process, node=timer.node, error=str(error))
        engine.store.run(lambda tx: tx.due.move_start(timer, now + PUT_OFF, timer.left))


def _set(engine: Engine, tx: Transaction, timer: records.StartTimer, now: datetime) -> None:
    """The first moment of a customer group's own rounds."""
    present = tx.due.starts_of(timer.process)
    if timer not in present:
        return  # another dispatcher was faster
    found = starts.of_group(engine, tx, timer, now=now)
    others = [one for one in present if one != timer]
    tx.due.set_starts(timer.process, [*others, found] if found else others)
    tx.ring("timer")


def _begin(engine: Engine, tx: Transaction, timer: records.StartTimer, now: datetime) -> None:
    """The business key names the moment: two dispatchers, or a crash in between, still start one instance."""
    key = " ".join(part for part in (timer.node, timer.customer_group, timer.due_at.isoformat()) if part)
    data = _for_group(engine, tx, timer) if timer.customer_group else {}
    order = start.Order(process=timer.process, node=timer.node, business_key=key, data=data)
    start.within(engine, tx, order=order, agent=SYSTEM, now=now)
    calendar = engine.calendars.get(timer.calendar)
    following = due.following(timer.cycle, timer.due_at, timer.left, calendar) if timer.cycle else None
    if following is None:
        tx.due.move_start(timer, None, 0)
    else:
        tx.due.move_start(timer, following.at, following.left)
        tx.ring("timer")


def _for_group(engine: Engine, tx: Transaction, timer: records.StartTimer) -> dict[str, Any]:
    """The group as the start form takes it: by itself, or as the only one of a list."""
    process, base = tx.processes.get(timer.process), tx.processes.released(timer.process)
    field = str(process.details.get("start", {}).get("group_from", "")) if process else ""
    form = start.start_form(engine.plans.get(tx, base.program).program) if base and field else None
    several = form is not None and form.get("properties", {}).get(field, {}).get("type") == "array"
    return {field: [timer.customer_group] if several else timer.customer_group} if field else {}
