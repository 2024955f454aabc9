"""An instance goes on with another program, in one step.

Order: steps that are taken back end as the old program ends them; indexes are translated; waits that nobody acts on
any more are closed, new boundary events and event sub-processes begin to listen; missed steps and steps that take the
place of those taken back begin; then everything runs until it waits. Variables stay, and called processes keep their
programs.
"""

from datetime import datetime

from engine import errors, facts
from engine.kernel import catching, expressions, likeness, moves, result, scopes, transplant, variables
from engine.kernel.change import Change
from engine.kernel.evaluator import Evaluator
from engine.kernel.graph import NodePlan, Plan
from engine.kernel.library import Library
from engine.kernel.run import ENTER, FINISHED, Run
from engine.kernel.state import (
    BEFORE,
    BODY,
    CONDITION,
    FAILED_ENTER,
    HELD,
    LOCAL,
    MESSAGE,
    OWED,
    ROOT,
    SIGNAL,
    SUB,
    TIMER,
    Open,
    Scope,
    State,
    Token,
)

_AWAITED = frozenset((TIMER, MESSAGE, SIGNAL, CONDITION))


def migrate(
    old: Plan,
    new: Plan,
    state: State,
    change: Change,
    *,
    agent: str = "system",
    now: datetime,
    evaluator: Evaluator,
    library: Library | None = None,
) -> result.Step:
    """Raises Conflict for an instance that is over or runs another program, and where the new program has no place for
    what is open (``migration_no_place``, ``migration_no_undo``); nothing has happened then."""
    if state.ended:
        raise errors.Conflict("instance_ended", zh="实例已经结束", en="the instance has ended")
    if state.programs[0] != old.sha256:
        raise errors.Conflict("other_program", zh="实例运行的是另一个方案", en="the instance runs another program")
    before = Run(old, state, now, evaluator, library)
    told = tuple(sorted(old.nodes[state.tokens[number].node].id for number in change.back))
    emptied = {state.tokens[number].scope for number in change.back}
    for number in sorted(change.back):
        scopes.cancel(before, number)
        before.add_live(state.tokens[number].scope, -1)
    left = before.outcome()
    moved, orphans = transplant.transplant(left.state, old, new, change)
    run = Run(new, moved, now, evaluator, library)
    run.agent = agent
    run.facts.append(_fact(old, new, change, told))
    run.facts += left.facts
    run.closed += before.closed
    for wait in orphans:
        _close(run, wait)
    missing = {name: value for name, value in change.values.items() if name not in run.scopes[0].variables}
    variables.put(run, 0, missing, reason=change.reason)
    _listen(run, _Before(old, new, change, moved))
    _begin(run, change, emptied)
    moves.settle(run)
    return run.outcome()


def _fact(old: Plan, new: Plan, change: Change, back: tuple[str, ...]) -> facts.InstanceMigrated:
    return facts.InstanceMigrated(
        old=old.sha256,
        new=new.sha256,
        plan=change.plan,
        reason=change.reason,
        nodes={here: there for here, there in change.nodes.items() if here != there},
        back=back,
        owed=tuple(node for _, node in change.owed),
        surplus=change.surplus,
    )


class _Before:
    """What was awaited where, by the new program's nodes."""

    def __init__(self, old: Plan, new: Plan, change: Change, moved: State) -> None:
        self.again = change.timers == "again"
        self.old, self._ids = old, change.nodes
        self._from = {change.nodes.get(node.id, node.id): node for node in old.nodes}
        self.own = transplant.own_scopes(moved)

    def events(self, node: NodePlan) -> set[str]:
        """New ids of what was listened for where ``node`` stands now."""
        old = self._from[node.id]
        return {self._ids.get(event.id, event.id) for event in likeness.events(self.old, old)}

    def starts(self, around: NodePlan | None) -> set[str]:
        index = self._from[around.id].index if around is not None else -1
        return {self._ids.get(start.id, start.id) for start in catching.starts(self.old, index)}

    def stays(self, kept: Open, node: NodePlan) -> bool:
        """``kept`` is a wait of ``node`` and goes on as it is."""
        old = self._from[node.id]
        if (self.again and kept.kind == TIMER) or kept.trigger >= min(len(node.triggers), len(old.triggers)):
            return False
        return likeness.same_trigger(old.triggers[kept.trigger], node.triggers[kept.trigger])


