"""Following a scenario step by step: what each kind of step does, and what it says when it cannot."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from engine import facts
from engine.evaluation import HouseEvaluator
from engine.model import triggers
from engine.model.nodes import Work
from engine.model.program import Program
from engine.simulation import follow, scenario
from engine.simulation.play import MONDAY, Playback, play
from tests.kernel.models import literal, mapping, message, node, program, signal, timer


@pytest.fixture(scope="module")
def evaluator() -> Iterator[HouseEvaluator]:
    made = HouseEvaluator()
    yield made
    made.close()


def job(name: str, **more: Any) -> Any:
    return node(f"service {name}", work=Work(handler="h", **more))


def told(steps: list[dict[str, Any]], **more: Any) -> scenario.Scenario:
    return scenario.decode(msgspec.json.encode({"steps": steps, **more}))


def played(evaluator: HouseEvaluator, model: Program, steps: list[dict[str, Any]], **more: Any) -> Playback:
    return play(model, evaluator=evaluator, answers=told(steps, **more))


def waiting(found: Playback) -> list[str]:
    return sorted(wait.node for wait in found.open)


LINE = program("start s", "user a", "user b", "end z", flow=["s > a > b > z"])
JOB = program(
    "start s", job("j", result="r"), node("boundary e", attached_to="j", triggers=(triggers.Error(code="DOWN"),)),
    node("boundary w", attached_to="j", interrupting=False, triggers=(triggers.Escalation(code="LATE"),)),
    "user d", "user l", "end z", flow=["s > j > z", "e > d", "w > l"],
)  # fmt: skip
LISTENERS = program(
    "start s", "and f", *(node(f"catch c{number}", triggers=(signal("go"),)) for number in (1, 2)),
    node("catch m", triggers=(message("paid", key=None),)), node("catch n", triggers=(message("paid"),)), "user u",
    flow=["s > f", "f > c1", "f > c2", "f > m", "f > n", "f > u"],
)  # fmt: skip
CLOCK = program(
    "start s", "and f", *(node(f"catch t{hours}", triggers=(timer(f"PT{hours}H"),)) for hours in (1, 5, 30)),
    "user u", flow=["s > f", "f > t1", "f > t5", "f > t30", "f > u"],
)  # fmt: skip

DONE = [
    (LINE, [], ["a"]),
    (LINE, [{"complete": "a"}], ["b"]),
    (LINE, [{"complete": "a"}, {"complete": "b"}], []),
    (LINE, [{"cancel": "too late"}], []),
    (LINE, [{"set": {"n": 1}}], ["a"]),
    (JOB, [], []),  # a job is answered by itself
    (JOB, [{"answer": "j", "data": {"ok": True}}], []),
    (JOB, [{"fail": "j", "code": "DOWN"}], ["d"]),
    (JOB, [{"fail": "j", "code": "DOWN", "message": "no line"}], ["d"]),
    (JOB, [{"fail": "j", "kind": "escalation", "code": "LATE"}, {"answer": "j"}], ["l"]),
    (LISTENERS, [{"signal": "go"}], ["m", "n", "u"]),  # a signal is for all
    (LISTENERS, [{"message": "paid"}], ["c1", "c2", "n", "u"]),  # a message for one
    (LISTENERS, [{"message": "paid"}, {"message": "paid"}], ["c1", "c2", "u"]),
    (CLOCK, [{"wait": "PT59M59S"}], ["t1", "t30", "t5", "u"]),
    (CLOCK, [{"wait": "PT1H"}], ["t30", "t5", "u"]),
    (CLOCK, [{"wait": "P1D"}], ["t30", "u"]),
    (CLOCK, [{"wait": "PT20H"}, {"wait": "PT10H"}], ["u"]),
    (CLOCK, [{"until": "2026-03-02T14:00:00Z"}], ["t30", "u"]),
    (CLOCK, [{"until": "2026-03-02T22:00:00+08:00"}], ["t30", "u"]),
    (CLOCK, [{"until": "2020-01-01T00:00:00Z"}], ["t1", "t30", "t5", "u"]),  # the clock never goes back
    (CLOCK, [{"complete": "u", "after": "PT2H"}], ["t30", "t5"]),
    (CLOCK, [{"set": {"n": 1}, "after": "P2D"}], ["u"]),
]


@pytest.mark.parametrize(("model", "steps", "left"), DONE)
def test_what_waits_after_a_step(evaluator: HouseEvaluator, model: Program, steps: list[dict[str, Any]], left) -> None:
    found = played(evaluator, model, steps, expect={"open": sorted(set(left) - {"e", "w"})})
    assert found.problems == ()
    assert waiting(found) == left


NOT_OPEN = [
    (LINE, [{"complete": "b"}], "/steps/0", "nothing waits for b now; open are: a"),
    (LINE, [{"complete": "a"}, {"complete": "a"}], "/steps/1", "nothing waits for a now; open are: b"),
    (LINE, [{"complete": "nowhere"}], "/steps/0", "nothing waits for nowhere now; open are: a"),
    (LINE, [{"answer": "a"}], "/steps/0", "nothing waits for a now; open are: a"),  # a person is no service
    (LINE, [{"message": "paid"}], "/steps/0", "nothing waits for paid now; open are: a"),
    (LINE, [{"signal": "go"}], "/steps/0", "nothing waits for go now; open are: a"),
    (LISTENERS, [{"signal": "gone"}], "/steps/0", "nothing waits for gone now; open are: c1, c2, m, n, u"),
    (LISTENERS, [{"signal": "go"}, {"signal": "go"}], "/steps/1", "nothing waits for go now; open are: m, n, u"),
    (JOB, [{"complete": "j"}], "/steps/0", "nothing waits for j now; open are: -"),  # it was answered already
    (LINE, [{"cancel": "x"}, {"complete": "a"}], "/steps/1", "nothing waits for a now; open are: -"),
]


@pytest.mark.parametrize(("model", "steps", "pointer", "why"), NOT_OPEN)
def test_a_step_for_which_nothing_waits_is_named_with_what_does(
    evaluator: HouseEvaluator, model: Program, steps: list[dict[str, Any]], pointer: str, why: str
) -> None:
    problem = played(evaluator, model, steps).problems[0]
    number = int(pointer.rpartition("/")[2]) + 1
    assert (problem.code, problem.pointer) == ("not_open", pointer)
    assert problem.text["en"] == f"step {number} cannot be done: {why}"
    assert problem.text["zh-CN"].startswith(f"第 {number} 步无法执行：")


def test_what_comes_behind_a_step_that_cannot_be_done_is_not_done(evaluator: HouseEvaluator) -> None:
    found = played(evaluator, LINE, [{"complete": "b"}, {"complete": "a"}])
    assert waiting(found) == ["a"]


@pytest.mark.parametrize("span", ["soon", "P", "1H", "PT"])
@pytest.mark.parametrize("kind", ["wait", "after"])
def test_a_span_that_is_none_is_named_by_its_step(evaluator: HouseEvaluator, span: str, kind: str) -> None:
    step = {"wait": span} if kind == "wait" else {"complete": "a", "after": span}
    (problem,) = played(evaluator, LINE, [step]).problems
    assert problem.pointer == "/steps/0" and span in problem.text["en"]


@pytest.mark.parametrize("span", ["P999999Y", "P9999999D"])
def test_a_span_beyond_the_calendar_is_a_problem_and_not_a_crash(evaluator: HouseEvaluator, span: str) -> None:
    (problem,) = played(evaluator, LINE, [{"wait": span}]).problems
    assert problem.pointer == "/steps/0"


ANSWERS = [
    ({}, [None, None, None]),
    ({"answers": {"j": {"n": 1}}}, [1, 1, 1]),
    ({"answers": {"j": [{"n": 1}]}}, [1, 1, 1]),
    ({"answers": {"j": [{"n": 1}, {"n": 2}]}}, [1, 2, 2]),  # the last one stays
    ({"answers": {"j": [{"n": 1}, {"n": 2}, {"n": 3}, {"n": 4}]}}, [1, 2, 3]),
    ({"answers": {"j": []}}, [None, None, None]),
    ({"answers": {"k": {"n": 1}}}, [None, None, None]),
]


@pytest.mark.parametrize(("more", "given"), ANSWERS)
def test_answers_are_given_in_their_order_and_the_last_one_stays(evaluator: HouseEvaluator, more, given) -> None:
    thrice = program("start s", *(job(name) for name in ("j", "x")), flow=["s > j > x"])
    loop = program(
        "start s", "xor m", node("service j", work=Work(handler="h"), outputs=(mapping("seen", "append(seen, n)"),)),
        "xor x", "end z", flow=["s > m > j > x", "x > m: count(seen) < 3", "x > z: count(seen) = 3"],
    )  # fmt: skip
    found = played(evaluator, loop, [], start={"data": {"seen": []}}, **more)
    assert found.variables["seen"] == given
    assert played(evaluator, thrice, [], **more).ended


def test_who_is_silent_is_not_answered_by_itself(evaluator: HouseEvaluator) -> None:
    assert waiting(played(evaluator, JOB, [], silent=["j"])) == ["j"]
    assert waiting(played(evaluator, JOB, [{"answer": "j"}], silent=["j"])) == []


def test_a_job_that_a_later_step_answers_waits_for_that_step(evaluator: HouseEvaluator) -> None:
    model = program("start s", "and f", "user u", job("j", result="r"), flow=["s > f", "f > u", "f > j"])
    steps = [{"complete": "u"}, {"answer": "j", "data": {"late": True}}]
    found = played(evaluator, model, steps, answers={"j": {"late": False}})
    assert found.problems == () and found.variables["r"] == {"late": True}


def test_once_that_step_is_done_the_next_job_of_the_node_is_answered_by_itself(evaluator: HouseEvaluator) -> None:
    model = program(
        "start s", "xor m", job("j", result="r"), "xor x", "end z",
        flow=["s > m > j > x", "x > m: r.again = true", "x > z: r.again = false"],
    )  # fmt: skip
    found = played(evaluator, model, [{"answer": "j", "data": {"again": True}}], answers={"j": {"again": False}})
    assert found.ended


KEYED = program(
    "start s", "and f", node("catch m", triggers=(message("paid", key=mapping("k", '"A-1"').source, payload="got"),)),
    node("catch n", triggers=(message("paid", key=mapping("k", '"A-2"').source, payload="also"),)),
    flow=["s > f", "f > m", "f > n"],
)  # fmt: skip


@pytest.mark.parametrize(
    ("steps", "left"),
    [
        ([{"message": "paid", "key": "A-2"}], ["m"]),
        ([{"message": "paid", "key": "A-1"}], ["n"]),
        ([{"message": "paid"}], ["n"]),  # without a key the first that waits
        ([{"message": "paid", "key": "A-1"}, {"message": "paid", "key": "A-2"}], []),
    ],
)
def test_a_message_with_a_key_goes_to_who_waits_for_that_key(evaluator: HouseEvaluator, steps, left) -> None:
    assert waiting(played(evaluator, KEYED, steps)) == left


def test_a_message_with_a_key_nobody_waits_for_is_not_delivered(evaluator: HouseEvaluator) -> None:
    (problem,) = played(evaluator, KEYED, [{"message": "paid", "key": "A-3"}]).problems
    assert problem.code == "not_open"


def test_what_a_message_brings_arrives(evaluator: HouseEvaluator) -> None:
    found = played(evaluator, KEYED, [{"message": "paid", "key": "A-1", "data": {"sum": 5}}])
    assert found.variables["got"] == {"sum": 5}


def test_who_does_a_step_is_told_by_the_facts(evaluator: HouseEvaluator) -> None:
    found = played(evaluator, LINE, [{"complete": "a", "agent": "li"}, {"complete": "b"}], start={"agent": "wang"})
    completed = [fact for fact in found.facts if isinstance(fact, facts.WorkItemCompleted)]
    assert [fact.node for fact in completed] == ["a", "b"]
    assert found.problems == ()


STARTS = [
    ({}, None, {}),
    ({"start": {"data": {"n": 1}}}, None, {"n": 1}),
    ({"start": {"data": {"n": 1}}}, {"n": 2, "m": 3}, {"n": 2, "m": 3}),  # what the caller says wins
    ({"customer": {"id": "C1"}}, None, {"customer": {"id": "C1"}}),
    ({"customer": {"id": "C1"}, "start": {"data": {"customer": "own"}}}, None, {"customer": "own"}),
]


@pytest.mark.parametrize(("more", "data", "variables"), STARTS)
def test_what_a_play_begins_with(evaluator: HouseEvaluator, more, data, variables) -> None:
    assert play(LINE, evaluator=evaluator, data=data, answers=told([], **more)).variables == variables


def test_the_clock_begins_when_the_scenario_says(evaluator: HouseEvaluator) -> None:
    found = played(evaluator, LINE, [{"wait": "PT1H"}], start={"at": "2026-05-01T17:00:00+08:00"})
    assert (found.began_at.isoformat(), found.ended_at.isoformat()) == (
        "2026-05-01T09:00:00+00:00",
        "2026-05-01T10:00:00+00:00",
    )
    assert played(evaluator, LINE, []).began_at == MONDAY


def test_a_scenario_may_begin_at_a_start_event_it_names(evaluator: HouseEvaluator) -> None:
    two = program("start s", node("start m", triggers=(message("new"),)), "user a", "user b", flow=["s > a", "m > b"])
    assert waiting(played(evaluator, two, [])) == ["a"]
    assert waiting(played(evaluator, two, [], start={"node": "m"})) == ["b"]
    (problem,) = played(evaluator, two, [], start={"node": "nowhere"}).problems
    assert problem.severity == "error" and "nowhere" in problem.text["en"]


def test_a_cycle_of_seconds_over_a_year_is_stopped(evaluator: HouseEvaluator, monkeypatch) -> None:
    monkeypatch.setattr(follow, "_MOST_STEPS", 50)
    model = program(
        "start s", "user a", node("boundary t", attached_to="a", interrupting=False, triggers=(
            timer("R/PT1S", kind="cycle"),)), "end z", flow=["s > a", "t > z"],
    )  # fmt: skip
    found = played(evaluator, model, [{"wait": "P365D"}])
    (problem,) = found.problems
    assert (problem.code, problem.pointer) == ("scenario_too_long", "/steps/0")
    assert found.steps == 50 and "50 steps are done" in problem.text["en"]


def test_a_loop_of_jobs_is_stopped_and_said_even_behind_the_last_step(evaluator: HouseEvaluator, monkeypatch) -> None:
    monkeypatch.setattr(follow, "_MOST_STEPS", 50)
    model = program("start s", "xor m", job("j"), flow=["s > m > j > m"])
    found = played(evaluator, model, [])
    assert [problem.code for problem in found.problems] == ["scenario_too_long"]
    assert found.steps == 50


def test_a_call_that_nobody_answers_names_what_is_missing(evaluator: HouseEvaluator) -> None:
    model = program("start s", node("call k", called=literal("other")), flow=["s > k"])
    found = played(evaluator, model, [])
    assert "'other' was not given to the play" in found.problems[0].text["en"]


def test_two_calls_are_answered_each_by_its_own_result(evaluator: HouseEvaluator) -> None:
    calls = [node(f"call {name}", called=literal("other"), outputs=(mapping(name, "n"),)) for name in ("k", "l")]
    model = program("start s", *calls, flow=["s > k > l"])
    found = played(evaluator, model, [], calls={"k": {"n": 1}, "l": {"n": 2}})
    assert found.ended and (found.variables["k"], found.variables["l"]) == (1, 2)


@pytest.mark.parametrize("value", [None, True, 5, 2.5, "text", 'with "quotes" and \\', [1, [2]], {"a": {"b": []}}, {}])
def test_what_a_call_gives_back_is_the_value_that_was_said(evaluator: HouseEvaluator, value: Any) -> None:
    model = program("start s", node("call k", called=literal("other"), outputs=(mapping("got", "n"),)), flow=["s > k"])
    found = played(evaluator, model, [], calls={"k": {"n": value}})
    assert found.ended and found.variables["got"] == value
