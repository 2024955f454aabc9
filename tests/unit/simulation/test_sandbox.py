"""A draft played by hand: each step once, time only when it is let pass, an undo to the moment before, nothing kept."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine import errors
from engine.bpmn import read
from engine.definitions import publish
from engine.evaluation import HouseEvaluator
from engine.simulation import sandbox
from engine.simulation.sandbox import Stand
from engine.simulation.scenario import Begin, Scenario
from tests.house import ANNA, BOSS, MONDAY, House, house
from tests.unit.bpmn.drawn import document

FORM = b'{"type":"object","properties":{"amount":{"type":"number","minimum":1}},"required":["amount"]}'
DRAWING = document(
    '<startEvent id="s"/><userTask id="ask" name="Ask" crmflow:form="ask" crmflow:candidateGroups="sales"/>'
    '<serviceTask id="score" name="Score" crmflow:handler="notify"/><exclusiveGateway id="big" default="no"/>'
    '<intermediateCatchEvent id="wait"><timerEventDefinition><timeDuration language="literal">P2D</timeDuration>'
    '</timerEventDefinition></intermediateCatchEvent><receiveTask id="hear" name="Hear" messageRef="m"/>'
    '<endEvent id="e"/><endEvent id="e2"/>'
    '<sequenceFlow id="f1" sourceRef="s" targetRef="ask"/><sequenceFlow id="f2" sourceRef="ask" targetRef="score"/>'
    '<sequenceFlow id="f3" sourceRef="score" targetRef="big"/>'
    '<sequenceFlow id="yes" sourceRef="big" targetRef="wait"><conditionExpression language="feel">'
    'amount &gt; 100</conditionExpression></sequenceFlow><sequenceFlow id="no" sourceRef="big" targetRef="e"/>'
    '<sequenceFlow id="f4" sourceRef="wait" targetRef="hear"/><sequenceFlow id="f5" sourceRef="hear" targetRef="e2"/>',
    roots='<message id="m" name="replied"/>',
)
BIG = {"complete": "ask", "data": {"amount": 500}}
SMALL = {"complete": "ask", "data": {"amount": 5}}
ANSWER = {"answer": "score", "data": {"score": 7}}
LATER = {"wait": "P2D"}
REPLY = {"message": "replied", "data": {"yes": True}}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    evaluator = HouseEvaluator()
    with house(tmp_path, reader=read.read, evaluator=evaluator) as made:
        made.person(ANNA)
        files = {"p.bpmn": DRAWING, "ask.json": FORM}
        publish.deploy(made.engine, name="p", files=files, agent=BOSS, now=made.now)
        yield made
    evaluator.close()


def play(home: House, *steps: dict[str, Any], **begin: Any) -> Stand:
    story = Scenario(start=Begin(at=MONDAY, **begin), steps=steps)
    return sandbox.play(home.engine, process="p", n=1, story=story, agent=BOSS, now=home.now)


def waits(stand: Stand) -> list[tuple[str, str]]:
    return [(one.kind, one.node) for one in stand.open]


STORIES: list[tuple[tuple[dict[str, Any], ...], list[tuple[str, str]], bool]] = [
    ((), [("work", "ask")], False),
    ((BIG,), [("job", "score")], False),
    ((BIG, ANSWER), [("timer", "wait")], False),
    ((SMALL, ANSWER), [], True),
    ((BIG, ANSWER, {"wait": "P1D"}), [("timer", "wait")], False),
    ((BIG, ANSWER, LATER), [("message", "hear")], False),
    ((BIG, ANSWER, LATER, REPLY), [], True),
]


@pytest.mark.parametrize(("steps", "open_waits", "ended"), STORIES)
def test_each_step_leads_to_what_waits_next(
    home: House, steps: tuple[dict[str, Any], ...], open_waits: list[tuple[str, str]], ended: bool
) -> None:
    stand = play(home, *steps)
    assert (waits(stand), stand.ended, stand.problems) == (open_waits, ended, ())


def test_nothing_has_begun_without_a_story(home: House) -> None:
    stand = sandbox.play(home.engine, process="p", n=1, story=None, agent=BOSS, now=home.now)
    assert not stand.begun and stand.open == () and stand.now == home.now


def test_time_stands_still_until_it_is_let_pass(home: House) -> None:
    assert play(home, BIG, ANSWER).now == MONDAY
    (timer,) = play(home, BIG, ANSWER).open
    assert timer.due_at == MONDAY + timedelta(days=2)
    assert play(home, BIG, ANSWER, {"until": timer.due_at.isoformat()}).now == timer.due_at
    assert play(home, BIG, ANSWER, {"wait": "P5D"}).now == MONDAY + timedelta(days=5)


def test_a_service_answers_what_it_is_told_and_never_by_itself(home: House) -> None:
    assert "score" not in play(home, BIG).variables
    assert play(home, BIG, ANSWER).variables["score"] == 7


def test_a_step_less_is_the_moment_before(home: House) -> None:
    before, after = play(home, BIG), play(home, BIG, ANSWER)
    again = play(home, BIG)
    assert (before.variables, waits(before)) == (again.variables, waits(again)) != (after.variables, waits(after))


def test_what_the_form_refuses_is_told_at_its_field_and_the_task_stays(home: House) -> None:
    stand = play(home, {"complete": "ask", "data": {"amount": 0}})
    assert [problem.pointer for problem in stand.problems] == ["/amount"] and waits(stand) == [("work", "ask")]
    assert set(stand.problems[0].text) == {"zh-CN", "en"}


@pytest.mark.parametrize("step", [REPLY, ANSWER, {"complete": "nothing"}, {"message": "other"}])
def test_what_does_not_wait_is_a_problem_and_nothing_moves(home: House, step: dict[str, Any]) -> None:
    stand = play(home, step)
    assert [problem.code for problem in stand.problems] == ["not_open"] and waits(stand) == [("work", "ask")]


def test_tokens_and_what_is_done_are_told_by_node(home: House) -> None:
    stand = play(home, BIG, ANSWER)
    assert stand.now_at == ("wait",) and {"ask", "score"} <= set(stand.passed)


@pytest.mark.parametrize("steps", [({"dance": 1},), ({"complete": "ask", "answer": "score"},), ({"wait": 3},)])
def test_a_step_of_another_shape_is_refused(home: House, steps: tuple[dict[str, Any], ...]) -> None:
    with pytest.raises(errors.Invalid):
        play(home, *steps)


def test_a_story_has_an_end(home: House) -> None:
    with pytest.raises(errors.TooLarge):
        play(home, *[{"wait": "PT1M"}] * 201)


@pytest.mark.parametrize(("process", "n"), [("p", 2), ("q", 1)])
def test_what_is_not_there_is_not_found(home: House, process: str, n: int) -> None:
    with pytest.raises(errors.NotFound):
        sandbox.play(home.engine, process=process, n=n, story=None, agent=BOSS, now=home.now)


def test_staff_do_not_play(home: House) -> None:
    with pytest.raises(errors.Forbidden):
        sandbox.play(home.engine, process="p", n=1, story=None, agent=ANNA, now=home.now)


def test_nothing_of_it_touches_the_store_but_that_it_was_played(home: House, tmp_path: Path) -> None:
    def rows() -> list[str]:
        (file,) = tmp_path.glob("*.db")
        with closing(sqlite3.connect(file)) as db:
            return list(db.iterdump())

    play(home, SMALL, ANSWER)  # that it was played to an end is all that is remembered
    before, rings = rows(), len(home.rings)
    assert play(home, BIG, ANSWER, LATER, REPLY).ended
    assert rows() == before and len(home.rings) == rings
