"""Which drawn element is which of the base: by id, else by kind and name, else by what stands around it.

A copy that was exported from here keeps its ids; one that was drawn anew has others.
"""

import re
from collections.abc import Callable, Mapping

import msgspec

from engine.definitions import steps
from engine.model import nodes, triggers
from engine.model.program import Program
from engine.model.text import ZH

Key = tuple[str, ...]
"""What is told of a node: two nodes of which the same is told may be one."""

ID = re.compile(r"^[A-Za-z_][A-Za-z0-9_.-]{0,73}$")
"""What an operation may be called (schemas/step.json), with room for the endings that it gives to its parts."""


def named_alike(base: Program, drawn: Program, *, prefix: str) -> tuple[Program, dict[str, str]]:
    """The drawn program with the base's ids wherever it means the base's nodes, and what was called otherwise:
    drawn id -> id here."""
    found = _matched(base, drawn)
    taken = {part.id for part in (*base.nodes, *base.flows)} | set(found.values())
    for number, node in enumerate(drawn.nodes, 1):
        if node.id in found:
            continue
        name = node.id
        if name in taken or not ID.match(name):
            name = next(f"{prefix}_new_{n}" for n in range(number, 10_000) if f"{prefix}_new_{n}" not in taken)
        found[node.id] = name
        taken.add(name)
    return renamed(drawn, found), {old: new for old, new in found.items() if old != new}


def renamed(program: Program, names: Mapping[str, str]) -> Program:
    """Every mention of a node by its new name."""

    def new(node_id: str) -> str:
        return names.get(node_id, node_id)

    return msgspec.structs.replace(
        program,
        nodes=tuple(_renamed(node, names) for node in program.nodes),
        flows=tuple(
            msgspec.structs.replace(flow, source=new(flow.source), target=new(flow.target)) for flow in program.flows
        ),
        lanes=tuple(
            msgspec.structs.replace(lane, nodes=tuple(new(one) for one in lane.nodes)) for lane in program.lanes
        ),
        data=tuple(msgspec.structs.replace(item, scope=new(item.scope)) for item in program.data),
    )


def _renamed(node: nodes.AnyNode, names: Mapping[str, str]) -> nodes.AnyNode:
    said = {"id": names.get(node.id, node.id), "scope": names.get(node.scope, node.scope)}
    fields: dict[str, object] = dict(said)
    if isinstance(node, nodes.BoundaryEvent):
        fields["attached_to"] = names.get(node.attached_to, node.attached_to)
        fields["compensation_handler"] = names.get(node.compensation_handler, node.compensation_handler)
    who = getattr(node, "performer", None)
    if who is not None and who.exclude_performers_of:
        others = tuple(names.get(one, one) for one in who.exclude_performers_of)
        fields["performer"] = msgspec.structs.replace(who, exclude_performers_of=others)
    if isinstance(node, nodes.Event):
        fields["triggers"] = tuple(_compensating(one, names) for one in node.triggers)
    return msgspec.structs.replace(node, **fields)


def _compensating(trigger: triggers.AnyTrigger, names: Mapping[str, str]) -> triggers.AnyTrigger:
    if not isinstance(trigger, triggers.Compensate):
        return trigger
    return msgspec.structs.replace(trigger, activity=names.get(trigger.activity, trigger.activity))


def _matched(base: Program, drawn: Program) -> dict[str, str]:
    """Drawn id -> base id."""
    old = {node.id: node for node in base.nodes}
    found = {node.id: node.id for node in drawn.nodes if node.id in old and _alike(old[node.id], node)}
    same = {node.id: node.id for node in base.nodes}
    before = -1
    while before < len(found):
        before = len(found)
        for tell in (_by_name, _by_nature):
            _pair(found, ours=_told(base, tell, same), theirs=_told(drawn, tell, found))
        _pair(found, ours=_by_host(base, same), theirs=_by_host(drawn, found))
        for side in ("source", "target"):
            _pair(found, ours=_by_neighbours(base, side, same), theirs=_by_neighbours(drawn, side, found))
    return found


def _alike(one: nodes.AnyNode, other: nodes.AnyNode) -> bool:
    """An activity may have become another kind of activity; every other node stays what it is."""
    return type(one) is type(other) or (isinstance(one, nodes.Activity) and isinstance(other, nodes.Activity))


def _pair(found: dict[str, str], *, ours: Mapping[str, Key], theirs: Mapping[str, Key]) -> None:
    """Those of which the same is told, where there is only one of them on either side."""
    used = set(found.values())
    free: dict[Key, list[str]] = {}
    for node_id, key in ours.items():
        if node_id not in used:
            free.setdefault(key, []).append(node_id)
    asked: dict[Key, list[str]] = {}
    for node_id, key in theirs.items():
        if node_id not in found:
            asked.setdefault(key, []).append(node_id)
    for key, names in asked.items():
        if len(names) == len(free.get(key, ())) == 1:
            found[names[0]] = free[key][0]


def _told(program: Program, tell: Callable[[nodes.AnyNode], Key], names: Mapping[str, str]) -> dict[str, Key]:
    """Of each node whose scope is known: its kind, its scope, and what ``tell`` says. Activities are of one kind: who
    carries one out may have changed."""
    return {
        node.id: (
            "activity" if isinstance(node, nodes.Activity) else steps.kind(node),
            names.get(node.scope, ""),
            *said,
        )
        for node in program.nodes
        if (said := tell(node)) and (not node.scope or node.scope in names)
    }


def _by_name(node: nodes.AnyNode) -> Key:
    name = " ".join((node.name or node.texts.get(ZH, "")).split()).casefold()
    return (name,) if name else ()


def _by_nature(node: nodes.AnyNode) -> Key:
    """The only start, the only end of its kind in its scope."""
    if not isinstance(node, nodes.StartEvent | nodes.EndEvent):
        return ()
    return ("nature", *(type(one).__name__ for one in node.triggers))


def _by_host(program: Program, names: Mapping[str, str]) -> dict[str, Key]:
    """Boundary events by what they hang on and wait for."""

    def tell(node: nodes.AnyNode) -> Key:
        if not isinstance(node, nodes.BoundaryEvent) or node.attached_to not in names:
            return ()
        return (names[node.attached_to], *(type(one).__name__ for one in node.triggers))

    return _told(program, tell, names)


def _by_neighbours(program: Program, side: str, names: Mapping[str, str]) -> dict[str, Key]:
    """Gateways and events without a name by all that stands before them, or behind, where that is known."""
    other = "target" if side == "source" else "source"
    around: dict[str, list[str]] = {}
    for flow in program.flows:
        around.setdefault(getattr(flow, side), []).append(getattr(flow, other))

    def tell(node: nodes.AnyNode) -> Key:
        met = around.get(node.id, [])
        if _by_name(node) or isinstance(node, nodes.Activity) or not met or any(one not in names for one in met):
            return ()
        return (side, *sorted(names[one] for one in met))

    return _told(program, tell, names)
