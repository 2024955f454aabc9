"""A folder's process.json against its drawing, by tables: what is changed in a sound folder, and what is told."""

from typing import Any

import msgspec
import pytest

from engine.definitions import contents, folder, process
from engine.model import nodes
from engine.model.expression import Expression
from engine.model.program import Flow, Program

NAMES = {"zh-CN": "名", "en": "name"}
DRAWN = Program(
    key="P-1",
    nodes=(
        nodes.StartEvent(id="s"),
        nodes.UserTask(id="ask"),
        nodes.BusinessRuleTask(id="rate"),
        nodes.EndEvent(id="e"),
    ),
    flows=(
        Flow(id="f1", source="s", target="ask", texts={"en": "drawn"}),
        Flow(id="f2", source="ask", target="rate", condition=Expression(text="drawn")),
        Flow(id="f3", source="rate", target="e"),
    ),
    forms={"inner": {"type": "object"}, "ask": {"type": "object", "title": "drawn"}},
    decisions={"inner": "<a/>"},
    outputs=("drawn",),
)
FORMS: dict[str, dict[str, Any]] = {"begin": {"type": "object"}, "ask": {"type": "object", "title": "of the folder"}}


def document(**parts: Any) -> dict[str, Any]:
    """A sound process.json with ``parts`` in place of its own."""
    steps = {
        "ask": {"names": NAMES, "performer": {"groups": ["g"]}, "form": "ask"},
        "rate": {"names": NAMES, "decision": {"key": "rating"}},
    }
    start = {"form": "begin", "node": "s"}
    return {"key": "P-1", "names": NAMES, "start": start, "steps": steps, **parts}


def step(key: str, **parts: Any) -> dict[str, Any]:
    """The sound document with other parts of one step; None takes a part away."""
    made = document()
    said = {**made["steps"].get(key, {}), **parts}
    made["steps"][key] = {name: value for name, value in said.items() if value is not None}
    return made


def merged(said: dict[str, Any], drawn: Program = DRAWN) -> tuple[Program, list[tuple[str, str, str]]]:
    program, problems = folder.merge(drawn, said, forms=FORMS, decisions={"rating": "<b/>"})
    return program, [(problem.code, problem.pointer, problem.element) for problem in problems]


TOLD = [
    (document(), []),
    (step("ghost"), [("element_unknown", "/steps/ghost", "ghost")]),
    (document(flows={"f9": {}}), [("element_unknown", "/flows/f9", "f9")]),
    (document(lanes={"l9": {"zh-CN": "系统", "en": "System"}}), [("element_unknown", "/lanes/l9", "l9")]),
    (document(flows={"ask": {}}), [("element_unknown", "/flows/ask", "ask")]),
    (document(policy={"*": {}, "ask": {}, "f1": {}}), []),
    (document(policy={"gone": {}}), [("element_unknown", "/policy/gone", "gone")]),
    (document(policy={"limit": {}}, parameters={"limit": {"value": 1}}), []),
    (document(start={"form": "begin", "node": "x"}), [("element_unknown", "/start/node", "x")]),
    (document(invariants=[{"step": "ask"}, {"step": "x"}]), [("element_unknown", "/invariants/1/step", "x")]),
    (
        document(invariants=[{"first": "x", "second": "y"}]),
        [("element_unknown", "/invariants/0/first", "x"), ("element_unknown", "/invariants/0/second", "y")],
    ),
    (document(kpis=[{"from": "s", "to": "e"}, {"from": "x"}]), [("element_unknown", "/kpis/1/from", "x")]),
    (document(kpis=[{"expression": "1"}]), []),
    (step("ask", work={"handler": "log"}), [("part_does_not_fit", "/steps/ask/work", "ask")]),
    (
        step("ask", work={"handler": "log"}, script={"text": "x"}),
        [("part_does_not_fit", "/steps/ask/work", "ask"), ("part_does_not_fit", "/steps/ask/script", "ask")],
    ),
    (step("rate", names=None), [("step_without_names", "/steps/rate", "rate")]),
    (step("ask", performer=None), [("task_without_performer", "/steps/ask", "ask")]),
    (step("ask", performer={"skill": "de"}), [("task_without_performer", "/steps/ask", "ask")]),
    (step("ask", performer={"rule": "owner"}), []),
    (step("ask", performer={"assignee": "=x"}), []),
    (step("ask", performer={"users": ["anna"]}), []),
    (step("ask", form=None), []),
    (step("ask", form="inner"), []),
    (step("ask", form="gone"), [("form_missing", "/steps/ask", "ask")]),
    (document(start={"form": "gone", "node": "s"}), [("form_missing", "/steps/s", "s")]),
    (step("s", form="ask"), []),
    (step("rate", decision={"key": "inner"}), []),
    (step("rate", decision={"key": "gone"}), [("decision_missing", "/steps/rate", "rate")]),
    (step("rate", decision=None), []),
]


