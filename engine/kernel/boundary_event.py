"""Boundary event: something happens while an activity is at work. An interrupting one cancels the activity; the other
kind runs beside it, and again where its trigger can happen again (a cycle, another message).
"""

from collections.abc import Mapping
from typing import Any

from engine.kernel import await_timer, catching, flows, scopes, variables
from engine.kernel.graph import NodePlan
from engine.kernel.run import ENTER, Run
from engine.kernel.state import Open, Token


def enter(run: Run, token: Token, node: NodePlan) -> None:
    flows.leave(run, token, node)


def occur(run: Run, wait: int, kept: Open, node: NodePlan, data: Mapping[str, Any]) -> None:
    host = run.own_token(kept.token)
    catching.absorb(run, node, kept, wait, data)
    if node.model.parallel and catching.others_open(run, host.waits, node, wait):
        run.close(wait)
        host.waits = tuple(other for other in host.waits if other != wait)
        return
    if not node.model.interrupting:
        _again(run, host, wait, kept, node)
    launch(run, host, node)


def launch(run: Run, host: Token, node: NodePlan) -> None:
    """The event has happened at the activity of ``host``."""
    scope = host.scope
    if node.model.interrupting:
        if not any(trigger.__struct_config__.tag == "cancel" for trigger in node.triggers):
            variables.publish(run, host)
        scopes.cancel(run, host.number)
    else:
        run.add_live(scope, 1)
    run.agenda.append((ENTER, run.spawn(node, scope).number, 0))


def _again(run: Run, host: Token, wait: int, kept: Open, node: NodePlan) -> None:
    spot = catching.Spot(node, kept.scope, host.number, host.scope)
    if node.model.parallel:
        run.close(wait)
        host.waits = tuple(other for other in host.waits if other != wait) + catching.arm(run, spot)
    elif kept.due:
        run.close(wait)
        following = await_timer.again(run, spot, kept)
        host.waits = tuple(other for other in host.waits if other != wait) + following
