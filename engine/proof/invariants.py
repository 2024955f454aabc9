"""Rules of the family over all states: a counter-example is a path through the process that breaks the rule."""

from collections.abc import Callable

import msgspec

from engine.definitions.process import Invariant
from engine.model import nodes
from engine.model.program import Program
from engine.model.text import Text, both
from engine.proof import abstraction, explore, timing
from engine.proof.explore import Edge, Move, Space
from engine.schedule import iso

MOST_STATES = 5_000


class Breach(msgspec.Struct, frozen=True, kw_only=True):
    invariant: Invariant
    trace: tuple[Move, ...] = ()
    decided: bool = True
    """False: the space is too large to tell, or nobody knows how long a step takes."""
    says: Text = {}
    """More about it than its path: how long it takes, or what nobody knows."""


def breaches(program: Program, invariants: tuple[Invariant, ...], *, most: int = MOST_STATES) -> list[Breach]:
    """Those that do not hold in the program, and those that could not be decided."""
    if not invariants:
        return []
    found = [Breach(invariant=one) for one in invariants if one.kind == "four_eyes" and not _four_eyes(program, one)]
    found += [late for one in invariants if one.kind == "max_time" and (late := _late(program, one)) is not None]
    ordered = [one for one in invariants if one.kind not in ("four_eyes", "max_time")]
    if not ordered:
        return found
    spoken = {step for one in ordered for step in one.steps}
    try:
        space = explore.explore(abstraction.whole(program, spoken), full=True, most=most)
    except explore.Budget:
        return found + [Breach(invariant=one, decided=False) for one in ordered]
    walk = _Walk(space)
    for one in ordered:
        trace = _CHECKS[one.kind](walk, one)
        if trace is not None:
            found.append(Breach(invariant=one, trace=trace))
    return found


class _Walk:
    """Paths through a space that avoid, or begin behind, what a rule speaks of."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self.out: dict[int, list[Edge]] = {}
        for edge in space.edges:
            self.out.setdefault(edge.source, []).append(edge)

    def reaches(
        self, start: int, goal: Callable[[Edge], bool], avoid: Callable[[Edge], bool] = lambda edge: False
    ) -> tuple[Move, ...] | None:
        """The moves from ``start`` to the first edge that is a goal, over edges that are not to be avoided."""
        came: dict[int, Edge | None] = {start: None}
        open_states = [start]
        for state in open_states:
            for edge in self.out.get(state, ()):
                if goal(edge):
                    return (*self._back(came, state), edge.move)
                if edge.target not in came and not avoid(edge):
                    came[edge.target] = edge
                    open_states.append(edge.target)
        return None

    def ends(self, edge: Edge) -> bool:
        return edge.target in self.space.ended

    def _back(self, came: dict[int, Edge | None], state: int) -> tuple[Move, ...]:
        moves: list[Move] = []
        while (edge := came[state]) is not None:
            moves.append(edge.move)
            state = edge.source
        return tuple(reversed(moves))


def _exists(walk: _Walk, rule: Invariant) -> tuple[Move, ...] | None:
    return walk.reaches(
        0, lambda edge: walk.ends(edge) and rule.step not in edge.move.done, lambda edge: rule.step in edge.move.done
    )


def _absent(walk: _Walk, rule: Invariant) -> tuple[Move, ...] | None:
    return walk.reaches(0, lambda edge: rule.step in edge.move.begun)


def _precedes(walk: _Walk, rule: Invariant) -> tuple[Move, ...] | None:
    """``second`` begins before any ``first`` was done."""
    return walk.reaches(
        0,
        lambda edge: (
            rule.second in edge.move.begun and rule.first not in edge.move.done and edge.move.node != rule.second
        ),
        lambda edge: rule.first in edge.move.done,
    )


def _responds(walk: _Walk, rule: Invariant) -> tuple[Move, ...] | None:
    """After a ``first`` an end is reached without a ``second``."""
    for edge in walk.space.edges:
        if rule.first not in edge.move.done or rule.second in edge.move.done:
            continue
        if walk.ends(edge):
            return (*walk.space.path(edge.source), edge.move)
        rest = walk.reaches(
            edge.target,
            lambda one: walk.ends(one) and rule.second not in one.move.done,
            lambda one: rule.second in one.move.done,
        )
        if rest is not None:
            return (*walk.space.path(edge.source), edge.move, *rest)
    return None


def _not_both(walk: _Walk, rule: Invariant) -> tuple[Move, ...] | None:
    for one, other in ((rule.first, rule.second), (rule.second, rule.first)):
        for edge in walk.space.edges:
            if one in edge.move.done:
                rest = walk.reaches(edge.target, lambda after, other=other: other in after.move.done)  # type: ignore[misc]
                if rest is not None or other in edge.move.done:
                    return (*walk.space.path(edge.source), edge.move, *(rest or ()))
    return None


_CHECKS: dict[str, Callable[[_Walk, Invariant], tuple[Move, ...] | None]] = {
    "exists": _exists,
    "absent": _absent,
    "precedes": _precedes,
    "responds": _responds,
    "not_both": _not_both,
}


def _late(program: Program, rule: Invariant) -> Breach | None:
    """The longest way between the two steps by what is promised, against what the rule allows."""
    here = {node.id for node in program.nodes}
    if not {rule.first, rule.second} <= here:
        return None
    span = timing.longest(program, rule.first, rule.second)
    allowed = iso.duration(rule.within)
    most = (allowed.months * timing.MONTH_DAYS + allowed.days) * 86_400 + allowed.rest.total_seconds()
    if span is None or (span.seconds <= most and not span.unknown):
        return None
    took, limit = span.seconds / 3600, most / 3600
    if span.seconds > most:
        says = both(
            zh=f"承诺合计 {took:g} 小时，最多 {limit:g} 小时", en=f"{took:g} hours are promised, {limit:g} at most"
        )
        return Breach(invariant=rule, trace=span.path, says=says)
    listed = ", ".join(span.unknown)
    return Breach(
        invariant=rule,
        decided=False,
        says=both(zh=f"这些步骤没有时限：{listed}", en=f"these steps promise no time: {listed}"),
    )


def _four_eyes(program: Program, rule: Invariant) -> bool:
    """Two people do two steps when one of them excludes whoever did the other; a step that nobody does needs nobody."""
    tasks = {node.id: node for node in program.nodes if isinstance(node, nodes.UserTask | nodes.ManualTask)}
    first, second = tasks.get(rule.first), tasks.get(rule.second)
    if first is None or second is None:
        return True
    return rule.first in _excluded(second) or rule.second in _excluded(first)


def _excluded(task: nodes.UserTask | nodes.ManualTask) -> tuple[str, ...]:
    return task.performer.exclude_performers_of if task.performer else ()
