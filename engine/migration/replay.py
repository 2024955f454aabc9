"""A track of an instance followed through a scope of another program, with the moves that the kernel itself makes.

Where conditions left a choice, the flows that were really taken decide; at gateways that the instance never met, the
conditions themselves over the variables as they were then; where those cannot tell, every way is followed.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from engine.kernel import incidents
from engine.kernel.evaluator import Evaluator
from engine.kernel.state import State
from engine.migration.history import Passage, Track
from engine.migration.level import MOST_STEPS, Level, Outcome, Undecided, key
from engine.model.expression import Expression
from engine.model.program import Flow, Program

MOST_WAYS = 200
MOST_MISSED = 8
"""Steps in a row that may have been missed; beyond, the two programs are too different."""


class Way(msgspec.Struct, frozen=True):
    state: State
    missed: tuple[str, ...] = ()
    """Steps and events of the new program that the instance never passed, in their order."""
    turned: tuple[str, ...] = ()
    """Steps that were done later than the new program wants them."""
    round: frozenset[str] = frozenset()
    """What the instance has passed: a step is not missed because it could be done once more."""


class Followed(msgspec.Struct, frozen=True, kw_only=True):
    """``blocked`` is the step that was done where the new program does not allow it; then there are no ways."""

    ways: tuple[Way, ...] = ()
    surplus: tuple[str, ...] = ()
    """Steps that were done and that the new program does not have, by their old ids."""
    blocked: str = ""
    interrupted: bool = False
    """An event sub-process took the scope over: nothing else goes on in it."""


class Guide:
    """What decides at gateways: the flows of the old program, and the new conditions over what was known."""

    def __init__(self, old: Program, new: Program, evaluator: Evaluator, now: datetime) -> None:
        self._old = {flow.id: flow for flow in old.flows}
        self._new = {flow.id: flow for flow in new.flows}
        self._common = {
            flow.id for flow in old.flows if flow.id in self._new and self._new[flow.id].source == flow.source
        }
        leaving = [Counter(flow.source for flow in program.flows) for program in (old, new)]
        self._choosing = {node for node, count in leaving[0].items() if count > 1 and leaving[1][node] > 1}
        self._evaluator, self._now = evaluator, now
        self._parameters = new.parameters
        self._sources: dict[Expression, set[str]] = {}
        for flow in new.flows:
            if flow.condition is not None:
                self._sources.setdefault(flow.condition, set()).add(flow.source)

    def choose(self, outcomes: Sequence[Outcome], flows: frozenset[str], known: Mapping[str, Any]) -> Sequence[Outcome]:
        taken = self._leaving(self._old, flows)
        chosen = [one for one in outcomes if self._agrees(taken, self._leaving(self._new, one.flows))]
        if len(chosen) < 2:
            return chosen
        told: dict[Expression, bool | None] = {}
        return [one for one in chosen if self._holds(one, taken, known, told)] or chosen

    @staticmethod
    def _leaving(drawn: Mapping[str, Flow], flows: Iterable[str]) -> dict[str, set[str]]:
        leaving: dict[str, set[str]] = {}
        for flow_id in flows:
            flow = drawn.get(flow_id)
            if flow is not None:
                leaving.setdefault(flow.source, set()).add(flow_id)
        return leaving

    def _agrees(self, taken: Mapping[str, set[str]], tried: Mapping[str, set[str]]) -> bool:
        """Where both programs choose, the flows that both have were taken in both or in neither."""
        return all(
            taken[node] & self._common == tried[node] & self._common
            for node in taken.keys() & tried.keys() & self._choosing
        )

    def _holds(
        self,
        outcome: Outcome,
        taken: Mapping[str, set[str]],
        known: Mapping[str, Any],
        told: dict[Expression, bool | None],
    ) -> bool:
        for expression, said in outcome.answers:
            if self._sources.get(expression, set()) & taken.keys():
                continue
            if expression not in told:
                told[expression] = self._ask(expression, known)
            if told[expression] not in (None, said):
                return False
        return True

    def _ask(self, expression: Expression, known: Mapping[str, Any]) -> bool | None:
        """None where it cannot be told."""
        variables = {**self._parameters, **known}
        try:
            holds = self._evaluator.condition(expression, variables, self._now)
            if not holds and self._evaluator.doubts(expression, variables, self._now):
                return None
        except incidents.STOPS:
            return None
        return holds


def follow(track: Track, level: Level, guide: Guide, ids: Mapping[str, str], owed: Sequence[str] = ()) -> Followed:
    """``ids``: old id -> new id, empty where there is none. ``owed`` steps may have been missed and passed late: an
    earlier migration said so. Raises Undecided."""
    level.left = MOST_STEPS
    late = list(owed)
    first = track.passages[0].node if track.passages else ""
    starter = ids.get(first, first) if first and _begins(level, ids.get(first, first)) else ""
    ways = _merged(Way(one.state) for one in guide.choose(level.starts(starter), track.flows, track.known))
    surplus: list[str] = []
    for number, passage in enumerate(track.passages):
        if number == 0 and starter:
            continue
        if passage.kind == "interrupt":
            return Followed(surplus=tuple(surplus), interrupted=True)
        node = ids.get(passage.node, passage.node)
        if not node or not level.has(node):
            surplus.append(passage.node)
            continue
        following = _pass(ways, level, guide, passage, node)
        if not following and node in late:
            late.remove(node)
            continue
        if passage.kind == "cut":
            ways = following or ways
            continue
        following = following or [_late(way, node) for way in ways if node in way.missed and passage.kind == "pass"]
        if not following:
            before = expand(ways, level, lambda way, at=node, how=passage: _may(level, way, how, at))  # type: ignore[misc]
            following = _pass(before, level, guide, passage, node)
        if not following:
            return Followed(surplus=tuple(surplus), blocked=passage.node)
        ways = following
    return Followed(ways=tuple(_without(way, owed) for way in ways), surplus=tuple(dict.fromkeys(surplus)))


def expand(ways: Sequence[Way], level: Level, goal: Callable[[Way], bool]) -> list[Way]:
    """The nearest ways on which ``goal`` holds, passing steps that were never done; none when there are none near.

    Raises Undecided."""
    seen = {key(way.state) for way in ways}
    layer = list(ways)
    while layer:
        found = [way for way in layer if goal(way)]
        if found:
            return found
        further: list[Way] = []
        for way in layer:
            for node in level.open(way.state) if len(way.missed) < MOST_MISSED else ():
                if node in way.round:
                    continue
                for outcome in level.after(way.state, "pass", node):
                    place = key(outcome.state)
                    if place not in seen:
                        seen.add(place)
                        further.append(Way(outcome.state, (*way.missed, node), way.turned, way.round))
        if len(seen) > MOST_WAYS:
            raise Undecided
        layer = further
    return []


def _begins(level: Level, node: str) -> bool:
    """Nothing starts the scope but this event itself."""
    if not level.has(node) or any(one.kind == "startEvent" for one in level.plan.nodes):
        return False
    return not level.plan.scopes[-1].starts


def _pass(ways: Iterable[Way], level: Level, guide: Guide, passage: Passage, node: str) -> list[Way]:
    found = []
    for way in ways:
        outcomes = level.after(way.state, passage.kind, node)
        chosen = guide.choose(outcomes, passage.flows, passage.known)
        found += [Way(outcome.state, way.missed, way.turned, way.round | {node}) for outcome in chosen]
    return _merged(found)


def _late(way: Way, node: str) -> Way:
    at = way.missed.index(node)
    return Way(way.state, way.missed[:at] + way.missed[at + 1 :], (*way.turned, node), way.round | {node})


def _may(level: Level, way: Way, passage: Passage, node: str) -> bool:
    return bool(level.after(way.state, passage.kind, node))


def _merged(ways: Iterable[Way]) -> list[Way]:
    """Of ways to one state the one that missed least. Raises Undecided beyond what may be followed."""
    best: dict[Any, Way] = {}
    for way in ways:
        place = key(way.state)
        if place not in best or _price(way) < _price(best[place]):
            best[place] = way
    if len(best) > MOST_WAYS:
        raise Undecided
    return list(best.values())


def _price(way: Way) -> tuple[int, int]:
    return len(way.missed), len(way.turned)


def _without(way: Way, owed: Sequence[str]) -> Way:
    """What an earlier migration owed is a to-do already."""
    left = list(owed)
    missed = []
    for node in way.missed:
        if node in left:
            left.remove(node)
        else:
            missed.append(node)
    return Way(way.state, tuple(dict.fromkeys(missed)), tuple(dict.fromkeys(way.turned)), way.round)
