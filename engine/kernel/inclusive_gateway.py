"""Inclusive gateway: joins whatever can still come (see waiting_joins.py), then takes every flow whose condition holds,
flows without condition too, else the default.
"""

from engine.kernel import flows, waiting_joins
from engine.kernel.graph import FlowPlan, NodePlan
from engine.kernel.run import ENTER, Run
from engine.kernel.state import Scope, Token


def arrive(run: Run, scope: Scope, node: NodePlan, flow: FlowPlan) -> None:
    if len(node.incoming) > 1:
        arrivals = run.own_scope(scope.number).arrivals
        arrivals[flow.index] = arrivals.get(flow.index, 0) + 1
        return
    run.agenda.append((ENTER, run.spawn(node, scope.number).number, 0))


def finished(run: Run, scope: Scope, node: NodePlan) -> bool:
    """The step is otherwise quiet: go, if nothing can come any more. One token of every flow is used up."""
    if waiting_joins.may_still_come(run, scope, node):
        return False
    waiting_joins.merge(run, scope, node)
    run.agenda.append((ENTER, run.spawn(node, scope.number).number, 0))
    return True


def enter(run: Run, token: Token, node: NodePlan) -> None:
    if node.only >= 0 or not node.outgoing:
        flows.leave(run, token, node)
        return
    chosen = flows.choose(run, token.scope, node)
    del run.tokens[token.number]
    flows.take(run, token.scope, chosen)
