"""Exclusive gateway: one way out, the first in document order whose condition holds (a flow without condition always
does), else the default flow. Whatever arrives passes by itself: it merges nothing.
"""

from engine.kernel import expressions, flows
from engine.kernel.graph import NodePlan
from engine.kernel.run import ARRIVE, Run
from engine.kernel.state import Token


def enter(run: Run, token: Token, node: NodePlan) -> None:
    if node.only >= 0 or not node.outgoing:
        flows.leave(run, token, node)
        return
    taken = node.default
    for flow in node.outgoing:
        if flow.index != node.default and (
            flow.condition is None or expressions.condition(run, flow.condition, token.scope)
        ):
            taken = flow.index
            break
    if taken < 0:
        raise flows.no_flow(run, token.scope, node)
    del run.tokens[token.number]
    run.agenda.append((ARRIVE, token.scope, taken))
