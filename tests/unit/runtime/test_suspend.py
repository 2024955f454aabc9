"""An instance on hold: nothing moves it, nothing is lost, and what became due meanwhile is due when it goes on."""

import threading
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from engine import errors, facts, queries, records
from engine.definitions import hold
from engine.inbox import act, direct
from engine.jobs import external
from engine.kernel import stimuli
from engine.messages import correlate
from engine.model.nodes import Work
from engine.model.performer import Performer
from engine.model.text import EN, ZH
from engine.ports import JobAnswer, JobCall
from engine.repositories import Stale
from engine.runtime import cancel, deliver, incidents, instances, modify, start, suspend
from tests.house import ANNA, BOSS, House, house
from tests.kernel.models import literal, message, node, program, signal, timer

TASK = program(
    "start s", node("user look", performer=Performer(groups=(literal("sales"),))), "end e", flow=["s > look > e"]
)


def hold_it(home: House, case: str, reason: str = "") -> records.Instance:
    return suspend.suspend(home.engine, instance_id=case, agent=BOSS, now=home.now, reason=reason)


def go_on(home: House, case: str) -> records.Instance:
    return suspend.resume(home.engine, instance_id=case, agent=BOSS, now=home.now)


def code(caught: pytest.ExceptionInfo[errors.CrmflowError]) -> str:
    assert caught.value.text[ZH] and caught.value.text[EN]
    assert caught.value.text[ZH] != caught.value.text[EN]
    return caught.value.code


@pytest.fixture
def case(home: House) -> str:
    home.person(ANNA)
    home.release(TASK)
    return home.start()


def test_it_says_so_and_why_in_the_history(home: House, case: str) -> None:
    assert hold_it(home, case, "the customer asked").suspended
    assert go_on(home, case).suspended is False
    told = [fact for fact in home.facts(case) if isinstance(fact, facts.InstanceSuspended | facts.InstanceResumed)]
    assert told == [facts.InstanceSuspended(reason="the customer asked"), facts.InstanceResumed()]


def test_twice_is_the_same_as_once(home: House, case: str) -> None:
    go_on(home, case)
    hold_it(home, case)
    hold_it(home, case)
    assert home.told(case).count("InstanceSuspended") == 1
    assert "InstanceResumed" not in home.told(case)


@pytest.mark.parametrize("verb", ["claim", "release", "complete", "save_draft"])
def test_its_tasks_can_be_seen_and_say_why_nothing_can_be_done(home: House, case: str, verb: str) -> None:
    hold_it(home, case)
    item = home.item(case, "look")
    assert home.claimable(ANNA) == ["look"]
    why = act.actions(item, ANNA)[verb]  # type: ignore[index]
    assert why is not None
    assert why[ZH] == "此办件已暂停，恢复后才能继续。"
    assert why[EN] == "The case is on hold; it must be resumed first."


def test_nobody_works_on_its_tasks(home: House, case: str) -> None:
    item = home.item(case, "look").id
    hold_it(home, case)
    deeds: list[Any] = [
        lambda: act.claim(home.engine, work_item_id=item, agent=ANNA, now=home.now),
        lambda: act.complete(home.engine, work_item_id=item, data={}, agent=ANNA, now=home.now),
        lambda: act.save_draft(home.engine, work_item_id=item, data={}, agent=ANNA, now=home.now),
        lambda: direct.assign(home.engine, work_item_id=item, to="anna", agent=BOSS, now=home.now),
        lambda: direct.complete(home.engine, work_item_id=item, data={}, agent=BOSS, now=home.now),
        lambda: direct.change(home.engine, work_item_id=item, agent=BOSS, now=home.now, priority=9),
        lambda: direct.comment(home.engine, work_item_id=item, text="?", agent=ANNA, now=home.now),
    ]
    for deed in deeds:
        with pytest.raises(errors.Conflict) as caught:
            deed()
        assert code(caught) == "instance_suspended"
    go_on(home, case)
    assert act.complete(home.engine, work_item_id=item, data={}, agent=ANNA, now=home.now).status == "completed"


