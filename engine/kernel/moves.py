"""The moves of a step, made one after another until the agenda is empty: the heart of run to completion.

Order: the move pushed last goes first, so a branch runs until it waits before the next branch begins; after each move
that changed variables the awaited conditions are looked at; when nothing is left, the joins that wait for what may
still come are asked, one at a time.
"""

from typing import Any

from engine import errors, facts
from engine.kernel import (
    activity,
    await_condition,
    compensation,
    errands,
    flows,
    incidents,
    scopes,
    waiting_joins,
)
from engine.kernel.graph import Act, FlowPlan, NodePlan, Plan
from engine.kernel.run import ACTIVATIONS, ARRIVE, ENTER, Run
from engine.kernel.state import (
    BODY,
    CALL,
    CLOSING,
    ENDING,
    ENTERING,
    FAILED_ENTER,
    FAILED_PERFORM,
    HELD,
    LEAVING,
    LINGERING,
    MAPPING,
    ROOT,
    STARTING,
    TAKING,
    WAITING,
    Scope,
    Token,
)

_TRAIL = 200
"""Activations before the budget ends whose nodes are written down, to name the loop."""


def settle(run: Run) -> None:
    """Until every token waits."""
    agenda = run.agenda
    while True:
        if run.changed:
            await_condition.look(run)
        elif agenda:
            what, number, more = agenda.pop()
            _MOVES[what](run, number, more)
        elif run.ended or not waiting_joins.wake(run):
            break
    if not run.waits and not run.ended:
        _stop_standstill(run)


def arrive(run: Run, scope: Scope, node: NodePlan, flow: FlowPlan) -> None:
    """A token comes over ``flow``; with a start quantity the activity needs so many."""
    quantity = node.quantity
    if quantity > 1:
        own = run.own_scope(scope.number)
        own.arrivals[flow.index] = own.arrivals.get(flow.index, 0) + 1
        incoming = [one.index for one in node.incoming]
        if sum(own.arrivals.get(index, 0) for index in incoming) < quantity:
            return
        for index in incoming:
            own.arrivals.pop(index, None)
        own.live += 1 - quantity
    _enter(run, run.spawn(node, scope.number), node)


def not_awaited(run: Run, token: Token, node: NodePlan, *more: Any) -> None:
    raise errors.Conflict(
        "not_awaited",
        zh=f"{node.id} 不等待这个",
        en=f"{node.id} does not wait for this",
        node=node.id,
    )


def _arrive(run: Run, number: int, index: int) -> None:
    scope = run.scopes[number]
    plan = run.plan if scope.program == 0 else run.plan_of(scope)
    flow = plan.flows[index]
    if flow.errands:
        source = plan.nodes[flow.source]
        errands.begin(run, run.spawn(source, number, memo=(index,)), source, TAKING)
        return
    _pass(run, scope, plan, flow)


def _pass(run: Run, scope: Scope, plan: Plan, flow: FlowPlan) -> None:
    node = plan.nodes[flow.target]
    number = scope.number
    run.facts.append(facts.FlowTaken(node=plan.nodes[flow.source].id, scope=number, flow=flow.id))
    node.arrive(run, scope, node, flow)


def _enter_again(run: Run, number: int, _: int) -> None:
    if number in run.tokens:
        token = run.own_token(number)
        _enter(run, token, run.node_of(token))


def _enter(run: Run, token: Token, node: NodePlan) -> None:
    run.activations += 1
    if run.activations > ACTIVATIONS - _TRAIL:
        run.trail.append(node.id)
        if run.activations > ACTIVATIONS:
            _stop_loop(run, token.number)
            return
    once = token.phase == WAITING and run.scopes[token.scope].kind != BODY
    if once and node.errands is not None and errands.begin(run, token, node, ENTERING):
        return
    _try(run, token, node, node.enter, FAILED_ENTER)


def _try(run: Run, token: Token, node: NodePlan, act: Act, failed: int) -> None:
    try:
        act(run, token, node)
    except incidents.STOPS as error:
        incidents.stop(run, token.number, failed, error)


def _go_on(run: Run, number: int, phase: int) -> None:
    """The errands of ``phase`` are done."""
    if number not in run.tokens:
        return
    token = run.own_token(number)
    token.phase = WAITING
    node = run.node_of(token)
    if phase == ENTERING:
        _try(run, token, node, node.enter, FAILED_ENTER)
    elif phase == MAPPING:
        _try(run, token, node, activity.start, FAILED_ENTER)
    elif phase == STARTING:
        _try(run, token, node, node.perform, FAILED_PERFORM)
    elif phase == ENDING:
        activity.told(run, token, node)
    elif phase == LEAVING:
        flows.go(run, token, node)
    else:
        scope = run.own_scope(token.scope)
        del run.tokens[number]
        if phase == TAKING:
            plan = run.plan_of(scope)
            _pass(run, scope, plan, plan.flows[token.memo[0]])
        else:
            scope.live -= 1
            if not scope.live:  # else somebody put a token into it meanwhile
                _over(run, scope)


