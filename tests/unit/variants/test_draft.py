"""A program while operations change it: what is read of it, and what one change does and leaves alone."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model import nodes
from engine.model.program import Flow, Lane, Program
from engine.variants import delta
from engine.variants.draft import Draft, Refused
from tests.unit.variants.models import Random, quote


def draft(origin: str = "v1") -> Draft:
    return Draft(quote()).copy(origin=origin)


def nested() -> Draft:
    inner = (
        nodes.SubProcess(id="Outer"),
        nodes.SubProcess(id="Inner", scope="Outer"),
        nodes.UserTask(id="Deep", scope="Inner"),
        nodes.BoundaryEvent(id="Edge", attached_to="Deep", scope="Inner"),
    )
    return Draft(Program(key="n", nodes=inner, flows=(Flow(id="f", source="Edge", target="Deep"),)))


@pytest.mark.parametrize(
    ("node", "incoming", "outgoing"),
    [
        ("Start", [], ["f1"]),
        ("Big", ["f3"], ["big", "small"]),
        ("Merge", ["small", "f4"], ["f7"]),
        ("Join", ["p3", "p4"], ["f8"]),
        ("Late", [], ["f5"]),
        ("End", ["f9"], []),
        ("Nowhere", [], []),
    ],
)
def test_ways_are_told_in_the_order_of_the_file(node: str, incoming: list[str], outgoing: list[str]) -> None:
    assert [flow.id for flow in draft().incoming(node)] == incoming
    assert [flow.id for flow in draft().outgoing(node)] == outgoing


@pytest.mark.parametrize(("node", "around"), [("Outer", ""), ("Inner", "Outer"), ("Deep", "Inner Outer")])
def test_the_scopes_around_a_node(node: str, around: str) -> None:
    assert nested().scopes(node) == set(around.split())


@pytest.mark.parametrize(("node", "edges"), [("Approve", ["Late"]), ("Check", []), ("Late", [])])
def test_the_boundary_events_of_a_step(node: str, edges: list[str]) -> None:
    assert [event.id for event in draft().boundaries(node)] == edges


NAMES = [
    # element, Chinese, English
    ("Configure", "Configure。", "Configure"),
    ("Big", "Big?", "Big?"),  # drawn, without texts
    ("Merge", "Merge", "Merge"),  # neither
    ("small", "small", "small"),  # a way
    ("limit", "limit", "limit"),  # a parameter
    ("Nowhere", "Nowhere", "Nowhere"),
]


@pytest.mark.parametrize(("element", "zh", "en"), NAMES)
def test_everything_has_a_name_for_people(element: str, zh: str, en: str) -> None:
    assert draft().name(element) == {"zh-CN": zh, "en": en}


@pytest.mark.parametrize(
    ("read", "code"),
    [
        (lambda one: one.node("Nowhere"), "element_unknown"),
        (lambda one: one.flow("nowhere"), "element_unknown"),
        (lambda one: one.flow("Check"), "element_unknown"),  # a step is no way
        (lambda one: one.node("f1"), "element_unknown"),
        (lambda one: one.activity("Nowhere"), "element_unknown"),
        (lambda one: one.activity("Start"), "no_activity"),
        (lambda one: one.activity("Fork"), "no_activity"),
        (lambda one: one.activity("Late"), "no_activity"),
        (lambda one: one.only_way_out("Big"), "not_one_way_out"),
        (lambda one: one.only_way_out("End"), "not_one_way_out"),
        (lambda one: one.only_way_out("Nowhere"), "element_unknown"),
        (lambda one: one.claim("Check"), "id_taken"),
        (lambda one: one.claim("f1"), "id_taken"),
        (lambda one: one.add(nodes.Task(id="f1"), after="Check"), "id_taken"),
        (lambda one: one.connect("Check", "Start", "End"), "id_taken"),
    ],
)
def test_what_is_not_there_or_taken_is_refused_and_nothing_changes(read: Any, code: str) -> None:
    one = draft()
    with pytest.raises(Refused) as refused:
        read(one)
    assert refused.value.code == code
    assert refused.value.element and refused.value.text["zh-CN"] and refused.value.text["en"]
    assert one.freeze() == quote()


def test_a_draft_that_nobody_changed_is_the_program() -> None:
    assert Draft(quote()).freeze() == quote()


CHANGES = [
    # rule, deed, nodes and ways that are new or different
    ("a field of a step", lambda one: one.change("Check", result="x"), {"Check"}),
    ("a way's end", lambda one: one.bend("f9", target="Reminded"), {"f9"}),
    ("a node over its like", lambda one: one.put(nodes.Task(id="Stock")), {"Stock"}),
    ("a new step", lambda one: one.add(nodes.Task(id="n"), after="Check"), {"n"}),
    ("a new way", lambda one: one.connect("n", "Check", "End"), {"n"}),
]


@pytest.mark.parametrize(("deed", "touched"), [row[1:] for row in CHANGES], ids=[row[0] for row in CHANGES])
def test_one_change_marks_what_it_touched_and_leaves_the_copy_it_came_from(deed: Any, touched: set[str]) -> None:
    before = Draft(quote())
    after = before.copy(origin="v7")
    deed(after)
    change = delta.between(before.freeze(), after.freeze())
    assert set(change.nodes) | set(change.flows) == touched
    assert {part.origin for part in (*after.nodes.values(), *after.flows.values()) if part.id in touched} == {"v7"}
    assert before.freeze() == quote()
    assert delta.undo(after.freeze(), change) == quote()


def test_a_parameter_of_a_copy_is_its_own() -> None:
    before = Draft(quote())
    after = before.copy(origin="v1")
    after.parameters["limit"] = 99
    assert before.freeze().parameters == {"limit": 10}
    change = delta.between(quote(), after.freeze())
    assert change.rest == {"parameters": ({"limit": 10}, {"limit": 99})}
    assert bool(change) and not change.nodes and not change.flows


@pytest.mark.parametrize(("after", "position"), [("Start", 1), ("Check", 3), ("End", 15), ("", 0), ("Nowhere", 0)])
def test_a_new_step_stands_behind_its_neighbour_else_first(after: str, position: int) -> None:
    one = draft()
    one.add(nodes.Task(id="n"), after=after)
    assert list(one.nodes).index("n") == position
    assert [node_id for node_id in one.nodes if node_id != "n"] == [node.id for node in quote().nodes]


@pytest.mark.parametrize(("after", "position"), [("f1", 1), ("big", 4), ("f9", 15), ("", 0)])
def test_a_new_way_stands_behind_its_neighbour_else_first(after: str, position: int) -> None:
    one = draft()
    one.connect("n", "Start", "End", after=after)
    assert list(one.flows).index("n") == position


REMOVED = [
    # what is taken away, nodes that go with it, ways that go with it
    ("Check", {"Check"}, {"f2", "f3"}),
    ("Approve", {"Approve", "Late"}, {"big", "f4", "f5"}),
    ("Late", {"Late"}, {"f5"}),
    ("Fork", {"Fork"}, {"f7", "p1", "p2"}),
    ("Nowhere", set(), set()),
]


@pytest.mark.parametrize(("node", "gone", "ways"), REMOVED)
def test_what_hangs_on_a_step_goes_with_it(node: str, gone: set[str], ways: set[str]) -> None:
    one = draft()
    one.remove({node})
    assert {node.id for node in quote().nodes} - set(one.nodes) == gone
    assert {flow.id for flow in quote().flows} - set(one.flows) == ways


@pytest.mark.parametrize(("node", "left"), [("Outer", ""), ("Inner", "Outer"), ("Deep", "Outer Inner")])
def test_what_is_inside_goes_with_its_sub_process(node: str, left: str) -> None:
    one = nested()
    one.remove({node})
    assert set(one.nodes) == set(left.split()) and one.flows == {}


SWEPT = [
    # a way that is cut, what nothing leads to any more
    ("big", {"Approve", "Late", "Remind", "Reminded"}),
    ("small", set()),
    ("f9", {"End"}),
    ("p1", {"Price"}),
    ("f5", {"Remind", "Reminded"}),
]


@pytest.mark.parametrize(("way", "gone"), SWEPT)
def test_what_no_token_can_come_to_any_more_is_swept_away(way: str, gone: set[str]) -> None:
    before, after = Draft(quote()), draft()
    del after.flows[way]
    after.sweep(before)
    assert set(before.nodes) - set(after.nodes) == gone


def test_what_was_never_reached_is_not_swept_away() -> None:
    program = quote()
    lost = (nodes.Task(id="a"), nodes.Task(id="b"))
    circle = (Flow(id="ab", source="a", target="b"), Flow(id="ba", source="b", target="a"))
    program = msgspec.structs.replace(program, nodes=(*program.nodes, *lost), flows=(*program.flows, *circle))
    before, after = Draft(program), Draft(program)
    del after.flows["big"]
    after.sweep(before)
    assert {"a", "b"} <= set(after.nodes) and "Approve" not in after.nodes


@pytest.mark.parametrize(
    ("lane", "origin", "member"),
    [("sales", "v1", True), ("l1", "v1", True), ("other", "v1", False), ("", "v1", False), ("sales", "", False)],
)
def test_a_new_step_is_in_the_lane_that_it_names(lane: str, origin: str, member: bool) -> None:
    program = msgspec.structs.replace(quote(), lanes=(Lane(id="l1", name="sales", nodes=("Configure", "Check")),))
    one = Draft(program).copy(origin=origin)
    one.add(nodes.Task(id="n", lane=lane), after="Check")
    one.remove({"Configure"})
    assert one.freeze().lanes[0].nodes == (("Check", "n") if member else ("Check",))


seeds = st.integers(min_value=0, max_value=10_000)


@settings(max_examples=40, deadline=None)
@given(seed=seeds)
def test_a_token_comes_to_everything_in_a_sound_program(seed: int) -> None:
    one = Draft(Random(seed).program())
    assert one.reachable(one.roots()) == set(one.nodes)


@settings(max_examples=40, deadline=None)
@given(seed=seeds, position=seeds)
def test_whatever_is_removed_no_way_is_left_in_the_air_and_undoing_brings_all_back(seed: int, position: int) -> None:
    program = Random(seed).program()
    one = Draft(program)
    one.remove({program.nodes[position % len(program.nodes)].id})
    assert all({flow.source, flow.target} <= set(one.nodes) for flow in one.flows.values())
    hosts = {node.attached_to for node in one.nodes.values() if isinstance(node, nodes.BoundaryEvent)}
    assert hosts | {node.scope for node in one.nodes.values()} - {""} <= set(one.nodes)
    assert delta.undo(one.freeze(), delta.between(program, one.freeze())) == program


@settings(max_examples=30, deadline=None)
@given(seed=seeds)
def test_equal_programs_differ_in_nothing(seed: int) -> None:
    change = delta.between(Random(seed).program(), Random(seed).program())
    assert not change and (change.nodes, change.flows, change.rest) == ({}, {}, {})
