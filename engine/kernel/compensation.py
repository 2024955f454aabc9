"""Undoing what was completed: compensation handlers and compensation event sub-processes.

An activity with a handler is remembered in its scope when it completes, each instance of a multi-instance activity by
itself; a sub-process that has something to undo inside is remembered with its variables. A throw starts the handlers of
its scope in reverse order of completion, all at once (Camunda 7), and waits for them. What is undone is forgotten.
"""

from engine.kernel import catching, scopes
from engine.kernel.graph import NodePlan
from engine.kernel.run import ENTER, FINISHED, Run
from engine.kernel.state import BODY, KEPT, SUB, UNDOING, Done, Kept, Token


def remember(run: Run, token: Token, node: NodePlan) -> None:
    """``token`` completes its activity."""
    kept = None
    if node.handler < 0:
        inner = run.scopes[token.inner] if token.inner else None
        if node.undo_handler or inner is None or inner.kind != SUB:
            return
        if not inner.log and not node.compensable:
            return
        kept = Kept(inner.variables, inner.log)
    scope = run.scopes[token.scope]
    while scope.kind == BODY:
        scope = run.scopes[scope.parent]
    own = run.own_scope(scope.number)
    own.log = (*own.log, Done(node.index, kept))


def throw(run: Run, token: Token, scope: int, activity: str, *, wait: bool) -> bool:
    """Start the handlers of ``scope``, or those of ``activity`` in it. True when ``token`` has to wait for them."""
    plan = run.plan_of(run.scopes[scope])
    log = run.scopes[scope].log
    chosen = [done for done in log if not activity or plan.nodes[done.node].id == activity]
    if not chosen:
        return False
    run.own_scope(scope).log = tuple(done for done in log if done not in chosen)
    own = run.own_token(token.number)
    if wait:
        own.phase, own.memo = UNDOING, (len(chosen),)
    for done in chosen:  # the last pushed moves first: reverse order of completion
        _undo(run, scope, done, own.number if wait else 0)
    return wait


def handler_done(run: Run, token: Token) -> None:
    """``token``, already taken away, was a handler that another token waits for."""
    waiting = token.link
    if waiting in run.tokens:
        own = run.own_token(waiting)
        own.memo = (own.memo[0] - 1,)
        if own.memo[0] == 0:
            node = run.node_of(own)
            node.finished(run, own, node)
    if token.scope in run.scopes:
        scopes.leave_scope(run, token.scope)


def undone(run: Run, token: Token) -> None:
    """What was inside a sub-process that had completed before is undone: its token goes without another word."""
    own = run.own_token(token.number)
    scopes.close_inner(run, own)
    del run.tokens[own.number]
    if own.link:
        handler_done(run, own)
    else:
        scopes.leave_scope(run, own.scope)


def own_scope_of(run: Run, token: Token) -> int:
    """What a throw at ``token`` compensates: its scope; out of an event sub-process, the scope around that."""
    scope = run.scopes[token.scope]
    while scope.kind == BODY or (scope.kind == SUB and getattr(run.owner(scope).model, "variety", "") == "event"):
        scope = run.scopes[scope.parent]
    return scope.number


def _undo(run: Run, scope: int, done: Done, link: int) -> None:
    plan = run.plan_of(run.scopes[scope])
    node = plan.nodes[done.node]
    run.add_live(scope, 1)
    if done.kept is None:
        handler = plan.nodes[node.handler]
        token = run.spawn(handler, scope, link=link)
        run.agenda.append((ENTER, token.number, 0))
        return
    token = run.spawn(node, scope, link=link)
    token.phase = UNDOING
    inner = run.open_scope(KEPT, scope, token.number, run.scopes[scope].program)
    token.inner = inner.number
    inner.variables = dict(done.kept.variables)
    inner.log = done.kept.log
    starts = [
        start for start in catching.starts(plan, node.index) if start.triggers[0].__struct_config__.tag == "compensate"
    ]
    if starts:
        event = run.spawn(plan.nodes[starts[0].scope], inner.number, memo=(starts[0].index,))
        inner.live = 1
        run.agenda.append((ENTER, event.number, 0))
        return
    inner.log = ()
    for record in done.kept.log:
        _undo(run, inner.number, record, 0)
    if not done.kept.log:
        run.agenda.append((FINISHED, inner.number, 0))
