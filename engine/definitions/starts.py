"""What begins a process by itself once it is released: messages, signals, timers."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

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
    tx.due.set_starts(process, _timers(engine, process, program, now))
    arm_groups(tx, process=process, now=now)


def wind(engine: Engine, tx: Transaction, *, process: str, program: Program, now: datetime) -> None:
    """What is to come for ever and stands still comes again; clocks that run, or have run down, stay."""
    if not tx.due.starts_of(process):
        timers = [one for one in _timers(engine, process, program, now) if one.left == due.FOR_EVER]
        if timers:
            tx.due.set_starts(process, timers)
            arm_groups(tx, process=process, now=now)


def arm_groups(tx: Transaction, *, process: str, now: datetime) -> None:
    """Variants that set the timer of a start begin rounds for their customer group besides those for all, where the
    process asks at its start for which groups a case is (``group_from``). Who has such rounds already keeps them as
    they are, unless the variant was released anew."""
    found = tx.processes.get(process)
    if found is None or not found.details.get("start", {}).get("group_from"):
        return
    present = tx.due.starts_of(process)
    wanted = {
        (variant.customer_group, operation["target"]): version.released_at == now
        for variant, version in tx.variants.released(process)
        if variant.customer_group and not variant.context
        for operation in version.operations
        if operation["kind"] == "set_timer" and _is_start(tx, version.program, operation["target"])
    }
    kept = [one for one in present if wanted.get((one.customer_group, one.node)) is False or not one.customer_group]
    there = {(one.customer_group, one.node) for one in kept}
    new = [
        records.StartTimer(process=process, node=node, customer_group=group, due_at=now, left=records.NOT_SET)
        for group, node in sorted(wanted.keys() - there)
    ]
    if [*kept, *new] != present:
        tx.due.set_starts(process, [*kept, *new])
        tx.ring("timer")


def of_group(engine: Engine, tx: Transaction, timer: records.StartTimer, *, now: datetime) -> records.StartTimer | None:
    """The rounds of a customer group with their first moment; None when no variant begins such rounds any more."""
    for variant, version in tx.variants.released(timer.process):
        if variant.customer_group != timer.customer_group or variant.context:
            continue
        for node, trigger in _begins(_program(tx, version.program)):
            if node.id == timer.node and isinstance(trigger, triggers.Timer):
                first = _timer(engine, timer.process, node.id, trigger, now)
                return msgspec.structs.replace(first, customer_group=timer.customer_group)
    return None


def _is_start(tx: Transaction, program: str, node_id: str) -> bool:
    return any(node.id == node_id for node, _ in _begins(_program(tx, program)))


def _program(tx: Transaction, sha256: str) -> Program:
    program = tx.programs.get(sha256)
    assert program is not None, "a released version has its program"
    return program


def _begins(program: Program) -> Iterator[tuple[nodes.StartEvent, triggers.AnyTrigger]]:
    for node in program.nodes:
        if isinstance(node, nodes.StartEvent) and not node.scope:
            for trigger in node.triggers:
                yield node, trigger


def _timers(engine: Engine, process: str, program: Program, now: datetime) -> list[records.StartTimer]:
    return [
        _timer(engine, process, node.id, trigger, now)
        for node, trigger in _begins(program)
        if isinstance(trigger, triggers.Timer)
    ]


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
