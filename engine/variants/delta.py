"""What differs between two programs, element by element, and how to undo it exactly."""

from typing import Any

import msgspec

from engine.model.nodes import AnyNode
from engine.model.program import Flow, Program


class Delta(msgspec.Struct, frozen=True, kw_only=True):
    """By id: (before, after), None where nothing was or is. ``node_order`` and ``flow_order`` are the ids before."""

    nodes: dict[str, tuple[AnyNode | None, AnyNode | None]]
    flows: dict[str, tuple[Flow | None, Flow | None]]
    rest: dict[str, tuple[Any, Any]]
    """The program's other fields that changed: parameters, lanes ..."""
    node_order: tuple[str, ...]
    flow_order: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.nodes or self.flows or self.rest)


def between(before: Program, after: Program) -> Delta:
    """Equal programs give an empty delta; provenance counts as a difference."""
    old_nodes, new_nodes = {node.id: node for node in before.nodes}, {node.id: node for node in after.nodes}
    old_flows, new_flows = {flow.id: flow for flow in before.flows}, {flow.id: flow for flow in after.flows}
    rest = {
        field: (getattr(before, field), getattr(after, field))
        for field in Program.__struct_fields__
        if field not in ("nodes", "flows") and getattr(before, field) != getattr(after, field)
    }
    return Delta(
        nodes={
            key: (old_nodes.get(key), new_nodes.get(key))
            for key in {**old_nodes, **new_nodes}
            if old_nodes.get(key) != new_nodes.get(key)
        },
        flows={
            key: (old_flows.get(key), new_flows.get(key))
            for key in {**old_flows, **new_flows}
            if old_flows.get(key) != new_flows.get(key)
        },
        rest=rest,
        node_order=tuple(old_nodes),
        flow_order=tuple(old_flows),
    )


def undo(after: Program, delta: Delta) -> Program:
    """The program before: equal in every field and order."""
    nodes: dict[str, Any] = {node.id: node for node in after.nodes} | {
        key: old for key, (old, _) in delta.nodes.items()
    }
    flows: dict[str, Any] = {flow.id: flow for flow in after.flows} | {
        key: old for key, (old, _) in delta.flows.items()
    }
    return msgspec.structs.replace(
        after,
        nodes=tuple(nodes[key] for key in delta.node_order),
        flows=tuple(flows[key] for key in delta.flow_order),
        **{field: old for field, (old, _) in delta.rest.items()},
    )
