"""How long it may take from one step to another by what is promised: the longest way, each loop gone round once.

The promise of a step, and the duration of a timer that is waited for, count in full; what the system does counts
nothing unless it promises something. Days are nominal: 24 hours, whatever the calendar. A person's step without a
promise, a message that is awaited, or a duration that is an expression takes nobody knows how long: then it is not
decided.
"""

from collections.abc import Iterator

import msgspec

from engine import errors
from engine.model import nodes, triggers
from engine.model.program import Program
from engine.proof.explore import Move
from engine.schedule import iso

MONTH_DAYS = 30


class Span(msgspec.Struct, frozen=True, kw_only=True):
    seconds: float
    path: tuple[Move, ...]
    """The longest way, from the first step to the second."""
    unknown: tuple[str, ...]
    """Steps on ways between them that take nobody knows how long."""


def longest(program: Program, first: str, second: str) -> Span | None:
    """From the end of ``first`` to the end of ``second``. None when no way leads there."""
    between = _between(program, first, second)
    if second not in between:
        return None
    by_id = {node.id: node for node in program.nodes}
    spent: dict[str, tuple[float, tuple[str, str]]] = {first: (0.0, ("", ""))}
    for node_id in between:
        for flow, target in _ways(program, node_id):
            if target not in between or between.index(target) <= between.index(node_id) or node_id not in spent:
                continue  # a way back is a loop: gone round once already
            seconds = spent[node_id][0] + (seconds_of(by_id[target]) or 0.0)
            if target not in spent or seconds > spent[target][0]:
                spent[target] = seconds, (node_id, flow)
    unknown = tuple(one for one in between if one != first and seconds_of(by_id[one]) is None)
    return Span(seconds=spent[second][0], path=_path(spent, second), unknown=unknown)


def seconds_of(node: nodes.AnyNode) -> float | None:
    """What a step may take; None where nothing says it."""
    promise = getattr(node, "promise", None)
    if promise is not None:
        return _seconds(promise.duration)
    waits = [one for one in getattr(node, "triggers", ()) if not isinstance(node, nodes.BoundaryEvent)]
    if isinstance(node, nodes.CatchEvent) and waits:
        timer = next((one for one in waits if isinstance(one, triggers.Timer)), None)
        fixed = timer is not None and timer.kind == "duration" and timer.text.language == "literal"
        return _seconds(timer.text.text) if timer is not None and fixed else None
    if isinstance(node, nodes.UserTask | nodes.ManualTask | nodes.ReceiveTask | nodes.CallActivity):
        return None
    return 0.0


def _seconds(duration: str) -> float | None:
    try:
        found = iso.duration(duration)
    except errors.Invalid:
        return None
    return (found.months * MONTH_DAYS + found.days) * 86_400 + found.rest.total_seconds()


def _between(program: Program, first: str, second: str) -> list[str]:
    """What lies on ways from the one to the other, each behind whatever leads to it (loops apart)."""
    order: list[str] = []
    seen: set[str] = set()
    open_ids: list[tuple[str, bool]] = [(first, False)]
    while open_ids:
        node_id, left = open_ids.pop()
        if left:
            order.append(node_id)
        elif node_id not in seen:
            seen.add(node_id)
            open_ids.append((node_id, True))
            if node_id != second:
                open_ids += [(target, False) for _, target in _ways(program, node_id)]
    back: dict[str, list[str]] = {}
    for node_id in seen:
        for _, target in _ways(program, node_id) if node_id != second else ():
            back.setdefault(target, []).append(node_id)
    leading, waiting = {second}, [second]
    while waiting:
        for before in back.get(waiting.pop(), ()):
            if before not in leading:
                leading.add(before)
                waiting.append(before)
    return [one for one in reversed(order) if one in leading]


def _ways(program: Program, node_id: str) -> Iterator[tuple[str, str]]:
    """(flow, next node): along the flows, by boundary events, into a sub-process that promises nothing as a whole and
    out of it again."""
    inside = [node.id for node in program.nodes if node.scope == node_id]
    fed = {flow.target for flow in program.flows}
    here = next(node for node in program.nodes if node.id == node_id)
    opened = bool(inside) and getattr(here, "promise", None) is None
    for node in program.nodes:
        if (isinstance(node, nodes.BoundaryEvent) and node.attached_to == node_id) or (
            opened and node.id in inside and node.id not in fed and not isinstance(node, nodes.BoundaryEvent)
        ):
            yield "", node.id
    ends = not any(flow.source == node_id for flow in program.flows)
    for flow in program.flows:
        if (flow.source == node_id and not opened) or (ends and here.scope and flow.source == here.scope):
            yield flow.id, flow.target


def _path(spent: dict[str, tuple[float, tuple[str, str]]], second: str) -> tuple[Move, ...]:
    moves: list[Move] = []
    node_id = second
    while spent[node_id][1][0]:
        before, flow = spent[node_id][1]
        moves.append(Move(node_id, frozenset({node_id}), frozenset(), (flow,) if flow else ()))
        node_id = before
    moves.append(Move(node_id, frozenset({node_id}), frozenset(), ()))
    return tuple(reversed(moves))
