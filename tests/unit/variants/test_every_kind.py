"""What holds for every kind of operation: said in both languages, traceable, undone exactly, refused at its place."""

import re
from typing import Any, get_args

import msgspec
import pytest

from engine.model.program import Program
from engine.variants import compose, delta, diff
from engine.variants.draft import Draft, Refused
from engine.variants.operations import kinds
from engine.variants.operations.operation import ELEMENTS
from tests.unit.variants.models import scored, text

NODE = {"type": "userTask", "names": text("Call"), "performer": {"groups": ["desk"]}}
NAMES = {"names": text("Other")}

# kind: arguments, element of the process, what it says in English, nodes and flows that carry its mark
KINDS: dict[str, tuple[dict[str, Any], str, str, set[str]]] = {
    "insert": ({"at": {"after": "Check"}, "node": NODE}, "activity", "new: Call, after Check", {"x", "x_out", "f3"}),
    "delete": ({"target": "Stock"}, "activity", "without: Stock", {"p2"}),
    "replace": ({"target": "Stock", "node": NODE}, "activity", "Call in place of Stock", {"x", "p2", "p4"}),
    "move": ({"target": "Check", "at": {"before": "Send"}}, "logic", "Check moved before Send",
             {"Check", "f2", "f3", "f8"}),
    "parallelise": ({"targets": ["Configure", "Check"]}, "logic", "Configure, Check at the same time",
                    {"x_split", "x_join", "x_1", "x_2", "x_out", "f1", "f2", "f3"}),
    "serialise": ({"targets": ["Price", "Stock"]}, "logic", "one after the other: Price, Stock", {"f7", "p3", "p4"}),
    "make_optional": ({"target": "Check", "condition": "=amount > 1"}, "logic", "Check only if amount > 1",
                      {"x_split", "x_join", "x_do", "x_skip", "x_out", "f2", "f3"}),
    "set_condition": ({"target": "big", "condition": "discount > 20"}, "logic", "big is taken if discount > 20",
                      {"big"}),
    "add_branch": ({"target": "Big", "to": "End", "condition": "discount > 50"}, "logic",
                   "after Big?: if discount > 50, to End", {"x_in"}),
    "set_loop": ({"target": "Price", "loop": {"collection": "lines"}}, "logic", "Price is repeated for lines",
                 {"Price"}),
    "set_timer": ({"target": "Late", "timer": {"kind": "duration", "text": "PT1H"}}, "logic", "Late fires at PT1H",
                  {"Late"}),
    "set_form": ({"target": "Approve", "form": "other"}, "way", "Approve uses the form “other”", {"Approve"}),
    "set_service": ({"target": "Stock", "work": {"handler": "erp"}}, "way", "Stock is done by the service erp",
                    {"Stock"}),
    "set_channel": ({"target": "Send", "channel": "phone"}, "way", "Send goes by telephone", {"Send"}),
    "set_script": ({"target": "Score", "script": {"text": "1"}}, "way", "Score computes otherwise", {"Score"}),
    "set_decision": ({"target": "Check", "decision": {"key": "auto"}}, "way", "Check follows the decision auto",
                     {"Check"}),
    "set_call": ({"target": "Ship", "call": {"process": "X-01"}}, "way", "Ship calls the process X-01", {"Ship"}),
    "set_names": ({"target": "Price", **NAMES}, "way", "Price is called Other", {"Price"}),
    "set_parameter": ({"target": "limit", "value": 50}, "way", "limit: 50 (was 10)", set()),
    "set_performer": ({"target": "Price", "performer": {"groups": ["ka"]}}, "performer", "Price is done by ka",
                      {"Price"}),
    "automate": ({"target": "Price", "work": {"handler": "http"}}, "performer", "Price is done by the system (http)",
                 {"Price"}),
    "do_by_person": ({"target": "Stock", "performer": {"groups": ["ka"]}}, "performer",
                     "Stock is done by a person: ka", {"Stock"}),
    "set_sla": ({"target": "Price", "promise": {"duration": "PT2H"}}, "service_level", "Price within 2 hours",
                {"Price"}),
    "set_calendar": ({"target": "*", "calendar": "24x7"}, "service_level", "all steps: time counts by 24x7",
                     {"Configure", "Approve"}),
    "set_priority": ({"target": "Price", "priority": 90}, "service_level", "Price has priority 90", {"Price"}),
    "set_worth": ({"target": "Price", "worth": {"tag": "VA"}}, "service_level", "Price: its value and cost differ",
                  {"Price"}),
}  # fmt: skip


