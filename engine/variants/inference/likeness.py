"""Whether two programs mean the same to those who run them, and where they do not.

Left out of account: the ids of flows, the lane and the drawn name of a step that has texts, the order of ways where it
decides nothing.
"""

import json
from typing import Any

import msgspec

from engine.definitions import steps
from engine.model import nodes
from engine.model.program import Flow, Program, canonical
from engine.variants.inference import said
from engine.variants.inference.target import Ways


def node(one: nodes.AnyNode) -> dict[str, Any]:
    """What a node means, by field; equal for equal meaning."""
    bare = msgspec.structs.replace(one, **_empty(one))
    told: dict[str, Any] = json.loads(canonical(Program(key="-", nodes=(bare,))))["nodes"][0]
    return {"texts": {}} | told | ({"name": one.name} if not one.texts and one.name else {})


def _empty(one: nodes.AnyNode) -> dict[str, Any]:
    empty: dict[str, Any] = {"default": "", "lane": "", "name": "", "actions": ()}
    return {key: value for key, value in empty.items() if hasattr(one, key)}


def different(one: nodes.AnyNode, other: nodes.AnyNode) -> list[str]:
    """Names of the fields in which two nodes differ; ``kind`` among them where they are not of one kind."""
    here, there = node(one), node(other)
    return sorted(key for key in here.keys() | there.keys() if here.get(key) != there.get(key))


def way(flow: Flow, source: nodes.AnyNode | None) -> tuple[str, str, bool]:
    """Where it leads, on what condition, and whether it is the default."""
    condition = "" if flow.condition is None else said.translated(flow.condition).strip()
    return flow.target, condition, getattr(source, "default", "") == flow.id


def ways(program: Program) -> dict[str, list[tuple[str, str, bool]]]:
    """The ways out of each node: those that are tried one after the other first and in their order."""
    sources = {one.id: one for one in program.nodes}
    found: dict[str, list[tuple[str, str, bool]]] = {}
    for node_id, flows in Ways(program.flows).out.items():
        told = [way(flow, sources.get(node_id)) for flow in flows]
        in_turn = isinstance(sources.get(node_id), nodes.ExclusiveGateway)
        tried = [one for one in told if one[1] and not one[2]] if in_turn else []
        found[node_id] = tried + sorted(one for one in told if one not in tried)
    return found


def same(one: Program, other: Program) -> bool:
    here, there = {each.id: each for each in one.nodes}, {each.id: each for each in other.nodes}
    return (
        here.keys() == there.keys()
        and ways(one) == ways(other)
        and one.parameters == other.parameters
        and all(not different(here[key], there[key]) for key in here)
    )


def kind(one: nodes.AnyNode) -> str:
    return steps.kind(one)
