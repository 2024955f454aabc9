"""A case on hold until its customer answers, on both databases: the answer ends the hold and is taken, once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from engine import errors, facts, records
from engine.inbox import reminding
from engine.messages import correlate, keyed
from engine.model.performer import Performer, Promise
from engine.people.agent import Agent
from engine.runtime import cancel, instances, suspend
from tests.house import BOSS, MONDAY, House
from tests.kernel.models import literal, message, node, program, signal
from tests.store.test_races import together

MAIL = Agent(key="mail", roles=frozenset({"integrator"}))
HELLO = {"text": "yes, please"}
TELL = node("throw tell", triggers=(message("reply"),))


def waiting(home: House, trigger: Any = None) -> str:
    """Somebody has a task with a promise of ten hours, and the customer may write meanwhile."""
    task = node("user t", performer=Performer(groups=(literal("sales"),)), promise=Promise(duration="PT10H"))
    wait = node("catch wait", triggers=(trigger or message("reply"),))
    flow = ["s > f > t > j > e", "f > wait > j"]
    home.release(program("start s", "and f", task, wait, "and j", "end e", flow=flow))
    return home.start(business_key="k")


def hold(home: House, case: str, *, awaits_customer: bool = True, reason: str = "") -> records.Instance:
    return suspend.suspend(
        home.engine, instance_id=case, agent=BOSS, now=home.now, awaits_customer=awaits_customer, reason=reason
    )


def reply(home: House, name: str = "reply", **more: Any) -> correlate.Correlated:
    letter = correlate.Letter(name=name, business_key="k", data=HELLO)
    return correlate.correlate(home.engine, letter=letter, agent=MAIL, now=home.now, **more)


def note(home: House, case: str, *, answered: bool = True) -> None:
    reminding.remark(home.engine, instance_id=case, text="they rang", answered=answered, agent=BOSS, now=home.now)


def by_variables(home: House) -> None:
    letter = correlate.Letter(name="reply", business_key="k", data=HELLO)
    keyed.deliver(home.engine, letter=letter, keys={}, everybody=False, agent=MAIL, now=home.now)


def due(home: House, case: str) -> datetime | None:
    return home.item(case, "t").due_at


def ends(home: House, case: str) -> list[facts.InstanceResumed]:
    return [fact for fact in home.facts(case) if isinstance(fact, facts.InstanceResumed)]


def on_hold(home: House, case: str) -> tuple[bool, bool]:
    found = home.instance(case)
    return found.suspended, found.awaits_customer


def test_a_hold_says_whether_it_waits_for_the_customer(home: House) -> None:
    case = waiting(home)
    found = hold(home, case, reason="asked for the plan")
    assert (found.suspended, found.awaits_customer) == (True, True)
    assert facts.InstanceSuspended(reason="asked for the plan", awaits_customer=True) in home.facts(case)


@pytest.mark.parametrize("first", [True, False])
def test_a_second_hold_changes_nothing_about_the_first(home: House, first: bool) -> None:
    case = waiting(home)
    hold(home, case, awaits_customer=first)
    assert hold(home, case, awaits_customer=not first).awaits_customer is first
    assert home.told(case).count("InstanceSuspended") == 1


@pytest.mark.parametrize("bring", [reply, by_variables])
def test_the_answer_ends_the_hold_and_is_taken(home: House, bring: Callable[[House], Any]) -> None:
    case = waiting(home)
    hold(home, case)
    home.clock.advance(timedelta(hours=5))
    bring(home)
    assert on_hold(home, case) == (False, False)
    assert ends(home, case) == [facts.InstanceResumed(answered=True)]
    told = home.told(case)
    assert told.index("InstanceResumed") < told.index("EventCaught wait")
    assert instances.get(home.engine, instance_id=case).variables["text"] == HELLO["text"]


def test_promises_go_on_with_the_time_they_had(home: House) -> None:
    case = waiting(home)
    hold(home, case)
    home.clock.advance(timedelta(hours=5))
    assert due(home, case) == MONDAY + timedelta(hours=10)
    reply(home)
    assert (due(home, case), home.item(case, "t").held_at) == (MONDAY + timedelta(hours=15), None)


def test_who_brought_the_answer_is_told(home: House) -> None:
    case = waiting(home)
    hold(home, case)
    reply(home)
    with home.engine.store.reading() as tx:
        rows = tx.facts.of_instance(case)
    assert [row.agent for row in rows if isinstance(row.fact, facts.InstanceResumed)] == [MAIL.key]


def test_a_plain_hold_refuses_the_answer(home: House) -> None:
    case = waiting(home)
    hold(home, case, awaits_customer=False)
    with pytest.raises(errors.Conflict) as refused:
        reply(home)
    assert (refused.value.code, on_hold(home, case)) == ("instance_suspended", (True, False))


def test_resumed_by_hand_it_waits_no_more(home: House) -> None:
    case = waiting(home)
    hold(home, case)
    assert suspend.resume(home.engine, instance_id=case, agent=BOSS, now=home.now).awaits_customer is False
    assert ends(home, case) == [facts.InstanceResumed()]
    hold(home, case, awaits_customer=False)
    with pytest.raises(errors.Conflict):
        reply(home)


def test_a_message_for_which_nothing_waits_leaves_the_hold(home: House) -> None:
    case = waiting(home)
    hold(home, case)
    assert reply(home, "another").outcome == "kept"
    with pytest.raises(errors.NotFound) as refused:
        reply(home, "another", keep=timedelta())
    assert (refused.value.code, on_hold(home, case)) == ("nobody_waits", (True, True))


def test_a_message_that_several_could_take_ends_no_hold(home: House) -> None:
    cases = [waiting(home), home.start(business_key="other")]
    for case in cases:
        hold(home, case)
    with pytest.raises(errors.Conflict) as refused:
        correlate.correlate(home.engine, letter=correlate.Letter(name="reply"), agent=MAIL, now=home.now)
    assert refused.value.code == "message_ambiguous"
    assert [on_hold(home, case) for case in cases] == [(True, True)] * 2


def test_what_another_case_says_is_no_answer_and_waits(home: House) -> None:
    case = waiting(home)
    hold(home, case)
    home.release(program("start s", TELL, "end e", flow=["s > tell > e"], key="relay"))
    home.start("relay")
    home.pass_time(minutes=10)
    assert on_hold(home, case) == (True, True)
    suspend.resume(home.engine, instance_id=case, agent=BOSS, now=home.now)
    home.pass_time(hours=2)
    assert "EventCaught wait" in home.told(case)


def test_a_signal_is_no_answer_and_waits(home: House) -> None:
    case = waiting(home, signal("alarm"))
    hold(home, case)
    with pytest.raises(errors.Conflict) as refused:
        correlate.signal_one(home.engine, name="alarm", instance_id=case, data={}, agent=MAIL, now=home.now)
    assert (refused.value.code, on_hold(home, case)) == ("instance_suspended", (True, True))


def test_a_note_that_they_answered_ends_the_hold(home: House) -> None:
    case = waiting(home)
    hold(home, case)
    home.clock.advance(timedelta(hours=5))
    note(home, case, answered=False)
    assert on_hold(home, case) == (True, True)
    note(home, case)
    assert on_hold(home, case) == (False, False)
    assert (home.told(case)[-2:], ends(home, case)) == (
        ["Commented", "InstanceResumed"],
        [facts.InstanceResumed(answered=True)],
    )
    assert due(home, case) == MONDAY + timedelta(hours=15)


@pytest.mark.parametrize("state", ["plain", "running", "over"])
def test_such_a_note_is_a_comment_where_no_answer_is_awaited(home: House, state: str) -> None:
    case = waiting(home)
    if state != "running":
        hold(home, case, awaits_customer=state == "over")
    if state == "over":
        cancel.cancel(home.engine, instance_id=case, reason="no answer", agent=BOSS, now=home.now)
    before = on_hold(home, case)
    note(home, case)
    assert (on_hold(home, case), ends(home, case), home.told(case)[-1]) == (before, [], "Commented")


def test_resumed_by_hand_at_the_moment_of_the_answer(home: House) -> None:
    case = waiting(home)
    hold(home, case)
    home.clock.advance(timedelta(hours=5))
    results = together(
        lambda: suspend.resume(home.engine, instance_id=case, agent=BOSS, now=home.now),
        lambda: reply(home, keep=timedelta()),
    )
    assert correlate.Correlated(outcome="delivered", instance_id=case) in results
    assert (len(ends(home, case)), home.told(case).count("EventCaught wait")) == (1, 1)
    assert (on_hold(home, case), due(home, case)) == ((False, False), MONDAY + timedelta(hours=15))


def test_an_answer_by_message_and_by_phone_at_the_same_moment(home: House) -> None:
    case = waiting(home)
    hold(home, case)
    together(lambda: note(home, case), lambda: reply(home))
    assert ends(home, case) == [facts.InstanceResumed(answered=True)]
    assert (home.told(case).count("EventCaught wait"), home.told(case).count("Commented")) == (1, 1)
