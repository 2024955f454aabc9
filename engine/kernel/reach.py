"""From where a join can still be reached: nodes as bits, worked out once per join and kept with the plan."""

from collections.abc import Callable

from engine.kernel.graph import NodePlan, Plan


def masks(plan: Plan, join: NodePlan) -> tuple[tuple[int, int], ...]:
    """Each incoming flow of ``join`` with the nodes from where a token can still come over it, without passing
    ``join``. A boundary event can be reached from its activity, a link catch from its throws.
    """
    found = plan.reach.get(join.index)
    if found is None:
        before = _predecessors(plan)
        found = tuple((flow.index, _upstream(before, flow.source, join.index)) for flow in join.incoming)
        plan.reach[join.index] = found
    return found


def _upstream(before: list[list[int]], start: int, without: int) -> int:
    if start == without:
        return 0
    seen = _walk(before, start, lambda node, seen: node != without)
    bits = bytearray(len(before) // 8 + 1)
    for node in seen:
        bits[node >> 3] |= 1 << (node & 7)
    return int.from_bytes(bits, "little")


JOINS = ("parallelGateway", "inclusiveGateway", "complexGateway")


def driven(plan: Plan, start: int) -> set[int]:
    """Nodes that a token at ``start`` reaches by itself, ``start`` included: it passes a join only when every branch
    of the join comes from it."""
    return _walk(_successors(plan), start, lambda node, seen: _covered(plan.nodes[node], seen))


def downstream(plan: Plan, start: int, *, without: int = -1) -> set[int]:
    """Nodes that can be reached from ``start``, itself included, on ways that do not pass ``without``."""
    return _walk(_successors(plan), start, lambda node, seen: node != without)


def _walk(edges: list[list[int]], start: int, passes: Callable[[int, set[int]], bool]) -> set[int]:
    """``passes`` says of a node, and of those seen so far, whether the walk may enter it now."""
    seen, todo = {start}, [start]
    while todo:
        for node in edges[todo.pop()]:
            if node not in seen and passes(node, seen):
                seen.add(node)
                todo.append(node)
    return seen


def _successors(plan: Plan) -> list[list[int]]:
    after: list[list[int]] = [[] for _ in plan.nodes]
    for node, befores in enumerate(_predecessors(plan)):
        for before in befores:
            after[before].append(node)
    return after


def _covered(node: NodePlan, seen: set[int]) -> bool:
    return node.kind not in JOINS or all(flow.source in seen for flow in node.incoming)


def _predecessors(plan: Plan) -> list[list[int]]:
    before: list[list[int]] = [[flow.source for flow in node.incoming] for node in plan.nodes]
    for node in plan.nodes:
        for boundary in (*node.boundaries, *node.catchers):
            before[boundary.index].append(node.index)
        if node.kind == "intermediateThrowEvent":
            for trigger in node.triggers:
                target = plan.links.get((node.scope, getattr(trigger, "name", ""))) if _is_link(trigger) else None
                if target is not None:
                    before[target].append(node.index)
    return before


def _is_link(trigger: object) -> bool:
    return trigger.__struct_config__.tag == "link"  # type: ignore[attr-defined, no-any-return]
