"""What stands still is listed with its reason, what is late is said, and who did what is found."""

from datetime import timedelta
from typing import Any

import pytest

from engine import errors, facts, records
from engine.inbox import act
from engine.model.nodes import Work
from engine.model.performer import Performer
from engine.people.agent import Agent
from engine.runtime import cancel, incidents, suspend
from engine.store.tables import waits
from engine.watch import audit, health, stuck
from tests.house import ANNA, BO, BOSS, House
from tests.kernel.models import literal, node, program, timer

SALES = Performer(groups=(literal("sales"),))
ASK = program("start s", node("user one", performer=SALES), "end e", flow=["s > one > e"])
WAIT = program("start s", node("catch pause", triggers=(timer("PT1H"),)), "end e", key="w", flow=["s > pause > e"])
BROKEN = program(
    "start s", node("service call", work=Work(handler="nobody.does", style="unbound")), "end e", key="b",
    flow=["s > call > e"],
)  # fmt: skip


@pytest.fixture
def home(home: House) -> House:
    for agent in (ANNA, BO, BOSS):
        home.person(agent)
    home.release(ASK)
    home.release(WAIT)
    home.release(BROKEN)
    return home


def why(home: House) -> list[tuple[str, str, str]]:
    return [(one.number, one.why, one.node) for one in stuck.stuck(home.engine, agent=BOSS, now=home.now)]


def number(home: House, case: str) -> str:
    return home.instance(case).number


def test_what_goes_its_way_is_not_stuck(home: House) -> None:
    home.start()
    home.start("w")
    assert why(home) == []


def test_a_failed_step_is_stuck_with_what_it_said(home: House) -> None:
    case = home.start("b")
    home.settle()
    found = stuck.stuck(home.engine, agent=BOSS, now=home.now)
    assert [(one.number, one.why, one.node) for one in found] == [(number(home, case), "incident", "call")]
    assert found[0].incident == f"{case}.{found[0].wait}" and "nobody.does" in found[0].text["en"]


def test_a_timer_that_nobody_fires_is_stuck_after_two_minutes(home: House) -> None:
    case = home.start("w")
    home.clock.advance(timedelta(hours=1, minutes=2))
    assert why(home) == []
    home.clock.advance(timedelta(seconds=1))
    assert why(home) == [(number(home, case), "overdue_timer", "pause")]


def test_a_case_on_hold_is_not_late(home: House) -> None:
    case = home.start("w")
    suspend.suspend(home.engine, instance_id=case, reason="", agent=BOSS, now=home.now)
    home.clock.advance(timedelta(days=1))
    assert why(home) == []


def test_a_step_whose_people_all_left_is_stuck_and_not_one_that_somebody_has(home: House) -> None:
    taken, open_case = home.start(), home.start()
    act.claim(home.engine, work_item_id=home.item(taken, "one").id, agent=ANNA, now=home.now)
    home.person(BO, active=False)
    assert why(home) == [], "Anna is left"
    home.person(Agent(key="anna", name="Anna", roles=ANNA.roles))
    assert why(home) == [(number(home, open_case), "nobody", "one")], "out of the group, but she has hers"
    home.person(ANNA, active=False)
    assert {one[0] for one in why(home)} == {number(home, taken), number(home, open_case)}


def test_a_case_that_waits_for_nothing_is_stuck(home: House) -> None:
    case = home.start()
    with home.engine.store.transaction() as tx:
        tx.connection.execute(waits.candidate.delete())
        tx.connection.execute(waits.work_item.delete())
    assert why(home) == [(number(home, case), "nothing_waits", "")]
    cancel.cancel(home.engine, instance_id=case, reason="x", agent=BOSS, now=home.now)
    assert why(home) == []


def test_every_reason_speaks_both_languages(home: House) -> None:
    home.start("b")
    home.start("w")
    home.settle()
    home.clock.advance(timedelta(days=1))
    assert all(one.text["zh-CN"] and one.text["en"] for one in stuck.stuck(home.engine, agent=BOSS, now=home.now))


def test_health_counts_and_is_late_only_when_nobody_ticks(home: House) -> None:
    home.start()
    home.start("w")
    found = health.of(home.engine, agent=BOSS, now=home.now)
    assert (found.counts["running"], found.counts["open_tasks"], found.counts["timers"]) == (2, 1, 1)
    assert [(queue.kind, queue.late) for queue in found.queues] == [("timer", False)]
    assert not found.late and health.ticking(home.engine, now=home.now)
    home.clock.advance(timedelta(hours=1, minutes=3))
    late = health.of(home.engine, agent=BOSS, now=home.now)
    assert late.late and late.queues[0].late and not health.ticking(home.engine, now=home.now)
    home.settle()
    assert health.ticking(home.engine, now=home.now)


