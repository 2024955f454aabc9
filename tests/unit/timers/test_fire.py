"""No timer is lost, early or fired twice; promises climb their ladders once."""

from datetime import timedelta
from typing import Any

from engine import facts, records
from engine.inbox import act
from engine.kernel import stimuli
from engine.model.performer import Escalation, Performer, Promise
from engine.runtime import deliver
from engine.timers import escalate, fire
from tests.house import ANNA, CHEN, House
from tests.kernel.models import literal, node, program, timer


def test_a_timer_fires_when_due_and_not_before(home: House) -> None:
    home.release(program("start s", node("catch wait", triggers=(timer("PT1H"),)), "end e", flow=["s > wait > e"]))
    case = home.start()
    home.pass_time(minutes=59, seconds=59)
    assert home.instance(case).status == "active"
    home.pass_time(seconds=1)
    assert home.instance(case).status == "completed"
    assert "TimerFired wait" in home.told(case)


def test_a_boundary_timer_takes_the_work_away(home: House) -> None:
    late = node("boundary late", attached_to="work", triggers=(timer("P1D"),))
    home.release(
        program("start s", "user work", late, "user remind", "end e", flow=["s > work > e", "late > remind > e"])
    )
    case = home.start()
    home.pass_time(days=1)
    assert [item.node for item in home.items(case)] == ["remind"]
    assert [item.node for item in home.items(case, "cancelled")] == ["work"]


def test_a_repeating_timer_leaves_the_work_and_comes_again(home: House) -> None:
    again = node("boundary again", attached_to="work", interrupting=False, triggers=(timer("R2/PT1H", "cycle"),))
    home.release(
        program("start s", "user work", again, "user nudge", "end e", flow=["s > work > e", "again > nudge > e"])
    )
    case = home.start()
    for expected in (1, 2, 2):
        home.pass_time(hours=1)
        assert len([item for item in home.items(case) if item.node == "nudge"]) == expected


def test_work_done_in_time_stops_its_timer(home: House) -> None:
    late = node("boundary late", attached_to="work", triggers=(timer("P1D"),))
    home.release(
        program("start s", "user work", late, "user remind", "end e", flow=["s > work > e", "late > remind > e"])
    )
    case = home.start()
    with home.engine.store.reading() as tx:
        assert len(tx.waits.timers(case)) == 1
    act_on(home, case, "work")
    with home.engine.store.reading() as tx:
        assert tx.due.next() is None
    assert home.instance(case).status == "completed"


def act_on(home: House, case: str, name: str) -> None:
    stimulus = stimuli.Complete(wait=home.item(case, name).wait)
    deliver.deliver(home.engine, instance_id=case, stimulus=stimulus, now=home.now)


def test_a_hundred_timers_fire_in_few_batches(home: House) -> None:
    home.release(program("start s", node("catch wait", triggers=(timer("PT1H"),)), "end e", flow=["s > wait > e"]))
    cases = [home.start() for _ in range(50)]
    home.clock.advance(timedelta(hours=2))
    assert [fire.fire_due(home.engine, now=home.now, limit=20) for _ in range(4)] == [20, 20, 10, 0]
    assert {home.instance(case).status for case in cases} == {"completed"}


def test_one_broken_instance_does_not_stop_the_others_clocks(home: House) -> None:
    home.release(program("start s", node("catch wait", triggers=(timer("PT1H"),)), "end e", flow=["s > wait > e"]))
    broken, well = home.start(), home.start()
    with home.engine.store.transaction() as tx:
        kept = tx.steps.read(broken)
        assert kept is not None
        tx.steps.write(kept, b"not a state", "active", records.Written(now=home.now))
    home.clock.advance(timedelta(hours=1))
    assert fire.fire_due(home.engine, now=home.now) == 1
    assert home.instance(well).status == "completed"
    with home.engine.store.reading() as tx:
        (put_off,) = tx.waits.timers(broken)
    assert put_off.due_at == home.now + fire.PUT_OFF


def promised(home: House, *ladder: Escalation, calendar: str = "", assignee: str = "") -> str:
    performer = Performer(groups=(literal("sales"),), assignee=literal(assignee) if assignee else None)
    promise = Promise(duration="PT10H", calendar=calendar, ladder=ladder)
    home.release(program("start s", node("user t", performer=performer, promise=promise), "end e", flow=["s > t > e"]))
    return home.start()


def reached(home: House, case: str) -> list[tuple[int, str]]:
    found = [fact for fact in home.facts(case) if isinstance(fact, facts.EscalationReached)]
    return [(fact.at_percent, fact.action) for fact in found]


