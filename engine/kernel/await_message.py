"""A message for this instance: awaited by name and, where the author says so, by a correlation key."""

from collections.abc import Mapping
from typing import Any

from engine import facts
from engine.kernel import expressions, variables, waits
from engine.kernel.graph import NodePlan
from engine.kernel.run import Run
from engine.kernel.spot import Spot
from engine.kernel.state import MESSAGE, Open
from engine.model import triggers


def arm(run: Run, spot: Spot, index: int, trigger: triggers.Message) -> int:
    key = expressions.text(run, trigger.key, spot.seen) if trigger.key else None
    name = trigger.name if trigger.named is None else expressions.text(run, trigger.named, spot.seen) or trigger.name
    wait = run.number()
    node = spot.node
    run.facts.append(facts.SubscriptionOpened(node=node.id, scope=spot.scope, wait=wait, trigger="message", name=name))
    return run.open(
        Open(MESSAGE, spot.scope, spot.token, node.index, index, name=name),
        waits.Subscription(
            id=wait,
            node=node.id,
            scope=spot.scope,
            path=run.path(spot.scope),
            token=spot.token,
            trigger="message",
            name=name,
            key=key,
        ),
    )


def absorb(
    run: Run, node: NodePlan, kept: Open, wait: int, trigger: triggers.Message, data: Mapping[str, Any]
) -> Mapping[str, Any]:
    run.facts.append(facts.EventCaught(node=node.id, scope=kept.scope, trigger="message", name=trigger.name))
    variables.assign(run, kept.scope, received(run, trigger, kept.scope, data), node.id)
    return data


def received(run: Run, trigger: triggers.Message, scope: int, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The variables that a message's data become. Raises Invalid."""
    if trigger.mappings:
        return {name: expressions.value(run, source, scope, data) for name, source in trigger.mappings}
    return {trigger.payload: dict(data)} if trigger.payload else data
