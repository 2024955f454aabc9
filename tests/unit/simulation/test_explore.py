"""A play that looks for its way: what it finds, what it answers for others, and that it says so."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from engine import facts
from engine.evaluation import HouseEvaluator
from engine.model import nodes, triggers
from engine.model.expression import Expression
from engine.model.nodes import Work
from engine.model.program import Flow
from engine.play.shelf import Shelf
from engine.scripts.sandbox import Limits, Sandbox
from engine.simulation.explore import explore
from engine.simulation.play import Playback
from tests.kernel.models import condition, feel, literal, message, node, program, signal, timer


@pytest.fixture(scope="module")
def evaluator() -> Iterator[HouseEvaluator]:
    made = HouseEvaluator(Sandbox(Limits(seconds=0.3)))
    yield made
    made.close()


def script(text: str, language: str = "python") -> Any:
    return node("script k", script=text, language=language)


def warned(played: Playback) -> set[str]:
    return {problem.code for problem in played.problems if problem.severity == "warning"}


def wrong(played: Playback) -> list[str]:
    return [problem.code for problem in played.problems if problem.severity == "error"]


LINE = ["s > u > k > z"]
FOUND = {
    "two conditions that want different data": program(
        "start s", "user u", "xor x", "user a", "xor y", "end z",
        flow=["s > u > x", "x > a: n > 10", "a > y", "y > z: n < 5 and paid"],
    ),
    "a collection": program(
        "start s", node("user u", loop=nodes.MultiInstance(collection=feel("items"), element="item")), "end z",
        flow=["s > u > z"],
    ),
    "a number of runs": program(
        "start s", node("user u", loop=nodes.MultiInstance(cardinality=feel("count"))), "end z", flow=["s > u > z"],
    ),
    "a time": program(
        "start s", node("catch t", triggers=(triggers.Timer(kind="date", text=feel("day")),)), "end z",
        flow=["s > t > z"],
    ),
    "a way out of a loop": program(
        "start s", "xor m", "user u", "xor x", "end z",
        flow=["s > m > u > x", "x > m: again = true", "x > z: again = false"],
    ),
    "what a script reads": program(
        "start s", "user u", script("total = sum(line['price'] for line in order['lines'])"), "end z", flow=LINE,
    ),
    "a text that a script takes apart": program(
        "start s", "user u", script("first = name.split(',')[0].upper()"), "end z", flow=LINE,
    ),
    "a variable that a script looks for": program(
        "start s", "user u", script("x = [y for y in given]"), "end z", flow=LINE,
    ),
    "what a message brings": program(
        "start s", node("catch m", triggers=(message("paid"),)), "xor x", "end z",
        flow=["s > m > x", 'x > z: method = "cash"'],
    ),
    "a signal": program("start s", node("catch m", triggers=(signal("go"),)), "end z", flow=["s > m > z"]),
    "a condition that somebody makes true": program(
        "start s", "and f", "user u", node("catch c", triggers=(condition("level > 3"),)), "and j", "end z",
        flow=["s > f", "f > u > j", "f > c > j", "j > z"],
    ),
    "an ad-hoc part that somebody finishes": program(
        "start s", node("sub a", variety="adHoc", completion=feel("done")), node("user u", scope="a"), "end z",
        flow=["s > a > z"],
    ),
    "an end that only an event reaches": program(
        "start s", "xor m", "user u", node("boundary b", attached_to="u", triggers=(message("stop"),)), "end z",
        flow=["s > m > u > m", "b > z"],
    ),
    "an answer of a service": program(
        "start s", node("service j", work=Work(handler="h", result="r")), "xor x", "end z",
        flow=["s > j > x", "x > z: r.state = 7"],
    ),
    "an object that a message brings": program(
        "start s", node("catch m", triggers=(message("paid", payload="order"),)), "xor x", "end z",
        flow=["s > m > x", "x > z: order.total > 50"],
    ),
    "a start by message": program(
        node("start s", triggers=(message("new"),)), "user u", "end z", flow=["s > u > z"]
    ),
    "a nested part of an object": program(
        "start s", "xor x", "end z", flow=["s > x", 'x > z: a.b.c = "deep" and a.b.d > 3 and a.e'],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FOUND)
def test_it_finds(evaluator: HouseEvaluator, name: str) -> None:
    played = explore(FOUND[name], evaluator=evaluator)
    assert played.ended, [problem.text["en"] for problem in played.problems]
    assert wrong(played) == []
    assert isinstance(played.facts[-1], facts.InstanceEnded)


@pytest.mark.parametrize("name", FOUND)
def test_the_same_model_is_played_the_same_way(evaluator: HouseEvaluator, name: str) -> None:
    first, second = (explore(FOUND[name], evaluator=evaluator) for _ in range(2))
    assert first == second


OTHERS = {
    "a process elsewhere": (
        program("start s", node("call k", called=literal("other")), "end z", flow=["s > k > z"]), "process_missing",
    ),
    "a call that names nothing": (
        program("start s", "call k", "end z", flow=["s > k > z"]), "call_without_process",
    ),
    "a decision elsewhere": (
        program("start s", node("rule r", decision="risk", result="risk"), "end z", flow=["s > r > z"]),
        "decision_missing",
    ),
    "a function of a bean": (
        program("start s", "xor x", "end z", flow=["s > x"]), "expression_answered",
    ),
    "a condition in prose": (
        program("start s", "xor x", "end z", flow=["s > x"]), "expression_answered",
    ),
    "a script of another language": (
        program("start s", script("for (var i = 0; i < 3; i++) { total = i }", "javascript"), "end z",
                flow=["s > k > z"]),
        "script_answered",
    ),
    "a function of another product": (
        program("start s", script("user = get_current_user()"), "end z", flow=["s > k > z"]), "script_answered",
    ),
    "a module of another product": (
        program("start s", script("import requests\nx = requests.get('y')"), "end z", flow=["s > k > z"]),
        "script_answered",
    ),
    "a calendar elsewhere": (
        program("start s", node("catch t", triggers=(timer("PT1H", calendar="ours"),)), "end z", flow=["s > t > z"]),
        "calendar_missing",
    ),
    "a choice that no condition makes": (
        program("start s", "xor m", "user u", "xor x", "end z", flow=["s > m > u > x", "x > m", "x > z"]),
        "way_chosen",
    ),
}  # fmt: skip
CONDITIONS = {
    "a function of a bean": Expression(text="${service.isGood(order)}", language="juel"),
    "a condition in prose": feel("the customer is happy"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_the_file_does_not_hold_is_answered_and_said(evaluator: HouseEvaluator, name: str) -> None:
    model, code = OTHERS[name]
    if name in CONDITIONS:
        said = Flow(id="c", source="x", target="z", condition=CONDITIONS[name])
        model = msgspec.structs.replace(model, flows=(*model.flows, said))
    played = explore(model, evaluator=evaluator, library=Shelf([model]))
    assert played.ended
    assert code in warned(played)
    assert wrong(played) == []
    for problem in played.problems:
        assert problem.text["zh-CN"] and problem.text["en"]


def test_a_script_of_another_language_leaves_its_variables(evaluator: HouseEvaluator) -> None:
    text = 'if (n > 1) { execution.setVariable("risk", "high"); }'
    model = program("start s", script(text, "groovy"), "xor x", "end z", flow=["s > k > x", 'x > z: risk = "low"'])
    played = explore(model, evaluator=evaluator)
    assert played.ended and played.variables["risk"] == "low"


BROKEN = {
    "a script that always fails": (
        program("start s", script("x = 1 / 0"), "end z", flow=["s > k > z"]), "script_failed",
    ),
    "a join in vain": (
        program("start s", "xor x", "user a", "user b", "and j", "end z",
                flow=["s > x", "x > a: n = 1", "x > b: n = 2", "a > j", "b > j", "j > z"]),
        "join_in_vain",
    ),
    "an error nobody handles": (
        program("start s", "user u", node("end z", triggers=(triggers.Error(code="E"),)), flow=["s > u > z"]),
        "unhandled_error",
    ),
    "a condition that nothing meets": (
        program("start s", "user u", "xor x", "end z", flow=["s > u > x", "x > z: 1 = 2"]), "no_flow",
    ),
    "a loop without an end": (
        program("start s", "xor m", "user u", flow=["s > m > u > m"]), "limit",
    ),
    "a loop that never waits": (
        program("start s", "xor m", "task t", flow=["s > m > t > m"]), "endless_loop",
    ),
    "a condition nobody can make true": (
        program("start s", node("catch c", triggers=(condition("1 = 2"),)), "end z", flow=["s > c > z"]),
        "nothing_moves",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_end_is_not_said_to_have(evaluator: HouseEvaluator, name: str) -> None:
    model, code = BROKEN[name]
    played = explore(model, evaluator=evaluator, attempts=15, limit=30)
    assert not played.ended
    assert code in wrong(played)
    assert played.open or code == "limit"


def test_a_script_without_an_end_is_not_tried_as_often_as_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each try lasts as long as a script may."""
    box = Sandbox(Limits(seconds=0.01))
    evaluator, tries = HouseEvaluator(box), 0
    run = box.run

    def counted(*args: Any, **more: Any) -> Any:
        nonlocal tries
        tries += 1
        return run(*args, **more)

    monkeypatch.setattr(box, "run", counted)
    try:
        model = program("start s", script("while True: pass"), "end z", flow=["s > k > z"])
        played = explore(model, evaluator=evaluator)
    finally:
        evaluator.close()
    assert wrong(played) == ["script_timeout"] and tries < 15
    assert "k" in {one.element for one in played.problems}


