"""A condition over the instance's own variables.

It is looked at when it begins to be awaited and after every move of the step that changed a variable (one that it
names, where it names one), and happens when it becomes true: it must be false in between to happen again (BPMN 2.0,
10.5.4). One that cannot be evaluated when it begins to be awaited is an incident; later that counts as not true.
"""

from collections.abc import Mapping
from typing import Any

from engine import errors, facts
from engine.kernel import expressions, waits
from engine.kernel.graph import NodePlan
from engine.kernel.run import Run
from engine.kernel.spot import Spot
from engine.kernel.state import CALL, CONDITION, Open
from engine.model import triggers

_BEGUN = ""
"""Stands among the changed names for a wait that has just been opened."""


def arm(run: Run, spot: Spot, index: int, trigger: triggers.Conditional) -> int:
    expressions.condition(run, trigger.condition, spot.seen)
    wait = run.number()
    node = spot.node
    name = trigger.condition.text
    run.facts.append(
        facts.SubscriptionOpened(node=node.id, scope=spot.scope, wait=wait, trigger="conditional", name=name)
    )
    run.watching = True
    run.changed.add(_BEGUN)
    return run.open(
        Open(CONDITION, spot.scope, spot.token, node.index, index),
        waits.Subscription(
            id=wait,
            node=node.id,
            scope=spot.scope,
            path=run.path(spot.scope),
            token=spot.token,
            trigger="conditional",
            name=name,
        ),
    )


def absorb(
    run: Run, node: NodePlan, kept: Open, wait: int, trigger: triggers.Conditional, data: Mapping[str, Any]
) -> Mapping[str, Any]:
    run.facts.append(
        facts.EventCaught(node=node.id, scope=kept.scope, trigger="conditional", name=trigger.condition.text)
    )
    return data


def look(run: Run) -> None:
    """Some variables changed: every condition that became true happens, in the order they are awaited."""
    changed = set(run.changed)
    run.changed.clear()
    for wait in [number for number, kept in run.waits.items() if kept.kind == CONDITION]:
        kept = run.waits.get(wait)
        if kept is None:
            continue
        node = run.plan_of(run.scopes[kept.scope]).nodes[kept.node]
        trigger = node.triggers[kept.trigger]
        if trigger.variable and trigger.variable not in changed and _BEGUN not in changed:
            continue
        holds = _holds(run, kept, trigger)
        if holds == kept.left:
            continue
        kept = Open(CONDITION, kept.scope, kept.token, kept.node, kept.trigger, holds, kept.due, kept.name)
        run.waits[wait] = kept
        if holds:
            node.occur(run, wait, kept, node, {})


def _holds(run: Run, kept: Open, trigger: triggers.Conditional) -> int:
    token = run.tokens.get(kept.token)
    seen = (token.inner or token.scope) if token else kept.scope
    if token and token.inner and run.scopes[seen].kind == CALL:  # at the boundary of a call nobody sees into it
        seen = run.scopes[seen].parent
    try:
        return int(expressions.condition(run, trigger.condition, seen))
    except errors.Invalid:
        return 0
