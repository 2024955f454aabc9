"""What a drawing does not speak of stays as the base has it: other tools have no words for promises, forms, worth.

A drawing speaks of something once one of its steps says it as the base does; from then on silence means none.
"""

from functools import lru_cache
from typing import Any

import msgspec

from engine.model.nodes import AnyNode
from engine.model.program import Flow, Program, canonical
from engine.model.text import EN, ZH

PARTS = frozenset({
    "performer", "form", "due", "follow_up", "priority", "actions", "promise", "worth", "work", "texts", "script",
    "language", "decision", "result", "result_shape", "decided_by", "called", "inputs", "outputs", "pass_all_in",
    "pass_all_out", "message", "notes", "errands", "asynchronous", "triggers", "business_key", "properties",
    "initiator", "binding", "version", "loop", "standard_loop",
})  # fmt: skip
"""Of a node: what process.json and our own words in a drawing say."""


def filled(base: Program, drawn: Program, origin: Program | None = None) -> Program:
    """``drawn`` with the base's ids; nodes and flows are told apart by them, flows also by their ends. What is drawn as
    in ``origin``, the base's own drawing, is not spoken of either."""
    old = {node.id: node for node in base.nodes}
    first = {node.id: node for node in origin.nodes} if origin is not None else {}
    pairs = [(old[node.id], node) for node in drawn.nodes if node.id in old]
    spoken = {part for one, other in pairs for part in _said_alike(one, other)}
    nodes = [
        _renamed(old[node.id], _filled(old[node.id], node, spoken, first.get(node.id))) if node.id in old else node
        for node in drawn.nodes
    ]
    flows = tuple(_ways(base, drawn))
    parameters = drawn.parameters or base.parameters
    return msgspec.structs.replace(drawn, nodes=tuple(nodes), flows=flows, parameters=parameters)


def _said_alike(one: AnyNode, other: AnyNode) -> set[str]:
    return {
        part
        for part in PARTS & _fields(one) & _fields(other)
        if getattr(one, part) == getattr(other, part) != _default(one, part)
    }


def _filled(old: AnyNode, node: AnyNode, spoken: set[str], first: AnyNode | None) -> AnyNode:
    shared = PARTS & _fields(old) & _fields(node)
    silent = {
        part: getattr(old, part)
        for part in shared - spoken
        if getattr(node, part) == _default(node, part) and getattr(old, part) != _default(old, part)
    }
    if first is not None and type(first) is type(node) is type(old):
        silent |= {part: getattr(old, part) for part in shared if told(node, part) == told(first, part)}
    if type(old) is not type(node):
        # What carries a step out went with its kind; what every activity has stays.
        silent = {
            part: said for part, said in silent.items() if part in ("promise", "worth", "texts", "inputs", "outputs")
        }
    return msgspec.structs.replace(node, **silent)


def told(node: AnyNode, part: str) -> bytes:
    """What a part means, without its lines in the file."""
    bare: Any = type(node)(id="-", **{part: getattr(node, part)})
    return canonical(Program(key="-", nodes=(bare,)))


def _renamed(old: AnyNode, node: AnyNode) -> AnyNode:
    """A step that is called otherwise in the drawing is called so in both languages."""
    if node.name == old.name or not node.name or node.texts not in ({}, old.texts):
        return node
    if node.name in old.texts.values():
        return node
    return msgspec.structs.replace(node, texts={ZH: node.name, EN: node.name})


def _ways(base: Program, drawn: Program) -> list[Flow]:
    """Conditions and names likewise."""
    by_id = {flow.id: flow for flow in base.flows}
    by_ends = {(flow.source, flow.target): flow for flow in base.flows}
    pairs = [(by_id.get(flow.id) or by_ends.get((flow.source, flow.target)), flow) for flow in drawn.flows]
    spoken = {
        part
        for old, flow in pairs
        for part in ("condition", "texts", "errands")
        if old is not None and getattr(old, part) and _bare(getattr(old, part)) == _bare(getattr(flow, part))
    }
    made = []
    for old, flow in pairs:
        if old is not None and (old.source, old.target) == (flow.source, flow.target):
            silent = {
                part: getattr(old, part)
                for part in ("condition", "texts", "errands", "name")
                if part not in spoken and not getattr(flow, part) and getattr(old, part)
            }
            flow = msgspec.structs.replace(flow, **silent)
        made.append(flow)
    return made


def _bare(said: Any) -> Any:
    """Without the line in a file."""
    return (said.text, said.language) if hasattr(said, "language") else said


def _fields(node: AnyNode) -> set[str]:
    return set(node.__struct_fields__)


def _default(node: AnyNode, part: str) -> Any:
    return _defaults(type(node))[part]


@lru_cache(maxsize=64)
def _defaults(kind: type[AnyNode]) -> dict[str, Any]:
    """Nothing changes them: the fields of a node are frozen."""
    return {
        one.name: one.default if one.default_factory is msgspec.NODEFAULT else one.default_factory()
        for one in msgspec.structs.fields(kind)
    }
