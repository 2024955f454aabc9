"""A state of one program as a state of another: indexes translated, nothing moved yet. Pure.

What the new program has no place for is told to the caller, who has to have dealt with it before: a token that is not
taken back, something that could no longer be undone, a complex gateway in the middle of its round.
"""

from collections.abc import Mapping

from engine import errors
from engine.kernel import likeness, waiting_joins
from engine.kernel.change import Change
from engine.kernel.graph import NodePlan, Plan
from engine.kernel.state import CALL, OWED, Done, Kept, Open, Scope, State, Token


class Translation:
    """Of indexes, from ``old`` to ``new``, by the ids that ``change`` gives."""

    def __init__(self, old: Plan, new: Plan, change: Change) -> None:
        self.old, self.new, self._ids, self._aside = old, new, change.nodes, change.aside

    def find(self, index: int) -> NodePlan | None:
        old = self.old.nodes[index]
        place = self.new.index.get(self._ids.get(old.id, old.id))
        return None if place is None else self.new.nodes[place]

    def node(self, index: int) -> NodePlan:
        """Raises Conflict ``no_place``."""
        found = self.find(index)
        if found is None:
            raise no_place(self.old.nodes[index].id)
        return found

    def link(self, token: Token) -> int:
        return OWED if token.number in self._aside else token.link

    def flow(self, index: int) -> int:
        """Of a flow that leads to the same join. Raises Conflict ``no_place``."""
        old = self.old.flows[index]
        target = self.node(old.target)
        for flow in target.incoming:
            if flow.id == old.id:
                return flow.index
        raise no_place(old.id)


def own_scopes(state: State) -> set[int]:
    """Those of the instance's own program; a called process and all within it keep theirs."""
    own: set[int] = set()
    for number in state.scopes:
        here = state.scopes[number]
        while here.kind != CALL and here.parent >= 0:
            here = state.scopes[here.parent]
        if here.kind != CALL:
            own.add(number)
    return own


def transplant(state: State, old: Plan, new: Plan, change: Change) -> tuple[State, tuple[int, ...]]:
    """The state, and the numbers of waits that have nobody left to act on them. Raises Conflict."""
    translation = Translation(old, new, change)
    own = own_scopes(state)
    programs = (new.sha256, *state.programs[1:])
    if any(scope.kind == CALL and scope.program == 0 for scope in state.scopes.values()):
        programs = (*programs, old.sha256)  # a process that calls itself: the called one stays as it was
    tokens = {
        number: _token(token, translation) if token.scope in own else token for number, token in state.tokens.items()
    }
    waits, orphans = _waits(state, translation, own)
    scopes = {}
    for number, scope in state.scopes.items():
        if number in own:
            scopes[number] = _scope(scope, translation, change.joins.get(number), tokens)
        elif scope.program == 0:
            scopes[number] = _calling(scope, len(programs) - 1)
        else:
            scopes[number] = scope
    ends = tuple(place.index for end in state.ends if (place := translation.find(end)) is not None)
    moved = State(state.counter, programs, tokens, scopes, waits, ends, state.ended, state.business_key, state.instance)
    return moved, orphans


def _token(token: Token, translation: Translation) -> Token:
    node = translation.node(token.node)
    old = translation.old.nodes[token.node]
    if not likeness.fits(old, node):
        raise no_place(old.id)
    memo = token.memo
    if getattr(old.model, "variety", "") == "event" and memo:
        memo = (translation.node(memo[0]).index, *memo[1:])
    link = translation.link(token)
    return Token(token.number, node.index, token.scope, token.phase, token.inner, token.waits, memo, link)


def _waits(state: State, translation: Translation, own: set[int]) -> tuple[dict[int, Open], tuple[int, ...]]:
    waits: dict[int, Open] = {}
    orphans: list[int] = []
    for number, kept in state.waits.items():
        if kept.scope not in own:
            waits[number] = kept
            continue
        place = translation.find(kept.node)
        if place is None:
            orphans.append(number)
        node = place.index if place is not None else 0
        waits[number] = Open(kept.kind, kept.scope, kept.token, node, kept.trigger, kept.left, kept.due, kept.name)
    return waits, tuple(orphans)


def _scope(
    scope: Scope, translation: Translation, joins: Mapping[str, int] | None, tokens: Mapping[int, Token]
) -> Scope:
    arrivals = _arrivals(scope, translation, joins)
    live = sum(token.scope == scope.number for token in tokens.values())
    live += sum(count for flow, count in arrivals.items() if flow >= 0)
    log = tuple(_done(done, translation) for done in scope.log)
    return Scope(
        scope.number,
        scope.kind,
        scope.parent,
        scope.token,
        scope.program,
        live,
        scope.variables,
        arrivals,
        scope.waits,
        log,
    )


def _arrivals(scope: Scope, translation: Translation, joins: Mapping[str, int] | None) -> dict[int, int]:
    marks = {flow: bits for flow, bits in scope.arrivals.items() if flow < 0}
    found = {_mark(mark, translation): bits for mark, bits in marks.items()}
    if joins is None or marks:
        return found | {translation.flow(flow): count for flow, count in scope.arrivals.items() if flow >= 0}
    flows = {flow.id: flow.index for flow in translation.new.flows}
    return found | {flows[flow]: count for flow, count in joins.items() if count}


def _mark(mark: int, translation: Translation) -> int:
    """A complex gateway in its round remembers its flows by their order."""
    old = translation.old.nodes[-1 - mark]
    new = translation.node(old.index)
    if [flow.id for flow in old.incoming] != [flow.id for flow in new.incoming]:
        raise no_place(old.id)
    return waiting_joins.mark(new)


def _done(done: Done, translation: Translation) -> Done:
    node = translation.node(done.node)
    if done.kept is None:
        if node.handler < 0:
            raise _no_undo(node.id)
        return Done(node.index)
    return Done(node.index, Kept(done.kept.variables, tuple(_done(one, translation) for one in done.kept.log)))


def _calling(scope: Scope, program: int) -> Scope:
    return Scope(
        scope.number,
        scope.kind,
        scope.parent,
        scope.token,
        program,
        scope.live,
        scope.variables,
        scope.arrivals,
        scope.waits,
        scope.log,
    )


def no_place(element: str) -> errors.Conflict:
    return errors.Conflict(
        "migration_no_place",
        zh=f"新方案中没有可以接续 {element} 的位置",
        en=f"the new program has no place where {element} could go on",
        node=element,
    )


def _no_undo(node: str) -> errors.Conflict:
    return errors.Conflict(
        "migration_no_undo",
        zh=f"新方案不能再撤销已完成的 {node}",
        en=f"the new program could no longer undo {node}, which was done",
        node=node,
    )
