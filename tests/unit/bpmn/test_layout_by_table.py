"""Places in a drawing, by tables: ``a > b`` is a flow; positions are the left upper corners, in pixels."""

import itertools

import pytest

from engine.bpmn import layout
from engine.model import nodes
from engine.model.program import Artifact, Bounds, DataItem, Diagram, Flow, Lane, Program

KINDS = {"s": nodes.StartEvent, "e": nodes.EndEvent, "g": nodes.ExclusiveGateway}


def program(chain: str, *more, shapes=None, edges=None, **fields) -> Program:
    """``s a g e``: events, gateways and tasks by the first letter of their ids; flows from ``x > y > z``."""
    flows = [
        Flow(id=f"{source}-{target}", source=source, target=target)
        for part in chain.split(";")
        for source, target in itertools.pairwise(word.strip() for word in part.split(">"))
    ]
    ids = dict.fromkeys(word.strip() for part in chain.split(";") for word in part.split(">") if word.strip())
    given = {node.id for node in more if isinstance(node, nodes.Node)}
    made = tuple(KINDS.get(key[0], nodes.Task)(id=key) for key in ids if key not in given)
    return Program(
        key="p",
        nodes=(*made, *(node for node in more if isinstance(node, nodes.Node))),
        flows=tuple(flows),
        data=tuple(item for item in more if isinstance(item, DataItem)),
        lanes=tuple(item for item in more if isinstance(item, Lane)),
        diagram=Diagram(shapes=shapes or {}, edges=edges or {}, **fields),
    )


def corners(drawn: Diagram) -> dict[str, tuple[float, float]]:
    return {key: (bounds.x, bounds.y) for key, bounds in drawn.shapes.items()}


WHOLE = [
    ("s", {"s": (120, 80)}),
    ("a", {"a": (120, 80)}),
    ("s > e", {"s": (120, 80), "e": (216, 80)}),
    ("s > a > e", {"s": (120, 102), "a": (216, 80), "e": (376, 102)}),
    ("s > g > e", {"s": (120, 87), "g": (216, 80), "e": (326, 87)}),
    ("g > a ; g > b", {"g": (120, 95), "a": (230, 80), "b": (230, 200)}),
    ("a ; b", {"a": (120, 80), "b": (120, 200)}),
    ("a > b > a", {"a": (120, 80), "b": (280, 80)}),
    ("a > a", {"a": (120, 80)}),
]


@pytest.mark.parametrize(("chain", "places"), WHOLE)
def test_a_program_without_a_drawing_stands_in_columns_and_rows(chain, places):
    assert corners(layout.complete(program(chain))) == places


@pytest.mark.parametrize(("chain", "places"), WHOLE)
def test_every_flow_has_an_edge_and_a_drawing_that_is_whole_stays(chain, places):
    made = program(chain)
    drawn = layout.complete(made)
    assert set(drawn.edges) == {flow.id for flow in made.flows}
    again = Program(key="p", nodes=made.nodes, flows=made.flows, diagram=drawn)
    assert layout.complete(again) == drawn


@pytest.mark.parametrize(
    ("node", "size"),
    [
        (nodes.StartEvent(id="n"), (36, 36)),
        (nodes.CatchEvent(id="n"), (36, 36)),
        (nodes.ParallelGateway(id="n"), (50, 50)),
        (nodes.EventBasedGateway(id="n"), (50, 50)),
        (nodes.UserTask(id="n"), (100, 80)),
        (nodes.CallActivity(id="n"), (100, 80)),
        (nodes.SubProcess(id="n"), (100, 80)),
    ],
)
def test_a_shape_has_the_size_of_its_kind(node, size):
    bounds = layout.complete(program("", node)).shapes["n"]
    assert (bounds.width, bounds.height) == size


S, A, E = Bounds(0, 22, 36, 36), Bounds(96, 0, 100, 80), Bounds(256, 22, 36, 36)
DRAWN = {"s": S, "a": A, "e": E}
# what is put into the drawing s > a > e, and where everything then stands
INSERTED = [
    ("s > a > b > e", {"s": (0, 22), "a": (96, 0), "b": (256, 0), "e": (416, 22)}),
    ("s > b > a > e", {"s": (0, 22), "b": (96, 0), "a": (256, 0), "e": (416, 22)}),
    ("s > a > e ; e > b", {"s": (0, 22), "a": (96, 0), "e": (256, 22), "b": (352, 0)}),
    ("s > a > e ; b > a", {"s": (0, 22), "b": (96, 0), "a": (256, 0), "e": (416, 22)}),
    ("s > a > e ; b", {"s": (0, 22), "a": (96, 0), "e": (256, 22), "b": (0, 120)}),
    ("s > a > b > c > e", {"s": (0, 22), "a": (96, 0), "b": (256, 0), "c": (416, 0), "e": (576, 22)}),
]


