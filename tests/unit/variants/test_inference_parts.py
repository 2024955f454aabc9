"""The parts of inference by tables: words from nodes, what a drawing leaves unsaid, gateways by operations' names."""

import json
from typing import Any

import msgspec
import pytest

from engine.definitions import schemas, steps
from engine.model import nodes
from engine.model.expression import Expression
from engine.model.performer import Performer, Promise
from engine.model.program import Flow, Program
from engine.variants.inference import likeness, match, said, target, unsaid
from tests.unit.variants.models import flow, quote, task, text

PARTS: list[tuple[str, dict[str, Any]]] = [
    ("userTask", {"performer": {"groups": ["a", "=customer.group"], "skill": "law", "sign_mode": "all"}}),
    ("userTask", {"performer": {"assignee": "=customer.owner"}, "form": "quote", "priority": 80}),
    ("userTask", {"performer": {"users": ["li"], "rule": "least_busy", "exclude_performers_of": ["a"]}}),
    ("userTask", {"due": "=now() + duration(\"P1D\")", "follow_up": "2026-05-01", "priority": "=level * 10"}),
    ("userTask", {"promise": {"duration": "PT4H", "calendar": "cn-5x8",
                              "ladder": [{"at_percent": 75, "action": "warn", "to": "boss"}]}}),
    ("userTask", {"worth": {"value": text("help"), "tag": "VA", "touch_minutes": 20, "fixed_cost": 1}}),
    ("manualTask", {"performer": {"groups": ["a"]}}),
    ("serviceTask", {"work": {"handler": "http", "parameters": {"url": "=base + \"/x\"", "tries": 3, "on": True},
                              "result": "answer", "retries": 5, "headers": {"x": "y"}}}),
    ("serviceTask", {"work": {"handler": "topic", "style": "external"}}),
    ("sendTask", {"work": {"handler": "notify", "parameters": {"channel": "email", "list": [1, "a"]}}}),
    ("receiveTask", {"message": {"name": "reply", "key": "=order_id", "payload": "said"}}),
    ("scriptTask", {"script": {"text": "{a: 1}", "language": "feel", "result": "found"}}),
    ("businessRuleTask", {"decision": {"key": "level", "result": "level", "result_shape": "singleEntry"}}),
    ("callActivity", {"call": {"process": "X-01", "in": {"a": "=b"}, "out": {"c": "=d"}}}),
    ("callActivity", {"call": {"process": "=which"}}),
    ("intermediateCatchEvent", {"timer": {"kind": "duration", "text": "PT1H", "calendar": "cn-5x8"}}),
    ("intermediateCatchEvent", {"message": {"name": "paid"}}),
    ("userTask", {"loop": {"collection": "lines", "element": "line", "output": "ok", "output_collection": "all",
                           "completion": "n > 3", "sequential": True}}),
    ("userTask", {"loop": {"cardinality": 3}}),
    ("userTask", {"loop": {"while": "again", "test_before": True, "maximum": 9}}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "part"), PARTS, ids=lambda one: one if isinstance(one, str) else next(iter(one)))
def test_what_words_made_of_a_node_is_told_in_the_same_words(kind: str, part: dict[str, Any]) -> None:
    given = {"type": kind, "names": text("Step"), **part}
    node = steps.new("x", given, scope="", origin="")
    told = said.new_node(node)
    assert told is not None
    again = steps.new("x", told, scope="", origin="")
    assert likeness.different(node, again) == []
    assert {key: told[key] for key in part} == part, "in the author's own words"
    operation = {"id": "x", "kind": "insert", "at": {"after": "a"}, "node": told, "reason": text("r")}
    whole = {"process": "p", "names": text("n"), "reason": text("r"), "operations": [operation]}
    assert schemas.check(json.loads(json.dumps(whole)), schema="variant.json") == []


@pytest.mark.parametrize(
    "node",
    [
        nodes.SubProcess(id="x"),
        nodes.BoundaryEvent(id="x", attached_to="a"),
        nodes.ExclusiveGateway(id="x"),
        nodes.EndEvent(id="x"),
        nodes.ThrowEvent(id="x"),
        nodes.Task(id="x"),
    ],
)
def test_kinds_that_no_operation_puts_in_have_no_words(node: nodes.AnyNode) -> None:
    assert said.new_node(node) is None


@pytest.mark.parametrize(
    ("name", "texts", "found"),
    [
        ("", {}, ("id", "id")),
        ("Call", {}, ("Call", "Call")),
        ("致电", {"en": "Call"}, ("致电", "Call")),
        ("", {"zh-CN": "致电"}, ("致电", "致电")),
        ("Call", {"zh-CN": "致电", "en": "Ring"}, ("致电", "Ring")),
    ],
)
def test_a_step_is_called_in_both_languages(name: str, texts: dict[str, str], found: tuple[str, str]) -> None:
    assert tuple(said.texts(name, texts, "id").values()) == found


WHO = Performer(groups=(Expression(text="desk", language="literal"),), skill="law", exclude_performers_of=("a",))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, {}),
        ({"skill": "tax"}, {"skill": "tax"}),
        ({"groups": ()}, {"groups": []}),
        ({"exclude_performers_of": ()}, {"exclude_performers_of": []}),
        ({"sign_mode": "all"}, {"sign_mode": "all"}),
        ({"assignee": Expression(text="customer.owner")}, {"groups": ["desk"], "assignee": "=customer.owner"}),
    ],
)
def test_only_what_differs_of_a_performer_is_told(change: dict[str, Any], words: dict[str, Any]) -> None:
    after = msgspec.structs.replace(WHO, **change)
    assert said.performer_over(after, WHO) == words
    if words:
        assert steps.performer(words, WHO) == after


