"""Receive task: waits for its message. One without a message has nothing to wait for and passes."""

from collections.abc import Mapping
from typing import Any

from engine.kernel import activity, catching, event_based_gateway
from engine.kernel.graph import NodePlan
from engine.kernel.run import Run
from engine.kernel.state import Open, Token


def perform(run: Run, token: Token, node: NodePlan) -> None:
    if not node.triggers:
        activity.complete(run, token, node)
        return
    spot = catching.Spot(node, token.scope, token.number, token.inner or token.scope)
    opened = catching.arm(run, spot)
    run.own_token(token.number).waits += opened


def occur(run: Run, wait: int, kept: Open, node: NodePlan, data: Mapping[str, Any]) -> None:
    token = run.own_token(kept.token)
    if token.node != node.index:
        event_based_gateway.caught(run, token, wait, kept, node, data)
        return
    catching.absorb(run, node, kept, wait, data)
    run.close(wait)
    activity.complete(run, token, node)
