"""What begins a process by itself once it is released: messages, signals, timers."""

from collections.abc import Iterator
from datetime import datetime

from engine import errors, records
from engine.model import nodes, triggers
from engine.model.program import Program
from engine.ports import Engine, Transaction
from engine.schedule import due


def arm(engine: Engine, tx: Transaction, *, process: str, program: Program, now: datetime) -> None:
    """Replaces what began the process before. Raises errors.Invalid for a timer that has no moment."""
    named = [
        (node.id, "message" if isinstance(trigger, triggers.Message) else "signal", _name(engine, trigger, now))
        for node, trigger in _begins(program)
        if isinstance(trigger, triggers.Message | triggers.Signal)
    ]
    tx.messages.set_starts(process, named)
    timers = [
        _timer(engine, process, node.id, trigger, now)
        for node, trigger in _begins(program)
        if isinstance(trigger, triggers.Timer)
    ]
    tx.due.set_starts(process, timers)


def _begins(program: Program) -> Iterator[tuple[nodes.StartEvent, triggers.AnyTrigger]]:
    for node in program.nodes:
        if isinstance(node, nodes.StartEvent) and not node.scope:
            for trigger in node.triggers:
                yield node, trigger


def _name(engine: Engine, trigger: triggers.Message | triggers.Signal, now: datetime) -> str:
    """A signal's name may be an expression; before a start it can use no variables."""
    if isinstance(trigger, triggers.Message):
        return trigger.name
    if trigger.name.language == "literal":
        return trigger.name.text
    return str(engine.evaluator.value(trigger.name, {}, now))


def _timer(engine: Engine, process: str, node: str, trigger: triggers.Timer, now: datetime) -> records.StartTimer:
    value = trigger.text.text
    if trigger.text.language != "literal":
        value = engine.evaluator.value(trigger.text, {}, now)
    calendar = engine.calendars.get(trigger.calendar) if trigger.calendar else None
    if trigger.calendar and calendar is None:
        raise errors.NotFound(
            "calendar_unknown",
            zh=f"找不到工作日历 {trigger.calendar}。",
            en=f"There is no calendar {trigger.calendar!r}.",
            calendar=trigger.calendar,
        )
    first = due.first(trigger.kind, value, now, calendar)
    return records.StartTimer(
        process=process,
        node=node,
        due_at=first.at,
        left=first.left,
        cycle=str(value) if trigger.kind == "cycle" else "",
        calendar=trigger.calendar,
    )
