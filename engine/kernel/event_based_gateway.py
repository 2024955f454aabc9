"""Event-based gateway: waits for all the events behind it. The first that happens takes the token and ends the waiting
for the others; at a parallel one each goes on when it happens, and all of them have to.
"""

from collections.abc import Mapping
from typing import Any

from engine import facts
from engine.kernel import catching, flows
from engine.kernel.graph import NodePlan
from engine.kernel.run import Run
from engine.kernel.state import Open, Token


def enter(run: Run, token: Token, node: NodePlan) -> None:
    await_events(run, token, node, without=-1)


def await_events(run: Run, token: Token, node: NodePlan, *, without: int) -> None:
    """``without`` is an event that has happened already: it started the instance."""
    nodes = run.plan_of(run.scopes[token.scope]).nodes
    opened: tuple[int, ...] = ()
    for flow in node.outgoing:
        if flow.target != without:
            spot = catching.Spot(nodes[flow.target], token.scope, token.number, token.scope)
            opened += catching.arm(run, spot)
    run.own_token(token.number).waits = opened


def caught(run: Run, token: Token, wait: int, kept: Open, node: NodePlan, data: Mapping[str, Any]) -> None:
    """The event ``node`` behind the gateway, where ``token`` waits, has happened."""
    catching.absorb(run, node, kept, wait, data)
    gateway = run.node_of(token)
    flow = next(flow for flow in gateway.outgoing if flow.target == node.index)
    run.facts.append(facts.FlowTaken(node=gateway.id, scope=token.scope, flow=flow.id))
    run.close(wait)
    token.waits = tuple(other for other in token.waits if other != wait)
    if gateway.model.parallel and token.waits:
        run.add_live(token.scope, 1)
    else:
        for other in token.waits:
            run.close(other)
        del run.tokens[token.number]
    go_on(run, run.spawn(node, token.scope), node)


def go_on(run: Run, token: Token, node: NodePlan) -> None:
    """From the event ``node``, which has happened. A receive task is done with it."""
    if node.is_activity:
        run.facts.append(facts.ActivityStarted(node=node.id, scope=token.scope, token=token.number))
        run.facts.append(facts.ActivityCompleted(node=node.id, scope=token.scope, token=token.number))
    flows.leave(run, token, node)
