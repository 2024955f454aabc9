"""Awaiting triggers, and what is common to all when one of them happens.

A node with several triggers reacts to any of them; a parallel multiple one only when all have happened: each that
happens closes its wait, and the last one counts.
"""

from collections.abc import Callable, Mapping
from typing import Any

from engine import errors
from engine.kernel import await_condition, await_message, await_signal, await_timer, expressions, variables
from engine.kernel.graph import NodePlan, Plan
from engine.kernel.run import Run
from engine.kernel.spot import Spot
from engine.kernel.state import CONDITION, MESSAGE, SIGNAL, TIMER, Open

__all__ = ["AWAITED", "Spot", "absorb", "arm", "starts"]

_AWAIT: dict[str, Callable[..., int]] = {
    "message": await_message.arm,
    "signal": await_signal.arm,
    "timer": await_timer.arm,
    "conditional": await_condition.arm,
}
_ABSORB: dict[int, Callable[..., Mapping[str, Any]]] = {
    MESSAGE: await_message.absorb,
    SIGNAL: await_signal.absorb,
    TIMER: await_timer.absorb,
    CONDITION: await_condition.absorb,
}
AWAITED = frozenset(_AWAIT)
"""Triggers that come from outside; the others (error, escalation ...) are caught where they are thrown."""


def arm(run: Run, spot: Spot) -> tuple[int, ...]:
    """Await every trigger of the spot's node that comes from outside; the numbers of the waits. Raises Invalid."""
    opened: tuple[int, ...] = ()
    try:
        for index, tag in spot.node.awaited:
            opened += (_AWAIT[tag](run, spot, index, spot.node.triggers[index]),)
    except (errors.Invalid, errors.NotFound):
        for wait in opened:  # all of them or none
            run.close(wait)
        raise
    return opened


def absorb(run: Run, node: NodePlan, kept: Open, wait: int, data: Mapping[str, Any]) -> None:
    """The trigger of ``wait`` happened: take its data in, by the mappings of the trigger and of the event."""
    trigger = node.triggers[kept.trigger]
    seen = _ABSORB[kept.kind](run, node, kept, wait, trigger, data)
    if node.outputs and not node.is_activity:
        found = expressions.placed(run, node.outputs, kept.scope, seen, into=kept.scope)
        variables.assign(run, kept.scope, found, node.id)


def others_open(run: Run, waits: tuple[int, ...], node: NodePlan, wait: int) -> bool:
    """Of a parallel multiple event: other triggers than ``wait`` have still to happen."""
    return any(other != wait and run.waits[other].node == node.index for other in waits)


def starts(plan: Plan, sub_process: int) -> list[NodePlan]:
    """Start events of the event sub-processes inside ``sub_process`` (-1: the process)."""
    found = []
    for event in plan.scopes[sub_process].event_subs:
        found += [node for node in plan.scopes[event.index].nodes if node.kind == "startEvent" and node.triggers]
    return found