def test_a_promise_makes_the_due_date_and_its_rungs_come_once(home: House) -> None:
    case = promised(home, Escalation(at_percent=50, action="warn"), Escalation(at_percent=100, action="breach"))
    assert home.item(case, "t").due_at == home.now + timedelta(hours=10)
    home.pass_time(hours=4.9)
    assert reached(home, case) == []
    home.pass_time(hours=0.1)
    assert reached(home, case) == [(50, "warn")]
    home.pass_time(hours=20)
    home.pass_time(hours=20)
    assert reached(home, case) == [(50, "warn"), (100, "breach")]


def test_a_kept_promise_has_no_rungs_left(home: House) -> None:
    case = promised(home, Escalation(at_percent=50, action="warn"))
    act_on(home, case, "t")
    home.pass_time(hours=9)
    assert reached(home, case) == []


def test_rungs_are_counted_in_business_time(home: House) -> None:
    # Monday 09:00 UTC is 17:00 in Shanghai; open 9-18: 1 h on Monday, 9 h on Tuesday, due Tuesday 18:00 there.
    case = promised(home, Escalation(at_percent=50, action="warn"), calendar="weekdays")
    due = home.item(case, "t").due_at
    assert due is not None
    assert due.isoformat() == "2026-03-03T10:00:00+00:00"
    home.pass_time(hours=19, minutes=59)  # half: 1 h Monday + 4 h Tuesday = 13:00 there = 05:00 UTC
    assert reached(home, case) == []
    home.pass_time(minutes=1)
    assert reached(home, case) == [(50, "warn")]


def test_a_rung_raises_priority_gives_work_back_and_tells_the_manager(home: House) -> None:
    for agent in (ANNA, CHEN):
        home.person(agent, manager="boss")
    case = promised(
        home,
        Escalation(at_percent=10, action="raise_priority"),
        Escalation(at_percent=20, action="notify_manager"),
        Escalation(at_percent=30, action="reassign", to="legal"),
        assignee="anna",
    )
    home.pass_time(hours=3)
    item = home.item(case, "t")
    assert (item.priority, item.assignee, item.groups) == (75, None, ("sales", "legal"))
    assert home.claimable(CHEN) == ["t"]
    with home.engine.store.reading() as tx:
        (notice,) = tx.notices.of_instance(case)
    assert (notice.to, notice.subject["en"]) == ("boss", "20 % of 't' is over")
    act.claim(home.engine, work_item_id=item.id, agent=CHEN, now=home.now)


def test_a_notice_says_whether_the_goal_or_the_deadline_is_meant(home: House) -> None:
    home.person(ANNA, manager="boss")
    promise = Promise(
        duration="PT10H",
        goal="PT5H",
        ladder=(
            Escalation(at_percent=100, action="notify_manager", of="goal"),
            Escalation(at_percent=100, action="notify_manager"),
        ),
    )
    performer = Performer(assignee=literal("anna"))
    home.release(program("start s", node("user t", performer=performer, promise=promise), "end e", flow=["s > t > e"]))
    case = home.start()
    home.pass_time(hours=11)
    with home.engine.store.reading() as tx:
        found = sorted((notice.subject["en"], notice.subject["zh-CN"]) for notice in tx.notices.of_instance(case))
    assert found == [
        ("100 % of 't' is over", "“t”的时限已用去 100%"),
        ("100 % of the time to the goal of 't' is over", "“t”的目标时间已用去 100%"),
    ]


def test_two_dispatchers_climb_a_rung_once(home: House) -> None:
    case = promised(home, Escalation(at_percent=10, action="warn"))
    home.clock.advance(timedelta(hours=2))
    results: list[Any] = [escalate.escalate_due(home.engine, now=home.now) for _ in range(2)]
    assert results == [1, 0]
    assert reached(home, case) == [(10, "warn")]


def test_two_timers_of_one_case_fire_in_rounds_of_their_own_and_each_sees_what_the_other_did(home: House) -> None:
    home.release(
        program(
            "start s", "and fork", node("catch first", triggers=(timer("PT1M"),)),
            node("catch second", triggers=(timer("PT1M"),)), "and join", "end e",
            flow=["s > fork", "fork > first > join", "fork > second > join", "join > e"],
        )
    )  # fmt: skip
    case = home.start()
    home.clock.advance(timedelta(minutes=1))
    assert fire.fire_due(home.engine, now=home.now) == 1
    assert fire.fire_due(home.engine, now=home.now) == 1
    assert fire.fire_due(home.engine, now=home.now) == 0
    assert home.instance(case).status == "completed"
    assert home.told(case).count("TimerFired first") == home.told(case).count("TimerFired second") == 1