def test_a_task_that_is_opened_meanwhile_is_held_too(home: House, case: str) -> None:
    hold_it(home, case)
    change = modify.Change(start=("look",))
    modify.modify(home.engine, instance_id=case, change=change, reason="twice", agent=BOSS, now=home.now)
    assert [item.held for item in home.items(case)] == [True, True]
    go_on(home, case)
    assert [item.held for item in home.items(case)] == [False, False]


def test_its_timers_wait_and_fire_when_it_goes_on(home: House) -> None:
    case = waiting(home, timer("PT1H"))
    hold_it(home, case)
    home.pass_time(hours=5)
    with home.engine.store.reading() as tx:
        (held,) = tx.waits.timers(case)
        assert (held.due_at, held.held_at) == (records.NEVER, home.now - timedelta(hours=4))
        assert tx.due.timers(home.now, 10) == []
    go_on(home, case)
    home.settle()
    assert home.instance(case).status == "completed"


def test_a_timer_that_is_not_due_yet_keeps_its_moment(home: House) -> None:
    case = waiting(home, timer("PT2H"))
    hold_it(home, case)
    home.pass_time(hours=1)
    go_on(home, case)
    home.pass_time(minutes=59)
    assert home.instance(case).status == "active"
    home.pass_time(minutes=1)
    assert home.instance(case).status == "completed"


def waiting(home: House, trigger: Any) -> str:
    """An instance that waits for this."""
    home.release(program("start s", node("catch wait", triggers=(trigger,)), "end e", flow=["s > wait > e"]))
    return home.start(business_key="k")


def test_a_message_is_refused_and_may_be_sent_again(home: House) -> None:
    case = waiting(home, message("paid"))
    hold_it(home, case)
    letter = correlate.Letter(name="paid", business_key="k")
    with pytest.raises(errors.Conflict) as caught:
        correlate.correlate(home.engine, letter=letter, agent=BOSS, now=home.now)
    assert code(caught) == "instance_suspended"
    go_on(home, case)
    done = correlate.correlate(home.engine, letter=letter, agent=BOSS, now=home.now)
    assert (done.outcome, home.instance(case).status) == ("delivered", "completed")


def test_a_signal_waits_for_it_and_is_not_lost(home: House) -> None:
    case = waiting(home, signal("alarm"))
    hold_it(home, case)
    assert correlate.signal(home.engine, name="alarm", data={}, agent=BOSS, now=home.now) == 1
    home.pass_time(minutes=10)
    assert home.instance(case).status == "active"
    go_on(home, case)
    home.pass_time(hours=2)
    assert home.instance(case).status == "completed"


JOB = program(
    "start s",
    node("service call", work=Work(handler="charge", style="external", retries=3)),
    "user look",
    "end e",
    flow=["s > call > look > e"],
)
TOPIC = queries.Topic(name="charge", lease=timedelta(minutes=1))


def fetch(home: House) -> list[external.Task]:
    return external.fetch(home.engine, topics=[TOPIC], worker="w", limit=9, agent=BOSS, now=home.now)


def test_workers_outside_do_not_get_its_jobs(home: House) -> None:
    home.release(JOB)
    case = home.start()
    hold_it(home, case)
    assert fetch(home) == []
    assert external.ready(home.engine, topics=["charge"], now=home.now) == set()
    with pytest.raises(errors.Conflict) as caught:
        external.lock(
            home.engine, job_id=job_of(home, case).id, worker="w", lease=timedelta(1), agent=BOSS, now=home.now
        )
    assert code(caught) == "instance_suspended"
    home.rings.clear()
    go_on(home, case)
    assert ("topic", "charge") in home.rings
    assert [task.instance.id for task in fetch(home)] == [case]


def job_of(home: House, case: str) -> records.Job:
    with home.engine.store.reading() as tx:
        (found,) = tx.waits.jobs(case)
    return found


def test_what_a_worker_did_before_is_taken_and_what_follows_is_held(home: House) -> None:
    home.release(JOB)
    case = home.start()
    (task,) = fetch(home)
    hold_it(home, case)
    external.complete(home.engine, job_id=task.job.id, worker="w", data={"ok": 1}, agent=BOSS, now=home.now)
    assert instances.get(home.engine, instance_id=case).variables["ok"] == 1
    assert home.item(case, "look").held


