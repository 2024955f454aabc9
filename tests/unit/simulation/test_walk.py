"""Walking without a scenario: what is answered in which order, what is passed over, when it stops."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from engine import errors, facts
from engine.evaluation import HouseEvaluator
from engine.kernel import stimuli
from engine.kernel.library import CallRequest
from engine.kernel.plan import compile_program
from engine.model import triggers
from engine.model.nodes import Work
from engine.model.program import Program
from engine.simulation import walk
from engine.simulation.outside import Elsewhere, Told
from engine.simulation.play import MONDAY, play
from engine.simulation.playing import Playing
from tests.kernel.models import literal, message, node, program, signal, timer


@pytest.fixture(scope="module")
def evaluator() -> Iterator[HouseEvaluator]:
    made = HouseEvaluator()
    yield made
    made.close()


def playing(model: Program, evaluator: HouseEvaluator, **data: Any) -> Playing:
    made = Playing(compile_program(model), evaluator=evaluator, library=None, now=MONDAY)
    made.give(stimuli.Start(data=data))
    return made


EVERYTHING = program(
    "start s", "and f", node("service j", work=Work(handler="h")), "user u",
    node("catch m", triggers=(message("m"),)), node("catch t", triggers=(timer("PT1H"),)),
    node("boundary b", attached_to="u", interrupting=False, triggers=(message("extra"),)), "and k", "end z", "end y",
    flow=["s > f", "f > j > k", "f > u > k", "f > m > k", "f > t > k", "k > z", "b > y"],
)  # fmt: skip


def test_the_happy_path_first_jobs_people_messages_time(evaluator: HouseEvaluator) -> None:
    made = playing(EVERYTHING, evaluator)
    assert walk.walk(made, walk.Way(), 50) == []
    told = [
        moment.fact.node
        for moment in made.history
        if isinstance(moment.fact, facts.JobCompleted | facts.WorkItemCompleted | facts.EventCaught | facts.TimerFired)
        and moment.fact.node in "jumt"
    ]
    assert list(dict.fromkeys(told)) == ["j", "u", "m", "t"]
    assert made.ended and made.steps == 5, "what merely listens beside a task is left alone"


@pytest.mark.parametrize("seed", range(15))
def test_in_any_order_it_ends_too_and_the_clock_never_goes_back(evaluator: HouseEvaluator, seed: int) -> None:
    made = playing(EVERYTHING, evaluator)
    walk.walk(made, walk.Way(any_order=Random(seed)), 200)
    assert made.ended
    moments = [moment.at for moment in made.history]
    assert moments == sorted(moments)


@pytest.mark.parametrize("limit", [1, 2, 4])
def test_it_stops_at_its_limit_and_names_what_is_open(evaluator: HouseEvaluator, limit: int) -> None:
    made = playing(EVERYTHING, evaluator)
    (problem,) = walk.walk(made, walk.Way(), limit)
    assert problem.code == "limit" and made.steps == limit
    assert "t" in problem.text["en"].rpartition(": ")[2].split(", ")


def test_what_stands_still_names_its_incidents(evaluator: HouseEvaluator) -> None:
    model = program("start s", "and f", node("script k", script="1 / 0"), node("script l", script="[][1]"),
                    flow=["s > f", "f > k", "f > l"])  # fmt: skip
    made = playing(model, evaluator)
    problems = walk.walk(made, walk.Way(), 50)
    assert [(problem.code, problem.element) for problem in problems] == [("script_failed", "k"), ("script_failed", "l")]


def test_only_what_may_be_passed_over_is(evaluator: HouseEvaluator) -> None:
    model = program("start s", node("rule r", decision="risk"), node("script k", script="1 / 0"), flow=["s > r > k"])
    made = playing(model, evaluator)
    problems = walk.walk(made, walk.Way(pass_over=frozenset({"decision_missing"})), 50)
    assert [problem.code for problem in problems] == ["script_failed"]
    assert any(isinstance(moment.fact, facts.IncidentResolved) for moment in made.history)


def test_supplied_data_go_to_whoever_asks(evaluator: HouseEvaluator) -> None:
    made = playing(EVERYTHING, evaluator)
    asked: list[str] = []

    def supply(playing: Playing, at: str) -> dict[str, Any]:
        asked.append(at)
        return {f"from_{at}": len(asked)}

    walk.walk(made, walk.Way(supply), 50)
    assert asked == ["j", "u", "m"], "a timer brings nothing"
    assert made.variables() == {"from_j": 1, "from_u": 2, "from_m": 3}


def test_what_an_instance_sends_to_itself_arrives(evaluator: HouseEvaluator) -> None:
    model = program(
        "start s", "and f", node("catch c", triggers=(message("hello", payload="got"),)),
        node("throw t", triggers=(triggers.Message(name="hello"),)), "and k", "end z",
        flow=["s > f", "f > c > k", "f > t > k", "k > z"],
    )  # fmt: skip
    assert playing(model, evaluator).ended


def test_a_signal_to_itself_arrives_without_help(evaluator: HouseEvaluator) -> None:
    model = program(
        "start s", "and f", node("catch c", triggers=(signal("hello"),)), node("throw t", triggers=(signal("hello"),)),
        "and k", "end z", flow=["s > f", "f > c > k", "f > t > k", "k > z"],
    )  # fmt: skip
    made = playing(model, evaluator)
    assert made.ended and [thrown.name for thrown in made.thrown] == ["hello"]


def test_the_timer_due_first_is_next_and_of_one_moment_the_one_set_first(evaluator: HouseEvaluator) -> None:
    model = program(
        "start s", "and f", *(node(f"catch t{n}", triggers=(timer(f"PT{n}H"),)) for n in (3, 1, 2)),
        node("catch same", triggers=(timer("PT1H"),)), flow=["s > f", "f > t3", "f > t1", "f > t2", "f > same"],
    )  # fmt: skip
    made = playing(model, evaluator)
    order = []
    while timer_wait := made.next_timer():
        order.append(timer_wait.node)
        made.fire(timer_wait)
    assert order == ["t1", "same", "t2", "t3"]


def test_elsewhere_answers_each_call_and_tells_each_process_once() -> None:
    told = Told()
    answers = iter([{"n": 1}, {"n": 2}, {"n": 3}])
    shelf = Elsewhere(None, compiled=compile_program, given=lambda: next(answers), told=told)
    request = CallRequest(key="other", binding="latest", version="", caller="x", node="k", variables={})
    plans = [shelf.called(request) for _ in range(3)]
    assert len({plan.sha256 for plan in plans}) == 3
    assert [shelf.plan(plan.sha256) for plan in plans] == plans
    assert [(problem.code, problem.element) for problem in told.problems] == [("process_missing", "k")]


def test_whoever_calls_elsewhere_for_ever_is_stopped() -> None:
    shelf = Elsewhere(None, compiled=compile_program, given=dict, told=Told())
    request = CallRequest(key="other", binding="latest", version="", caller="x", node="k", variables={})
    with pytest.raises(errors.Invalid) as refused:
        for _ in range(1000):
            shelf.called(request)
    assert refused.value.code == "endless_loop"


@pytest.mark.parametrize(
    ("made", "begins"),
    [
        ([node("start s", triggers=(message("m"),)), "user u"], "s"),
        ([node("start s", triggers=(timer("PT1H"),)), "user u"], "s"),
        ([node("start a", triggers=(message("m"),)), "start s", "user u"], "s"),
        ([node("receive s", message=message("m"), instantiate=True), "user u"], "s"),
    ],
)
def test_where_a_play_begins(evaluator: HouseEvaluator, made: list[Any], begins: str) -> None:
    played = play(program(*made, flow=["s > u"]), evaluator=evaluator)
    assert played.ended, [problem.text["en"] for problem in played.problems]
    assert any(isinstance(fact, facts.FlowTaken) and fact.node == begins for fact in played.facts)


def test_a_play_that_cannot_begin_says_why(evaluator: HouseEvaluator) -> None:
    played = play(program("start s", node("call k", called=literal("x")), flow=["s > k"]), evaluator=evaluator)
    assert not played.ended and played.problems[0].severity == "error"
