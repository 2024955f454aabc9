"""A step sent back (退回): its work is broken off and the token goes on at an earlier node of the
same scope, or of one around.

``straight`` touches nothing else: who gets the step back hands it straight on again (``Complete.then``). Otherwise all
that lies behind the earlier node is broken off, arrivals at joins included, so that it is gone through once more and
no join counts a branch twice. Variables stay as they are.
"""

from engine import errors, facts
from engine.kernel import reach, scopes
from engine.kernel.graph import NodePlan
from engine.kernel.run import ENTER, Run
from engine.kernel.state import BODY, SUB, Scope, Token
from engine.kernel.stimuli import SendBack

_AWARE = ("inclusiveGateway", "complexGateway")


def send_back(run: Run, token: Token, stimulus: SendBack) -> None:
    """Raises NotFound for a node that is neither here nor around, Conflict where only ``straight`` or nothing fits."""
    scope, target = _place(run, token, stimulus.to)
    if stimulus.straight and scope.number != token.scope:
        raise errors.Conflict(
            "not_beside",
            zh=f"{target.id} 在外层流程中，不能办完后直接回到这里",
            en=f"{target.id} lies in an outer process: it cannot come straight back",
            node=target.id,
        )
    if stimulus.straight and (target.loops or _confuses(run, token, target)):
        raise errors.Conflict(
            "cannot_come_straight",
            zh=f"{target.id} 办完后不能直接回到这里：它是多实例步骤，或并行的步骤正等待汇合",
            en=f"{target.id} cannot come straight back: it has several instances, or parallel "
            "steps wait to come together",
            node=target.id,
        )
    behind = set() if stimulus.straight else _behind(run, token, scope, target)
    run.facts.append(facts.TokenMoved(node=target.id, scope=scope.number, to=target.id, reason=stimulus.reason))
    run.add_live(scope.number, 1)
    fresh = run.spawn(target, scope.number)
    if stimulus.straight:
        scopes.cancel(run, token.number)
        run.own_scope(scope.number).live -= 1
    else:
        _break_off(run, scope.number, behind, fresh.number)
    run.agenda.append((ENTER, fresh.number, 0))


def _confuses(run: Run, token: Token, target: NodePlan) -> bool:
    """The target does not lie before this step, or a join is confused: an inclusive or complex one looks at what may
    still reach it, so a token out of its place would hold it up or let it go early. That matters where others are on
    their way to it, or have arrived."""
    scope = run.scopes[token.scope]
    plan = run.plan_of(scope)
    others = [other for other in run.tokens.values() if other.scope == scope.number and other.number != token.number]
    coming = {node for other in others for node in reach.downstream(plan, other.node)}
    coming |= {plan.flows[flow].target for flow in scope.arrivals if flow >= 0}
    if token.node not in reach.downstream(plan, target.index):
        return True
    touched = reach.downstream(plan, target.index, without=token.node)
    return any(plan.nodes[node].kind in _AWARE and len(plan.nodes[node].incoming) > 1 for node in touched & coming)


def _behind(run: Run, token: Token, scope: Scope, target: NodePlan) -> set[int]:
    """What has to be gone through again. Raises Conflict when the step is not among it: branches came together on the
    way here, and only one of them would come again."""
    behind = reach.driven(run.plan_of(scope), target.index)
    here = token
    while here.scope != scope.number:
        here = run.tokens[run.scopes[here.scope].token]
    if here.node in behind:
        return behind
    raise errors.Conflict(
        "cannot_run_again",
        zh=f"从 {target.id} 重走不到这里：并行的步骤在途中已经汇合。可以选择办完后直接回到这一步，或退回到更早的步骤",
        en=f"going through it again from {target.id} does not lead here: parallel steps came together on the way. "
        "Let it come straight back, or send it back to an earlier step",
        node=target.id,
    )


def _place(run: Run, token: Token, target: str) -> tuple[Scope, NodePlan]:
    scope = run.scopes[token.scope]
    plan = run.plan_of(scope)
    index = plan.index.get(target, -1)
    inside = run.node_of(token)
    while index >= 0:
        if plan.nodes[index].scope == inside.scope and scope.kind != BODY:
            return scope, plan.nodes[index]
        if scope.kind not in (SUB, BODY):
            break
        owner = run.tokens[scope.token]
        scope, inside = run.scopes[owner.scope], run.node_of(owner)
    raise errors.NotFound(
        "node_missing",
        zh=f"不能退回到 {target}：它不在这一步所在的流程中",
        en=f"this cannot be sent back to {target}: it is not in the process around this step",
        node=target,
    )


def _break_off(run: Run, number: int, behind: set[int], fresh: int) -> None:
    there = [token.number for token in run.tokens.values() if token.scope == number and token.node in behind]
    for old in there:
        if old != fresh and old in run.tokens:
            scopes.cancel(run, old)
            run.own_scope(number).live -= 1
    scope = run.own_scope(number)
    flows = run.plan_of(scope).flows
    for flow in [flow for flow in scope.arrivals if flow >= 0 and flows[flow].source in behind]:
        scope.live -= scope.arrivals.pop(flow)
