"""Soundness: no deadlock, nothing done twice for want of synchronisation, always an end in reach, no dead step."""

from typing import Literal

import msgspec

from engine.model import nodes
from engine.model.program import Program
from engine.proof import abstraction, explore
from engine.proof.explore import Move, Space

Fault = Literal["deadlock", "lack_of_synchronisation", "no_option_to_complete", "dead_step", "undecided"]


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """``trace`` leads to the fault, move by move; empty for a dead step, which no trace reaches, and for undecided."""

    fault: Fault
    element: str
    """The join that waits in vain, the step that is open twice, where the case goes round, the dead step; for
    ``undecided`` the sub-process concerned."""
    trace: tuple[Move, ...] = ()


def verdicts(program: Program, *, most: int = explore.MOST_STATES) -> list[Verdict]:
    """At most one fault of each kind for each piece of the program; none when it is sound."""
    found: list[Verdict] = []
    for piece in abstraction.pieces(program):
        if not any(isinstance(node, nodes.StartEvent) for node in piece.program.nodes):
            continue
        try:
            found += _of_piece(piece.program, most)
        except explore.Budget:
            found.append(Verdict(fault="undecided", element=piece.scope))
    return found


def _of_piece(program: Program, most: int) -> list[Verdict]:
    """Raises Budget."""
    full = _joins_softly(program)
    found = _of(program, explore.explore(program, full=full, most=most))
    if not full and any(one.fault == "no_option_to_complete" for one in found):
        # The most upstream token goes round and the others never got their turn: what they do may be another fault.
        found = _of(program, explore.explore(program, full=True, most=most))
    return found


def _joins_softly(program: Program) -> bool:
    """Inclusive joins look at tokens elsewhere: their programs are explored in every order."""
    fed = [flow.target for flow in program.flows]
    return any(isinstance(node, nodes.InclusiveGateway) and fed.count(node.id) > 1 for node in program.nodes)


def _of(program: Program, space: Space) -> list[Verdict]:
    found: list[Verdict] = []
    twice = _open_twice(program, space)
    if twice:
        found.append(Verdict(fault="lack_of_synchronisation", element=twice[1], trace=space.path(twice[0])))
    stuck = _stuck(program, space)
    if stuck:
        found.append(Verdict(fault="deadlock", element=stuck[1], trace=space.path(stuck[0])))
    if not found:  # behind a fault nothing was looked for, so nothing is said of ends and steps there
        lost = _no_way_out(space)
        if lost is not None:
            found.append(
                Verdict(fault="no_option_to_complete", element=_standing(program, space, lost), trace=space.path(lost))
            )
    if not found:
        passed = space.entered | {flow.target for flow in program.flows if flow.id in _taken(space)}
        found += [
            Verdict(fault="dead_step", element=node.id)
            for node in program.nodes
            if node.id not in passed and not isinstance(node, nodes.StartEvent)
        ]
    return found


def _open_twice(program: Program, space: Space) -> tuple[int, str] | None:
    for number, state in enumerate(space.states):
        found = explore.twice(state) if state and not state.ended else None
        if found:
            kind, index = found
            return number, program.nodes[index].id if kind == "node" else program.flows[index].target
    return None


def _stuck(program: Program, space: Space) -> tuple[int, str] | None:
    for number, state in enumerate(space.states):
        join = explore.standstill(state) if state else None
        if join is not None:
            return number, program.nodes[join].id
    return None


def _standing(program: Program, space: Space, number: int) -> str:
    state = space.states[number]
    token = next(iter(state.tokens.values()), None) if state else None
    return program.nodes[token.node].id if token else ""


def _no_way_out(space: Space) -> int | None:
    """A state from which no end can be reached: the case goes round for ever."""
    back: dict[int, list[int]] = {}
    for edge in space.edges:
        back.setdefault(edge.target, []).append(edge.source)
    good, open_states = set(space.ended), list(space.ended)
    while open_states:
        for before in back.get(open_states.pop(), ()):
            if before not in good:
                good.add(before)
                open_states.append(before)
    return next((number for number in range(1, len(space.states)) if number not in good), None)


def _taken(space: Space) -> set[str]:
    return {flow for edge in space.edges for flow in edge.move.flows}
