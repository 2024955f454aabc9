"""Whether one instance can go on with another program, and by which change. Pure.

Compliant: what was done could have been done with the new program, and what is open would be open there. Adjustable:
it could when something is given up or made good, and somebody has to allow that. Else it stays, and the step in the way
is named.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from engine.facts import AnyFact
from engine.kernel import likeness
from engine.kernel.change import Change, Timers
from engine.kernel.evaluator import Evaluator
from engine.kernel.graph import NodePlan, Plan
from engine.kernel.state import (
    BEFORE,
    BODY,
    ENTERING,
    FAILED_ARM,
    FAILED_COMPLETE,
    FAILED_ENTER,
    FAILED_LEAVE,
    HELD,
    KEPT,
    OWED,
    SUB,
    UNDOING,
    Done,
    Scope,
    State,
    Token,
)
from engine.migration import data, mapping, replay
from engine.migration.history import Story, Track, read
from engine.migration.level import Level, Undecided
from engine.migration.reasons import Reason, reason

Class = Literal["compliant", "adjustable", "not"]
Allowance = Literal["back", "owed", "surplus", "order"]
ALLOWANCES: tuple[Allowance, ...] = ("back", "owed", "surplus", "order")


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What those who move instances have decided."""

    nodes: Mapping[str, str] = {}
    """Old id -> new id; an empty new id: no place any more. Steps that are not named keep their ids."""
    allow: frozenset[Allowance] = frozenset()
    """``back``: open steps that nobody began may be taken back. ``owed``: missed steps may be done late. ``surplus``:
    what was done and is no part of the new program may stand. ``order``: so may what was done in another order."""
    timers: Timers = "keep"
    values: Mapping[str, Any] = {}
    """Variables for instances that lack them."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """``change`` is None for an instance that stays. ``needs`` names what an adjustable one asks to be allowed."""

    kind: Class
    reasons: tuple[Reason, ...] = ()
    needs: frozenset[Allowance] = frozenset()
    change: Change | None = None


class Passage(msgspec.Struct, kw_only=True):
    """From one program to another, with what was worked out on the way; one for many instances."""

    old: Plan
    new: Plan
    evaluator: Evaluator
    now: datetime
    levels: dict[str, Level] = {}

    def level(self, scope: str) -> Level:
        if scope not in self.levels:
            self.levels[scope] = Level(self.new.program, scope)
        return self.levels[scope]


class _Fit(msgspec.Struct, frozen=True, kw_only=True):
    """How one open scope would go on."""

    scope: int
    back: tuple[Token, ...] = ()
    aside: tuple[Token, ...] = ()
    begin: tuple[str, ...] = ()
    owed: tuple[str, ...] = ()
    turned: tuple[str, ...] = ()
    joins: Mapping[str, int] | None = None

    @property
    def needs(self) -> frozenset[Allowance]:
        asked: dict[Allowance, bool] = {
            "back": bool(self.back),
            "owed": bool(self.owed),
            "order": bool(self.turned),
        }
        return frozenset(name for name, wanted in asked.items() if wanted)

    @property
    def price(self) -> tuple[int, int]:
        """To take back keeps the order of steps, to do late does not."""
        return len(self.owed) + len(self.turned), len(self.back) + len(self.begin)


def assess(
    way: Passage,
    state: State,
    told: Iterable[AnyFact],
    *,
    terms: Terms | None = None,
    begun: Collection[int] = (),
    plan: str = "",
    reason_given: str = "",
) -> Verdict:
    """``told``: the instance's facts. ``begun``: numbers of waits that somebody has begun to work on.

    Raises Invalid for terms whose mapping names what is not there.
    """
    terms = terms or Terms()
    ids = mapping.whole(way.old, way.new, terms.nodes)
    wrong = _in_the_way(way, state, ids)
    if wrong:
        return Verdict(kind="not", reasons=tuple(wrong))
    story = read(told, way.old, state)
    judge = _Judge(way, state, story, ids, terms, begun)
    try:
        judge.look()
    except Undecided:
        return Verdict(kind="not", reasons=(reason("undecided"),))
    if judge.wrong:
        return Verdict(kind="not", reasons=tuple(judge.wrong))
    change = judge.change(terms, plan, reason_given)
    lacking = data.missing(way.old, way.new, state, change, terms.values)
    if lacking:
        return Verdict(kind="not", reasons=tuple(reason("data_missing", name) for name in lacking))
    if not judge.needs:
        return Verdict(kind="compliant", change=change)
    allowed = judge.needs <= terms.allow
    return Verdict(
        kind="adjustable", reasons=tuple(judge.asked), needs=frozenset(judge.needs), change=change if allowed else None
    )


def _in_the_way(way: Passage, state: State, ids: Mapping[str, str]) -> list[Reason]:
    """What no program could take over as it is now, and what could not be undone any more."""
    found = []
    for token in state.tokens.values():
        scope = state.scopes[token.scope]
        if scope.program != 0:
            continue
        node = way.old.nodes[token.node]
        if token.phase == UNDOING or (token.link > 0 and token.phase != HELD) or scope.kind == KEPT:
            found.append(reason("undoing", node.id, way.old.program))
        elif token.phase >= ENTERING or _is_held(token, scope) or _is_stuck(token, node):
            found.append(reason("stopped", node.id, way.old.program))
    for scope in state.scopes.values():
        if scope.program == 0:
            lost = [node for done in scope.log for node in _not_undoable(done, way, ids)]
            found += [reason("no_undo", node, way.old.program) for node in lost]
    return found


def _is_held(token: Token, scope: Scope) -> bool:
    return token.phase in (HELD, FAILED_ARM, FAILED_LEAVE) and scope.kind != SUB


def _is_stuck(token: Token, node: NodePlan) -> bool:
    """An incident at what passes by itself (a gateway, a throw), or behind work that is done already."""
    waits_there = node.is_activity or node.kind in ("intermediateCatchEvent", "eventBasedGateway")
    return token.phase in (FAILED_COMPLETE, FAILED_LEAVE) or (token.phase == FAILED_ENTER and not waits_there)


def _not_undoable(done: Done, way: Passage, ids: Mapping[str, str]) -> list[str]:
    old = way.old.nodes[done.node]
    place = way.new.index.get(ids[old.id])
    if place is None or (done.kept is None and way.new.nodes[place].handler < 0):
        return [old.id]
    return [node for one in (done.kept.log if done.kept else ()) for node in _not_undoable(one, way, ids)]


class _Judge:
    """Goes through the tracks; what it finds adds up."""

    def __init__(
        self, way: Passage, state: State, story: Story, ids: Mapping[str, str], terms: Terms, begun: Collection[int]
    ) -> None:
        self._way, self._state, self._story, self._begun = way, state, story, begun
        self._ids, self._allow = ids, terms.allow
        self._guide = replay.Guide(way.old.program, way.new.program, way.evaluator, way.now)
        self._programs = (way.old.program, way.new.program)
        self._fits: list[_Fit] = []
        self._surplus: list[str] = []
        self.wrong: list[Reason] = []
        self.asked: list[Reason] = []
        self.needs: set[Allowance] = set()

    def look(self) -> None:
        """Raises Undecided."""
        for track in self._story.tracks:
            is_open = track.scope in self._state.scopes
            place = self._ids.get(track.of, track.of)
            if track.of and (not place or place not in self._way.new.index):
                if is_open:
                    self._refuse("no_place", track.of)
                continue  # what was done in it counts as one step of the scope around
            level = self._way.level(place)
            if not level.ordered:
                self._loose(track, level)
                continue
            self._one(track, level, is_open=is_open)

    def change(self, terms: Terms, plan: str, reason_given: str) -> Change:
        return Change(
            nodes={here: there for here, there in self._ids.items() if here != there},
            joins={fit.scope: fit.joins for fit in self._fits if fit.joins is not None},
            back=frozenset(token.number for fit in self._fits for token in fit.back),
            aside=frozenset(token.number for fit in self._fits for token in fit.aside),
            begin=tuple((fit.scope, node) for fit in self._fits for node in fit.begin),
            owed=tuple((fit.scope, node) for fit in self._fits for node in fit.owed),
            timers=terms.timers,
            values=terms.values,
            surplus=tuple(dict.fromkeys(self._surplus)),
            plan=plan,
            reason=reason_given,
        )

    def _one(self, track: Track, level: Level, *, is_open: bool) -> None:
        followed = replay.follow(track, level, self._guide, self._ids, self._story.owed)
        if followed.blocked:
            self._refuse("blocked", followed.blocked)
            return
        if not followed.ways and not followed.interrupted:  # the new program stands still from its very start
            self._refuse("never_begins", track.of)
            return
        for node in followed.surplus:
            elsewhere = self._ids.get(node, node)
            if elsewhere in self._way.new.index:
                self._refuse("blocked", node)  # it belongs to another sub-process now
                return
            self._ask("surplus", node)
            self._surplus.append(node)
        if is_open:
            self._go_on(track, level, followed)
        elif not followed.interrupted:
            self._over(track, level, followed)

    def _over(self, track: Track, level: Level, followed: replay.Followed) -> None:
        """A scope that has ended would have ended in the new program too, with nothing left out."""
        ended = [way for way in followed.ways if way.state.ended]
        if not ended and not track.cut_off:
            ended = replay.expand(followed.ways, level, lambda way: way.state.ended)
        best = min(ended or followed.ways, key=lambda way: len(way.missed))
        for node in best.missed:
            self._refuse("finished_inside", node)
        for node in best.turned:
            self._ask("order", node)

    def _go_on(self, track: Track, level: Level, followed: replay.Followed) -> None:
        tokens = [token for token in self._state.tokens.values() if token.scope == track.scope]
        tokens = [token for token in tokens if token.link != OWED and not self._listens(token)]
        if followed.interrupted:
            for token in tokens:
                self._refuse("no_place", self._node(token).id)
            self._fits.append(_Fit(scope=track.scope, joins={}))
            return
        wanted = Counter(place for token in tokens if (place := self._place(token)))
        exact = [
            self._fit(track, level, way, tokens)
            for way in replay.expand(followed.ways, level, lambda way: _stands(level, way, wanted, len(tokens)))
        ]
        plain = [self._fit(track, level, way, tokens) for way in followed.ways]
        found = [fit for fit in (*exact, *plain) if not self._obstacles(fit, level)]
        if not found:
            self._explain([*exact, *plain], level)
            return
        allowed = [fit for fit in found if fit.needs <= self._allow] or found
        best = min(allowed, key=lambda fit: fit.price)
        if best.begin and len({fit.begin for fit in allowed if fit.price == best.price}) > 1:
            self._refuse("way_unclear", best.begin[0])
            return
        self._take(best)

    def _fit(self, track: Track, level: Level, way: replay.Way, tokens: Sequence[Token]) -> _Fit:
        places = Counter(level.standing(way.state)) if not way.state.ended else Counter()
        missed, turned = list(way.missed), list(way.turned)
        back: list[Token] = []
        aside: list[Token] = []
        for token in sorted(tokens, key=self._is_begun, reverse=True):
            place = self._place(token)
            if place and places[place]:
                places[place] -= 1
            elif place in missed:
                missed.remove(place)
                turned.append(place)
                aside.append(token)
            else:
                back.append(token)
        return _Fit(
            scope=track.scope,
            back=tuple(back),
            aside=tuple(aside),
            begin=tuple(places.elements()),
            owed=tuple(missed),
            turned=tuple(turned),
            joins=None if track.by_hand else level.joins(way.state),
        )

    def _obstacles(self, fit: _Fit, level: Level) -> list[Reason]:
        found = [reason("begun", self._node(token).id, *self._programs) for token in fit.back if self._is_begun(token)]
        return found + [reason("event_missed", node, *self._programs) for node in fit.owed if not level.is_step(node)]

    def _explain(self, tried: Sequence[_Fit], level: Level) -> None:
        best = min(tried, key=lambda fit: (len(self._obstacles(fit, level)), fit.price))
        for one in self._obstacles(best, level):
            self._refuse(one.code, one.node)

    def _take(self, fit: _Fit) -> None:
        self._fits.append(fit)
        for token in fit.back:
            self._ask("back", self._node(token).id)
        for node in fit.owed:
            self._ask("owed", node)
        for node in fit.turned:
            self._ask("order", node)

    def _loose(self, track: Track, level: Level) -> None:
        """Inside an ad-hoc sub-process what is open goes on where the same step is."""
        for token in self._state.tokens.values():
            if token.scope == track.scope and track.scope in self._state.scopes:
                place = self._place(token)
                if not place or not level.has(place):
                    self._refuse("no_place", self._node(token).id)

    def _place(self, token: Token) -> str:
        """Where the token can go on as it is; empty for nowhere."""
        old = self._node(token)
        index = self._way.new.index.get(self._ids[old.id])
        if index is None:
            return ""
        new = self._way.new.nodes[index]
        here = self._ids[self._way.old.nodes[old.scope].id] if old.scope >= 0 else ""
        there = self._way.new.nodes[new.scope].id if new.scope >= 0 else ""
        return new.id if here == there and likeness.fits(old, new) else ""

    def _is_begun(self, token: Token) -> bool:
        if any(wait in self._begun for wait in token.waits):
            return True
        inner = self._state.scopes[token.inner] if token.inner else None
        return inner is not None and (inner.kind in (SUB, BODY) or inner.program != 0 or self._calls(token))

    def _calls(self, token: Token) -> bool:
        return self._node(token).kind == "callActivity" and token.phase not in (BEFORE, FAILED_ENTER)

    def _listens(self, token: Token) -> bool:
        """An event sub-process runs beside what the drawing orders."""
        return getattr(self._node(token).model, "variety", "") == "event" and bool(self._place(token))

    def _node(self, token: Token) -> NodePlan:
        return self._way.old.nodes[token.node]

    def _refuse(self, code: Any, node: str) -> None:
        said = reason(code, node, *self._programs)
        if said not in self.wrong:
            self.wrong.append(said)

    def _ask(self, code: Allowance, node: str) -> None:
        self.needs.add(code)
        said = reason(code, node, *self._programs)
        if said not in self.asked:
            self.asked.append(said)


def _stands(level: Level, way: replay.Way, wanted: Counter[str], count: int) -> bool:
    if way.state.ended:
        return count == 0
    return wanted.total() == count and Counter(level.standing(way.state)) == wanted