@pytest.mark.parametrize("deed", ["fail", "unlock", "lengthen", "retries", "priority"])
def test_nothing_that_is_done_to_a_held_job_sets_it_free(home: House, deed: str) -> None:
    home.release(JOB)
    case = home.start()
    (task,) = fetch(home)
    hold_it(home, case)
    who: dict[str, Any] = {"job_id": task.job.id, "agent": BOSS}
    deeds: dict[str, Any] = {
        "fail": lambda: external.fail(
            home.engine,
            **who,
            worker="w",
            failure=external.Failure(message="no", retries=2, after=timedelta()),
            now=home.now,
        ),
        "unlock": lambda: external.unlock(home.engine, **who, now=home.now),
        "lengthen": lambda: external.lengthen(home.engine, **who, worker="w", lease=timedelta(seconds=1), now=home.now),
        "retries": lambda: external.set_retries(home.engine, **who, retries=7, now=home.now),
        "priority": lambda: external.set_priority(home.engine, **who, priority=7),
    }
    deeds[deed]()
    home.clock.advance(timedelta(hours=1))
    assert job_of(home, case).run_at == records.NEVER
    assert fetch(home) == []
    go_on(home, case)
    assert len(fetch(home)) == 1


def test_a_job_of_the_engine_that_was_under_way_is_done_once(tmp_path: Any) -> None:
    done: list[str] = []

    def charge(call: JobCall) -> JobAnswer:
        done.append(call.instance_id)
        hold_it(home, call.instance_id)
        return JobAnswer(data={"receipt": "R-1"})

    with house(tmp_path, {"charge": charge}) as home:
        home.release(
            program(
                "start s",
                node("service call", work=Work(handler="charge")),
                node("catch wait", triggers=(timer("PT1H"),)),
                "end e",
                flow=["s > call > wait > e"],
            )
        )
        case = home.start()
        home.settle()
        home.pass_time(hours=2)
        assert done == [case]
        assert instances.get(home.engine, instance_id=case).variables["receipt"] == "R-1"
        assert home.instance(case).status == "active", "the timer behind the job is held"
        go_on(home, case)
        home.settle()
        assert home.instance(case).status == "completed"


def test_it_can_be_changed_and_cancelled_by_hand(home: House, case: str) -> None:
    hold_it(home, case)
    values = {"amount": 3}
    instances.set_variables(home.engine, instance_id=case, values=values, reason="r", agent=BOSS, now=home.now)
    assert instances.get(home.engine, instance_id=case).variables["amount"] == 3
    cancel.cancel(home.engine, instance_id=case, reason="enough", agent=BOSS, now=home.now)
    assert home.instance(case).status == "cancelled"


def test_its_incidents_are_mended_when_it_goes_on(home: House) -> None:
    home.release(program("start s", node("script calc", script="b = a + 1"), "end e", flow=["s > calc > e"]))
    case = home.start()
    hold_it(home, case)
    (incident,) = incidents.open_incidents(home.engine, instance_id=case)
    mend: dict[str, Any] = {"incident_id": incident.id, "data": {"a": 1}, "agent": BOSS, "now": home.now}
    with pytest.raises(errors.Conflict) as caught:
        incidents.retry(home.engine, **mend)
    assert code(caught) == "instance_suspended"
    go_on(home, case)
    assert incidents.retry(home.engine, **mend).status == "completed"


def test_a_step_that_had_begun_before_does_not_get_through(home: House, case: str) -> None:
    with home.engine.store.reading() as tx:
        before = tx.steps.read(case)
    assert before is not None
    hold_it(home, case)
    stimulus = stimuli.Complete(agent="anna", wait=home.item(case, "look").wait)
    with pytest.raises(Stale), home.engine.store.transaction() as tx:
        deliver.within(home.engine, tx, instance_id=case, stimulus=stimulus, now=home.now, kept=before)


