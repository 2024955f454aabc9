"""Ad-hoc sub-process: activities without a prescribed order. It starts those that ``active_elements`` names, else every
one that no flow enters; sequential ones after one another.

After each activity the completion condition is looked at: when it holds the rest is cancelled (or, without
``cancel_remaining``, awaited). Without a condition it is complete when nothing is open; with one that does not hold
then, it is an incident, so that nobody waits for ever: start an activity by hand, or change what the condition asks.
"""

from engine import errors
from engine.kernel import activity, data_objects, event_sub_process, expressions, scopes, sub_process
from engine.kernel.graph import NodePlan, Plan
from engine.kernel.run import ENTER, Run
from engine.kernel.state import BEFORE, HELD, KEPT, Scope, Token


def perform(run: Run, token: Token, node: NodePlan) -> None:
    scope = run.own_scope(token.inner)
    plan = run.plan_of(scope)
    data_objects.create(run, scope, node.index)
    chosen = _chosen(run, node, scope, plan)
    event_sub_process.arm_all(run, scope, node.index)
    if node.model.ordering == "parallel" or len(chosen) < 2:
        scopes.start_at(run, scope, chosen, plan.nodes)
        return
    for index in chosen[1:]:
        waiting = run.spawn(plan.nodes[index], scope.number, link=token.number)
        waiting.phase = HELD
    scope.live += len(chosen) - 1
    scopes.start_at(run, scope, chosen[:1], plan.nodes)


def finished(run: Run, token: Token, node: NodePlan) -> None:
    """An activity inside is over. Raises Invalid when the condition cannot be evaluated, or nothing is open."""
    scope = run.scopes[token.inner]
    if scope.kind == KEPT:
        if not scope.live:
            sub_process.finished(run, token, node)
        return
    model = node.model
    holds = model.completion is not None and expressions.condition(run, model.completion, scope.number)
    if not scope.live and (holds or model.completion is None):
        activity.complete(run, token, node)
    elif holds and model.cancel_remaining:
        scopes.cancel_inside(run, scope.number)
        activity.complete(run, token, node)
    elif not scope.live:
        raise errors.Invalid(
            "ad_hoc_not_complete",
            zh=f"自由子流程 {node.id} 中没有进行中的活动，但完成条件不成立",
            en=f"nothing is open in the ad-hoc sub-process {node.id}, but its completion condition does not hold",
            node=node.id,
        )
    else:
        _next(run, scope)


def _next(run: Run, scope: Scope) -> None:
    inside = [token for token in run.tokens.values() if token.scope == scope.number]
    held = [token.number for token in inside if token.phase == HELD and token.link == scope.token]
    if held and len(held) == len(inside) and not scope.arrivals:
        own = run.own_token(held[0])
        own.phase, own.link = BEFORE, 0
        run.agenda.append((ENTER, own.number, 0))


def _chosen(run: Run, node: NodePlan, scope: Scope, plan: Plan) -> list[int]:
    expression = node.model.active_elements
    if expression is None:
        return [start.index for start in plan.scopes[node.index].starts]
    found = expressions.value(run, expression, scope.number)
    ids = found if isinstance(found, list) else [part.strip() for part in str(found or "").split(",") if part.strip()]
    known = {inner.id: inner.index for inner in plan.scopes[node.index].nodes}
    unknown = [str(one) for one in ids if one not in known]
    if unknown:
        raise errors.Invalid(
            "ad_hoc_unknown_element",
            zh=f"自由子流程 {node.id} 中没有 {'、'.join(unknown)}",
            en=f"the ad-hoc sub-process {node.id} has no element {', '.join(unknown)}",
            node=node.id,
        )
    return [known[one] for one in ids]