def test_what_is_handed_in_by_hand_is_never_overruled_at_the_start(evaluator: HouseEvaluator) -> None:
    model = program("start s", "xor x", "user a", "end z", "end y", flow=["s > x", "x > z: n = 1", "x > y: n = 2"])
    for number, end in ((1, "z"), (2, "y")):
        played = explore(model, evaluator=evaluator, data={"n": number})
        assert [fact.end_events for fact in played.facts if isinstance(fact, facts.InstanceEnded)] == [(end,)]
    refused = explore(model, evaluator=evaluator, data={"n": 3}, attempts=5)
    assert not refused.ended and wrong(refused) == ["no_flow"]


def test_a_model_that_needs_nothing_gets_nothing(evaluator: HouseEvaluator) -> None:
    model = program("start s", "user u", "xor x", "end z", flow=["s > u > x", "x > z: n = null"])
    played = explore(model, evaluator=evaluator)
    assert played.ended and played.variables == {} and played.problems == ()


def test_a_circle_of_calls_to_elsewhere_is_cut(evaluator: HouseEvaluator) -> None:
    model = program(
        "start s", "xor m", node("call k", called=literal("other")), "xor x", "end z",
        flow=["s > m > k > x", "x > m: 1 = 1", "x > z: 1 = 2"],
    )  # fmt: skip
    played = explore(model, evaluator=evaluator, attempts=2)
    assert not played.ended and "endless_loop" in wrong(played)


def test_the_answer_that_came_furthest_is_told(evaluator: HouseEvaluator) -> None:
    model = program(
        "start s", "xor x", "user a", script("x = 1 / 0"), "end z", flow=["s > x", "x > a: n = 41", "a > k > z"]
    )
    played = explore(model, evaluator=evaluator, attempts=10)
    assert wrong(played) == ["script_failed"], "and not that no flow could be taken without data"


def test_error_boundary_of_a_service_is_not_needed_to_end(evaluator: HouseEvaluator) -> None:
    model = program(
        "start s", node("service j", work=Work(handler="h")),
        node("boundary b", attached_to="j", triggers=(triggers.Error(code="E"),)), "end z", "end y",
        flow=["s > j > z", "b > y"],
    )  # fmt: skip
    assert explore(model, evaluator=evaluator).ended