# --- what stays unsaid ---------------------------------------------------------------------------------------------


def changed(program: Program, node_id: str, **fields: Any) -> Program:
    made = [msgspec.structs.replace(one, **fields) if one.id == node_id else one for one in program.nodes]
    return msgspec.structs.replace(program, nodes=tuple(made))


def node(program: Program, node_id: str) -> Any:
    return next(one for one in program.nodes if one.id == node_id)


def test_silence_means_the_same_while_nobody_speaks_and_none_once_somebody_does() -> None:
    mute = changed(changed(quote(), "Configure", promise=None), "Approve", promise=None)
    assert node(unsaid.filled(quote(), mute), "Approve").promise == node(quote(), "Approve").promise
    spoken = changed(quote(), "Approve", promise=None)
    assert node(unsaid.filled(quote(), spoken), "Approve").promise is None


def test_what_is_drawn_as_in_the_bases_own_drawing_was_not_changed() -> None:
    own = changed(quote(), "Price", performer=Performer())
    drawn = changed(own, "Configure", promise=Promise(duration="PT1H", calendar="cn-5x8"))
    found = unsaid.filled(quote(), drawn, own)
    assert node(found, "Price").performer == node(quote(), "Price").performer
    assert node(found, "Configure").promise.duration == "PT1H"


def test_a_drawing_without_conditions_keeps_those_of_the_base() -> None:
    bare = tuple(msgspec.structs.replace(one, condition=None) for one in quote().flows)
    found = unsaid.filled(quote(), msgspec.structs.replace(quote(), flows=bare))
    assert [one.condition for one in found.flows] == [one.condition for one in quote().flows]


# --- names and gateways --------------------------------------------------------------------------------------------


def program(*more: nodes.AnyNode, ways: tuple[Flow, ...]) -> Program:
    ends = (nodes.StartEvent(id="S"), nodes.EndEvent(id="E"))
    return Program(key="p", nodes=(*ends, *more), flows=ways)


BASE = program(task("A"), task("B"), ways=(flow("f1", "S", "A"), flow("f2", "A", "B"), flow("f3", "B", "E")))
X, Y = nodes.ExclusiveGateway(id="X", default="d"), nodes.ExclusiveGateway(id="Y")
F, J = nodes.ParallelGateway(id="F"), nodes.ParallelGateway(id="J")


def known(drawn: Program) -> set[str]:
    return {one.id for one in target.of(BASE, drawn, prefix="v").program.nodes} - {"S", "E", "A", "B"}


@pytest.mark.parametrize(
    ("more", "ways", "left"),
    [
        # a gateway through which one way goes
        ((Y,), (flow("f1", "S", "A"), flow("f2", "A", "Y"), flow("y", "Y", "B"), flow("f3", "B", "E")), set()),
        # all ways of a choice lead to the same
        ((X, Y), (flow("f1", "S", "X"), flow("x", "X", "Y", "a > 1"), flow("d", "X", "Y"), flow("y", "Y", "A"),
                  flow("f2", "A", "B"), flow("f3", "B", "E")), set()),
        # a parallel block with one branch and a way beside it
        ((F, J), (flow("f1", "S", "F"), flow("a", "F", "A"), flow("b", "F", "J"), flow("c", "A", "J"),
                  flow("f2", "J", "B"), flow("f3", "B", "E")), set()),
        # a parallel block of two steps
        ((F, J), (flow("f1", "S", "F"), flow("a", "F", "A"), flow("b", "F", "B"), flow("c", "A", "J"),
                  flow("d", "B", "J"), flow("f3", "J", "E")), {"F_split", "F_join"}),
        # a step that is passed by
        ((X, Y), (flow("f1", "S", "X"), flow("x", "X", "A", "a > 1"), flow("d", "X", "Y"), flow("c", "A", "Y"),
                  flow("y", "Y", "B"), flow("f3", "B", "E")), {"X_split", "X_join"}),
    ],
)  # fmt: skip
def test_gateways_that_decide_nothing_go_and_the_others_get_the_names_of_operations(
    more: tuple[nodes.AnyNode, ...], ways: tuple[Flow, ...], left: set[str]
) -> None:
    assert known(program(task("A"), task("B"), *more, ways=ways)) == left


@pytest.mark.parametrize(
    ("ids", "names"),
    [
        ({"A": "Task_1", "B": "Task_2", "S": "Start_1", "E": "End_1"}, {"A", "B", "S", "E"}),
        ({"A": "B", "B": "A"}, {"A", "B", "S", "E"}),
    ],
)
def test_steps_are_recognised_by_their_names_when_their_ids_are_new(ids: dict[str, str], names: set[str]) -> None:
    fresh = match.renamed(BASE, ids) if "Task_1" in ids.values() else BASE
    found, _ = match.named_alike(BASE, fresh, prefix="v")
    assert {one.id for one in found.nodes} == names


def test_two_steps_of_one_name_are_not_guessed_between() -> None:
    twins = program(task("A"), msgspec.structs.replace(task("B"), name="A"), ways=BASE.flows)
    fresh = match.renamed(twins, {"A": "T1", "B": "T2"})
    found, renamed = match.named_alike(twins, fresh, prefix="v")
    assert {"T1", "T2"} <= {one.id for one in found.nodes} and renamed == {}