def _listen(run: Run, before: _Before) -> None:
    for number in [token.number for token in run.tokens.values() if token.scope in before.own]:
        token = run.own_token(number)
        node = run.node_of(token)
        _fit_local(run, token, node)
        # An instance of a loop has no events of its own; what failed to begin listens when it is retried.
        if run.scopes[token.scope].kind != BODY and token.phase not in (BEFORE, FAILED_ENTER, HELD):
            events, known = likeness.events(run.plan, node), before.events(node)
            for event in events:
                spot = catching.Spot(event, token.scope, number, token.inner or token.scope)
                token.waits = _renewed(run, before, spot, token.waits, known)
            _forget(run, token, events)
    for scope in [scope for scope in run.scopes.values() if scope.number in before.own and scope.kind in (ROOT, SUB)]:
        if not _interrupted(run, scope):
            own = run.own_scope(scope.number)
            around = None if scope.kind == ROOT else run.owner(scope)
            known = before.starts(around)
            for start in catching.starts(run.plan, around.index if around is not None else -1):
                spot = catching.Spot(start, scope.number, 0, scope.number)
                own.waits = _renewed(run, before, spot, own.waits, known)


def _renewed(
    run: Run, before: _Before, spot: catching.Spot, open_waits: tuple[int, ...], known: set[str]
) -> tuple[int, ...]:
    """``open_waits`` with those of the spot's node as the new program wants them. An event that was listened for before
    (``known``) and is not awaited any more has happened: it is not awaited again."""
    here = spot.node.index
    mine = [wait for wait in open_waits if run.waits[wait].kind in _AWAITED and run.waits[wait].node == here]
    if not mine and spot.node.id in known:
        return open_waits
    if mine and all(before.stays(run.waits[wait], spot.node) for wait in mine):
        return open_waits
    for wait in mine:
        run.close(wait)
    return tuple(wait for wait in open_waits if wait not in mine) + catching.arm(run, spot)


def _forget(run: Run, token: Token, events: tuple[NodePlan, ...]) -> None:
    """Waits for events that no longer belong to the token's node."""
    known = {event.index for event in events}
    for wait in token.waits:
        kept = run.waits[wait]
        if kept.kind in _AWAITED and kept.node not in known:
            run.close(wait)
    token.waits = tuple(wait for wait in token.waits if wait in run.waits)


def _fit_local(run: Run, token: Token, node: NodePlan) -> None:
    """The scope of the activity's own variables: there when the new program maps inputs, gone when it does not."""
    if not node.is_activity or run.scopes[token.scope].kind == BODY or node.inner_kind == SUB or node.loops:
        return
    inner = run.scopes[token.inner] if token.inner else None
    if node.plain and inner is not None and inner.kind == LOCAL:
        scopes.close_inner(run, token)
    elif inner is None and (node.model.inputs or node.model.properties) and token.phase not in (BEFORE, FAILED_ENTER):
        token.inner = run.open_scope(LOCAL, token.scope, token.number, 0).number
        variables.local(run, token.inner, dict.fromkeys(node.model.properties))
        variables.local(run, token.inner, expressions.placed(run, node.model.inputs, token.inner))


def _interrupted(run: Run, scope: Scope) -> bool:
    """An event sub-process has taken the scope over: nothing else is listened for in it."""
    for token in run.tokens.values():
        if token.scope == scope.number and token.memo:
            node = run.node_of(token)
            if getattr(node.model, "variety", "") == "event" and run.plan.nodes[token.memo[0]].model.interrupting:
                return True
    return False


def _close(run: Run, wait: int) -> None:
    kept = run.waits[wait]
    if kept.token:
        token = run.own_token(kept.token)
        token.waits = tuple(one for one in token.waits if one != wait)
    else:
        scope = run.own_scope(kept.scope)
        scope.waits = tuple(one for one in scope.waits if one != wait)
    run.close(wait)


def _begin(run: Run, change: Change, emptied: set[int]) -> None:
    """The first of the list moves first."""
    begun = []
    for places, link in ((change.begin, 0), (change.owed, OWED)):
        for number, node_id in places:
            if node_id not in run.plan.index:
                raise transplant.no_place(node_id)
            run.add_live(number, 1)
            begun.append(run.spawn(run.plan.nodes[run.plan.index[node_id]], number, link=link).number)
    run.agenda.extend((ENTER, number, 0) for number in reversed(begun))
    run.agenda.extend((FINISHED, number, 0) for number in sorted(emptied) if not run.scopes[number].live)
