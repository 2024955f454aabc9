"""Joins that wait for whatever may still come: looked at only when nothing else can move.

BPMN 2.0, 13.4.3 (inclusive gateway): it goes when at least one incoming flow has a token, and no token elsewhere in the
scope can still reach an empty incoming flow, except one that can also reach a flow that has its token already.
Boundary events and links count as ways. Two joins that wait for each other go in document order.
"""

from engine.kernel import reach
from engine.kernel.graph import NodePlan
from engine.kernel.run import Run
from engine.kernel.state import Scope


def wake(run: Run) -> bool:
    """Let the first join go that may; False when none may."""
    if not run.plan.joins and len(run.programs) == 1:
        return False
    for number in list(run.scopes):
        scope = run.scopes[number]
        if not scope.arrivals:
            continue
        for node in run.plan_of(scope).joins:
            waits_here = mark(node) in scope.arrivals or any(flow.index in scope.arrivals for flow in node.incoming)
            if waits_here and node.finished(run, scope, node):
                return True
    return False


def mark(node: NodePlan) -> int:
    """Key in ``Scope.arrivals`` under which a complex gateway keeps that it waits to be reset."""
    return -1 - node.index


def may_still_come(run: Run, scope: Scope, node: NodePlan, over: set[int] | None = None) -> bool:
    """A token may still reach one of the empty incoming flows of ``node`` (of ``over`` alone, where given)."""
    full = empty = 0
    for flow, mask in reach.masks(run.plan_of(scope), node):
        if flow in scope.arrivals:
            full |= mask
        elif over is None or flow in over:
            empty |= mask
    return bool(empty) and bool(_standing(run, scope, node) & empty & ~full)


def merge(run: Run, scope: Scope, node: NodePlan) -> None:
    """One token of every flow that has one becomes one token."""
    own = run.own_scope(scope.number)
    used = [flow.index for flow in node.incoming if flow.index in own.arrivals]
    for flow in used:
        use_up(own, flow)
    own.live += 1 - len(used)


def use_up(own: Scope, flow: int) -> None:
    own.arrivals[flow] -= 1
    if not own.arrivals[flow]:
        del own.arrivals[flow]


def _standing(run: Run, scope: Scope, node: NodePlan) -> int:
    """The nodes, as bits, where the scope's other tokens stand."""
    standing = 0
    for token in run.tokens.values():
        if token.scope == scope.number:
            standing |= 1 << token.node
    plan = run.plan_of(scope)
    for flow in scope.arrivals:
        if flow >= 0 and plan.flows[flow].target != node.index:
            standing |= 1 << plan.flows[flow].target
    return standing
