"""What has no place in a drawing gets one: nothing overlaps, everything reads from left to right."""

import itertools

from engine.bpmn import layers, layout
from engine.bpmn.routes import route
from engine.model import nodes
from engine.model.expression import Expression
from engine.model.program import Bounds, Diagram, Flow, Program
from engine.model.triggers import Timer

PT1H = Timer(kind="duration", text=Expression(text="PT1H", language="literal"))


def flow(source, target):
    return Flow(id=f"{source}-{target}", source=source, target=target)


def overlap(a, b):
    return a.x < b.x + b.width and b.x < a.x + a.width and a.y < b.y + b.height and b.y < a.y + a.height


REVIEW = Program(
    key="p",
    nodes=(
        nodes.StartEvent(id="start"),
        nodes.UserTask(id="write"),
        nodes.ExclusiveGateway(id="good"),
        nodes.UserTask(id="publish"),
        nodes.UserTask(id="discard"),
        nodes.EndEvent(id="end"),
        nodes.BoundaryEvent(id="late", attached_to="write", triggers=(PT1H,)),
        nodes.UserTask(id="chase"),
    ),
    flows=(
        flow("start", "write"),
        flow("write", "good"),
        flow("good", "publish"),
        flow("good", "discard"),
        flow("good", "write"),
        flow("publish", "end"),
        flow("discard", "end"),
        flow("late", "chase"),
        flow("chase", "end"),
    ),
)


def test_a_program_without_a_drawing_is_drawn_whole():
    drawn = layout.complete(REVIEW)
    assert set(drawn.shapes) == {node.id for node in REVIEW.nodes}
    assert set(drawn.edges) == {flow.id for flow in REVIEW.flows}


def test_no_two_shapes_overlap_but_a_boundary_event_and_its_host():
    shapes = layout.complete(REVIEW).shapes
    for (a, first), (b, second) in itertools.combinations(shapes.items(), 2):
        assert not overlap(first, second) or {a, b} == {"write", "late"}


def test_work_reads_from_left_to_right_and_only_loops_go_back():
    shapes = layout.complete(REVIEW).shapes
    for item in REVIEW.flows:
        if item.id not in ("good-write", "late-chase"):
            assert shapes[item.source].x < shapes[item.target].x, item.id


def test_a_sub_process_is_as_wide_as_what_it_holds():
    inside = (
        nodes.StartEvent(id="a", scope="sub"),
        nodes.Task(id="b", scope="sub"),
        nodes.EndEvent(id="c", scope="sub"),
    )
    program = Program(
        key="p",
        nodes=(nodes.StartEvent(id="start"), nodes.SubProcess(id="sub"), *inside, nodes.EndEvent(id="end")),
        flows=(flow("start", "sub"), flow("a", "b"), flow("b", "c"), flow("sub", "end")),
    )
    drawn = layout.complete(program)
    frame = drawn.shapes["sub"]
    assert "sub" in drawn.expanded
    for key in ("a", "b", "c"):
        shape = drawn.shapes[key]
        assert frame.x < shape.x and shape.x + shape.width < frame.x + frame.width
        assert frame.y < shape.y and shape.y + shape.height < frame.y + frame.height


def test_a_node_that_a_variant_puts_in_gets_room_and_the_rest_keeps_its_row():
    drawn = Diagram(
        shapes={
            "start": Bounds(0, 22, 36, 36),
            "write": Bounds(90, 0, 100, 80),
            "end": Bounds(250, 22, 36, 36),
        },
        edges={"start-write": ((36, 40), (90, 40)), "write-end": ((190, 40), (250, 40))},
    )
    program = Program(
        key="p",
        nodes=(
            nodes.StartEvent(id="start"),
            nodes.UserTask(id="write"),
            nodes.UserTask(id="approve", origin="op-1"),
            nodes.EndEvent(id="end"),
        ),
        flows=(flow("start", "write"), flow("write", "approve"), flow("approve", "end")),
        diagram=drawn,
    )
    shapes = layout.complete(program).shapes
    assert shapes["write"] == drawn.shapes["write"]
    assert shapes["write"].x + 100 < shapes["approve"].x < shapes["end"].x - 100
    assert shapes["end"].y == drawn.shapes["end"].y
    assert "write-end" not in layout.complete(program).edges


def test_a_drawing_that_is_complete_stays_as_it_is():
    whole = layout.complete(REVIEW)
    again = Program(key="p", nodes=REVIEW.nodes, flows=REVIEW.flows, diagram=whole)
    assert layout.complete(again) == whole


def test_a_flow_that_passes_over_a_step_does_not_run_through_it():
    chain = Program(
        key="p",
        nodes=(
            nodes.StartEvent(id="a"),
            nodes.ExclusiveGateway(id="b"),
            nodes.Task(id="c"),
            nodes.Task(id="d"),
            nodes.EndEvent(id="e"),
        ),
        flows=(flow("a", "b"), flow("b", "c"), flow("c", "d"), flow("d", "e"), flow("b", "e")),
    )
    drawn = layout.complete(chain)
    points = drawn.edges["b-e"]
    for (x1, y1), (x2, y2) in itertools.pairwise(points):
        for key in ("c", "d"):
            box = drawn.shapes[key]
            inside_x = min(x1, x2) < box.x + box.width and box.x < max(x1, x2)
            assert not (inside_x and y1 == y2 and box.y < y1 < box.y + box.height), key


def test_what_a_boundary_event_leads_to_lies_below_its_host():
    drawn = layout.complete(REVIEW)
    assert drawn.shapes["chase"].y > drawn.shapes["write"].y
    assert drawn.edges["late-chase"][0][1] == drawn.shapes["late"].y + drawn.shapes["late"].height


def test_a_thousand_nodes_in_a_ring_are_laid_out():
    ring = [str(number) for number in range(1000)]
    links = list(zip(ring, ring[1:] + ring[:1], strict=True))
    assert len(layers.columns(ring, links)) == 1000


def test_rows_hold_one_key_a_column():
    columns = [["a"], ["b", "c", "d"], ["e"]]
    rows = layers.rows(columns, [("a", key) for key in "bcd"] + [(key, "e") for key in "bcd"])
    assert len({rows.of[key] for key in "bcd"}) == 3


def test_a_way_back_runs_below():
    back = route(Bounds(300, 0, 100, 80), Bounds(0, 0, 100, 80))
    assert max(y for _, y in back) > 80 and back[0][0] == 350 and back[-1][0] == 50