def _errand(run: Run, number: int, errand: int) -> None:
    if number in run.tokens:
        token = run.own_token(number)
        errands.go_on(run, token, run.node_of(token), errand)


def _complete(run: Run, number: int, _: int) -> None:
    if number in run.tokens:
        token = run.own_token(number)
        activity.complete(run, token, run.node_of(token))


def _leave(run: Run, number: int, skipped: int) -> None:
    if number not in run.tokens:
        return
    token = run.own_token(number)
    node = run.node_of(token)
    if skipped and node.is_activity:
        activity.skip(run, token, node)
        return
    for wait in token.waits:
        run.close(wait)
    if token.link:
        del run.tokens[number]
        compensation.handler_done(run, token)
        return
    flows.leave(run, token, node)


def _finished(run: Run, number: int, _: int) -> None:
    scope = run.scopes.get(number)
    if scope is None or (scope.live and not run.watches_every_end(scope)):
        return
    if scope.kind not in (ROOT, CALL) or not _closing(run, scope):
        _over(run, scope)


def _closing(run: Run, scope: Scope) -> bool:
    """Whether the process has something to do before it is over; what only sleeps in it does not wake up any more."""
    plan = run.plan_of(scope)
    if not plan.program.errands or not plan.nodes:
        return False
    own = run.own_scope(scope.number)
    scopes.close_waits(run, own.waits)
    own.waits, own.live = (), 1
    at = run.ends[-1] if scope.kind == ROOT and run.ends else len(plan.nodes) - 1
    node = plan.nodes[at]
    return errands.begin(run, run.spawn(node, scope.number), node, CLOSING)


def _over(run: Run, scope: Scope) -> None:
    if scope.kind == ROOT:
        _end(run, scope)
        return
    token = run.own_token(scope.token)
    node = run.node_of(token)
    try:
        node.finished(run, token, node)
    except incidents.STOPS as error:
        incidents.stop(run, token.number, LINGERING, error)


def _end(run: Run, scope: Scope) -> None:
    """Nothing is left to do: the instance is over."""
    for wait in scope.waits:
        run.close(wait)
    own = run.own_scope(scope.number)
    own.waits, own.log, own.arrivals = (), (), {}
    run.ended = True
    names = tuple(run.plan.nodes[index].id for index in run.ends)
    run.facts.append(facts.InstanceEnded(end_events=names))


def _stop_standstill(run: Run) -> None:
    """Nothing is awaited and nothing moves: tokens lie before a join that can never go. Somebody has to see that."""
    scope = next((scope for scope in run.scopes.values() if any(flow >= 0 for flow in scope.arrivals)), None)
    if scope is None:
        return
    plan = run.plan_of(scope)
    node = plan.nodes[plan.flows[next(flow for flow in scope.arrivals if flow >= 0)].target]
    missing = [flow.id for flow in node.incoming if flow.index not in scope.arrivals]
    waiting_joins.merge(run, scope, node)
    token = run.spawn(node, scope.number)
    error = errors.Invalid(
        "join_in_vain",
        zh=f"{node.id} 永远等不到 {'、'.join(missing) or '更多'} 上的令牌；重试将放行",
        en=f"{node.id} waits in vain on {', '.join(missing) or 'one more flow'}; a retry lets what has come pass",
        node=node.id,
    )
    incidents.stop(run, token.number, FAILED_ENTER, error)


def _stop_loop(run: Run, number: int) -> None:
    """The budget is used up: this token has the incident, everything else on its way is held until it is retried."""
    here = run.trail[-1]
    before = run.trail[:-1]
    loop = before[len(before) - 1 - before[::-1].index(here) :] if here in before else [here]
    names = ", ".join(dict.fromkeys(loop))
    error = errors.Invalid(
        "endless_loop",
        zh=f"一步之内执行了 {ACTIVATIONS} 个元素仍未停下，循环经过：{names}",
        en=f"one step activated {ACTIVATIONS} elements without waiting; the loop goes through {names}",
        node=here,
    )
    incidents.stop(run, number, FAILED_ENTER, error)
    moves = run.agenda[:]
    run.agenda.clear()
    for what, other, more in moves:
        if what == ARRIVE:
            scope = run.scopes[other]
            plan = run.plan_of(scope)
            held = run.spawn(plan.nodes[plan.flows[more].target], other, link=number)
            held.phase = HELD
        elif what == ENTER and other in run.tokens:
            own = run.own_token(other)
            own.phase, own.link = HELD, number
        else:
            run.agenda.append((what, other, more))


# In the order of run.ARRIVE, ENTER, COMPLETE, FINISHED, LEAVE, GO_ON, ERRAND.
_MOVES = (_arrive, _enter_again, _complete, _finished, _leave, _go_on, _errand)
