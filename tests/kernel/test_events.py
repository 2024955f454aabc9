"""Timers, messages, signals, conditions: caught in the flow, at a boundary, in an event sub-process."""

from datetime import UTC, datetime, timedelta

import pytest

from engine import errors, facts
from engine.kernel import stimuli, waits
from engine.model import triggers
from engine.model.program import Program
from engine.schedule.calendars import Calendar
from tests.kernel.case import START, Case, Shelf
from tests.kernel.conftest import Tell
from tests.kernel.models import condition, feel, mapping, message, node, program, signal, timer


def _bounded(trigger: object, **more: object) -> Program:
    return program(
        "start s", "user a", "user b", "user c", node("boundary e", attached_to="a", triggers=(trigger,), **more),
        flow=["s > a > b", "e > c"],
    )  # fmt: skip


def test_a_timer_in_the_flow(tell: Tell) -> None:
    model = program("start s", node("catch t", triggers=(timer("PT2H"),)), "user a", flow=["s > t > a"])
    case = tell(model).start()
    assert case.wait("t", waits.Timer).due_at == START + timedelta(hours=2)
    with pytest.raises(errors.Conflict) as refused:
        case.give(stimuli.Fire(wait=case.wait("t").id))
    assert refused.value.code == "timer_not_due"
    assert case.fire("t").open() == ["a"]


def test_a_fired_timer_is_gone(tell: Tell) -> None:
    case = tell(_bounded(timer("PT2H"), interrupting=False)).start()
    wait = case.wait("e", waits.Timer).id
    case.fire("e")
    with pytest.raises(errors.Conflict):
        case.give(stimuli.Fire(wait=wait))


