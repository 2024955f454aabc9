"""A moment: a date, a duration from now, or a cycle; in business time where the timer names a calendar.

A cycle's next moment counts from the last due moment, not from when it was handled.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from engine import errors, facts
from engine.kernel import expressions, waits
from engine.kernel.graph import NodePlan
from engine.kernel.run import Run
from engine.kernel.spot import Spot
from engine.kernel.state import TIMER, Open
from engine.model import triggers
from engine.schedule import calendars, due

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def arm(run: Run, spot: Spot, index: int, trigger: triggers.Timer) -> int:
    value = expressions.value(run, trigger.text, spot.seen)
    first = due.first(trigger.kind, value, run.now, calendar(run, trigger.calendar))
    text = value if trigger.kind == "cycle" and isinstance(value, str) else ""
    return _open(run, spot, index, first, text)


def absorb(
    run: Run, node: NodePlan, kept: Open, wait: int, trigger: triggers.Timer, data: Mapping[str, Any]
) -> Mapping[str, Any]:
    run.facts.append(facts.TimerFired(node=node.id, scope=kept.scope, wait=wait))
    run.facts.append(facts.EventCaught(node=node.id, scope=kept.scope, trigger="timer"))
    return data


def again(run: Run, spot: Spot, kept: Open) -> tuple[int, ...]:
    """The wait for a cycle's next firing; none when that was the last."""
    trigger = spot.node.triggers[kept.trigger]
    if not kept.left or not kept.name:
        return ()
    following = due.following(kept.name, moment(kept.due), kept.left, calendar(run, trigger.calendar))
    return (_open(run, spot, kept.trigger, following, kept.name),) if following else ()


def calendar(run: Run, key: str) -> calendars.Calendar | None:
    """The library's own comes before the built-in one of that key. Raises NotFound for one that nobody defined."""
    if not key:
        return None
    try:
        return run.shelf().calendar(key)
    except errors.NotFound:
        if key not in calendars.BUILT_IN:
            raise
        return calendars.BUILT_IN[key]


def moment(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)


def microseconds(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def _open(run: Run, spot: Spot, index: int, at: due.Due, text: str) -> int:
    wait = run.number()
    node = spot.node
    run.facts.append(facts.TimerSet(node=node.id, scope=spot.scope, wait=wait, due_at=at.at.isoformat()))
    return run.open(
        Open(TIMER, spot.scope, spot.token, node.index, index, at.left, microseconds(at.at), text),
        waits.Timer(
            id=wait,
            node=node.id,
            scope=spot.scope,
            path=run.path(spot.scope),
            token=spot.token,
            due_at=at.at,
            remaining=at.left,
        ),
    )