@pytest.mark.parametrize(("chain", "places"), INSERTED)
def test_a_new_node_stands_behind_what_leads_to_it_and_the_rest_moves_over(chain, places):
    assert corners(layout.complete(program(chain, shapes=DRAWN))) == places


def test_edges_stay_as_drawn_and_go_along_with_what_moves_over():
    edges = {"s-a": ((36.0, 40.0), (60.0, 99.0), (96.0, 40.0)), "a-e": ((196.0, 40.0), (226.0, 40.0), (256.0, 40.0))}
    kept = layout.complete(program("s > a > e ; b", shapes=DRAWN, edges=edges))
    moved = layout.complete(program("s > a > e ; a > b", shapes=DRAWN, edges=edges))
    assert {key: kept.edges[key] for key in edges} == edges
    assert moved.edges["s-a"] == edges["s-a"]
    assert moved.edges["a-e"] == ((196, 40), (386, 40), (416, 40))


FRAMES = [
    ("lane", {"more": (Lane(id="l", nodes=("s", "a", "e")),), "fields": {}, "key": "l"}),
    ("pool", {"more": (), "fields": {"pool": "l"}, "key": "l"}),
]


@pytest.mark.parametrize(("name", "frame"), FRAMES)
def test_a_frame_grows_with_what_is_put_into_it(name, frame):
    shapes = {**DRAWN, "l": Bounds(-40, -40, 400, 200)}
    made = program("s > a > b > e", *frame["more"], shapes=shapes, **frame["fields"])
    assert layout.complete(made).shapes["l"] == Bounds(-40, -40, 560, 200)


def test_what_the_program_no_longer_has_leaves_the_drawing():
    drawn = layout.complete(
        program("s > e", shapes=DRAWN, edges={"a-e": ((0, 0), (1, 1))}, expanded=("gone",), pool_name="")
    )
    assert (set(drawn.shapes), set(drawn.edges), drawn.expanded) == ({"s", "e"}, {"s-e"}, ())


def test_events_on_a_border_stand_side_by_side_from_the_right():
    events = [nodes.BoundaryEvent(id=f"x{number}", attached_to="a") for number in range(3)]
    drawn = layout.complete(program("a", *events))
    assert [(drawn.shapes[event.id].x, drawn.shapes[event.id].y) for event in events] == [
        (182, 142),
        (142, 142),
        (102, 142),
    ]


def test_an_event_on_nothing_has_no_place():
    drawn = layout.complete(program("a", nodes.BoundaryEvent(id="x", attached_to="ghost")))
    assert set(drawn.shapes) == {"a"}


LOOSE = [
    (DataItem(id="o", kind="dataObjectReference"), (36, 50)),
    (DataItem(id="o", kind="dataStoreReference"), (36, 50)),
    (DataItem(id="o", kind="dataObject"), None),
    (DataItem(id="o", kind="property"), None),
]


@pytest.mark.parametrize(("item", "size"), LOOSE)
def test_only_references_to_data_are_drawn_in_a_row_below(item, size):
    bounds = layout.complete(program("s > a > e", item, shapes=DRAWN)).shapes.get("o")
    assert bounds == (None if size is None else Bounds(0, 120, *size))


def test_notes_stand_beside_each_other_below_and_their_association_is_drawn():
    notes = (
        Artifact(id="t", kind="textAnnotation", text="x"),
        Artifact(id="u", kind="textAnnotation", text="y"),
        Artifact(id="z", kind="association", source="a", target="t"),
    )
    drawn = layout.complete(program("s > a > e", shapes=DRAWN, artifacts=notes))
    assert (drawn.shapes["t"], drawn.shapes["u"]) == (Bounds(0, 120, 100, 50), Bounds(160, 120, 100, 50))
    assert drawn.edges["z"][0] == (146, 80) and drawn.artifacts == notes
