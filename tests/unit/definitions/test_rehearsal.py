"""Played before it is released: asked by the house or the process, true of the draft as it is now, refused in words."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine import errors, records
from engine.bpmn import read
from engine.definitions import publish, rehearsal, withdraw
from engine.evaluation import HouseEvaluator
from engine.people.agent import SYSTEM
from engine.simulation import sandbox
from engine.simulation.scenario import Begin, Scenario
from tests.house import ANNA, BOSS, MONDAY, House, house
from tests.unit.simulation.test_sandbox import ANSWER, BIG, DRAWING, FORM, SMALL

WIDER = FORM.replace(b'"minimum":1', b'"minimum":2')


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    evaluator = HouseEvaluator()
    with house(tmp_path, reader=read.read, evaluator=evaluator) as made:
        made.person(ANNA)
        upload(made)
        yield made
    evaluator.close()


def upload(home: House, form: bytes = FORM) -> None:
    files = {"p.bpmn": DRAWING, "ask.json": form}
    publish.deploy(home.engine, name="p", files=files, agent=BOSS, now=home.now)


def play(home: House, *steps: dict[str, Any], n: int = 1) -> sandbox.Stand:
    story = Scenario(start=Begin(at=MONDAY), steps=steps)
    return sandbox.play(home.engine, process="p", n=n, story=story, agent=BOSS, now=home.now)


def version(home: House, n: int = 1) -> records.BaseVersion:
    with home.engine.store.reading() as tx:
        found = tx.processes.version("p", n)
    assert found is not None
    return found


def strict(home: House, wanted: bool = True) -> None:
    settings = home.engine.settings.model_copy(update={"play_before_release": wanted})
    home.engine = dataclasses.replace(home.engine, settings=settings)


def ask(home: House, wanted: bool | None) -> None:
    rehearsal.ask(home.engine, process="p", wanted=wanted, agent=BOSS, now=home.now)


def released(home: House, n: int = 1, agent: Any = BOSS) -> bool:
    try:
        publish.release(home.engine, process="p", n=n, agent=agent, now=home.now)
    except errors.Conflict as error:
        assert error.code == "version_not_played" and set(error.text) == {"zh-CN", "en"}
    return version(home, n).status == "released"


@pytest.mark.parametrize("house_asks", [False, True])
@pytest.mark.parametrize("process_asks", [None, False, True])
def test_the_process_decides_and_else_the_house(home: House, house_asks: bool, process_asks: bool | None) -> None:
    strict(home, house_asks)
    ask(home, process_asks)
    asked = house_asks if process_asks is None else process_asks
    assert released(home) is not asked


STORIES: list[tuple[tuple[dict[str, Any], ...], bool]] = [
    ((), False),
    ((SMALL,), False),
    ((BIG, ANSWER), False),
    ((SMALL, ANSWER), True),
    (({"complete": "ask", "data": {"amount": 0}},), False),
    ((SMALL, ANSWER, {"complete": "ask", "data": {}}), False),
]


@pytest.mark.parametrize(("steps", "enough"), STORIES)
def test_only_a_story_to_the_end_without_a_slip_counts(
    home: House, steps: tuple[dict[str, Any], ...], enough: bool
) -> None:
    strict(home)
    play(home, *steps)
    assert rehearsal.played(version(home)) is enough and released(home) is enough


def test_a_draft_that_changed_since_is_another_one(home: House) -> None:
    strict(home)
    play(home, SMALL, ANSWER)
    upload(home, WIDER)
    assert version(home, 2).played == "" and not released(home, 2)
    play(home, SMALL, ANSWER, n=2)
    assert released(home, 2)


def test_playing_twice_writes_once_and_a_late_mark_is_none(home: House) -> None:
    play(home, SMALL, ANSWER)
    before = version(home)
    play(home, SMALL, ANSWER)
    assert version(home) == before
    rehearsal.mark(home.engine, process="p", n=1, program="another")
    rehearsal.mark(home.engine, process="gone", n=1, program="x")
    assert version(home) == before


def test_what_the_house_installs_was_tried_by_its_makers(home: House) -> None:
    strict(home)
    assert released(home, agent=SYSTEM)


def test_what_comes_back_by_a_withdrawal_was_released_before(home: House) -> None:
    assert released(home)
    upload(home, WIDER)
    assert released(home, 2)
    strict(home)
    with home.engine.store.reading() as tx:
        resource = tx.processes.resource(version(home, 2).resource_id)
    assert resource is not None
    withdraw.withdraw(home.engine, deployment_id=resource.deployment_id, agent=BOSS, now=home.now)
    assert version(home).status == "released"


def test_who_may_ask_for_it(home: House) -> None:
    with pytest.raises(errors.Forbidden):
        rehearsal.ask(home.engine, process="p", wanted=True, agent=ANNA, now=home.now)
    with pytest.raises(errors.NotFound):
        rehearsal.ask(home.engine, process="gone", wanted=True, agent=BOSS, now=home.now)
