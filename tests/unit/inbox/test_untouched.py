"""Who has work and does nothing with it loses it to the others, in working time, and so often at most."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine import errors, facts
from engine.definitions import bases, schemas
from engine.definitions import process as processes
from engine.dispatch import LOOK_EVERY, Dispatcher
from engine.inbox import act, handing, reminding, returning, untouched
from engine.model.performer import Performer
from engine.people.agent import Agent
from engine.runtime import suspend
from tests.house import ANNA, BO, BOSS, House
from tests.kernel.models import literal, node, program

HOUR = timedelta(hours=1)


def started(home: House, performer: Performer | None = None, **rule: Any) -> str:
    """Its sales step waits; ``rule`` is what process.json says of the process, an hour where nothing else is said."""
    for agent in (ANNA, BO):
        home.person(agent, manager="boss")
    home.person(BOSS)
    sales = performer or Performer(groups=(literal("sales"),))
    flow = program("start s", node("user t", performer=sales), node("user u", performer=sales), "end e",
                   flow=["s > t > u > e"])  # fmt: skip
    home.release(flow, untouched={"after": "PT1H", **rule})
    return home.start()


def given(home: House, case: str, agent: Agent = ANNA) -> None:
    act.claim(home.engine, work_item_id=home.item(case, "t").id, agent=agent, now=home.now)


def look(home: House, **later: float) -> int:
    home.clock.advance(timedelta(**later))
    return untouched.return_due(home.engine, now=home.now)


def holder(home: House, case: str) -> str | None:
    return home.item(case, "t").assignee


def told(home: House, key: str) -> list[str]:
    with home.engine.store.reading() as tx:
        return [notice.subject["en"] for notice in tx.notices.of_people([key], before=None, limit=50)]


def test_it_is_taken_after_its_time_and_not_a_second_before(home: House) -> None:
    case = started(home)
    given(home, case)
    assert look(home, minutes=59, seconds=59) == 0 and holder(home, case) == "anna"
    assert look(home, seconds=1) == 1 and holder(home, case) is None
    assert home.claimable(BO) == ["t"] and home.claimable(ANNA) == ["t"]
    last = home.facts(case)[-1]
    assert isinstance(last, facts.WorkItemActed) and (last.verb, last.to) == ("untouched", "anna")
    assert told(home, "anna") == ["'t' was left untouched: others may claim it now"]
    assert told(home, "boss") == ["Anna did nothing with 't'"]
    assert look(home, hours=9) == 0, "what nobody has nobody leaves untouched"


DEEDS: dict[str, Callable[[House, str], object]] = {
    "a draft": lambda home, key: act.save_draft(home.engine, work_item_id=key, data={"a": 1}, agent=ANNA, now=home.now),
    "a comment": lambda home, key: reminding.comment(
        home.engine, work_item_id=key, text="on it", agent=ANNA, now=home.now
    ),
    "a signer": lambda home, key: handing.add_sign(
        home.engine, work_item_id=key, people=["bo"], agent=ANNA, now=home.now
    ),
    "a hold": lambda home, key: suspend.suspend(
        home.engine, instance_id=key.partition(".")[0], reason="wait", agent=BOSS, now=home.now
    ),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_whatever_is_done_with_it_is_something(home: House, deed: str) -> None:
    case = started(home)
    given(home, case)
    DEEDS[deed](home, home.item(case, "t").id)
    before = holder(home, case)
    assert look(home, days=9) == 0 and holder(home, case) == before


def test_another_s_comment_is_nothing_of_who_has_it(home: House) -> None:
    case = started(home)
    given(home, case)
    key = home.item(case, "t").id
    reminding.comment(home.engine, work_item_id=key, text="Anna?", agent=BO, now=home.now)
    assert look(home, hours=1) == 1


def test_who_gets_it_next_has_the_whole_time_again(home: House) -> None:
    case = started(home)
    given(home, case)
    home.clock.advance(HOUR / 2)
    handing.transfer(home.engine, work_item_id=home.item(case, "t").id, to="bo", agent=ANNA, now=home.now)
    assert look(home, minutes=59) == 0 and look(home, minutes=1) == 1


def test_delegated_work_goes_back_to_who_delegated_it(home: House) -> None:
    case = started(home)
    given(home, case)
    handing.delegate(home.engine, work_item_id=home.item(case, "t").id, to="bo", agent=ANNA, now=home.now)
    assert look(home, hours=1) == 1
    item = home.item(case, "t")
    assert (item.assignee, item.shared.owner, item.claimed_at) == ("anna", "", home.now)


def test_so_often_at_most_then_it_stays_and_the_manager_knows(home: House) -> None:
    case = started(home, most=2)
    for agent in (ANNA, BO):
        given(home, case, agent)
        assert look(home, hours=1) == 1 and holder(home, case) is None
    given(home, case)
    assert look(home, hours=1) == 1 and holder(home, case) == "anna"
    assert [fact.verb for fact in home.facts(case) if isinstance(fact, facts.WorkItemActed)][-1] == "untouched_kept"
    assert len(told(home, "boss")) == 3 and len(told(home, "anna")) == 1
    assert look(home, hours=9) == 0, "told once"


def test_what_nobody_else_could_take_stays_with_who_has_it(home: House) -> None:
    case = started(home, Performer(assignee=literal("anna")))
    assert holder(home, case) == "anna"
    assert look(home, hours=1) == 1 and holder(home, case) == "anna"
    assert told(home, "boss") == ["Anna did nothing with 't'"]


def test_nights_weekends_and_lunch_are_nobody_s_idleness(home: House) -> None:
    home.clock.advance(datetime(2026, 3, 6, 9, 0, tzinfo=UTC) - home.now)  # Friday, 17:00 in Shanghai
    case = started(home, after="PT2H", calendar="cn-5x8")
    given(home, case)
    assert look(home, days=2, hours=16, minutes=59) == 0, "Monday, 09:59"
    assert look(home, minutes=1) == 1, "an hour on Friday and one on Monday"


def test_a_process_that_says_nothing_takes_nothing(home: House) -> None:
    for agent in (ANNA, BOSS):
        home.person(agent)
    sales = Performer(groups=(literal("sales"),))
    home.release(program("start s", node("user t", performer=sales), "end e", flow=["s > t > e"]))
    case = home.start()
    given(home, case)
    assert look(home, days=99) == 0 and holder(home, case) == "anna"


def test_a_calendar_that_was_taken_away_takes_no_work_with_it(home: House) -> None:
    case = started(home, calendar="gone")
    given(home, case)
    assert look(home, days=9) == 0 and holder(home, case) == "anna"


def test_a_step_that_went_back_to_the_others_is_still_taken_back_by_who_was_before(home: House) -> None:
    case = started(home)
    given(home, case)
    done = home.item(case, "t").id
    act.complete(home.engine, work_item_id=done, data={}, agent=ANNA, now=home.now)
    act.claim(home.engine, work_item_id=home.item(case, "u").id, agent=BO, now=home.now)
    assert look(home, hours=1) == 1
    with pytest.raises(errors.Conflict):  # Bo claimed it: touched by a person, whatever became of it
        returning.take_back(home.engine, work_item_id=done, agent=ANNA, now=home.now)


def test_the_dispatcher_looks_every_minute(home: House) -> None:
    case = started(home)
    turn = Dispatcher(home.engine)
    given(home, case)
    home.clock.advance(HOUR)
    turn()
    assert holder(home, case) is None
    given(home, case)
    home.clock.advance(LOOK_EVERY - timedelta(seconds=1))
    turn()
    assert holder(home, case) == "anna"


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({}, "/untouched"),
        ({"after": "soon"}, "/untouched/after"),
        ({"after": "PT1H", "most": 0}, "/untouched/most"),
        ({"after": "PT1H", "more": 1}, "/untouched"),
    ],
)
def test_a_wrong_rule_is_told_at_its_place(said: dict[str, Any], place: str) -> None:
    found = schemas.check({"untouched": said}, schema="process.json")
    assert place in {problem.pointer for problem in found}


def test_a_calendar_that_nobody_knows_is_refused_with_the_folder(home: House) -> None:
    def definition(calendar: str) -> processes.Definition:
        rule = processes.Untouched(after="PT1H", calendar=calendar)
        return processes.Definition(
            key="P",
            pillar="X",
            names={},
            purpose={},
            customer_output={},
            owner="",
            start=processes.Start(form="f", node="begin"),
            untouched=rule,
        )

    (found,) = bases._without_calendar(home.engine, definition("gone"))
    assert (found.pointer, found.text["zh-CN"]) == ("/untouched/calendar", "日历“gone”不存在")
    assert bases._without_calendar(home.engine, definition("cn-5x8")) == []
