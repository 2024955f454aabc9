"""Where data live: who sees a variable, who sets it, what goes in and comes out of every kind of activity."""

from typing import Any

import pytest

from engine import facts
from engine.evaluation import HouseEvaluator
from engine.kernel import stimuli, view, waits
from engine.model import nodes, triggers
from engine.model import program as programs
from engine.model.program import Program
from tests.kernel.case import Shelf
from tests.kernel.conftest import Tell
from tests.kernel.models import condition, feel, literal, mapping, message, node, program, signal


def nested(*, mapped: bool) -> Program:
    inputs = (mapping("room", "n + 1"),) if mapped else ()
    return program(
        "start s", node("sub p", inputs=inputs, outputs=(mapping("kept", "room"),) if mapped else ()), "user after",
        node("start i", scope="p"), node("user u", scope="p"), node("user v", scope="p"),
        flow=["s > p > after", "i > u > v"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("mapped", "data", "outer", "later"),
    [
        (False, {"room": 7}, {"n": 1, "room": 7}, {"n": 1, "room": 7}),
        (False, {"n": 5}, {"n": 5}, {"n": 5}),
        (True, {"room": 7}, {"n": 1}, {"n": 1, "kept": 7}),
        (True, {"n": 5}, {"n": 5}, {"n": 5, "kept": 2}),
        (True, {"other": 3}, {"n": 1, "other": 3}, {"n": 1, "other": 3, "kept": 2}),
        (True, {}, {"n": 1}, {"n": 1, "kept": 2}),
    ],
)
def test_a_value_is_set_where_the_variable_is(
    tell: Tell, mapped: bool, data: dict[str, Any], outer: dict[str, Any], later: dict[str, Any]
) -> None:
    case = tell(nested(mapped=mapped)).start(n=1).complete("u", **data)
    assert case.variables() == outer
    assert case.complete("v").variables() == later


@pytest.mark.parametrize(
    ("inner", "outer"), [(True, {"x": 1}), (False, {"x": 9})], ids=["hidden by an input", "seen as it is"]
)
def test_an_inner_variable_hides_an_outer_one(tell: Tell, inner: bool, outer: dict[str, int]) -> None:
    more = {"inputs": (mapping("x", "100"),)} if inner else {}
    model = program("start s", node("user u", **more), "user v", flow=["s > u > v"])
    case = tell(model).start(x=1).complete("u", x=9)
    assert case.variables() == outer


def test_parallel_branches_share_their_scope_and_lose_nothing(tell: Tell) -> None:
    model = program(
        "start s", "and f", "user a", "user b", "user c", "and j", "user z",
        flow=["s > f", "f > a > j", "f > b > j", "f > c > j", "j > z"],
    )  # fmt: skip
    case = tell(model).start(seen=0)
    case.complete("b", b=2, seen=1).complete("a", a=1).complete("c", c=3, seen=2)
    assert case.variables() == {"seen": 2, "a": 1, "b": 2, "c": 3}


def test_runs_of_a_parallel_loop_keep_their_own_inputs(tell: Tell) -> None:
    loop = nodes.MultiInstance(
        collection=feel("items"), element="item", output=feel("answer"), output_collection="answers"
    )
    model = program(
        "start s", node("user u", loop=loop, inputs=(mapping("answer", "item * 10"),)), "user z", flow=["s > u > z"]
    )
    case = tell(model).start(items=[1, 2, 3])
    ids = [wait.id for wait in case.waits.values()]
    case.give_complete(ids[2], answer=99).give_complete(ids[0]).give_complete(ids[1])
    assert case.variables()["answers"] == [10, 20, 99]
    assert "answer" not in case.variables() and "item" not in case.variables()


@pytest.mark.parametrize(
    ("all_in", "all_out", "inputs", "outputs", "expected"),
    [
        (True, True, (), (), {"n": 1, "m": 2, "r": 7}),
        (True, False, (), (), {"n": 1, "m": 2}),
        (False, True, (), (), {"n": 1, "m": 2, "r": 7}),
        (False, False, (), (), {"n": 1, "m": 2}),
        (False, False, (mapping("k", "n"),), (mapping("back", "k + r"),), {"n": 1, "m": 2, "back": 8}),
        (True, False, (), (mapping("m", "m + r"),), {"n": 1, "m": 9}),
        (False, True, (mapping("m", "n"),), (), {"n": 1, "m": 1, "r": 7}),
    ],
)
def test_what_goes_into_a_call_and_comes_back(
    tell: Tell, all_in: bool, all_out: bool, inputs: Any, outputs: Any, expected: dict[str, Any]
) -> None:
    inner = program("start i", "user deep", key="inner", flow=["i > deep"])
    call = node(
        "call k", called=literal("inner"), pass_all_in=all_in, pass_all_out=all_out, inputs=inputs, outputs=outputs
    )
    case = tell(program("start s", call, "user z", flow=["s > k > z"]), library=Shelf(inner)).start(n=1, m=2)
    case.complete("deep", r=7)
    assert case.variables() == expected


@pytest.mark.parametrize(
    ("wanted", "given", "missing"),
    [(("a",), {"a": 1}, ""), (("a", "b"), {"a": 1}, "b"), (("a",), {}, "a"), ((), {"x": 1}, "")],
)
def test_declared_inputs_of_a_called_process(
    tell: Tell, wanted: tuple[str, ...], given: dict[str, int], missing: str
) -> None:
    inner = program("start i", "user deep", key="inner", flow=["i > deep"], inputs=wanted)
    model = program("start s", node("call k", called=literal("inner")), flow=["s > k"])
    case = tell(model, library=Shelf(inner)).start(**given)
    if missing:
        wait = case.wait("k", waits.Incident)
        assert wait.code == "call_data_missing" and missing in wait.message["en"]
        case.retry("k", **dict.fromkeys(wanted, 0))
    assert case.open() == ["deep"]


def test_parameters_are_seen_and_hidden_by_variables_of_their_name(tell: Tell) -> None:
    model = program(
        "start s", "xor x", "user small", "user big",
        flow=["s > x", "x > big: amount > limit", "x > small: amount <= limit"], parameters={"limit": 100},
    )  # fmt: skip
    assert tell(model).start(amount=50).open() == ["small"]
    assert tell(model).start(amount=150).open() == ["big"]
    assert tell(model).start(amount=150, limit=200).open() == ["small"]


def test_the_engines_own_facts_are_seen_in_expressions(tell: Tell) -> None:
    model = program("start s", node("user u", inputs=(mapping("key", "execution.processBusinessKey"),)), flow=["s > u"])
    case = tell(model, evaluator=HouseEvaluator())
    case.give(stimuli.Start(business_key="B-7", instance="case-1"))
    assert view.visible(case.state, case.wait("u").id) == {"key": "B-7"}


@pytest.mark.parametrize("payload", ["", "got"])
@pytest.mark.parametrize("kind", [triggers.Message, triggers.Signal])
def test_what_starts_an_instance_brings_its_data(tell: Tell, kind: Any, payload: str) -> None:
    name = literal("go") if kind is triggers.Signal else "go"
    model = program(node("start s", triggers=(kind(name=name, payload=payload),)), "user u", flow=["s > u"])
    case = tell(model).start("s", a=1)
    assert case.variables() == ({"got": {"a": 1}} if payload else {"a": 1})


@pytest.mark.parametrize(
    ("trigger", "data", "expected"),
    [
        (message("m"), {"a": 1, "b": 2}, {"a": 1, "b": 2}),
        (message("m", payload="got"), {"a": 1}, {"got": {"a": 1}}),
        (message("m", mappings=(("x", feel("a + 1")),)), {"a": 1, "b": 2}, {"x": 2}),
        (message("m"), {}, {}),
        (signal("m"), {"a": 1}, {"a": 1}),
        (triggers.Signal(name=literal("m"), payload="got"), {"a": 1}, {"got": {"a": 1}}),
    ],
)
def test_what_a_message_or_signal_brings(
    tell: Tell, trigger: Any, data: dict[str, Any], expected: dict[str, Any]
) -> None:
    model = program("start s", node("catch c", triggers=(trigger,)), "user z", flow=["s > c > z"])
    assert tell(model).start().deliver("c", **data).variables() == expected


@pytest.mark.parametrize(
    ("result", "answer", "expected"),
    [
        ("", {"a": 1, "b": {"c": 2}}, {"a": 1, "b": {"c": 2}}),
        ("r", {"a": 1}, {"r": {"a": 1}}),
        ("r", {"result": 5}, {"r": 5}),
        ("r", {}, {"r": {}}),
        ("", {}, {}),
    ],
)
def test_what_a_job_answers(tell: Tell, result: str, answer: dict[str, Any], expected: dict[str, Any]) -> None:
    model = program(
        "start s", node("service j", work=nodes.Work(handler="h", result=result)), "user z", flow=["s > j > z"]
    )
    assert tell(model).start().complete("j", **answer).variables() == expected


def test_data_objects_begin_with_their_value_in_their_scope(tell: Tell) -> None:
    items = (
        programs.DataItem(id="d1", name="total", initial=feel("10")),
        programs.DataItem(id="d2", name="inside", scope="p", initial=feel("total + 1")),
        programs.DataItem(id="d3", name="empty"),
    )
    model = program(
        "start s", "sub p", "user z", node("start i", scope="p"), node("user u", scope="p"),
        flow=["s > p > z", "i > u"], data=items,
    )  # fmt: skip
    case = tell(model).start()
    assert case.variables()["total"] == 10
    assert case.variables(case.wait("u").scope)["inside"] == 11
    assert "inside" not in case.complete("u").variables()


def test_history_tells_of_a_value_only_when_it_changed(tell: Tell) -> None:
    model = program("start s", "user a", "user b", "user c", flow=["s > a > b > c"])
    case = tell(model).start(n=1).complete("a", n=1).complete("b", n=2)
    told = [fact.values for fact in case.facts if isinstance(fact, facts.VariablesSet)]
    assert told == [{"n": 1}, {"n": 2}]


def test_a_change_by_hand_tells_its_reason_and_wakes_conditions(tell: Tell) -> None:
    model = program(
        "start s", "user u", node("boundary b", attached_to="u", triggers=(condition("level > 3"),)), "user alarm",
        flow=["s > u", "b > alarm"],
    )  # fmt: skip
    case = tell(model).start(level=1)
    case.give(stimuli.SetVariables(values={"level": 9}, reason="measured again"))
    assert case.open() == ["alarm"]
    reasons = [fact.reason for fact in case.facts if isinstance(fact, facts.VariablesSet)]
    assert reasons == ["", "measured again"]


@pytest.mark.parametrize("kind", ["xor", "or", "and"])
def test_a_join_changes_no_data(tell: Tell, kind: str) -> None:
    model = program(
        "start s", "and f", "task a", "task b", f"{kind} j", "user z", flow=["s > f", "f > a > j", "f > b > j", "j > z"]
    )
    case = tell(model).start(items=[1, 2], when={"a": None})
    assert case.variables() == {"items": [1, 2], "when": {"a": None}}


def test_names_of_elements_are_no_variables(tell: Tell) -> None:
    model = program("start s", "xor x", "user u", flow=["s > x", "x > u: u == None"])
    assert tell(model).start().incidents() == ["x"] or tell(model).start().open() == ["u"]
