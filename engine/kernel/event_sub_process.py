"""Event sub-process: sleeps in its scope until a start event happens; an interrupting one ends everything else in the
scope first, others run beside it and may start again. Error and escalation starts are found by the throw, compensation
starts when the completed scope is undone.
"""

from engine import errors
from engine.kernel import activity, await_timer, catching, compensation, incidents, scopes
from engine.kernel.graph import NodePlan
from engine.kernel.run import ENTER, Run
from engine.kernel.state import FAILED_ARM, KEPT, Open, Scope, Token


def arm_all(run: Run, scope: Scope, sub_process: int) -> None:
    """Await every start in ``scope``, which runs node ``sub_process`` (-1: the process)."""
    for start in catching.starts(run.plan_of(scope), sub_process):
        _arm(run, scope.number, start)


def launch(run: Run, number: int, start: NodePlan) -> None:
    """The event of ``start`` has happened in scope ``number``."""
    scope = run.own_scope(number)
    if start.model.interrupting:
        scopes.cancel_inside(run, number)
        scopes.close_waits(run, scope.waits)
        scope.waits = ()
    scope.live += 1
    event = run.spawn(run.plan_of(scope).nodes[start.scope], number, memo=(start.index,))
    run.agenda.append((ENTER, event.number, 0))


def again(run: Run, kept: Open, wait: int, start: NodePlan) -> None:
    """A non-interrupting start has happened: await it once more, where there is a next time."""
    scope = run.own_scope(kept.scope)
    spot = catching.Spot(start, kept.scope, 0, kept.scope)
    if start.model.parallel:
        run.close(wait)
        scope.waits = tuple(other for other in scope.waits if other != wait)
        scope.waits += catching.arm(run, spot)
    elif kept.due:
        run.close(wait)
        following = await_timer.again(run, spot, kept)
        scope.waits = tuple(other for other in scope.waits if other != wait) + following


def perform(run: Run, token: Token, node: NodePlan) -> None:
    if not token.memo:
        raise errors.Invalid(
            "event_sub_process_entered",
            zh=f"流向引到了事件子流程 {node.id}，它只能由事件启动",
            en=f"a flow leads into the event sub-process {node.id}, which only an event starts",
        )
    scope = run.own_scope(token.inner)
    arm_all(run, scope, node.index)
    scopes.start_at(run, scope, [token.memo[0]], run.plan_of(scope).nodes)


def finished(run: Run, token: Token, node: NodePlan) -> None:
    if token.inner and run.scopes[token.inner].kind == KEPT:
        compensation.undone(run, token)
        return
    if token.inner:
        activity.complete(run, token, node)
        return
    # Its start could not be awaited; this token stood for it.
    number = token.scope
    start = run.plan_of(run.scopes[number]).nodes[token.memo[0]]
    scopes.drop(run, token)
    _arm(run, number, start)


def _arm(run: Run, number: int, start: NodePlan) -> None:
    scope = run.own_scope(number)
    try:
        scope.waits += catching.arm(run, catching.Spot(start, number, 0, number))
    except incidents.STOPS as error:
        scope.live += 1
        event = run.spawn(run.plan_of(scope).nodes[start.scope], number, memo=(start.index,))
        incidents.stop(run, event.number, FAILED_ARM, error)