@pytest.mark.parametrize(
    ("kind", "text", "due"),
    [
        ("date", "'2026-03-04T00:00:00+08:00'", datetime(2026, 3, 3, 16, tzinfo=UTC)),
        ("duration", "'P' + days + 'D'", datetime(2026, 3, 5, 9, tzinfo=UTC)),
        ("cycle", "'R2/PT1H'", datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("cycle", "'0 0 9 * * MON-FRI'", datetime(2026, 3, 3, 9, tzinfo=UTC)),
    ],
)
def test_when_a_timer_is_due(tell: Tell, kind: str, text: str, due: datetime) -> None:
    trigger = triggers.Timer(kind=kind, text=feel(text))  # type: ignore[arg-type]
    model = program("start s", node("catch t", triggers=(trigger,)), flow=["s > t"])
    assert tell(model).start(days="3").wait("t", waits.Timer).due_at == due


def test_a_timer_in_business_time(tell: Tell) -> None:
    # 17:00 in Shanghai on Monday: an hour is left, the other two are Tuesday's from 09:00 there, 01:00 UTC.
    model = program("start s", node("catch t", triggers=(timer("PT3H", calendar="weekdays"),)), flow=["s > t"])
    assert tell(model).start().wait("t").due_at == datetime(2026, 3, 3, 3, tzinfo=UTC)


def test_a_calendar_nobody_knows_is_an_incident(tell: Tell) -> None:
    model = program("start s", node("catch t", triggers=(timer("PT3H", calendar="moon"),)), flow=["s > t"])
    assert tell(model).start().incidents() == ["t"]


def test_a_timer_that_cannot_be_read_is_an_incident_at_its_activity(tell: Tell) -> None:
    case = tell(_bounded(triggers.Timer(kind="duration", text=feel("wait")))).start(wait="soon")
    assert case.incidents() == ["a"] and case.open() == []
    assert case.retry("a", wait="PT1H").open() == ["a"]
    assert case.open(waits.Timer) == ["e"]


def test_an_interrupting_boundary_cancels_its_activity(tell: Tell) -> None:
    case = tell(_bounded(timer("PT2H"))).start().fire("e")
    assert case.open(waits.Wait) == ["c"]
    assert case.story(facts.WorkItemCancelled, facts.ActivityCancelled) == ["a", "a"]


def test_a_completed_activity_forgets_its_boundary_events(tell: Tell) -> None:
    assert tell(_bounded(timer("PT2H"))).start().complete("a").open(waits.Wait) == ["b"]


def test_a_non_interrupting_message_may_come_again(tell: Tell) -> None:
    case = tell(_bounded(message("ping"), interrupting=False)).start().deliver("e").deliver("e", n=2)
    assert case.open() == ["a", "c", "c"] and case.variables() == {"n": 2}
    assert case.complete("a").open(waits.Wait) == ["b", "c", "c"]


def test_a_cycle_fires_its_number_of_times_from_due_to_due(tell: Tell) -> None:
    case = tell(_bounded(timer("R3/PT1H", "cycle"), interrupting=False)).start().after(minutes=90)
    due = []
    while case.open(waits.Timer):
        due.append(case.wait("e", waits.Timer).due_at - START)
        case.fire("e")
    assert due == [timedelta(hours=1), timedelta(hours=2), timedelta(hours=3)]
    assert case.open() == ["a", "c", "c", "c"]


def test_message_data_by_mappings(tell: Tell) -> None:
    trigger = message("m", mappings=(("total", feel("price * n")),))
    model = program(
        "start s", node("catch c", triggers=(trigger,), outputs=(mapping("big", "price > 5"),)), flow=["s > c"]
    )
    case = tell(model).start(n=2).deliver("c", price=10)
    assert case.ended and case.variables() == {"n": 2, "total": 20, "big": True}


def test_several_triggers_any_of_which_will_do(tell: Tell) -> None:
    model = program("start s", node("catch c", triggers=(message("m"), timer("PT1H"))), "user a", flow=["s > c > a"])
    assert tell(model).start().fire("c").open(waits.Wait) == ["a"]
    assert tell(model).start().deliver("c").open(waits.Wait) == ["a"]


def test_parallel_multiple_needs_all_its_triggers(tell: Tell) -> None:
    both = (message("m"), signal("n"))
    model = program("start s", node("catch c", triggers=both, parallel=True), "user a", flow=["s > c > a"])
    case = tell(model).start()
    assert case.deliver("c").open(waits.Subscription) == ["c"]
    assert case.deliver("c").open(waits.Wait) == ["a"]


def test_parallel_multiple_at_a_boundary_begins_again(tell: Tell) -> None:
    case = tell(_bounded(message("m"), interrupting=False)).start()
    assert case.open(waits.Subscription) == ["e"]
    model = program(
        "start s", "user a", "user c",
        node("boundary e", attached_to="a", triggers=(message("m"), message("n")), parallel=True, interrupting=False),
        flow=["s > a", "e > c"],
    )  # fmt: skip
    case = tell(model).start().deliver("e")
    assert case.open() == ["a"]
    assert case.deliver("e").open() == ["a", "c"]
    assert case.open(waits.Subscription) == ["e", "e"]


def test_a_condition_happens_when_it_becomes_true(tell: Tell) -> None:
    case = tell(_bounded(condition("n > 3"), interrupting=False)).start(n=1)
    assert case.set(n=2).open() == ["a"]
    assert case.set(n=5).open() == ["a", "c"]
    assert case.set(n=6).open() == ["a", "c"], "it has to be false in between"
    assert case.set(n=0).set(n=9).open() == ["a", "c", "c"]


def test_a_condition_that_holds_already_happens_at_once(tell: Tell) -> None:
    model = program("start s", node("catch c", triggers=(condition("n > 3"),)), "user a", flow=["s > c > a"])
    assert tell(model).start(n=4).open() == ["a"]
    case = tell(model).start(n=3)
    assert case.open(waits.Subscription) == ["c"]
    assert case.set(n=4).open() == ["a"]


def test_a_condition_may_look_at_one_variable_only(tell: Tell) -> None:
    case = tell(_bounded(condition("n > m", variable="n"))).start(n=1, m=5)
    assert case.set(m=0).open() == ["a"]
    assert case.set(n=2).open() == ["c"]


def test_work_that_makes_a_condition_true_elsewhere(tell: Tell) -> None:
    model = program(
        "start s", "and f", "user a", "user b", "user c",
        node("boundary e", attached_to="b", triggers=(condition("done == True"),)),
        flow=["s > f", "f > a", "f > b", "e > c"],
    )  # fmt: skip
    assert tell(model).start(done=False).complete("a", done=True).open() == ["c"]


def test_a_signal_reaches_everybody_in_the_instance_before_its_thrower_goes_on(tell: Tell) -> None:
    model = program(
        "start s", "and f", node("catch c", triggers=(signal("go"),)), "user a", "user b", "user x",
        node("boundary e", attached_to="b", triggers=(signal("go"),)), "user t",
        node("throw n", triggers=(signal("go"),), inputs=(mapping("who", "'me'"),)), "user d", "user z",
        flow=["s > f", "f > c > a", "f > b > x", "e > d", "f > t > n > z"],
    )  # fmt: skip
    case = tell(model).start().complete("t")
    assert case.open(waits.Wait) == ["a", "d", "z"]
    assert case.story()[-3:] == ["a", "d", "z"]
    assert [(thrown.trigger, thrown.name, thrown.data) for thrown in case.thrown] == [("signal", "go", {"who": "me"})]
    assert case.variables() == {"who": "me"}


def test_started_by_a_message(tell: Tell) -> None:
    trigger = message("order", payload="body")
    model = program("start s", node("start m", triggers=(trigger,)), "user a", "user b", flow=["s > a", "m > b"])
    assert tell(model).start().open() == ["a"]
    case = tell(model).start(node="m", n=1)
    assert case.open() == ["b"] and case.variables() == {"body": {"n": 1}}


def test_it_is_said_when_no_start_is_meant(tell: Tell) -> None:
    model = program(
        node("start m", triggers=(message("x"),)), node("start n", triggers=(message("y"),)), "user a", flow=["m > a"]
    )
    with pytest.raises(errors.Invalid) as refused:
        tell(model).start()
    assert refused.value.code == "start_unclear"
    with pytest.raises(errors.NotFound):
        tell(model).start(node="q")


def test_the_initiator_is_remembered(tell: Tell) -> None:
    model = program(node("start s", initiator="who"), "user a", flow=["s > a"])
    assert tell(model).start(agent="wang").variables() == {"who": "wang"}


def _listening(trigger: object, **more: object) -> Program:
    return program(
        "start s", "user a", "end z",
        node("sub e", variety="event"), node("start t", scope="e", triggers=(trigger,), **more),
        node("user b", scope="e"), node("end y", scope="e"),
        flow=["s > a > z", "t > b > y"],
    )  # fmt: skip


def test_an_interrupting_event_sub_process_ends_the_rest(tell: Tell) -> None:
    case = tell(_listening(timer("PT1H"))).start().fire("t")
    assert case.open(waits.Wait) == ["b"]
    assert case.wait("b").path == ("e",)
    assert case.complete("b").ended


def test_a_non_interrupting_event_sub_process_runs_beside(tell: Tell) -> None:
    case = tell(_listening(message("m"), interrupting=False)).start().deliver("t").deliver("t")
    assert case.open() == ["a", "b", "b"]
    case.complete("a").complete("b")
    assert not case.ended
    assert case.complete("b").ended
    assert case.waits == {}


def test_a_listening_event_sub_process_does_not_keep_the_instance_open(tell: Tell) -> None:
    assert tell(_listening(message("m"), interrupting=False)).start().complete("a").ended


def test_every_start_that_may_be_awaited(tell: Tell) -> None:
    assert tell(_listening(signal("n"))).start().deliver("t").open() == ["b"]
    assert tell(_listening(condition("n > 1"))).start(n=0).set(n=2).open() == ["b"]
    assert tell(_listening(message("m"))).start().deliver("t", x=1).variables() == {"x": 1}


def test_a_cycle_starts_an_event_sub_process_again_and_again(tell: Tell) -> None:
    case = tell(_listening(timer("R2/PT1H", "cycle"), interrupting=False)).start().fire("t").fire("t")
    assert case.open() == ["a", "b", "b"] and case.open(waits.Timer) == []


def test_an_event_sub_process_whose_start_cannot_be_awaited_is_an_incident_beside_the_work(tell: Tell) -> None:
    case = tell(_listening(triggers.Timer(kind="duration", text=feel("wait")))).start()
    assert case.open() == ["a"] and case.incidents() == ["e"]
    assert case.retry("e", wait="PT1H").open(waits.Timer) == ["t"]
    assert case.complete("a").ended


def test_a_call_has_its_calendar_from_the_library() -> None:
    shelf = Shelf(calendars={"night": Calendar(key="night", weeks=(((0, 60),),) * 7)})
    model = program("start s", node("catch t", triggers=(timer("PT90M", calendar="night"),)), flow=["s > t"])
    assert Case(model, library=shelf).start().wait("t").due_at == datetime(2026, 3, 4, 0, 30, tzinfo=UTC)


def test_an_event_that_cannot_be_awaited_leaves_nothing_half_awaited(tell: Tell) -> None:
    bad = triggers.Timer(kind="duration", text=feel("wait"))
    model = program(
        "start s", "event g", node("catch m", triggers=(message("paid"),)), node("catch t", triggers=(bad,)), "user a",
        flow=["s > g", "g > m > a", "g > t > a"],
    )  # fmt: skip
    case = tell(model).start()
    assert case.open(waits.Wait) == ["g"]
    assert case.retry("g", wait="PT1H").open(waits.Wait) == ["m", "t"]
    both = program("start s", node("catch c", triggers=(message("paid"), bad)), flow=["s > c"])
    assert tell(both).start().open(waits.Wait) == ["c"]
