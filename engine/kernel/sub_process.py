"""Embedded sub-process: a scope with its own variables; complete when no token is left inside."""

from engine.kernel import activity, compensation, data_objects, event_sub_process, scopes
from engine.kernel.graph import NodePlan
from engine.kernel.run import Run
from engine.kernel.state import KEPT, Token


def perform(run: Run, token: Token, node: NodePlan) -> None:
    scope = run.own_scope(token.inner)
    plan = run.plan_of(scope)
    data_objects.create(run, scope, node.index)
    event_sub_process.arm_all(run, scope, node.index)
    scopes.begin(run, scope, plan.scopes[node.index])


def finished(run: Run, token: Token, node: NodePlan) -> None:
    if run.scopes[token.inner].kind == KEPT:
        compensation.undone(run, token)
    else:
        activity.complete(run, token, node)
