"""Playing one instance on a virtual clock, by itself and by a scenario."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from engine import errors, facts
from engine.evaluation import HouseEvaluator
from engine.model import triggers
from engine.model.nodes import Work
from engine.model.performer import Performer, Promise, Worth
from engine.simulation import scenario
from engine.simulation.explore import explore
from engine.simulation.play import MONDAY, Playback, play
from tests.kernel.models import feel, literal, mapping, message, node, program, timer


@pytest.fixture(scope="module")
def evaluator() -> Iterator[HouseEvaluator]:
    made = HouseEvaluator()
    yield made
    made.close()


def test_the_clock_moves_only_for_timers(evaluator: HouseEvaluator) -> None:
    model = program(
        "start s", "user a", node("catch t", triggers=(timer("P3D"),)), node("service j", work=Work(handler="h")),
        node("catch m", triggers=(message("paid"),)), "end z", flow=["s > a > t > j > m > z"],
    )  # fmt: skip
    played = play(model, evaluator=evaluator)
    assert played.ended and played.problems == ()
    assert (played.ended_at - MONDAY).days == 3
    assert [moment.at for moment in played.history] == sorted(moment.at for moment in played.history)


def test_it_says_why_it_stopped(evaluator: HouseEvaluator) -> None:
    model = program("start s", "xor x", "end z", flow=["s > x", "x > z: n = 1", "x > z: n = 2"])
    played = play(model, evaluator=evaluator)
    assert not played.ended and [problem.code for problem in played.problems] == ["no_flow"]
    assert [wait.node for wait in played.open] == ["x"]
    endless = program("start s", "xor m", "user a", flow=["s > m > a > m"])
    assert [problem.code for problem in play(endless, evaluator=evaluator, limit=20).problems] == ["limit"]
    assert play(program("boundary b"), evaluator=evaluator).problems[0].code == "dangling_reference"


def test_a_walk_tries_what_the_model_seems_to_expect(evaluator: HouseEvaluator) -> None:
    model = program(
        "start s", "user a", "xor x", "user b", "end z", flow=["s > a > x", "x > b: order.total > 1000", "b > z"]
    )
    assert not play(model, evaluator=evaluator).ended
    played = explore(model, evaluator=evaluator)
    assert played.ended and any(isinstance(fact, facts.WorkItemOpened) and fact.node == "b" for fact in played.facts)
    assert explore(model, evaluator=evaluator).history == played.history, "and the same the next time"


def test_somebody_chooses_where_a_drawing_does_not(evaluator: HouseEvaluator) -> None:
    model = program("start s", "xor m", "task a", "xor x", "end z", flow=["s > m > a > x", "x > m", "x > z"])
    assert explore(model, evaluator=evaluator).ended


def test_what_nobody_gave_is_passed_over_with_a_warning(evaluator: HouseEvaluator) -> None:
    model = program(
        "start s", node("call k", called=literal("other")), node("rule r", decision="risk"), "end z",
        flow=["s > k > r > z"],
    )  # fmt: skip
    played = explore(model, evaluator=evaluator)
    assert played.ended
    assert {(problem.code, problem.severity) for problem in played.problems} == {
        ("process_missing", "warning"),
        ("decision_missing", "warning"),
    }


MODEL = program(
    "start s",
    node("user a", performer=Performer(groups=(literal("sales"),)), promise=Promise(duration="PT4H"),
         worth=Worth(touch_minutes=30, cost_rate_per_hour=60, fixed_cost=5)),
    node("service j", work=Work(handler="check", result="checked")),
    node("boundary e", attached_to="j", triggers=(triggers.Error(code="DOWN"),)),
    "xor x", "user b", node("catch m", triggers=(message("reply", payload="body"),)),
    node("send k", message=message("offer")), node("boundary t", attached_to="b", triggers=(timer("P1D"),)),
    "end z", "end late", "end down",
    flow=["s > a > j > x", "x > b: checked.ok = true", "x > z: checked.ok = false", "b > k > m > z", "t > late",
          "e > down"],
)  # fmt: skip


def _play(evaluator: HouseEvaluator, steps: list[dict[str, Any]], expect: dict[str, Any], **more: Any) -> Playback:
    whole = {"process": "p", "names": {}, "start": {}, "steps": steps, "expect": expect, **more}
    return play(MODEL, evaluator=evaluator, answers=scenario.decode(msgspec.json.encode(whole)))


GOOD = {"answers": {"j": {"ok": True}}}


def test_a_scenario_that_comes_out(evaluator: HouseEvaluator) -> None:
    played = _play(
        evaluator,
        [
            {"complete": "a", "data": {"n": 1}, "agent": "li", "after": "PT2H"},
            {"complete": "b", "after": "PT3H"},
            {"message": "reply", "data": {"yes": True}, "after": "P2D"},
        ],
        {
            "done": ["s", "a", "j", "b", "m", "z"], "never": ["late"], "ended": True, "end_events": ["z"], "open": [],
            "data": {"n": 1, "body": {"yes": True}}, "thrown": ["offer"], "within": "P2DT5H", "at_least": "P2DT5H",
            "work": {"a": {"groups": ["sales"], "promise": "PT4H", "assignee": None}}, "cost": 35,
        },
        **GOOD,
    )  # fmt: skip
    assert played.problems == () and played.ended
    assert any(isinstance(fact, facts.WorkItemCompleted) for fact in played.facts)


@pytest.mark.parametrize(
    ("expect", "pointer"),
    [
        ({"done": ["b", "a"]}, "/expect/done/0"),
        ({"never": ["a"]}, "/expect/never/0"),
        ({"open": []}, "/expect/open"),
        ({"ended": True}, "/expect/ended"),
        ({"end_events": ["z"]}, "/expect/end_events"),
        ({"data": {"n": 2}}, "/expect/data/n"),
        ({"work": {"a": {"groups": ["x"]}}}, "/expect/work/a/groups"),
        ({"work": {"q": {}}}, "/expect/work/q"),
        ({"thrown": ["x"]}, "/expect/thrown"),
        ({"at_least": "P1D"}, "/expect/at_least"),
        ({"cost": 99}, "/expect/cost"),
        ({"incidents": 1}, "/expect/incidents"),
    ],
)
def test_whatever_is_not_as_expected_is_named(evaluator: HouseEvaluator, expect: dict[str, Any], pointer: str) -> None:
    played = _play(evaluator, [{"complete": "a"}], expect, **GOOD)
    assert [problem.pointer for problem in played.problems] == [pointer]


def test_timers_fire_when_the_clock_passes_them(evaluator: HouseEvaluator) -> None:
    steps = [{"complete": "a"}, {"wait": "P1D"}]
    played = _play(evaluator, steps, {"end_events": ["late"], "ended": True}, **GOOD)
    assert played.problems == ()
    steps = [{"complete": "a"}, {"until": "2026-03-03T08:59:59Z"}]
    assert _play(evaluator, steps, {"open": ["b"]}, **GOOD).problems == ()


def test_a_service_that_fails(evaluator: HouseEvaluator) -> None:
    steps = [{"complete": "a"}, {"fail": "j", "code": "DOWN", "message": "no line"}]
    assert _play(evaluator, steps, {"end_events": ["down"]}).problems == ()


def test_a_step_that_cannot_be_done_is_named(evaluator: HouseEvaluator) -> None:
    played = _play(evaluator, [{"complete": "a"}, {"complete": "a"}], {"open": ["b"]}, **GOOD)
    assert [problem.pointer for problem in played.problems] == ["/steps/1"]
    assert "open are: b, t" in played.problems[0].text["en"]


def test_answers_are_used_up_one_by_one(evaluator: HouseEvaluator) -> None:
    model = program(
        "start s", "xor m", node("service j", work=Work(handler="h", result="r")), "xor x", "end z",
        flow=["s > m > j > x", "x > m: r.again = true", "x > z: r.again = false"],
    )  # fmt: skip
    told = {"process": "p", "names": {}, "start": {}, "steps": [], "expect": {"ended": True},
            "answers": {"j": [{"again": True}, {"again": True}, {"again": False}]}}  # fmt: skip
    played = play(model, evaluator=evaluator, answers=scenario.decode(msgspec.json.encode(told)))
    assert played.problems == () and sum(isinstance(fact, facts.JobCompleted) for fact in played.facts) == 3


def test_a_called_process_may_be_answered(evaluator: HouseEvaluator) -> None:
    call = node("call k", called=literal("other"), pass_all_out=False, outputs=(mapping("got", "n + 1"),))
    model = program("start s", call, flow=["s > k"])
    told = {"process": "p", "names": {}, "start": {}, "steps": [], "expect": {"data": {"got": 42}, "ended": True},
            "calls": {"k": {"n": 41}}}  # fmt: skip
    played = play(model, evaluator=evaluator, answers=scenario.decode(msgspec.json.encode(told)))
    assert played.problems == ()


@pytest.mark.parametrize(
    "data", [b"", b"[]", b'{"steps": 1}', b'{"unknown": 1}', b'{"steps": [{"do": 1}]}', b"[" * 5000]
)
def test_a_scenario_that_cannot_be_read_is_refused(data: bytes) -> None:
    with pytest.raises(errors.Invalid):
        scenario.decode(data)


def test_feel_is_what_conditions_are_written_in(evaluator: HouseEvaluator) -> None:
    assert evaluator.condition(feel("n > 1"), {"n": 2}, MONDAY) is True
    assert evaluator.condition(feel("n > 1"), {"n": None}, MONDAY) is False
    assert evaluator.condition(feel('"yes"'), {}, MONDAY) is False
    with pytest.raises(errors.Invalid):
        evaluator.value(feel("n >"), {}, MONDAY)


def test_a_flow_into_an_event_sub_process_stops_there_and_says_so(evaluator: HouseEvaluator) -> None:
    """Only an event starts one; such a drawing is refused at a release, and does not crash a play."""
    model = program(
        "start s", node("sub e", variety="event"), node("start begin", scope="e", triggers=(message("m"),)),
        "end z", flow=["s > e > z"],
    )  # fmt: skip
    raised = [fact for fact in play(model, evaluator=evaluator).facts if isinstance(fact, facts.IncidentRaised)]
    assert [(fact.node, fact.code) for fact in raised] == [("e", "event_sub_process_entered")]
    assert all("e" in raised[0].message[locale] for locale in ("zh-CN", "en"))
