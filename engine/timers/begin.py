"""Timer start events: an instance at each moment, each exactly once."""

from datetime import datetime, timedelta

import structlog

from engine import errors, records
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
    try:
        engine.store.run(lambda tx: _begin(engine, tx, timer, now))
    except errors.CrmflowError as error:
        _LOG.error("timer start refused", process=timer.process, node=timer.node, error=str(error))
        engine.store.run(lambda tx: tx.due.move_start(timer, now + PUT_OFF, timer.left))


def _begin(engine: Engine, tx: Transaction, timer: records.StartTimer, now: datetime) -> None:
    """The business key names the moment: two dispatchers, or a crash in between, still start one instance."""
    order = start.Order(process=timer.process, node=timer.node, business_key=f"{timer.node} {timer.due_at.isoformat()}")
    start.within(engine, tx, order=order, agent=SYSTEM, now=now)
    calendar = engine.calendars.get(timer.calendar)
    following = due.following(timer.cycle, timer.due_at, timer.left, calendar) if timer.cycle else None
    if following is None:
        tx.due.move_start(timer, None, 0)
    else:
        tx.due.move_start(timer, following.at, following.left)
        tx.ring("timer")