def test_jobs_are_counted_by_when_they_run(home: House) -> None:
    home.start("b")
    found = health.of(home.engine, agent=BOSS, now=home.now).counts
    assert (found["jobs_due"], found["jobs_later"], found["incidents"]) == (1, 0, 0)
    home.settle()
    assert health.of(home.engine, agent=BOSS, now=home.now).counts["incidents"] == 1


@pytest.mark.parametrize("agent", [ANNA, Agent(key="d", name="D", roles=frozenset({"designer"}))])
def test_only_administrators_look(home: House, agent: Agent) -> None:
    for look in (
        lambda: health.of(home.engine, agent=agent, now=home.now),
        lambda: stuck.stuck(home.engine, agent=agent, now=home.now),
        lambda: audit.search(home.engine, wanted=audit.Search(), agent=agent),
        lambda: list(audit.export(home.engine, wanted=audit.Search(), agent=agent)),
        lambda: incidents.retry_all(home.engine, incident_ids=[], agent=agent, now=home.now),
    ):
        with pytest.raises(errors.Forbidden):
            look()


def test_many_incidents_are_tried_again_each_by_itself(home: House) -> None:
    cases = [home.start("b") for _ in range(3)]
    home.settle()
    with home.engine.store.reading() as tx:
        ids = [tx.waits.incidents(case)[0].id for case in cases]
    found = incidents.retry_all(
        home.engine, incident_ids=[ids[0], "none.1", ids[2], ids[0], "x"], agent=BOSS, now=home.now
    )
    assert [(one.incident, one.error is None) for one in found] == [
        (ids[0], True), ("none.1", False), (ids[2], True), ("x", False),
    ]  # fmt: skip
    assert all(one.error["zh-CN"] for one in found if one.error)
    with home.engine.store.reading() as tx:
        assert [len(tx.waits.incidents(case)) for case in cases] == [0, 1, 0]


def acted(home: House) -> tuple[str, str]:
    first = home.start()
    act.claim(home.engine, work_item_id=home.item(first, "one").id, agent=ANNA, now=home.now)
    home.clock.advance(timedelta(days=1))
    second = home.start("w")
    return first, second


def told(home: House, **wanted: Any) -> list[str]:
    found = audit.search(home.engine, wanted=audit.Search(**wanted), agent=BOSS, limit=500)
    return [f"{entry.number} {type(entry.row.fact).__name__}" for entry in found]


def test_the_history_of_all_cases_is_searched_newest_first(home: House) -> None:
    first, second = acted(home)
    everything = told(home)
    assert everything[0].startswith(number(home, second)) and everything[-1].startswith(number(home, first))
    assert told(home, agent="anna") == [f"{number(home, first)} WorkItemActed"]
    assert told(home, type="TimerSet") == [f"{number(home, second)} TimerSet"]
    assert {line.split()[0] for line in told(home, process="w")} == {number(home, second)}
    assert {line.split()[0] for line in told(home, number=number(home, first))} == {number(home, first)}
    assert told(home, customer_id="c-1") == everything and told(home, customer_id="c-2") == []
    day = home.now - timedelta(hours=12)
    assert told(home, since=day) + told(home, until=day) == everything


def test_pages_follow_each_other_without_a_gap_or_a_repetition(home: House) -> None:
    acted(home)
    whole = audit.search(home.engine, wanted=audit.Search(), agent=BOSS, limit=500)
    paged: list[audit.Entry] = []
    after = None
    while True:
        page = audit.search(home.engine, wanted=audit.Search(), agent=BOSS, after=after, limit=2)
        if not page:
            break
        paged += page
        after = audit.cursor(page[-1])
    assert paged == whole and len(whole) > 6


def test_an_export_holds_everything(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "PAGE", 3)
    acted(home)
    found = list(audit.export(home.engine, wanted=audit.Search(), agent=BOSS))
    monkeypatch.setattr(audit, "PAGE", 500)
    assert found == audit.search(home.engine, wanted=audit.Search(), agent=BOSS, limit=500)
    assert all(isinstance(entry.row, records.FactRow) and isinstance(entry.row.fact, facts.Fact) for entry in found)