@pytest.mark.parametrize(("said", "told"), TOLD)
def test_what_does_not_go_together_is_told_at_its_place(said, told):
    _, found = merged(said)
    assert found == told


@pytest.mark.parametrize(("said", "told"), [row for row in TOLD if row[1]])
def test_a_problem_speaks_both_languages_and_names_its_file(said, told):
    _, problems = folder.merge(DRAWN, said, forms=FORMS, decisions={"rating": "<b/>"})
    for problem in problems:
        assert problem.file == "process.json" and problem.text["zh-CN"] != problem.text["en"]


def test_the_folder_goes_before_the_drawing():
    flows = {"f1": {"names": {"en": "said"}}, "f2": {"condition": "=x > 1"}}
    program, told = merged(document(flows=flows, parameters={"limit": {"value": 0}}, outputs=["said"]))
    assert told == []
    assert (program.texts, program.parameters, program.outputs) == (NAMES, {"limit": 0}, ("said",))
    assert [flow.texts for flow in program.flows] == [{"en": "said"}, {}, {}]
    assert program.flows[1].condition == Expression(text="x > 1")
    assert program.forms["ask"]["title"] == "of the folder" and set(program.forms) == {"inner", "ask", "begin"}
    assert program.decisions == {"inner": "<a/>", "rating": "<b/>"}


def test_what_the_folder_does_not_say_is_the_drawings():
    program, _ = merged(document())
    assert program.outputs == ("drawn",) and program.parameters == {}
    assert (program.flows[0].texts, program.flows[1].condition) == ({"en": "drawn"}, Expression(text="drawn"))


def widget(**fields: Any) -> dict[str, Any]:
    return {"type": "string", "x-ui": {"widget": "actions"}, **fields}


BUTTONS = [
    ({}, ()),
    ({"a": {"type": "string", "enum": ["x"]}}, ()),
    ({"a": widget(enum=["yes", "no"])}, ("yes", "no")),
    ({"a": {"type": "string"}, "b": widget(enum=["go"])}, ("go",)),
    ({"a": widget(enum=["first"]), "b": widget(enum=["second"])}, ("first",)),
    ({"a": widget()}, ()),
]


@pytest.mark.parametrize(("properties", "buttons"), BUTTONS)
def test_buttons_are_the_values_of_the_first_field_with_that_widget(properties, buttons):
    forms = {"f": {"properties": properties}}
    assert folder.with_buttons(nodes.UserTask(id="t", form="f"), forms).actions == buttons
    assert folder.with_buttons(nodes.StartEvent(id="t", form="f"), forms) == nodes.StartEvent(id="t", form="f")


def test_buttons_of_a_drawing_stay_when_its_form_has_none():
    drawn = nodes.UserTask(id="t", form="f", actions=("go",))
    assert folder.with_buttons(drawn, {"f": {"properties": {}}}) == drawn
    assert folder.with_buttons(drawn, {}) == drawn


ALL, ONE = process.Policy(delete=False), process.Policy(sla_max="P1D")
POLICIES = [
    ({}, "a", process.Policy()),
    ({"*": ALL}, "a", ALL),
    ({"a": ONE}, "a", ONE),
    ({"*": ALL, "a": ONE}, "a", ONE),
    ({"*": ALL, "a": ONE}, "b", ALL),
    ({"a": ONE}, "b", process.Policy()),
]


@pytest.mark.parametrize(("policy", "element", "found"), POLICIES)
def test_an_elements_own_policy_goes_before_the_one_for_all(policy, element, found):
    said = {
        "key": "P-1",
        "pillar": "X",
        "names": NAMES,
        "purpose": NAMES,
        "customer_output": NAMES,
        "owner": "o",
        "start": {"form": "f", "node": "s"},
        "steps": {"a": {}},
        "policy": msgspec.to_builtins(policy),
    }
    assert process.of(said).policy_of(element) == found


INVARIANTS = [
    ({"kind": "exists", "step": "a"}, ("a",)),
    ({"kind": "precedes", "first": "a", "second": "b"}, ("a", "b")),
    ({"kind": "four_eyes", "first": "b", "second": "a"}, ("b", "a")),
]


@pytest.mark.parametrize(("fields", "steps"), INVARIANTS)
def test_an_invariant_names_the_steps_that_it_speaks_of(fields, steps):
    assert process.Invariant(id="i", names=NAMES, **fields).steps == steps


FILES = [
    ("a.bpmn", "bpmn"),
    ("A.BPMN", "bpmn"),
    ("a.bpmn2", "bpmn"),
    ("a.bpmn20.xml", "bpmn"),
    ("a.xml", "other"),
    ("a.dmn", "dmn"),
    ("a.dmn11.xml", "dmn"),
    ("a.json", "form"),
    ("a.form", "form"),
    ("a.bpmn.png", "other"),
    ("bpmn", "other"),
    ("", "other"),
]


@pytest.mark.parametrize(("name", "kind"), FILES)
def test_a_files_kind_is_told_by_how_its_name_ends(name, kind):
    assert contents.kind_of(name) == kind
