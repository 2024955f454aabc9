"""Opening, closing and cancelling scopes and what is inside them."""

from engine import facts
from engine.kernel.graph import ScopePlan
from engine.kernel.run import ARRIVE, ENTER, FINISHED, Run
from engine.kernel.state import AROUND, BODY, CONTINUE, INCIDENT, JOB, WAITING, WORK, Scope, Token

_EVENTS = ("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent")


def begin(run: Run, scope: Scope, plan: ScopePlan) -> None:
    """Put a token at every start; the first in document order moves first. An empty scope is over at once."""
    start_at(run, scope, [node.index for node in plan.starts], run.plan_of(scope).nodes)


def start_at(run: Run, scope: Scope, indexes: list[int], nodes: tuple[object, ...]) -> None:
    scope.live += len(indexes)
    numbers = [run.spawn(nodes[index], scope.number).number for index in indexes]  # type: ignore[arg-type]
    run.agenda.extend((ENTER, number, 0) for number in reversed(numbers))
    if not scope.live:
        run.agenda.append((FINISHED, scope.number, 0))


def leave_scope(run: Run, number: int) -> None:
    """One token less in scope ``number``; the last one ends it."""
    scope = run.own_scope(number)
    scope.live -= 1
    if scope.live == 0 or run.watches_every_end(scope):
        run.agenda.append((FINISHED, number, 0))


def drop(run: Run, token: Token) -> None:
    """Take a token away that has nothing more to do."""
    del run.tokens[token.number]
    leave_scope(run, token.scope)


def close_inner(run: Run, token: Token) -> None:
    """The scopes of ``token`` alone, with everything in them. ``token`` is the step's own copy."""
    number = token.inner
    while number and number != token.scope:
        scope = run.scopes[number]
        cancel_inside(run, number)
        close_waits(run, scope.waits)
        del run.scopes[number]
        number = scope.parent if scope.parent != token.scope else 0
    token.inner = 0


def close_waits(run: Run, numbers: tuple[int, ...]) -> None:
    for number in numbers:
        run.close(number)


def cancel_inside(run: Run, number: int) -> None:
    """Every token in scope ``number``, at rest or on its way; the scope itself stays."""
    inside = [token.number for token in run.tokens.values() if token.scope == number]
    for token in inside:
        cancel(run, token)
    run.agenda[:] = [move for move in run.agenda if not (move[0] == ARRIVE and move[1] == number)]
    scope = run.own_scope(number)
    scope.live = 0
    scope.arrivals = {}


def cancel_others(run: Run, token: Token) -> None:
    """Every other token in the scope of ``token``."""
    number = token.scope
    for other in [found.number for found in run.tokens.values() if found.scope == number]:
        if other != token.number:
            cancel(run, other)
    run.agenda[:] = [move for move in run.agenda if not (move[0] == ARRIVE and move[1] == number)]
    scope = run.own_scope(number)
    close_waits(run, scope.waits)
    scope.live, scope.arrivals, scope.waits = 1, {}, ()


def cancel(run: Run, number: int) -> None:
    """One token with everything that belongs to it. The caller sees to its scope's ``live``."""
    token = run.own_token(number)
    node = run.node_of(token)
    begun = token.phase not in AROUND and not (token.phase == WAITING and _is_about_to_begin(run, number))
    for wait in token.waits:
        kept = run.close(wait)
        begun = begun and not (kept is not None and kept.kind == JOB and kept.name == CONTINUE)
        if kept is not None and kept.kind == WORK:
            run.facts.append(facts.WorkItemCancelled(node=node.id, scope=token.scope, wait=wait))
        elif kept is not None and kept.kind == INCIDENT:
            run.facts.append(facts.IncidentResolved(node=node.id, scope=token.scope, incident=wait, how="cancelled"))
    is_body = token.inner and run.scopes[token.inner].kind == BODY
    if token.inner:
        close_inner(run, token)
    del run.tokens[number]
    if begun and not is_body and node.is_activity:
        run.facts.append(facts.ActivityCancelled(node=node.id, scope=token.scope, token=number))


def _is_about_to_begin(run: Run, number: int) -> bool:
    """Something else of the same step was quicker: history has not told yet that it began."""
    return any(move[0] == ENTER and move[1] == number for move in run.agenda)
