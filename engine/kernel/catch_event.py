"""Intermediate catch event: waits for its trigger. A link catch goes on at once, where its throw sent the token."""

from collections.abc import Mapping
from typing import Any

from engine.kernel import catching, event_based_gateway, flows
from engine.kernel.graph import NodePlan
from engine.kernel.run import Run
from engine.kernel.state import Open, Token


def enter(run: Run, token: Token, node: NodePlan) -> None:
    opened = catching.arm(run, catching.Spot(node, token.scope, token.number, token.scope))
    if opened:
        run.own_token(token.number).waits = opened
    else:
        flows.leave(run, token, node)


def occur(run: Run, wait: int, kept: Open, node: NodePlan, data: Mapping[str, Any]) -> None:
    token = run.own_token(kept.token)
    if token.node != node.index:
        event_based_gateway.caught(run, token, wait, kept, node, data)
        return
    catching.absorb(run, node, kept, wait, data)
    run.close(wait)
    token.waits = tuple(other for other in token.waits if other != wait)
    if node.model.parallel and token.waits:
        return
    for other in token.waits:
        run.close(other)
    token.waits = ()
    flows.leave(run, token, node)
