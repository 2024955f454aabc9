"""Parallel gateway: waits for one token on every incoming flow, then takes every outgoing one, conditions or not.

A second token on a flow that has one already waits for the next round.
"""

from engine.kernel import scopes
from engine.kernel.graph import FlowPlan, NodePlan
from engine.kernel.run import ARRIVE, ENTER, Run
from engine.kernel.state import Scope, Token


def arrive(run: Run, scope: Scope, node: NodePlan, flow: FlowPlan) -> None:
    incoming = node.incoming
    if len(incoming) > 1:
        arrivals = run.own_scope(scope.number).arrivals
        arrivals[flow.index] = arrivals.get(flow.index, 0) + 1
        if any(not arrivals.get(other.index) for other in incoming):
            return
        for other in incoming:
            arrivals[other.index] -= 1
            if not arrivals[other.index]:
                del arrivals[other.index]
        run.add_live(scope.number, 1 - len(incoming))
    if node.errands is not None:
        run.agenda.append((ENTER, run.spawn(node, scope.number).number, 0))
        return
    _split(run, scope.number, node)


def enter(run: Run, token: Token, node: NodePlan) -> None:
    """A token that was put here (moved by hand, or the process begins here) passes."""
    del run.tokens[token.number]
    _split(run, token.scope, node)


def _split(run: Run, scope: int, node: NodePlan) -> None:
    if not node.outgoing:
        scopes.leave_scope(run, scope)
        return
    if len(node.outgoing) > 1:
        run.add_live(scope, len(node.outgoing) - 1)
    run.agenda.extend((ARRIVE, scope, flow.index) for flow in reversed(node.outgoing))