def test_of_a_completion_and_a_suspension_at_once_one_comes_first(home: House) -> None:
    home.person(ANNA)
    home.release(TASK)
    for _ in range(10):
        case = home.start()
        item = home.item(case, "look").id
        refused: list[str] = []

        def work(item: str = item, refused: list[str] = refused) -> None:
            try:
                act.complete(home.engine, work_item_id=item, data={}, agent=ANNA, now=home.now)
            except errors.Conflict as error:
                refused.append(error.code)

        def stop(case: str = case, refused: list[str] = refused) -> None:
            try:
                hold_it(home, case)
            except errors.Conflict as error:
                refused.append(error.code)

        threads = [threading.Thread(target=work), threading.Thread(target=stop)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(refused) == 1
        status = home.instance(case).status
        assert (status, refused[0]) in {("completed", "instance_over"), ("active", "instance_suspended")}


def test_only_those_who_may_cancel_may_put_on_hold(home: House, case: str) -> None:
    for deed in (suspend.suspend, suspend.resume):
        with pytest.raises(errors.Forbidden):
            deed(home.engine, instance_id=case, agent=ANNA, now=home.now)


def test_what_is_over_or_unknown_cannot_be_put_on_hold(home: House, case: str) -> None:
    cancel.cancel(home.engine, instance_id=case, reason="r", agent=BOSS, now=home.now)
    for deed in (suspend.suspend, suspend.resume):
        with pytest.raises(errors.Conflict) as caught:
            deed(home.engine, instance_id=case, agent=BOSS, now=home.now)
        assert code(caught) == "instance_over"
        with pytest.raises(errors.NotFound):
            deed(home.engine, instance_id="nowhere", agent=BOSS, now=home.now)


def test_all_instances_of_some_programs_at_once(home: House, case: str) -> None:
    other = home.start()
    cancelled = home.start()
    cancel.cancel(home.engine, instance_id=cancelled, reason="r", agent=BOSS, now=home.now)
    hold_it(home, other)
    which: dict[str, Any] = {"process": "p", "programs": {home.instance(case).program}, "agent": BOSS, "now": home.now}
    assert suspend.suspend_all(home.engine, **which, suspended=True) == 1
    assert home.instance(case).suspended and home.instance(other).suspended
    assert suspend.suspend_all(home.engine, **which, suspended=False) == 2
    assert suspend.suspend_all(home.engine, **{**which, "programs": {"none"}}, suspended=True) == 0


def test_nothing_starts_with_a_version_on_hold(home: House, case: str) -> None:
    hold.suspend(home.engine, process="p", n=1, agent=BOSS, now=home.now)
    with pytest.raises(errors.Conflict) as caught:
        home.start()
    assert code(caught) == "process_suspended"
    assert (
        act.complete(home.engine, work_item_id=home.item(case, "look").id, data={}, agent=ANNA, now=home.now).status
        == "completed"
    ), "what runs goes on"
    hold.resume(home.engine, process="p", n=1, agent=BOSS, now=home.now)
    assert home.instance(home.start()).status == "active"


def test_a_new_version_starts_though_an_older_one_is_on_hold(home: House, case: str) -> None:
    hold.suspend(home.engine, process="p", n=1, agent=BOSS, now=home.now)
    with home.engine.store.transaction() as tx:
        older = tx.processes.version("p", 1)
        assert older is not None
        tx.processes.put_version(msgspec.structs.replace(older, status="retired"))
    home.release(program("start s", "end e", flow=["s > e"]))
    assert home.instance(home.start()).status == "completed"
    with pytest.raises(errors.Conflict) as caught, home.engine.store.transaction() as tx:
        order = start.Order(process="p", customer_id="c-1", version=1)
        start.within(home.engine, tx, order=order, agent=BOSS, now=home.now)
    assert code(caught) == "process_suspended"


def test_who_may_not_release_may_not_put_a_version_on_hold(home: House, case: str) -> None:
    with pytest.raises(errors.Forbidden):
        hold.suspend(home.engine, process="p", n=1, agent=ANNA, now=home.now)
    with pytest.raises(errors.NotFound) as caught:
        hold.suspend(home.engine, process="p", n=7, agent=BOSS, now=home.now)
    assert code(caught) == "version_unknown"
