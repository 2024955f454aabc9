"""A shipped drawing can be read: everything is on it, nothing lies on anything else, no two flows cross."""

from collections.abc import Iterator
from itertools import combinations, pairwise

import pytest

from engine.bpmn import layout, routes
from engine.model import nodes
from engine.model.program import Bounds, Diagram, Flow, Program
from tests.processes import shipped

Point = tuple[float, float]
Segment = tuple[Point, Point]


def segments(program: Program, flow: Flow) -> list[Segment]:
    points = program.diagram.edges[flow.id]
    return list(pairwise(points))


def crosses(one: Segment, other: Segment) -> bool:
    """An upright and a level segment that cut each other in their insides."""
    (ax, ay), (bx, by) = one
    (cx, cy), (dx, dy) = other
    if ax == bx and cy == dy:
        return min(cx, dx) < ax < max(cx, dx) and min(ay, by) < cy < max(ay, by)
    if ay == by and cx == dx:
        return crosses(other, one)
    return False


def apart(one: Bounds, other: Bounds) -> bool:
    return (
        one.x + one.width <= other.x
        or other.x + other.width <= one.x
        or one.y + one.height <= other.y
        or other.y + other.height <= one.y
    )


@pytest.mark.parametrize("key", shipped.KEYS)
def test_every_node_and_flow_is_drawn(key: str) -> None:
    program = shipped.base(key)

    assert {node.id for node in program.nodes} - program.diagram.shapes.keys() == set()
    assert {flow.id for flow in program.flows} - program.diagram.edges.keys() == set()


@pytest.mark.parametrize("key", shipped.KEYS)
def test_no_two_flows_cross(key: str) -> None:
    program = shipped.base(key)
    crossing = [
        (one.id, other.id)
        for one, other in combinations(program.flows, 2)
        if any(crosses(a, b) for a in segments(program, one) for b in segments(program, other))
    ]

    assert crossing == []


@pytest.mark.parametrize("key", shipped.KEYS)
def test_no_shape_lies_on_another(key: str) -> None:
    program = shipped.base(key)
    flat = [node for node in program.nodes if not isinstance(node, nodes.SubProcess | nodes.BoundaryEvent)]
    on_each_other = [
        (one.id, other.id)
        for one, other in combinations(flat, 2)
        if not apart(program.diagram.shapes[one.id], program.diagram.shapes[other.id])
    ]

    assert on_each_other == []


@pytest.mark.parametrize("key", shipped.KEYS)
def test_what_belongs_to_a_sub_process_is_drawn_inside_it(key: str) -> None:
    program = shipped.base(key)
    outside = []
    for node in program.nodes:
        if node.scope:
            inner, frame = program.diagram.shapes[node.id], program.diagram.shapes[node.scope]
            if not (
                frame.x <= inner.x
                and frame.y <= inner.y
                and inner.x + inner.width <= frame.x + frame.width
                and inner.y + inner.height <= frame.y + frame.height
            ):
                outside.append(node.id)

    assert outside == []


def composed() -> Iterator[tuple[str, Program, Diagram]]:
    for key in shipped.KEYS:
        for group in shipped.PARENTS:
            if shipped.variant(key, group):
                program = shipped.program(key, group)
                yield f"{key}/{group}", program, layout.complete(program)


def test_what_variants_add_finds_a_place_of_its_own() -> None:
    """Everything is drawn, no shape lies on another, and no flow runs through a step that it does not lead to."""
    missing, covered, pierced = [], [], []
    for name, program, drawn in composed():
        flat = [node for node in program.nodes if not isinstance(node, nodes.SubProcess | nodes.BoundaryEvent)]
        parts = (*program.nodes, *program.flows)
        missing += [f"{name} {one.id}" for one in parts if one.id not in drawn.shapes.keys() | drawn.edges.keys()]
        covered += [
            f"{name} {one.id} {other.id}"
            for one, other in combinations(flat, 2)
            if not apart(drawn.shapes[one.id], drawn.shapes[other.id])
        ]
        pierced += [
            f"{name} {flow.id} {node.id}"
            for flow in program.flows
            for node in flat
            if node.id not in (flow.source, flow.target) and routes.passes(drawn.edges[flow.id], drawn.shapes[node.id])
        ]
    assert (missing, covered, pierced) == ([], [], [])


MOST_CROSSINGS = 22
"""In all variants: what keeps its place while the flow leads elsewhere takes its flows along."""


def test_few_flows_of_variants_cross() -> None:
    crossing = [
        f"{name} {one.id} {other.id}"
        for name, program, drawn in composed()
        for one, other in combinations(program.flows, 2)
        if any(crosses(a, b) for a in pairwise(drawn.edges[one.id]) for b in pairwise(drawn.edges[other.id]))
    ]
    assert len(crossing) <= MOST_CROSSINGS, crossing
