"""What a scenario expects: each word by itself, what agrees with it, what does not, and how that is told."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from engine.evaluation import HouseEvaluator
from engine.model import triggers
from engine.model.nodes import Work
from engine.model.performer import Performer, Promise, Worth
from engine.model.problem import Problem
from engine.simulation import scenario
from engine.simulation.play import play
from tests.kernel.models import feel, literal, mapping, message, node, program, signal, timer

MODEL = program(
    "start s",
    node(
        "user a", form="ask", priority=literal("70"), performer=Performer(groups=(literal("sales"), literal("desk"))),
        promise=Promise(duration="PT4H", goal="PT2H", calendar="weekdays"),
        worth=Worth(touch_minutes=30, cost_rate_per_hour=60, fixed_cost=5),
    ),
    "xor x",
    node("service j", work=Work(handler="h", result="r"), worth=Worth(fixed_cost=0.5)),
    node("user b", performer=Performer(assignee=literal("li"), users=(literal("li"), literal("wang")))),
    node("boundary t", attached_to="b", triggers=(timer("P1D"),)),
    node("send k", message=message("offer")), node("throw g", triggers=(signal("news"),)),
    "end z", "end late",
    flow=["s > a > x", "x > j: n > 1", "x > b: n = 1", "j > k > g > z", "t > late"],
)  # fmt: skip
LEFT = [{"complete": "a", "data": {"n": 1, "who": {"name": "李"}}}]
"""Goes to b, and stays there."""
RIGHT = [{"complete": "a", "data": {"n": 2}, "after": "PT90M"}]
"""Goes by j to the end, one and a half hours after the start."""


@pytest.fixture(scope="module")
def evaluator() -> Iterator[HouseEvaluator]:
    made = HouseEvaluator()
    yield made
    made.close()


def problems(evaluator: HouseEvaluator, steps: list[dict[str, Any]], expect: dict[str, Any]) -> tuple[Problem, ...]:
    told = scenario.decode(msgspec.json.encode({"steps": steps, "expect": expect, "answers": {"j": {"ok": True}}}))
    return play(MODEL, evaluator=evaluator, answers=told).problems


AGREES: list[tuple[list[dict[str, Any]], dict[str, Any]]] = [
    (LEFT, {}),
    (LEFT, {"done": []}),
    (LEFT, {"done": ["a"]}),
    (LEFT, {"done": ["s", "a", "x"]}),
    (LEFT, {"done": ["s", "x"]}),  # others may lie between
    (RIGHT, {"done": ["s", "a", "x", "j", "k", "g", "z"]}),
    (LEFT, {"never": ["j", "k", "z", "late"]}),
    (LEFT, {"never": []}),
    (RIGHT, {"never": ["b", "t", "late"]}),
    (LEFT, {"open": ["b"]}),
    (LEFT, {"open": ["b", "b"]}),
    (RIGHT, {"open": []}),
    (LEFT, {"ended": False}),
    (RIGHT, {"ended": True}),
    (LEFT, {"end_events": []}),
    (RIGHT, {"end_events": ["z"]}),
    (LEFT, {"data": {}}),
    (LEFT, {"data": {"n": 1}}),
    (LEFT, {"data": {"n": 1.0}}),
    (LEFT, {"data": {"who": {"name": "李"}}}),
    (RIGHT, {"data": {"n": 2, "r": {"ok": True}}}),
    (LEFT, {"work": {"a": {}}}),
    (LEFT, {"work": {"a": {"assignee": None, "users": [], "groups": ["sales", "desk"], "form": "ask"}}}),
    (LEFT, {"work": {"a": {"priority": 70, "promise": "PT4H", "calendar": "weekdays"}}}),
    (LEFT, {"work": {"a": {"goal": "PT2H"}, "b": {"goal": ""}}}),
    (LEFT, {"work": {"b": {"assignee": "li", "users": ["li", "wang"], "promise": "", "calendar": "", "form": ""}}}),
    (LEFT, {"thrown": []}),
    (RIGHT, {"thrown": ["offer", "news"]}),
    (RIGHT, {"within": "PT90M"}),
    (RIGHT, {"within": "P1D"}),
    (RIGHT, {"at_least": "PT90M"}),
    (RIGHT, {"at_least": "PT0S"}),
    (LEFT, {"cost": 35}),
    (RIGHT, {"cost": 35.5}),
    (RIGHT, {"cost": 35.504}),  # half a cent is no difference
    ([], {"cost": 0}),
    (LEFT, {"incidents": 0}),
]


@pytest.mark.parametrize(("steps", "expect"), AGREES)
def test_what_came_out_as_expected_is_no_problem(evaluator: HouseEvaluator, steps, expect) -> None:
    assert problems(evaluator, steps, expect) == ()


DIFFERS: list[tuple[list[dict[str, Any]], dict[str, Any], str, str]] = [
    (LEFT, {"done": ["b"]}, "/expect/done/0", "expected b, found s > a > x"),
    (LEFT, {"done": ["a", "s"]}, "/expect/done/1", "expected s, found s > a > x"),
    (LEFT, {"done": ["a", "a"]}, "/expect/done/1", "expected a, found s > a > x"),
    (LEFT, {"done": ["nowhere", "nor here"]}, "/expect/done/0", "expected nowhere, found s > a > x"),
    ([], {"done": ["a"]}, "/expect/done/0", "expected a, found s"),
    (LEFT, {"never": ["j", "b"]}, "/expect/never/1", "expected not b, found b"),
    ([], {"never": ["a"]}, "/expect/never/0", "expected not a, found a"),  # entered is enough
    (RIGHT, {"never": ["z"]}, "/expect/never/0", "expected not z, found z"),
    (LEFT, {"open": []}, "/expect/open", "expected [], found ['b']"),
    (LEFT, {"open": ["b", "a"]}, "/expect/open", "expected ['a', 'b'], found ['b']"),
    (RIGHT, {"open": ["b"]}, "/expect/open", "expected ['b'], found []"),
    (LEFT, {"ended": True}, "/expect/ended", "expected True, found False, open: ['b']"),
    (RIGHT, {"ended": False}, "/expect/ended", "expected False, found True, open: []"),
    (LEFT, {"end_events": ["z"]}, "/expect/end_events", "expected ['z'], found []"),
    (RIGHT, {"end_events": ["late"]}, "/expect/end_events", "expected ['late'], found ['z']"),
    (RIGHT, {"end_events": ["z", "z"]}, "/expect/end_events", "expected ['z', 'z'], found ['z']"),
    (LEFT, {"data": {"n": 2}}, "/expect/data/n", "expected 2, found 1"),
    (LEFT, {"data": {"n": "1"}}, "/expect/data/n", "expected 1, found 1"),
    (LEFT, {"data": {"gone": None}}, "/expect/data/gone", "expected None, found None"),  # not set is not null
    (LEFT, {"data": {"who": {}}}, "/expect/data/who", "expected {}, found {'name': '李'}"),
    (LEFT, {"work": {"j": {}}}, "/expect/work/j", "expected a work item, found None"),
    (LEFT, {"work": {"a": {"assignee": "li"}}}, "/expect/work/a/assignee", "expected li, found None"),
    (LEFT, {"work": {"a": {"users": ["li"]}}}, "/expect/work/a/users", "expected ('li',), found ()"),
    (LEFT, {"work": {"a": {"form": "x"}}}, "/expect/work/a/form", "expected x, found ask"),
    (LEFT, {"work": {"a": {"priority": 1}}}, "/expect/work/a/priority", "expected 1, found 70"),
    (LEFT, {"work": {"a": {"promise": "PT5H"}}}, "/expect/work/a/promise", "expected PT5H, found PT4H"),
    (LEFT, {"work": {"a": {"calendar": ""}}}, "/expect/work/a/calendar", "expected , found weekdays"),
    (LEFT, {"work": {"a": {"goal": "PT1H"}}}, "/expect/work/a/goal", "expected PT1H, found PT2H"),
    (LEFT, {"work": {"b": {"promise": "P1D"}}}, "/expect/work/b/promise", "expected P1D, found "),
    (RIGHT, {"thrown": ["news", "offer"]}, "/expect/thrown", "expected ['news', 'offer'], found ['offer', 'news']"),
    (RIGHT, {"thrown": []}, "/expect/thrown", "expected [], found ['offer', 'news']"),
    (RIGHT, {"within": "PT89M59S"}, "/expect/within", "expected PT89M59S, found 1:30:00"),
    (RIGHT, {"at_least": "PT90M1S"}, "/expect/at_least", "expected PT90M1S, found 1:30:00"),
    (RIGHT, {"cost": 35}, "/expect/cost", "expected 35.0, found 35.5"),
    (LEFT, {"incidents": 2}, "/expect/incidents", "expected 2, found 0 ()"),
]


@pytest.mark.parametrize(("steps", "expect", "pointer", "words"), DIFFERS)
def test_what_came_out_otherwise_is_told_once_with_both_sides(evaluator, steps, expect, pointer, words) -> None:
    (problem,) = problems(evaluator, steps, expect)
    assert (problem.code, problem.pointer, problem.text["en"]) == ("not_as_expected", pointer, f"{pointer}: {words}")
    wanted, found = words.removeprefix("expected ").split(", found ", 1)
    assert problem.text["zh-CN"] == f"{pointer}：期望 {wanted}，实际是 {found}"


def test_all_that_differs_is_told_at_once(evaluator: HouseEvaluator) -> None:
    expect = {"done": ["b"], "never": ["b"], "open": [], "ended": True, "data": {"n": 2, "m": 1}, "cost": 1}
    assert [problem.pointer for problem in problems(evaluator, LEFT, expect)] == [
        "/expect/done/0",
        "/expect/never/0",
        "/expect/open",
        "/expect/ended",
        "/expect/data/n",
        "/expect/data/m",
        "/expect/cost",
    ]


def test_a_step_that_cannot_be_done_is_told_beside_what_differs(evaluator: HouseEvaluator) -> None:
    found = problems(evaluator, [{"complete": "b"}], {"open": ["b"]})
    assert [problem.code for problem in found] == ["not_open", "not_as_expected"]


def test_an_incident_that_nobody_expected_is_told_in_its_own_words(evaluator: HouseEvaluator) -> None:
    (problem,) = problems(evaluator, [{"complete": "a", "data": {"n": 0}}], {})
    assert problem.pointer == "/expect/incidents"
    assert problem.text["en"].startswith("/expect/incidents: expected 0, found 1 (x: ")


def test_an_incident_that_is_expected_is_no_problem(evaluator: HouseEvaluator) -> None:
    assert problems(evaluator, [{"complete": "a", "data": {"n": 0}}], {"incidents": 1, "open": ["x"]}) == ()


def test_what_listens_beside_a_task_does_not_count_as_open(evaluator: HouseEvaluator) -> None:
    """The timer at the boundary of b waits too, yet nobody would say that the case stands there."""
    told = scenario.decode(msgspec.json.encode({"steps": LEFT}))
    found = play(MODEL, evaluator=evaluator, answers=told)
    assert sorted(wait.node for wait in found.open) == ["b", "t"]
    assert problems(evaluator, LEFT, {"open": ["b", "t"]})[0].text["en"].endswith("expected ['b', 't'], found ['b']")


def test_a_work_item_is_looked_at_as_it_was_opened_last(evaluator: HouseEvaluator) -> None:
    model = program(
        "start s", "xor m", node("user u", priority=feel("urgency"), outputs=(mapping("urgency", "urgency + 10"),)),
        "xor x", "end z", flow=["s > m > u > x", "x > m: urgency < 30", "x > z: urgency >= 30"],
    )  # fmt: skip
    whole = {
        "start": {"data": {"urgency": 10}},
        "steps": [{"complete": "u"}, {"complete": "u"}],
        "expect": {"work": {"u": {"priority": 20}}, "ended": True},
    }
    told = scenario.decode(msgspec.json.encode(whole))
    assert play(model, evaluator=evaluator, answers=told).problems == ()


def test_cost_counts_each_time_a_step_is_done(evaluator: HouseEvaluator) -> None:
    model = program(
        "start s", node("user u", worth=Worth(touch_minutes=6, cost_rate_per_hour=100)), "xor x", "end z",
        flow=["s > u > x", "x > u: again = true", "x > z: again = false"],
    )  # fmt: skip
    steps = [{"complete": "u", "data": {"again": again}} for again in (True, True, False)]
    told = scenario.decode(msgspec.json.encode({"steps": steps, "expect": {"cost": 30, "ended": True}}))
    assert play(model, evaluator=evaluator, answers=told).problems == ()


def test_a_task_that_was_interrupted_costs_nothing(evaluator: HouseEvaluator) -> None:
    model = program(
        "start s", node("user u", worth=Worth(fixed_cost=7)),
        node("boundary t", attached_to="u", triggers=(timer("PT1H"),)),
        node("boundary e", attached_to="u", triggers=(triggers.Error(code="E"),)), "end z", "end late", "end bad",
        flow=["s > u > z", "t > late", "e > bad"],
    )  # fmt: skip
    for step in ({"wait": "PT1H"}, {"fail": "u", "code": "E"}):
        told = scenario.decode(msgspec.json.encode({"steps": [step], "expect": {"cost": 0, "ended": True}}))
        assert play(model, evaluator=evaluator, answers=told).problems == ()
