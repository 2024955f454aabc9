"""A program looked up: what leads in and out, what lies inside, and where a token can come to."""

import pytest

from engine.definitions.finding import finding
from engine.definitions.graph import Graph, links
from engine.model import nodes, triggers
from engine.model.expression import Expression
from tests.unit.definitions.build import end, flow, program, start, task

TIMER = triggers.Timer(kind="duration", text=Expression(text="PT1H", language="literal"))


def sub(id: str = "sub", **fields) -> nodes.SubProcess:
    return nodes.SubProcess(id=id, **fields)


def throwing(id: str, name: str, **fields) -> nodes.ThrowEvent:
    return nodes.ThrowEvent(id=id, triggers=(triggers.Link(name=name),), **fields)


def catching(id: str, name: str, **fields) -> nodes.CatchEvent:
    return nodes.CatchEvent(id=id, triggers=(triggers.Link(name=name),), **fields)


def boundary(id: str, host: str, **fields) -> nodes.BoundaryEvent:
    return nodes.BoundaryEvent(id=id, attached_to=host, triggers=(TIMER,), **fields)


REACHED = [
    # rule, program, what a token can come to
    ("nothing in an empty process", program(), ""),
    ("along flows", program(start(), task(), end(), "start > task > end"), "start task end"),
    ("not what no flow leads to", program(start(), task(), end(), "start > end"), "start end"),
    ("not against the direction of a flow", program(start(), task(), end(), "task > start > end"), "start end"),
    ("from every start", program(start(), start("other"), task(), "other > task"), "start other task"),
    ("without a start from what nothing leads to", program(task(), end(), "task > end"), "task end"),
    ("around a circle", program(start(), task("a"), task("b"), "start > a > b > a"), "start a b"),
    ("not into a circle that nothing leads to", program(start(), task("a"), task("b"), "a > b > a"), "start"),
    ("over a flow that ends nowhere", program(start(), task(), "start > lost", "start > task"), "start task"),
    (
        "a boundary event of a step that is reached",
        program(start(), task(), boundary("late", "task"), end(), "start > task", "late > end"),
        "start task late end",
    ),
    (
        "no boundary event of a step that is not",
        program(start(), task(), boundary("late", "task"), end(), "late > end"),
        "start",
    ),
    (
        "into a sub-process by its start",
        program(start(), sub(), start("in", scope="sub"), task("x", scope="sub"), "start > sub", "in > x"),
        "start sub in x",
    ),
    (
        "into a sub-process without a start by its first step",
        program(start(), sub(), task("x", scope="sub"), task("y", scope="sub"), "start > sub", "x > y"),
        "start sub x y",
    ),
    (
        "not into a sub-process that is not reached",
        program(start(), sub(), start("in", scope="sub")),
        "start",
    ),
    (
        "every loose step of an ad-hoc sub-process, start or not",
        program(start(), sub(variety="adHoc"), start("in", scope="sub"), task("x", scope="sub"), "start > sub"),
        "start sub in x",
    ),
    (
        "an event sub-process without any flow",
        program(start(), sub("e", variety="event"), start("in", scope="e"), task("x", scope="e"), "in > x"),
        "start e in x",
    ),
    (
        "from a link to its like",
        program(start(), throwing("out", "A"), catching("back", "A"), end(), "start > out", "back > end"),
        "start out back end",
    ),
    (
        "not to a link of another name",
        program(start(), throwing("out", "A"), catching("back", "B"), "start > out"),
        "start out",
    ),
    (
        "not to a link inside another scope",
        program(start(), throwing("out", "A"), sub(), catching("back", "A", scope="sub"), "start > out"),
        "start out",
    ),
    (
        "a receive task that starts the process",
        program(nodes.ReceiveTask(id="r", instantiate=True), task(), "task > r", "r > task"),
        "r task",
    ),
    (
        "an event gateway that starts the process",
        program(nodes.EventBasedGateway(id="g", instantiate=True), task(), "g > task"),
        "g task",
    ),
    (
        "what undoes a step, from the event on its edge",
        program(
            start(), task(), task("undo", for_compensation=True),
            boundary("b", "task", compensation_handler="undo"), "start > task",
        ),
        "start task b undo",
    ),
    (
        "not what undoes a step, where nothing names it",
        program(task(), task("undo", for_compensation=True)),
        "task",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("made", "expected"), [row[1:] for row in REACHED], ids=[row[0] for row in REACHED])
def test_a_token_comes(made, expected: str) -> None:
    assert Graph(made).reached() == set(expected.split())


@pytest.mark.parametrize("made", [row[1] for row in REACHED], ids=[row[0] for row in REACHED])
def test_another_flow_never_takes_anything_out_of_reach(made) -> None:
    """As long as it does not lead into what begins only because nothing leads to it."""
    graph = Graph(made)
    before = graph.reached()
    for source in before:
        for target in before:
            node = graph.nodes[target]
            if graph.incoming(node) and source != target:
                more = flow(source, target, id="more")
                assert before <= Graph(program(*made.nodes, *made.flows, more)).reached()


PLAIN = program(
    start(), task("a"), task("b"), sub(), task("x", scope="sub"), end(),
    "start > a > end", "a > b", "sub > end",
)  # fmt: skip


@pytest.mark.parametrize(
    ("node", "incoming", "outgoing"),
    [
        ("start", [], ["start-a"]),
        ("a", ["start-a"], ["a-end", "a-b"]),
        ("b", ["a-b"], []),
        ("sub", [], ["sub-end"]),
        ("x", [], []),
        ("end", ["a-end", "sub-end"], []),
    ],
)
def test_flows_are_found_by_their_ends_in_the_order_of_the_file(
    node: str, incoming: list[str], outgoing: list[str]
) -> None:
    graph = Graph(PLAIN)
    assert [one.id for one in graph.incoming(graph.nodes[node])] == incoming
    assert [one.id for one in graph.outgoing(graph.nodes[node])] == outgoing


def test_nodes_are_found_by_their_scope_and_kind() -> None:
    graph = Graph(PLAIN)
    assert [one.id for one in graph.within("")] == ["start", "a", "b", "sub", "end"]
    assert [one.id for one in graph.within("sub")] == ["x"]
    assert graph.within("lost") == []
    assert [one.id for one in graph.of(nodes.Task)] == ["a", "b", "x"]
    assert [one.id for one in graph.of(nodes.Event)] == ["start", "end"]
    assert [one.id for one in graph.of(nodes.SubProcess, nodes.EndEvent)] == ["sub", "end"]


def test_a_node_knows_the_sub_process_around_it() -> None:
    graph = Graph(program(sub(), task("x", scope="sub"), task("y"), task("z", scope="y")))
    assert graph.sub_process(graph.nodes["x"]) is graph.nodes["sub"]
    assert graph.sub_process(graph.nodes["y"]) is None
    assert graph.sub_process(graph.nodes["z"]) is None, "a task holds nothing"


def test_of_two_nodes_with_one_id_the_first_is_looked_up_and_both_are_walked() -> None:
    graph = Graph(program(task("a", name="first"), task("a", name="second")))
    assert graph.nodes["a"].name == "first"
    assert [one.name for one in graph.of(nodes.Task)] == ["first", "second"]


@pytest.mark.parametrize(
    ("event", "kinds", "names"),
    [
        (start(), set(), []),
        (start(triggers=(TIMER,)), {"timer"}, []),
        (catching("l", "A"), {"link"}, ["A"]),
        (throwing("l", "A"), {"link"}, ["A"]),
        (start(triggers=(TIMER, triggers.Message(name="m"))), {"timer", "message"}, []),
        (end(triggers=(triggers.Terminate(),)), {"terminate"}, []),
        (end(triggers=(triggers.Error(code="E"), triggers.Error(code="F"))), {"error"}, []),
    ],
)
def test_an_event_tells_its_kinds_and_links(event, kinds: set[str], names: list[str]) -> None:
    graph = Graph(program(event))
    assert graph.kinds(event) == kinds
    assert links(event) == names
    assert graph.arrives(event) == (isinstance(event, nodes.CatchEvent) and "link" in kinds)


def test_a_step_has_no_links() -> None:
    assert links(task()) == []


@pytest.mark.parametrize(
    ("place", "line", "element", "name"),
    [
        (None, 0, "", ""),
        (task("a", name="Check", line=7), 7, "a", "Check"),
        (flow("a", "b", name="yes", line=9), 9, "a-b", "yes"),
        (task("a"), 0, "a", ""),
    ],
)
def test_a_finding_stands_at_its_place(place, line: int, element: str, name: str) -> None:
    found = finding("c", place, zh="错", en="wrong")
    assert (found.line, found.element, found.name) == (line, element, name)
    assert (found.code, found.severity, found.mend, found.fix) == ("c", "error", {}, "")
    assert found.text == {"zh-CN": "错", "en": "wrong"}


def test_a_finding_brings_its_mend_in_both_languages() -> None:
    found = finding("c", None, zh="错", en="wrong", mend=("改", "mend"), severity="info", fix="give_ids")
    assert found.mend == {"zh-CN": "改", "en": "mend"}
    assert (found.severity, found.fix) == ("info", "give_ids")
