"""How far the way a draft goes is from the way a target goes: nodes that are missing or too many, and flows."""

from collections import Counter
from collections.abc import Mapping

import msgspec

from engine.model.nodes import AnyNode
from engine.model.program import Program
from engine.variants.draft import Draft
from engine.variants.inference.target import Ways

NODE, FLOW, SCOPE = 4.0, 1.0, 2.0
"""What each is worth: a node is put in or taken away by one operation, which bends two or three flows."""


class Aim:
    """The target's structure, looked up once."""

    def __init__(self, base: Program, program: Program) -> None:
        self.program = program
        self.old = {node.id for node in base.nodes}
        """The base's nodes: what was taken away of them is not put in again as something new."""
        self.nodes = {node.id: node for node in program.nodes}
        self.ways = Ways(program.flows)
        self.places = structure_of(self.nodes)
        self._between: dict[frozenset[str], Counter[tuple[str, str]]] = {}
        self.flows = Counter((flow.source, flow.target) for flow in program.flows)

    def distance(self, draft: Draft) -> float:
        """0 for a draft with the same nodes in the same scopes, connected alike."""
        missing = len(self.nodes.keys() ^ draft.nodes.keys())
        elsewhere = sum(
            1 for node_id, place in structure_of(draft.nodes).items() if self.places.get(node_id, place) != place
        )
        flows, wanted = structure(draft), self.between(frozenset(self.nodes.keys() & draft.nodes.keys()))
        odd = (flows - wanted).total() + (wanted - flows).total()
        return NODE * missing + SCOPE * elsewhere + FLOW * odd

    def between(self, known: frozenset[str]) -> Counter[tuple[str, str]]:
        """The flows among these nodes; what leads from one to another by nodes that are not among them is one flow."""
        if known not in self._between:
            found: Counter[tuple[str, str]] = Counter()
            for node_id in known:
                direct = [flow.target for flow in self.ways.behind(node_id)]
                found.update((node_id, target) for target in direct if target in known)
                found.update((node_id, target) for target in self._beyond(direct, known))
            self._between[known] = found
        return self._between[known]

    def _beyond(self, direct: list[str], known: frozenset[str]) -> set[str]:
        found: set[str] = set()
        seen, open_ids = set(known), [target for target in direct if target not in known]
        while open_ids:
            node_id = open_ids.pop()
            if node_id not in seen:
                seen.add(node_id)
                targets = [flow.target for flow in self.ways.behind(node_id)]
                found.update(target for target in targets if target in known)
                open_ids += targets
        return found


def structure(draft: Draft) -> Counter[tuple[str, str]]:
    return Counter((flow.source, flow.target) for flow in draft.flows.values())


def structure_of(known: Mapping[str, AnyNode]) -> dict[str, tuple[str, str]]:
    """Of each node its scope, and of a boundary event what it hangs on."""
    return {node_id: (node.scope, getattr(node, "attached_to", "")) for node_id, node in known.items()}


class Signature(msgspec.Struct, frozen=True):
    """Two drafts with one signature are the same structure: the search looks at one of them."""

    nodes: frozenset[tuple[str, tuple[str, str]]]
    flows: frozenset[tuple[tuple[str, str], int]]


def signature(draft: Draft) -> Signature:
    return Signature(frozenset(structure_of(draft.nodes).items()), frozenset(structure(draft).items()))
