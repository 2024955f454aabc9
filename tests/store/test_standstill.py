"""Promises on both databases: what stands still on hold goes on where it was, and who has the work changes nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine import facts, records
from engine.inbox import act, direct, handing, listing
from engine.inbox.listing import Filter
from engine.migration import carry, plans
from engine.model.performer import Escalation, Performer, Promise
from engine.runtime import modify, suspend
from engine.store.database import connect
from engine.store.types import micros
from tests.house import ANNA, BO, BOSS, MONDAY, House
from tests.kernel.models import literal, node, program
from tests.store.test_promises import aged

LADDER = (
    Escalation(at_percent=50, action="warn"),
    Escalation(at_percent=90, action="raise_priority"),
    Escalation(at_percent=100, action="breach"),
)


def line(
    *more: str, calendar: str = "", ladder: tuple[Escalation, ...] = LADDER, hours: int = 10, goal: str = ""
) -> Any:
    promise = Promise(duration=f"PT{hours}H", goal=goal, calendar=calendar, ladder=ladder)
    task = node("user t", performer=Performer(groups=(literal("sales"),)), promise=promise)
    return program(
        "start s", task, *(f"user {name}" for name in more), "end e", flow=[" > ".join(["s", "t", *more, "e"])]
    )


def promised(home: House, **more: Any) -> str:
    home.release(line(**more))
    return home.start()


def hold(home: House, case: str) -> None:
    suspend.suspend(home.engine, instance_id=case, agent=BOSS, now=home.now)


def go_on(home: House, case: str) -> None:
    suspend.resume(home.engine, instance_id=case, agent=BOSS, now=home.now)


def reached(home: House, case: str) -> list[int]:
    return [fact.at_percent for fact in home.facts(case) if isinstance(fact, facts.EscalationReached)]


def rungs(home: House, case: str) -> list[records.Rung]:
    """What is still to be climbed."""
    with home.engine.store.reading() as tx:
        return tx.moves.rungs(case)


def due(home: House, case: str) -> datetime:
    found = home.item(case, "t").due_at
    assert found is not None
    return found


def test_on_hold_no_rung_is_reached_and_each_comes_once_afterwards(home: House) -> None:
    case = promised(home)
    home.pass_time(hours=6)
    assert reached(home, case) == [50]
    hold(home, case)
    home.pass_time(hours=100)
    assert reached(home, case) == [50]
    assert {rung.due_at for rung in rungs(home, case)} == {records.NEVER}
    go_on(home, case)
    assert due(home, case) == MONDAY + timedelta(hours=110)
    home.pass_time(hours=2.9)
    assert reached(home, case) == [50]
    home.pass_time(hours=0.1)
    assert reached(home, case) == [50, 90]
    home.pass_time(hours=1)
    home.pass_time(hours=20)
    assert reached(home, case) == [50, 90, 100]


AIMED = (
    Escalation(at_percent=50, action="warn", of="goal"),
    Escalation(at_percent=100, action="warn", of="goal"),
    Escalation(at_percent=100, action="warn"),
)


def climbed(home: House, case: str) -> list[tuple[str, int]]:
    found = [fact for fact in home.facts(case) if isinstance(fact, facts.EscalationReached)]
    return [(fact.of, fact.at_percent) for fact in found]


def test_levels_hang_on_the_goal_or_on_the_deadline_and_each_comes_once(home: House) -> None:
    case = promised(home, ladder=AIMED, goal="PT4H")
    assert home.item(case, "t").goal_at == MONDAY + timedelta(hours=4)
    assert {(rung.of, rung.at_percent): (rung.due_at - MONDAY) / timedelta(hours=1) for rung in rungs(home, case)} == {
        ("goal", 50): 2, ("goal", 100): 4, ("deadline", 100): 10,
    }  # fmt: skip
    home.pass_time(hours=1.9)
    assert climbed(home, case) == []
    for hours in (0.1, 2, 1):
        home.pass_time(hours=hours)
    assert climbed(home, case) == [("goal", 50), ("goal", 100)]
    home.pass_time(hours=5)
    home.pass_time(hours=50)
    assert climbed(home, case) == [("goal", 50), ("goal", 100), ("deadline", 100)]
    assert rungs(home, case) == []


def test_the_goal_stands_still_as_the_deadline_does(home: House) -> None:
    home.person(ANNA)
    case, other = promised(home, ladder=AIMED, goal="PT4H"), home.start()
    for one in (case, other):
        act.claim(home.engine, work_item_id=home.item(one, "t").id, agent=ANNA, now=home.now)
    home.pass_time(hours=3)
    hold(home, case)
    home.pass_time(hours=5)
    missed = {row.item.instance_id: (row.goal_missed, row.breached) for row in mine(home).rows}
    assert missed == {case: (False, False), other: (True, False)}
    go_on(home, case)
    item = home.item(case, "t")
    assert (item.goal_at, item.due_at) == (MONDAY + timedelta(hours=9), MONDAY + timedelta(hours=15))
    home.pass_time(hours=0.9)
    assert climbed(home, case) == [("goal", 50)]
    home.pass_time(hours=0.1)
    assert climbed(home, case) == [("goal", 50), ("goal", 100)]


def test_the_order_of_the_inbox_is_the_deadlines(home: House) -> None:
    home.person(ANNA)
    late_goal = promised(home, goal="PT9H")
    home.release(line(goal="PT1H", hours=11))
    early_goal = home.start()
    for one in (late_goal, early_goal):
        act.claim(home.engine, work_item_id=home.item(one, "t").id, agent=ANNA, now=home.now)
    assert [row.item.instance_id for row in mine(home).rows] == [late_goal, early_goal]


def test_a_deadline_set_before_the_goal_takes_the_goal_along(home: House) -> None:
    case = promised(home, goal="PT4H")
    item, hour = home.item(case, "t"), MONDAY + timedelta(hours=1)
    for due_at, goal_at in ((MONDAY + timedelta(hours=30), MONDAY + timedelta(hours=4)), (hour, hour), (None, hour)):
        direct.change(home.engine, work_item_id=item.id, agent=BOSS, now=home.now, due_at=due_at)
        changed = home.item(case, "t")
        assert (changed.due_at, changed.goal_at) == (due_at, goal_at)


def test_a_case_held_twice_gets_both_back(home: House) -> None:
    case = promised(home)
    for _ in range(2):
        home.pass_time(hours=1)
        hold(home, case)
        home.pass_time(hours=30)
        hold(home, case)
        home.pass_time(hours=5)
        go_on(home, case)
        go_on(home, case)
    assert due(home, case) == MONDAY + timedelta(hours=80)
    assert [rung.due_at - MONDAY for rung in rungs(home, case)] == [timedelta(hours=70 + n) for n in (5, 9, 10)]


def test_only_open_hours_are_given_back(home: House) -> None:
    # Monday 09:00 UTC is 17:00 in Shanghai, open 9 to 18: one hour of Monday, nine of Tuesday.
    case = promised(home, calendar="weekdays")
    assert due(home, case) == MONDAY + timedelta(hours=25)
    home.pass_time(hours=0.5)
    hold(home, case)
    home.pass_time(days=6)  # till Sunday: half an hour of Monday, four days of nine hours
    go_on(home, case)
    assert due(home, case) == MONDAY + timedelta(days=8, hours=-7.5)
    half = next(rung for rung in rungs(home, case) if rung.at_percent == 50)
    assert half.due_at == MONDAY + timedelta(days=7, hours=-3.5)
    home.pass_time(hours=19.9)
    assert reached(home, case) == []
    home.pass_time(hours=0.1)
    assert reached(home, case) == [50]


def test_what_is_on_hold_stands_last_and_is_late_only_when_it_was_before(home: House) -> None:
    for agent in (ANNA, BO):
        home.person(agent)
    case, late, other = promised(home), home.start(), home.start()
    for one in (case, late, other):
        act.claim(home.engine, work_item_id=home.item(one, "t").id, agent=ANNA, now=home.now)
    hold(home, case)
    home.pass_time(hours=11)
    hold(home, late)
    home.pass_time(hours=1)
    assert mine(home).rows[0].item.instance_id == other
    assert {row.item.instance_id: row.breached for row in mine(home).rows} == {case: False, late: True, other: True}
    overdue = mine(home, overdue=True)
    assert {row.item.instance_id for row in overdue.rows} == {late, other}
    assert listing.counts(home.engine, agent=ANNA, now=home.now).overdue == 2
    go_on(home, late)
    go_on(home, case)
    assert [row.item.instance_id for row in mine(home).rows] == [other, late, case]


def mine(home: House, **where: Any) -> listing.Page:
    return listing.mine(home.engine, agent=ANNA, now=home.now, where=Filter(**where))


def test_what_may_be_claimed_keeps_its_place_behind_the_rest(home: House) -> None:
    home.person(ANNA)
    case, other = promised(home), home.start()
    hold(home, case)
    rows = listing.claimable(home.engine, agent=ANNA, now=home.now).rows
    assert [row.item.instance_id for row in rows] == [other, case]
    home.clock.advance(timedelta(minutes=1))
    go_on(home, case)
    rows = listing.claimable(home.engine, agent=ANNA, now=home.now).rows
    assert [row.item.instance_id for row in rows] == [other, case]
    act.claim(home.engine, work_item_id=home.item(case, "t").id, agent=ANNA, now=home.now)
    assert home.claimable(ANNA) == ["t"]


def test_a_task_that_is_opened_on_hold_begins_to_count_when_the_case_goes_on(home: House) -> None:
    case = promised(home)
    hold(home, case)
    home.pass_time(hours=7)
    change = modify.Change(start=("t",))
    modify.modify(home.engine, instance_id=case, change=change, reason="twice", agent=BOSS, now=home.now)
    home.pass_time(hours=3)
    go_on(home, case)
    assert [item.due_at for item in home.items(case)] == [home.now + timedelta(hours=10)] * 2
    home.pass_time(hours=5)
    assert reached(home, case) == [50, 50]


def move(home: House, old: Any, new: Any) -> str:
    order = plans.Order(process="p", old=old.sha256, new=new.sha256)
    plan = plans.begin(home.engine, order=order, reason="r", agent=BOSS, now=home.now).plan.id
    while carry.carry_due(home.engine, now=home.now, limit=10):
        pass
    return plan


def test_a_case_that_moves_on_hold_keeps_the_time_it_had_left_and_its_ladder(home: House) -> None:
    old, new = line(), line("x")
    case = promised(home)
    home.pass_time(hours=6)
    hold(home, case)
    home.pass_time(hours=20)
    home.release(new)
    plan = move(home, old, new)
    assert plans.get(home.engine, plan_id=plan, agent=BOSS).counts == {"moved": 1}
    assert home.item(case, "t").held_at == MONDAY + timedelta(hours=6)
    home.pass_time(hours=20)
    go_on(home, case)
    assert due(home, case) == home.now + timedelta(hours=4)
    home.pass_time(hours=4)
    assert reached(home, case) == [50, 90, 100]


def test_a_case_that_moved_on_hold_and_back_is_as_it_was(home: House) -> None:
    old, new = line(), line("x")
    case = promised(home)
    hold(home, case)
    before = home.items(case), rungs(home, case)
    home.release(new)
    plan = move(home, old, new)
    home.pass_time(hours=20)
    plans.undo(home.engine, plan_id=plan, agent=BOSS, now=home.now)
    while carry.carry_due(home.engine, now=home.now, limit=10):
        pass
    assert home.instance(case).program == old.sha256
    assert (home.items(case), rungs(home, case)) == before
    go_on(home, case)
    assert due(home, case) == home.now + timedelta(hours=10)


def test_what_was_promised_stands_still_in_a_version_that_promises_nothing(home: House) -> None:
    old = line()
    task = node("user t", performer=Performer(groups=(literal("sales"),)))
    new = program("start s", task, "end e", flow=["s > t > e"])
    case = promised(home)
    home.release(new)
    move(home, old, new)
    hold(home, case)
    home.pass_time(hours=20)
    go_on(home, case)
    assert due(home, case) == home.now + timedelta(hours=10)
    home.pass_time(hours=5)
    assert reached(home, case) == [50]


@pytest.mark.parametrize("calendar", ["", "weekdays"])
def test_who_has_the_work_changes_nothing_about_its_promise(home: House, calendar: str) -> None:
    for agent in (ANNA, BO, BOSS):
        home.person(agent, manager="boss")
    case = promised(home, calendar=calendar)
    item = home.item(case, "t")
    given, ladder = item.due_at, rungs(home, case)
    assert given is not None and len(ladder) == 3
    who: dict[str, Any] = {"work_item_id": item.id}
    moves: dict[str, tuple[Callable[..., Any], dict[str, Any], str | None]] = {
        "claim": (act.claim, {"agent": ANNA}, "anna"),
        "delegate": (handing.delegate, {"agent": ANNA, "to": "bo"}, "bo"),
        "answer": (handing.answer, {"agent": BO, "text": "fine"}, "anna"),
        "transfer": (handing.transfer, {"agent": ANNA, "to": "bo"}, "bo"),
        "release": (act.release, {"agent": BO}, None),
        "assign": (direct.assign, {"agent": BOSS, "to": "anna"}, "anna"),
    }
    for name, (deed, more, holder) in moves.items():
        home.clock.advance(timedelta(minutes=10))
        deed(home.engine, **who, **more, now=home.now)
        now = home.item(case, "t")
        assert (name, now.assignee, now.due_at) == (name, holder, given)
        assert (name, rungs(home, case)) == (name, ladder)


def test_a_rung_that_was_reached_is_not_reached_again_by_the_next_who_has_the_work(home: House) -> None:
    for agent in (ANNA, BO):
        home.person(agent)
    case = promised(home)
    task = home.item(case, "t").id
    act.claim(home.engine, work_item_id=task, agent=ANNA, now=home.now)
    home.pass_time(hours=5)
    handing.transfer(home.engine, work_item_id=task, to="bo", agent=ANNA, now=home.now)
    home.pass_time(hours=4.9)
    assert reached(home, case) == [50, 90]
    home.pass_time(hours=0.1)
    act.release(home.engine, work_item_id=task, agent=BO, now=home.now)
    home.pass_time(hours=20)
    assert reached(home, case) == [50, 90, 100]


def test_what_was_on_hold_before_this_was_known_goes_on_with_the_time_it_had(
    home: House, database: Callable[[], str]
) -> None:
    home.person(ANNA)
    case = promised(home)
    home.pass_time(hours=6)
    other = home.start()
    hold(home, case)
    older = database()
    aged(home, older, "m0038")
    as_it_was(older, case)
    upgraded = House(older)
    upgraded.clock.advance(timedelta(hours=30))
    try:
        assert upgraded.item(case, "t").held_at == MONDAY + timedelta(hours=6)
        upgraded.settle()
        assert reached(upgraded, case) == [50]
        rows = listing.claimable(upgraded.engine, agent=ANNA, now=upgraded.now).rows
        assert [row.item.instance_id for row in rows] == [other, case]
        go_on(upgraded, case)
        assert due(upgraded, case) == upgraded.now + timedelta(hours=4)
        upgraded.pass_time(hours=3)
        assert reached(upgraded, case) == [50, 90]
    finally:
        upgraded.engine.store.close()


def as_it_was(url: str, case: str) -> None:
    """The rows of a case on hold as they were kept before."""
    due_at = micros(MONDAY + timedelta(hours=10))
    percent = timedelta(hours=10) // timedelta(microseconds=100)
    rank = due_at * 128 + 127 - 50
    there = connect(url)
    with there.writing() as connection:
        for said in (
            f"UPDATE work_item SET held = (1 = 1), rank = {rank} WHERE instance_id = :case",
            f"UPDATE candidate SET rank = {rank} WHERE instance_id = :case",
            f"UPDATE rung SET due_at = {micros(MONDAY)} + {percent} * CAST(at_percent AS BIGINT) "
            "WHERE instance_id = :case",
        ):
            connection.execute(sa.text(said), {"case": case})
    there.close()