@pytest.fixture(scope="module")
def base() -> Program:
    return scored()


def made(kind: str) -> Any:
    (operation,) = kinds.read([{"id": "x", "kind": kind, "reason": text("why"), **KINDS[kind][0]}])
    return operation


def test_the_table_names_every_kind_there_is() -> None:
    assert set(KINDS) == {one.__struct_config__.tag for one in get_args(kinds.AnyOperation)}


@pytest.mark.parametrize("kind", KINDS)
def test_its_words_satisfy_the_schema_and_read_back_equal(kind: str) -> None:
    operation = made(kind)
    (document,) = kinds.write((operation,))
    assert kinds.check([{"reason": text("why"), **document}]) == []
    assert kinds.read([document]) == (operation,)


@pytest.mark.parametrize("kind", KINDS)
def test_it_belongs_to_one_element_and_counts_there(kind: str, base: Program) -> None:
    composed = compose.compose(base, (made(kind),))
    assert composed.problems == ()
    assert {element: getattr(composed.fingerprint, element) for element in ELEMENTS if composed.fingerprint.total} == {
        element: int(element == KINDS[kind][1]) for element in ELEMENTS
    }


@pytest.mark.parametrize("kind", KINDS)
def test_it_says_in_both_languages_what_it_does(kind: str, base: Program) -> None:
    said = made(kind).says(Draft(base))
    assert said["en"] == KINDS[kind][2]
    assert re.search(r"[\u4e00-\u9fff：]", said["zh-CN"]) and said["zh-CN"] != said["en"]


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_it_made_or_changed_carries_its_id_and_nothing_else_does(kind: str, base: Program) -> None:
    program = compose.program(base, (made(kind),))
    assert {part.id for part in (*program.nodes, *program.flows) if part.origin == "x"} == KINDS[kind][3]


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_undone_exactly(kind: str, base: Program) -> None:
    program = compose.program(base, (made(kind),))
    change = delta.between(base, program)
    assert program != base and change
    assert delta.undo(program, change) == base


@pytest.mark.parametrize("kind", KINDS)
def test_it_leaves_the_base_as_it_was(kind: str, base: Program) -> None:
    before = base.sha256
    compose.compose(base, (made(kind), made(kind)))
    assert base.sha256 == before


@pytest.mark.parametrize("kind", [kind for kind in KINDS if KINDS[kind][0].get("target", "*") != "*"])
def test_a_target_that_is_not_there_is_refused_by_its_id_in_both_languages(kind: str, base: Program) -> None:
    lost = msgspec.structs.replace(made(kind), target="Gone")
    with pytest.raises(Refused) as refused:
        compose.apply(Draft(base), lost)
    assert (refused.value.code, refused.value.element) == ("element_unknown", "Gone")
    assert refused.value.text["zh-CN"] != refused.value.text["en"]
    (problem,) = compose.compose(base, (lost,)).problems
    assert (problem.pointer, problem.element) == ("/operations/0", "Gone")


@pytest.mark.parametrize("kind", KINDS)
def test_the_drawing_shows_old_and_new_together(kind: str, base: Program) -> None:
    """Every way of the ghosted program begins and ends somewhere, and what went is in it."""
    difference = diff.diff(base, (made(kind),))
    drawn = diff.ghosted(base, difference)
    there = {node.id for node in drawn.nodes}
    assert set(difference.marks.deleted) <= there | {flow.id for flow in drawn.flows}
    assert all({flow.source, flow.target} <= there for flow in drawn.flows)
    ids = [part.id for part in (*drawn.nodes, *drawn.flows)]
    assert len(ids) == len(set(ids))


def test_a_move_is_one_move_in_the_drawing(base: Program) -> None:
    marks = diff.diff(base, (made("move"),)).marks
    assert (marks.moved, marks.inserted, marks.deleted) == (("Check",), (), ())


def test_a_deleted_step_is_a_ghost_between_its_old_neighbours(base: Program) -> None:
    difference = diff.diff(base, (made("delete"),))
    drawn = diff.ghosted(base, difference)
    assert "Stock" in difference.marks.deleted
    assert {(flow.source, flow.target) for flow in drawn.flows if "Stock" in (flow.source, flow.target)} == {
        ("Fork", "Stock"),
        ("Stock", "Join"),
    }
