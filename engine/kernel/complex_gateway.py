"""Complex gateway: goes when its activation condition holds, over the number of tokens on its incoming flows
(``activationCount``); without a condition it joins like an inclusive gateway.

Having gone it waits to be reset: what still comes over the flows that had no token is swallowed, and when nothing more
can come over them it is ready for the next round (BPMN 2.0, 13.4.5; nothing is emitted by the reset). A condition that
can no longer come true is an incident. Out of it every flow whose condition holds is taken, else the default.
"""

from engine import errors
from engine.kernel import expressions, incidents, inclusive_gateway, scopes, waiting_joins
from engine.kernel.graph import NodePlan
from engine.kernel.run import ENTER, Run
from engine.kernel.state import FAILED_ENTER, Scope

arrive = inclusive_gateway.arrive
enter = inclusive_gateway.enter


def finished(run: Run, scope: Scope, node: NodePlan) -> bool:
    """The step is otherwise quiet: go or reset, if it may."""
    if waiting_joins.mark(node) in scope.arrivals:
        return _reset(run, scope, node)
    problem: errors.CrmflowError | None = None
    if node.model.activation is None:
        if waiting_joins.may_still_come(run, scope, node):
            return False
    else:
        try:
            if not _activated(run, scope, node):
                if waiting_joins.may_still_come(run, scope, node):
                    return False
                problem = _unmet(node)
        except incidents.STOPS as error:
            problem = error
    consumed = sum(1 << place for place, flow in enumerate(node.incoming) if flow.index in scope.arrivals)
    waiting_joins.merge(run, scope, node)
    token = run.spawn(node, scope.number)
    if problem is not None:
        incidents.stop(run, token.number, FAILED_ENTER, problem)
        return True
    if consumed != (1 << len(node.incoming)) - 1:
        run.own_scope(scope.number).arrivals[waiting_joins.mark(node)] = consumed
    run.agenda.append((ENTER, token.number, 0))
    return True


def _activated(run: Run, scope: Scope, node: NodePlan) -> bool:
    count = sum(scope.arrivals.get(flow.index, 0) for flow in node.incoming)
    return expressions.condition(run, node.model.activation, scope.number, {"activationCount": count})


def _reset(run: Run, scope: Scope, node: NodePlan) -> bool:
    """Forget the round when nothing more of it can come; its late tokens are swallowed as they come."""
    key = waiting_joins.mark(node)
    consumed = scope.arrivals[key]
    late = {flow.index for place, flow in enumerate(node.incoming) if not consumed >> place & 1}
    come = [flow for flow in late if flow in scope.arrivals]
    own = run.own_scope(scope.number)
    for flow in come:
        waiting_joins.use_up(own, flow)
        own.arrivals[key] |= 1 << next(place for place, one in enumerate(node.incoming) if one.index == flow)
    left = late.difference(come)
    if not left or not waiting_joins.may_still_come(run, own, node, left):
        del own.arrivals[key]
        come.append(-1)
    for flow in come:
        if flow >= 0:
            scopes.leave_scope(run, scope.number)
    return bool(come)


def _unmet(node: NodePlan) -> errors.Invalid:
    return errors.Invalid(
        "activation_unmet",
        zh=f"复杂网关 {node.id} 的激活条件已不可能成立；重试将放行",
        en=f"the activation condition of complex gateway {node.id} can no longer hold; a retry lets the token pass",
        node=node.id,
    )
