"""A program while operations change it."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import msgspec

from engine.model import nodes
from engine.model.program import Diagram, Flow, Program
from engine.model.text import EN, ZH, Text, both
from engine.variants.words import Words

T = TypeVar("T")


class Refused(Exception):
    """An operation that cannot be applied here: nothing was changed. ``element`` is the id that stood in the way."""

    def __init__(self, code: str, *, zh: str, en: str, element: str = "") -> None:
        super().__init__(en)
        self.code = code
        self.text: Text = both(zh=zh, en=en)
        self.element = element


class Draft:
    """Nodes and flows by id, in document order. ``origin`` marks whatever the present operation makes or changes."""

    def __init__(self, program: Program, *, words: Words | None = None) -> None:
        """``words``: by which names its sentences call what operations name by a key."""
        self.program = program
        self.words = words or Words()
        self.nodes: dict[str, nodes.AnyNode] = {node.id: node for node in program.nodes}
        self.flows: dict[str, Flow] = {flow.id: flow for flow in program.flows}
        self.parameters: dict[str, Any] = dict(program.parameters)
        self.origin = ""

    def copy(self, *, origin: str) -> "Draft":
        twin = Draft.__new__(Draft)
        twin.program, twin.words = self.program, self.words
        twin.nodes, twin.flows, twin.parameters = dict(self.nodes), dict(self.flows), dict(self.parameters)
        twin.origin = origin
        return twin

    def freeze(self) -> Program:
        lanes = tuple(
            msgspec.structs.replace(lane, nodes=tuple(self._in_lane(lane.id, lane.name, lane.nodes)))
            for lane in self.program.lanes
        )
        return msgspec.structs.replace(
            self.program,
            nodes=tuple(self.nodes.values()),
            flows=tuple(self.flows.values()),
            lanes=lanes,
            parameters=self.parameters,
            diagram=self._diagram(),
        )

    def _diagram(self) -> Diagram:
        """The base's, without the course of ways that lead elsewhere now: those are drawn anew."""
        drawn = self.program.diagram
        ends = {flow.id: (flow.source, flow.target) for flow in self.program.flows}
        here = {key: (flow.source, flow.target) for key, flow in self.flows.items()}
        bent = {key for key in ends.keys() & here.keys() if ends[key] != here[key]}
        if not bent & drawn.edges.keys():
            return drawn
        kept = {key: points for key, points in drawn.edges.items() if key not in bent}
        labels = {key: place for key, place in drawn.labels.items() if key not in bent}
        return msgspec.structs.replace(drawn, edges=kept, labels=labels)

    # reading

    def node(self, node_id: str) -> nodes.AnyNode:
        if node_id not in self.nodes:
            raise Refused(
                "element_unknown",
                zh=f"流程中没有步骤 {node_id}",
                en=f"the process has no step {node_id!r}",
                element=node_id,
            )
        return self.nodes[node_id]

    def activity(self, node_id: str) -> nodes.Activity:
        node = self.node(node_id)
        if not isinstance(node, nodes.Activity):
            raise Refused(
                "no_activity",
                zh=f"{self.name(node_id)[ZH]} 不是一个活动",
                en=f"{self.name(node_id)[EN]!r} is no activity",
                element=node_id,
            )
        return node

    def flow(self, flow_id: str) -> Flow:
        if flow_id not in self.flows:
            raise Refused(
                "element_unknown",
                zh=f"流程中没有连线 {flow_id}",
                en=f"the process has no flow {flow_id!r}",
                element=flow_id,
            )
        return self.flows[flow_id]

    def incoming(self, node_id: str) -> list[Flow]:
        return [flow for flow in self.flows.values() if flow.target == node_id]

    def outgoing(self, node_id: str) -> list[Flow]:
        return [flow for flow in self.flows.values() if flow.source == node_id]

    def only_way_out(self, node_id: str) -> Flow:
        """The one flow that leaves a node. Refused when there are none or several: the place would be ambiguous."""
        ways = self.outgoing(self.node(node_id).id)
        if len(ways) != 1:
            raise Refused(
                "not_one_way_out",
                zh=f"「{self.name(node_id)[ZH]}」有 {len(ways)} 条出路，请指明连线",
                en=f"{self.name(node_id)[EN]!r} has {len(ways)} ways out: name the flow that is meant",
                element=node_id,
            )
        return ways[0]

    def boundaries(self, node_id: str) -> list[nodes.BoundaryEvent]:
        return [
            node
            for node in self.nodes.values()
            if isinstance(node, nodes.BoundaryEvent) and node.attached_to == node_id
        ]

    def scopes(self, node_id: str) -> set[str]:
        """The sub-processes around a node."""
        around: set[str] = set()
        while scope := self.node(node_id).scope:
            around.add(scope)
            node_id = scope
        return around

    def name(self, element_id: str) -> Text:
        """What people call a step, a way or a parameter; its id when it has no name."""
        element = self.nodes.get(element_id) or self.flows.get(element_id)
        texts = element.texts if element else {}
        drawn = (element.name if element else "") or element_id
        return both(zh=texts.get(ZH) or drawn, en=texts.get(EN) or drawn)

    def roots(self) -> set[str]:
        """Nodes where a token begins: no way leads in, and they hang on no activity."""
        fed = {flow.target for flow in self.flows.values()}
        return {
            node.id for node in self.nodes.values() if node.id not in fed and not isinstance(node, nodes.BoundaryEvent)
        }

    def reachable(self, roots: set[str]) -> set[str]:
        """Nodes that a token can come to from ``roots``: by flows, by boundary events, and into scopes."""
        ways: dict[str, list[str]] = {}
        for node in self.nodes.values():
            if isinstance(node, nodes.BoundaryEvent):
                ways.setdefault(node.attached_to, []).append(node.id)
                ways.setdefault(node.id, []).append(node.compensation_handler)
            elif node.scope and node.id in roots:
                ways.setdefault(node.scope, []).append(node.id)
        for flow in self.flows.values():
            ways.setdefault(flow.source, []).append(flow.target)
        open_ids = [node_id for node_id in roots if node_id in self.nodes and not self.nodes[node_id].scope]
        seen: set[str] = set()
        while open_ids:
            node_id = open_ids.pop()
            if node_id not in seen and node_id in self.nodes:
                seen.add(node_id)
                open_ids += ways.get(node_id, ())
        return seen

    # changing

    def change(self, node_id: str, **fields: Any) -> None:
        changed = msgspec.structs.replace(self.nodes[node_id], **fields)
        self.nodes[node_id] = msgspec.structs.replace(changed, origin=self.origin)

    def put(self, node: nodes.AnyNode) -> None:
        """Over the node of the same id, at its place."""
        self.nodes[node.id] = msgspec.structs.replace(node, origin=self.origin)

    def bend(self, flow_id: str, **fields: Any) -> None:
        changed = msgspec.structs.replace(self.flows[flow_id], **fields)
        self.flows[flow_id] = msgspec.structs.replace(changed, origin=self.origin)

    def add(self, node: nodes.AnyNode, *, after: str) -> None:
        """A new node behind ``after`` in document order."""
        self.claim(node.id)
        self.nodes = _with(self.nodes, msgspec.structs.replace(node, origin=self.origin), after, lambda item: item.id)

    def connect(self, flow_id: str, source: str, target: str, *, after: str = "", **fields: Any) -> Flow:
        """A new flow behind ``after`` in document order; without it as the first."""
        self.claim(flow_id)
        flow = Flow(id=flow_id, source=source, target=target, origin=self.origin, **fields)
        self.flows = _with(self.flows, flow, after, lambda item: item.id)
        return flow

    def claim(self, element_id: str) -> None:
        if element_id in self.nodes or element_id in self.flows:
            raise Refused(
                "id_taken",
                zh=f"标识 {element_id} 已被使用",
                en=f"the id {element_id!r} is taken",
                element=element_id,
            )

    def remove(self, node_ids: Iterable[str]) -> None:
        """The nodes with what is inside them, their boundary events and all their flows."""
        gone = set(node_ids)
        while more := {node.id for node in self.nodes.values() if _hangs_on(node, gone)} - gone:
            gone |= more
        self.nodes = {node_id: node for node_id, node in self.nodes.items() if node_id not in gone}
        self.flows = {
            flow.id: flow for flow in self.flows.values() if flow.source not in gone and flow.target not in gone
        }

    def sweep(self, before: "Draft") -> None:
        """Take away what a token could come to ``before`` and no longer can."""
        roots = before.roots()
        self.remove((before.reachable(roots) & self.nodes.keys()) - self.reachable(roots))

    def _in_lane(self, lane_id: str, lane_name: str, members: tuple[str, ...]) -> Iterator[str]:
        yield from (member for member in members if member in self.nodes)
        for node in self.nodes.values():
            if node.lane and node.lane in (lane_id, lane_name) and node.id not in members and node.origin:
                yield node.id


def _hangs_on(node: nodes.AnyNode, gone: set[str]) -> bool:
    return node.scope in gone or (isinstance(node, nodes.BoundaryEvent) and node.attached_to in gone)


def _with(items: dict[str, T], new: T, after: str, key: Callable[[T], str]) -> dict[str, T]:
    if after not in items:
        return {key(new): new, **items}
    result: dict[str, T] = {}
    for item_id, item in items.items():
        result[item_id] = item
        if item_id == after:
            result[key(new)] = new
    return result
