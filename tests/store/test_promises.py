"""The eight promises of the stack, each shortly, on both databases; the long forms stand in the files named here.

P1 and P2: test_crash.py, test_kill.py. P5: test_races.py. P7: test_bells.py. P8: test_migrations.py.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from engine import dispatch, errors, records
from engine.inbox import act
from engine.jobs import external, run
from engine.kernel import stimuli
from engine.model.nodes import Work
from engine.model.performer import Performer
from engine.people.agent import SYSTEM
from engine.ports import Failed, JobAnswer, JobCall
from engine.queries import Topic
from engine.repositories import Stale
from engine.runtime import deliver, start
from engine.store import migrate
from engine.store.database import connect
from engine.store.tables import metadata
from engine.store.unit_of_work import Store
from engine.timers import fire
from tests.house import ANNA, BO, BOSS, MONDAY, House
from tests.kernel.models import literal, message, node, program, timer
from tests.store.test_crash import crashed_everywhere

SALES = Performer(groups=(literal("sales"),))
TASK = program("start s", node("user one", performer=SALES), "end e", flow=["s > one > e"])
PAUSE = program("start s", node("catch pause", triggers=(timer("PT1H"),)), "end e", flow=["s > pause > e"])
CALL = program("start s", node("service do", work=Work(handler="pay", retries=3)), "end e", flow=["s > do > e"])
OUT = program(
    "start s", node("service out", work=Work(handler="post", style="external")), "end e", flow=["s > out > e"]
)
LONG = program(
    "start s", node("service do", work=Work(handler="log")), node("throw tell", triggers=(message("nobody"),)),
    node("catch pause", triggers=(timer("PT1H"),)), node("user one", performer=SALES), "end e",
    flow=["s > do > tell > pause > one > e"],
)  # fmt: skip
HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)
DRAWN = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def counted(home: House, case: str) -> Counter[str]:
    return Counter(type(fact).__name__ for fact in home.facts(case))


def complete(home: House, case: str, **data: Any) -> Any:
    return act.complete(home.engine, work_item_id=home.item(case, "one").id, data=data, agent=ANNA, now=home.now)


@pytest.fixture
def houses(database: Callable[..., str]) -> Iterator[Callable[..., House]]:
    """Makes houses of one kind of database; each closes at the end."""
    made: list[House] = []

    def make(**more: Any) -> House:
        made.append(House(database(furnished=True), more))
        return made[-1]

    yield make
    for one in made:
        one.engine.store.close()


# --- P1: what was answered survives ----------------------------------------------------------------------------------


def test_p1_what_was_answered_is_there_for_whoever_opens_the_database_next(home: House, url: str) -> None:
    home.release(TASK)
    case = home.start()
    item = home.item(case, "one")
    answered: list[Any] = []

    def work() -> None:
        answered.append(act.complete(home.engine, work_item_id=item.id, data={"n": 1}, agent=ANNA, now=home.now))

    assert crashed_everywhere(home, work) >= 3
    assert len(answered) == 1, "no crashed try has answered"
    again = Store(url, bell=lambda rings: None)
    with again.reading() as tx:
        found = tx.instances.get(case)
        done = tx.waits.work_item(case, item.wait)
    again.close()
    assert found is not None and (found.status, found.revision) == ("completed", 2)
    assert done is not None and (done.status, done.ended_by) == ("completed", "anna")


def test_p1_what_was_not_answered_left_nothing_and_may_be_asked_again(home: House) -> None:
    home.release(TASK)
    case = home.start()
    wait = home.item(case, "one").wait
    with pytest.raises(ZeroDivisionError), home.engine.store.transaction() as tx:
        stimulus = stimuli.Complete(agent="anna", wait=wait)
        deliver.within(home.engine, tx, instance_id=case, stimulus=stimulus, now=home.now)
        raise ZeroDivisionError
    assert home.instance(case).revision == 1
    complete(home, case)
    assert home.instance(case).status == "completed"


# --- P2: each step's effects exactly once ----------------------------------------------------------------------------


def test_p2_the_effects_of_an_answered_job_are_there_once_however_often_it_answers(home: House) -> None:
    home.release(program("start s", node("service do", work=Work(handler="log")), node("user one", performer=SALES),
                         "end e", flow=["s > do > one > e"]))  # fmt: skip
    case = home.start()
    (job,) = lease(home, "w", home.now + HOUR)
    assert [run.perform(home.engine, job, now=home.now) for _ in range(3)] == [True, False, False]
    assert counted(home, case)["JobCompleted"] == 1
    assert len(home.items(case)) == 1


def test_p2_the_same_start_twice_is_one_instance(home: House) -> None:
    home.release(TASK)
    home.customer()
    key = {"process": "p", "customer_id": "c-1", "business_key": "k", "data": {}, "agent": SYSTEM, "now": home.now}
    first, second = (start.start(home.engine, **key) for _ in range(2))
    assert (first.created, second.created) == (True, False)
    assert first.instance.id == second.instance.id
    assert counted(home, first.instance.id)["InstanceStarted"] == 1


def test_p2_a_completed_step_is_not_completed_again(home: House) -> None:
    home.release(TASK)
    case = home.start()
    item = home.item(case, "one")
    complete(home, case)
    with pytest.raises(errors.Conflict) as refused:
        act.complete(home.engine, work_item_id=item.id, data={}, agent=BO, now=home.now)
    assert (refused.value.code, refused.value.ids["by"]) == ("work_item_over", "anna")
    assert counted(home, case)["WorkItemCompleted"] == 1


# --- P3: no timer lost or early --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moments", "fired"),
    [
        ([HOUR - TICK], 0),
        ([HOUR], 1),
        ([timedelta(days=400)], 1),
        ([-timedelta(days=400), HOUR - TICK], 0),
        ([-timedelta(days=1), HOUR], 1),
        ([HOUR, timedelta(), HOUR], 1),
        ([timedelta(days=9), -timedelta(days=9), timedelta(days=9)], 1),
    ],
)
def test_p3_a_clock_that_jumps_fires_each_timer_once_and_never_early(
    home: House, moments: list[timedelta], fired: int
) -> None:
    home.release(PAUSE)
    case = home.start()
    for moment in moments:
        home.clock.set(MONDAY + moment)
        home.settle()
    assert counted(home, case)["TimerFired"] == fired
    assert home.instance(case).status == ("completed" if fired else "active")


def test_p3_a_clock_gone_mad_loses_no_timer(home: House) -> None:
    home.release(PAUSE)
    chance = random.Random(7)
    due: dict[str, Any] = {}
    for _ in range(20):
        home.clock.set(MONDAY + timedelta(minutes=chance.randrange(-300, 300)))
        if len(due) < 5:
            due[home.start()] = home.now + HOUR
        before = {case for case in due if home.instance(case).status == "active"}
        home.settle()
        for case in before:
            assert (home.instance(case).status == "completed") == (due[case] <= home.now)
    home.clock.set(MONDAY + timedelta(days=1))
    home.settle()
    assert [counted(home, case)["TimerFired"] for case in due] == [1] * 5


def test_p3_one_timer_that_cannot_fire_holds_up_no_other_and_is_tried_again(home: House) -> None:
    home.release(PAUSE)
    broken, sound = home.start(), home.start()
    with home.engine.store.transaction() as tx:
        kept = tx.steps.read(broken)
        assert kept is not None
        tx.steps.write(kept, b"no state", "active", records.Written(now=home.now))
    home.clock.advance(HOUR)
    assert fire.fire_due(home.engine, now=home.now) == 1
    assert home.instance(sound).status == "completed"
    with home.engine.store.reading() as tx:
        (waiting,) = tx.waits.timers(broken)
    assert waiting.due_at == home.now + fire.PUT_OFF
    with home.engine.store.transaction() as tx:
        again = tx.steps.read(broken)
        assert again is not None
        tx.steps.write(again, kept.state, "active", records.Written(now=home.now))
    home.pass_time(minutes=1)
    assert home.instance(broken).status == "completed"


# --- P4: outside calls at least once, under one key ------------------------------------------------------------------


def test_p4_every_try_of_a_call_carries_the_same_key(houses: Callable[..., House]) -> None:
    calls: list[JobCall] = []

    def pay(call: JobCall) -> JobAnswer:
        calls.append(call)
        if len(calls) < 3:
            raise Failed(zh="无应答", en="no answer")
        return JobAnswer(data={"paid": True})

    home = houses(pay=pay)
    home.release(CALL)
    case = home.start()
    for _ in range(4):
        home.pass_time(days=1)
    assert [call.attempt for call in calls] == [1, 2, 3]
    assert {call.id for call in calls} == {f"{case}.{calls[0].id.rpartition('.')[2]}"}
    assert home.instance(case).status == "completed"


def test_p4_a_caller_that_died_before_it_wrote_down_the_answer_calls_again(houses: Callable[..., House]) -> None:
    seen: list[str] = []

    def pay(call: JobCall) -> JobAnswer:
        seen.append(call.id)
        if len(seen) == 1:
            raise KeyboardInterrupt  # nothing handles it: the process ends here
        return JobAnswer()

    home = houses(pay=pay)
    home.release(CALL)
    case = home.start()
    with pytest.raises(KeyboardInterrupt):
        home.settle()
    home.pass_time(seconds=59)
    assert len(seen) == 1, "its lease lasts a minute"
    home.pass_time(seconds=1)
    assert len(seen) == 2 and len(set(seen)) == 1
    assert counted(home, case)["JobCompleted"] == 1


def test_p4_a_job_of_a_dead_worker_outside_goes_to_the_next_under_the_same_key(home: House) -> None:
    home.release(OUT)
    case = home.start()
    (first,) = fetch(home, "a")
    assert fetch(home, "b") == []
    home.clock.advance(timedelta(minutes=1))
    (second,) = fetch(home, "b")
    assert second.id == first.id
    assert second.fence == first.fence + 1
    external.complete(home.engine, job_id=second.id, worker="b", data={}, agent=BOSS, now=home.now)
    assert home.instance(case).status == "completed"


def fetch(home: House, worker: str) -> list[records.Job]:
    topics = [Topic(name="post", lease=timedelta(minutes=1))]
    found = external.fetch(home.engine, topics=topics, worker=worker, limit=9, agent=BOSS, now=home.now)
    return [task.job for task in found]


# --- P5: one writer for each instance --------------------------------------------------------------------------------


def test_p5_of_two_writers_of_one_revision_one_is_stale(home: House) -> None:
    home.release(TASK)
    case = home.start()
    with home.engine.store.reading() as tx:
        kept = tx.steps.read(case)
    assert kept is not None
    complete(home, case)
    with pytest.raises(Stale), home.engine.store.transaction() as tx:
        tx.steps.write(kept, kept.state, "active", records.Written(now=home.now))
    assert home.instance(case).status == "completed"


def lease(home: House, worker: str, until: Any) -> list[records.Job]:
    return home.engine.store.run(
        lambda tx: tx.jobs.claim(styles=run.OWN, handlers=None, worker=worker, until=until, now=home.now, limit=9)
    )


@pytest.mark.parametrize("answer", ["done", "failed", "error"])
def test_p5_a_worker_back_with_an_old_fence_changes_nothing(home: House, answer: str) -> None:
    home.release(program("start s", node("service do", work=Work(handler="log")), node("user one", performer=SALES),
                         "end e", flow=["s > do > one > e"]))  # fmt: skip
    case = home.start()
    (old,) = lease(home, "a", home.now + HOUR)
    home.clock.advance(HOUR)
    (new,) = lease(home, "b", home.now + HOUR)
    assert (new.id, new.fence, new.worker) == (old.id, old.fence + 1, "b")
    before = home.facts(case)
    late = {
        "done": lambda: run.answered(home.engine, old, JobAnswer(data={"late": 1}), now=home.now),
        "failed": lambda: run.failed(home.engine, old, text={"zh-CN": "不", "en": "no"}, now=home.now),
        "error": lambda: run.answered(home.engine, old, JobAnswer(error="E"), now=home.now),
    }[answer]
    assert not late()
    assert home.facts(case) == before
    with home.engine.store.reading() as tx:
        assert tx.jobs.get(case, new.wait) == new
    assert run.answered(home.engine, new, JobAnswer(), now=home.now)
    assert not late()
    assert [item.node for item in home.items(case)] == ["one"]


def test_p5_a_worker_outside_whose_lease_went_to_another_is_refused(home: House) -> None:
    home.release(OUT)
    case = home.start()
    (first,) = fetch(home, "a")
    home.clock.advance(timedelta(minutes=1))
    fetch(home, "b")
    with pytest.raises(errors.Conflict) as refused:
        external.complete(home.engine, job_id=first.id, worker="a", data={}, agent=BOSS, now=home.now)
    assert set(refused.value.text) == {"zh-CN", "en"}
    assert home.instance(case).status == "active"


# --- P6: same history, same state ------------------------------------------------------------------------------------


def lived(home: House) -> tuple[Any, ...]:
    home.release(LONG)
    case = home.start(n=1)
    home.settle()
    home.pass_time(hours=1)
    before = state(home, case)
    complete(home, case, n=2)
    return before, state(home, case), told(home, case), home.instance(case).revision


def state(home: House, case: str) -> bytes:
    with home.engine.store.reading() as tx:
        kept = tx.steps.read(case)
    assert kept is not None
    return kept.state.replace(case.encode(), b"this case")


def told(home: House, case: str) -> list[str]:
    """The history without the ids that are drawn anew for each case."""
    return [DRAWN.sub("an id", repr(fact)) for fact in home.facts(case)]


def test_p6_two_cases_with_the_same_history_have_the_same_state(houses: Callable[..., House]) -> None:
    first, second = lived(houses()), lived(houses())
    assert first == second
    assert first[0] != first[1]


def test_p6_a_step_that_was_tried_twice_leaves_the_state_of_one_that_was_tried_once(
    houses: Callable[..., House],
) -> None:
    once, twice = houses(), houses()
    states = []
    for home in (once, twice):
        home.release(TASK)
        case = home.start()
        if home is twice:
            with pytest.raises(Stale), home.engine.store.transaction() as tx:
                stimulus = stimuli.Complete(agent="anna", wait=home.item(case, "one").wait)
                deliver.within(home.engine, tx, instance_id=case, stimulus=stimulus, now=home.now)
                raise Stale
        complete(home, case, n=1)
        states.append((state(home, case), told(home, case)))
    assert states[0] == states[1]


# --- P7: the bell ----------------------------------------------------------------------------------------------------


def as_rung(home: House, heard: Callable[[list[Any]], list[Any]]) -> None:
    """One round for each ring that arrives of those rung since the last time."""
    rings, home.rings[:] = list(home.rings), []
    for _ in heard(rings):
        dispatch.once(home.engine, now=home.now)


BELLS: dict[str, Callable[[list[Any]], list[Any]]] = {
    "all lost": lambda rings: [],
    "each doubled": lambda rings: [*rings, *rings],
    "backwards": lambda rings: rings[::-1],
}


@pytest.mark.parametrize("fate", BELLS)
def test_p7_loss_and_doubling_and_disorder_of_the_bell_change_nothing(home: House, fate: str) -> None:
    home.release(LONG)
    cases = [home.start() for _ in range(2)]
    as_rung(home, BELLS[fate])
    home.settle()  # the look that needs no bell
    home.clock.advance(HOUR)
    as_rung(home, BELLS[fate])
    home.settle()
    for case in cases:
        complete(home, case)
        as_rung(home, BELLS[fate])
        once = counted(home, case)
        assert (once["JobCompleted"], once["TimerFired"], once["WorkItemCompleted"]) == (1, 1, 1)
        assert home.instance(case).status == "completed"


# --- P8: an upgrade strands no running instance ----------------------------------------------------------------------


REVISIONS = [one.revision for one in ScriptDirectory(str(migrate.HERE)).walk_revisions()][::-1]


@pytest.mark.parametrize("revision", [REVISIONS[0], REVISIONS[len(REVISIONS) // 2], REVISIONS[-2]])
def test_p8_a_case_in_the_tables_of_an_older_release_goes_on_after_the_upgrade(
    home: House, database: Callable[[], str], revision: str
) -> None:
    home.release(LONG)
    case = home.start(n=1)
    home.settle()
    older = database()
    aged(home, older, revision)
    upgraded = House(older)
    try:
        upgraded.pass_time(hours=1)
        complete(upgraded, case)
        assert upgraded.instance(case).status == "completed"
        assert upgraded.facts(case)[: len(home.facts(case))] == home.facts(case)
        assert upgraded.engine.store.version() == REVISIONS[-1]
    finally:
        upgraded.engine.store.close()


def aged(home: House, url: str, revision: str) -> None:
    """Everything of the house in the tables as they were at ``revision``."""
    there = connect(url)
    with there.writing() as target, home.engine.store.reading() as tx:
        command.upgrade(migrate.config(target), revision)
        assert migrate.version(target) == revision
        source = tx.connection  # type: ignore[attr-defined]
        old = sa.MetaData()
        old.reflect(target)
        for table in metadata.sorted_tables:
            if table.name in old.tables:
                columns = [column for column in table.c if column.name in old.tables[table.name].c]
                gone = [column for column in old.tables[table.name].c if column.name not in table.c and _needed(column)]
                more = {column.name: 0 if isinstance(column.type, sa.Integer) else "" for column in gone}
                rows = [{**row._mapping, **more} for row in source.execute(sa.select(*columns))]
                if rows:
                    then = sa.table(table.name, *(sa.column(one.name, one.type) for one in (*columns, *gone)))
                    target.execute(then.insert(), rows)
    there.close()


def _needed(column: sa.Column[Any]) -> bool:
    """Without a value no row is taken."""
    return not column.nullable and column.server_default is None
