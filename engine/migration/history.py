"""What an instance has passed, told from its facts: for each scope the steps and events in their order.

A loop counts as one step, passed when it is left. What happened inside called processes is theirs. Facts of earlier
programs are read by the ids that the instance's migrations gave them.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

import msgspec

from engine import facts
from engine.kernel.graph import NodePlan, Plan
from engine.kernel.state import State

Kind = Literal["pass", "interrupt", "put", "cut"]


class Passage(NamedTuple):
    kind: Kind
    """``interrupt``: an event sub-process took the scope over. ``put`` and ``cut``: tokens moved by hand."""
    node: str
    flows: frozenset[str] = frozenset()
    """What was taken out of it and out of everything passed at once behind it."""
    known: Mapping[str, Any] = {}
    """The variables as they were then."""


class Track(msgspec.Struct, frozen=True, kw_only=True):
    """One scope from its beginning to now, or to its end."""

    scope: int
    of: str
    """Id of the sub-process; empty: the process."""
    flows: frozenset[str] = frozenset()
    """Taken on the way to the first step."""
    known: Mapping[str, Any] = {}
    passages: tuple[Passage, ...] = ()
    by_hand: bool = False
    """Tokens were moved: what waits at joins is what was left there."""
    cut_off: bool = False
    """It ended because something outside ended it, not by itself."""


class Story(msgspec.Struct, frozen=True, kw_only=True):
    tracks: tuple[Track, ...]
    owed: tuple[str, ...] = ()
    """Missed steps that earlier migrations made to-dos: passed late, in no order."""


class _Entry(msgspec.Struct):
    fact: facts.AnyFact
    node: str
    known: Mapping[str, Any]


def read(told: Iterable[facts.AnyFact], plan: Plan, state: State) -> Story:
    """``plan`` and ``state`` are those the instance has now; ``told`` all of its facts, oldest first."""
    entries: list[_Entry] = []
    owed: list[str] = []
    before: list[tuple[list[_Entry], list[str]]] = []
    known: Mapping[str, Any] = {}
    for fact in told:
        if isinstance(fact, facts.VariablesSet):
            known = {**known, **fact.values}
        elif isinstance(fact, facts.InstanceMigrated) and fact.undone:
            entries, owed = before.pop() if before else (entries, owed)
        elif isinstance(fact, facts.InstanceMigrated):
            before.append((entries, owed))
            kept = [entry for entry in entries if entry.node not in fact.surplus]
            entries = [_Entry(one.fact, fact.nodes.get(one.node) or one.node, one.known) for one in kept]
            owed = [fact.nodes.get(one) or one for one in owed] + list(fact.owed)
        else:
            entries.append(_Entry(fact, fact.node, known))
    return Story(tracks=_tracks(entries, plan, state), owed=tuple(owed))


def _tracks(entries: list[_Entry], plan: Plan, state: State) -> tuple[Track, ...]:
    bodies = {entry.fact.scope for entry in entries if isinstance(entry.fact, facts.ActivityStarted) and _runs(entry)}
    scopes: dict[int, list[_Entry]] = {0: []}
    for entry in entries:
        moved = isinstance(entry.fact, facts.TokenMoved)
        number = _scope_by_hand(entry, plan, state) if moved else entry.fact.scope
        if number not in bodies:
            scopes.setdefault(number, []).append(entry)
    for number, scope in state.scopes.items():
        if scope.token and number not in bodies and _is_sub(state, plan, number):
            scopes.setdefault(number, [])
    found = []
    for number, inside in scopes.items():
        of = _of(number, inside, plan, state)
        if of is not None:
            found.append(_track(number, of, inside, plan, state))
    return tuple(found)


def _runs(entry: _Entry) -> bool:
    return isinstance(entry.fact, facts.ActivityStarted) and entry.fact.index >= 0


def _is_sub(state: State, plan: Plan, number: int) -> bool:
    scope = state.scopes[number]
    owner = state.tokens[scope.token]
    return scope.program == 0 and plan.nodes[owner.node].kind == "subProcess" and scope.kind == 1


def _scope_by_hand(entry: _Entry, plan: Plan, state: State) -> int:
    """A change by hand says the node only when a token was put there: it went into the scope that is open."""
    if entry.fact.scope or entry.node not in plan.index:
        return entry.fact.scope
    around = plan.nodes[plan.index[entry.node]].scope
    if around < 0:
        return 0
    runs = [number for number in state.scopes if number and _is_sub(state, plan, number)]
    return next((number for number in runs if _owner(state, number) == around), -1)


def _owner(state: State, number: int) -> int:
    return state.tokens[state.scopes[number].token].node


def _of(number: int, inside: list[_Entry], plan: Plan, state: State) -> str | None:
    """The sub-process that scope ``number`` is a run of; None when it is of a called process."""
    if number == 0:
        return ""
    if number < 0:
        return None
    if number in state.scopes:
        return plan.nodes[_owner(state, number)].id if _is_sub(state, plan, number) else None
    around: set[int] = set()
    for entry in inside:
        index = plan.index.get(entry.node)
        if isinstance(entry.fact, facts.ActivityCompleted | facts.ActivityStarted) and index is None:
            return None
        if index is not None and not _listens_outside(entry, plan.nodes[index]):
            around.add(plan.nodes[index].scope)
    if len(around) != 1 or -1 in around:
        return None
    return plan.nodes[around.pop()].id


def _listens_outside(entry: _Entry, node: NodePlan) -> bool:
    """The start of an event sub-process is caught in the scope around it."""
    return isinstance(entry.fact, facts.EventCaught) and node.kind == "startEvent" and bool(node.triggers)


def _track(number: int, of: str, inside: list[_Entry], plan: Plan, state: State) -> Track:
    open_tokens = {token.number for token in state.tokens.values()}
    reader = _Reader(plan, open_tokens)
    for entry in inside:
        reader.read(entry)
    ends = [entry.fact for entry in inside if isinstance(entry.fact, facts.ActivityCompleted | facts.ActivityCancelled)]
    cut_off = bool(ends) and isinstance(ends[-1], facts.ActivityCancelled)
    return Track(
        scope=number,
        of=of,
        flows=frozenset(reader.first),
        known=reader.known,
        passages=tuple(reader.passages),
        by_hand=any(passage.kind != "pass" for passage in reader.passages),
        cut_off=cut_off,
    )


class _Reader:
    """Turns facts of one scope into passages; flows go to the last one."""

    def __init__(self, plan: Plan, open_tokens: set[int]) -> None:
        self._plan, self._open = plan, open_tokens
        self.passages: list[Passage] = []
        self.first: list[str] = []
        self.known: Mapping[str, Any] = {}
        self._by_hand = False
        """A token was put somewhere: what is cancelled next is what stood behind it."""
        self._seen: dict[str, int] = {}
        """Of parallel multiple events: how many of their triggers have happened."""
        self._left: dict[str, set[str]] = {}
        """Of loops: the flows by which they were left since they were last passed."""

    def read(self, entry: _Entry) -> None:
        fact = entry.fact
        index = self._plan.index.get(entry.node)
        node = self._plan.nodes[index] if index is not None else None
        if isinstance(fact, facts.TokenMoved):
            self._by_hand = bool(fact.to)
            self._add("put" if fact.to else "cut", entry)
        elif isinstance(fact, facts.ActivityCancelled):
            if self._by_hand:
                self._add("cut", entry)
        elif isinstance(fact, facts.ActivityCompleted):
            if fact.token not in self._open and (node is None or not (node.loops or node.undo_handler)):
                self._add("pass", entry)
        elif isinstance(fact, facts.EventCaught) and node is not None:
            self._caught(entry, node)
        elif isinstance(fact, facts.FlowTaken):
            if node is not None and node.loops:
                self._leave(entry, node, fact.flow)
            self._flow(fact.flow, entry)

    def _caught(self, entry: _Entry, node: NodePlan) -> None:
        if node.kind == "startEvent":
            around = self._plan.nodes[node.scope] if node.scope >= 0 else None
            if getattr(around and around.model, "variety", "") == "event" and node.model.interrupting and node.triggers:
                self._add("interrupt", entry)
        elif node.kind in ("boundaryEvent", "intermediateCatchEvent"):
            seen = self._seen[node.id] = self._seen.get(node.id, 0) + 1
            if not node.model.parallel or seen % max(len(node.awaited), 1) == 0:
                self._add("pass", entry)

    def _leave(self, entry: _Entry, node: NodePlan, flow: str) -> None:
        left = self._left.setdefault(node.id, set())
        if not left or flow in left:
            left.clear()
            self._add("pass", entry)
        left.add(flow)

    def _add(self, kind: Kind, entry: _Entry) -> None:
        self.passages.append(Passage(kind, entry.node, frozenset(), entry.known))
        if kind == "pass":
            self._by_hand = False
            for node_id in list(self._left):
                if node_id != entry.node:
                    del self._left[node_id]

    def _flow(self, flow: str, entry: _Entry) -> None:
        if not self.passages:
            self.first.append(flow)
            self.known = entry.known
            return
        last = self.passages[-1]
        known = {**last.known, **entry.known} if entry.known is not last.known else last.known
        self.passages[-1] = last._replace(flows=last.flows | {flow}, known=known)
