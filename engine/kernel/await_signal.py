"""A signal: whoever throws it, every instance that awaits its name at that moment gets it."""

from collections.abc import Mapping
from typing import Any

from engine import facts
from engine.kernel import expressions, variables, waits
from engine.kernel.graph import NodePlan
from engine.kernel.run import Run
from engine.kernel.spot import Spot
from engine.kernel.state import SIGNAL, Open
from engine.model import triggers


def arm(run: Run, spot: Spot, index: int, trigger: triggers.Signal) -> int:
    name = expressions.text(run, trigger.name, spot.seen) or ""
    wait = run.number()
    node = spot.node
    run.facts.append(facts.SubscriptionOpened(node=node.id, scope=spot.scope, wait=wait, trigger="signal", name=name))
    return run.open(
        Open(SIGNAL, spot.scope, spot.token, node.index, index, name=name),
        waits.Subscription(
            id=wait,
            node=node.id,
            scope=spot.scope,
            path=run.path(spot.scope),
            token=spot.token,
            trigger="signal",
            name=name,
        ),
    )


def absorb(
    run: Run, node: NodePlan, kept: Open, wait: int, trigger: triggers.Signal, data: Mapping[str, Any]
) -> Mapping[str, Any]:
    run.facts.append(facts.EventCaught(node=node.id, scope=kept.scope, trigger="signal", name=kept.name))
    variables.assign(run, kept.scope, received(trigger, data), node.id)
    return data


def received(trigger: triggers.Signal, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The variables that a signal's data become."""
    return {trigger.payload: dict(data)} if trigger.payload else data
