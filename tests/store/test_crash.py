"""A crash at any statement of a step leaves the step done whole, or not begun; tried again, it is done once."""

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine import facts
from engine.inbox import act
from engine.jobs import external, run
from engine.kernel import stimuli
from engine.messages import carry, correlate
from engine.model.nodes import Work
from engine.model.performer import Escalation, Performer, Promise
from engine.people.agent import SYSTEM
from engine.queries import Topic
from engine.runtime import cancel, deliver, instances, start
from engine.store import raw, steps, wire
from engine.store.tables import metadata
from engine.timers import escalate, fire
from tests.house import ANNA, BOSS, House
from tests.kernel.models import literal, message, node, program, timer

RICH = program(
    "start s",
    node("user one", performer=Performer(groups=(literal("sales"),)), promise=Promise(duration="PT1H", ladder=(
        Escalation(at_percent=50, action="notify_manager"), Escalation(at_percent=80, action="raise_priority")))),
    node("boundary late", attached_to="one", triggers=(timer("P1D"),)),
    "and fork", node("throw tell", triggers=(message("m"),)), node("service do", work=Work(handler="log")),
    node("service out", work=Work(handler="post", style="external")),
    "user two", node("catch hear", triggers=(message("n"),)), node("catch pause", triggers=(timer("PT1M"),)),
    "end e",
    flow=["s > one > fork", "fork > tell > e", "fork > do > e", "fork > out > e", "fork > two > e", "fork > hear > e",
          "fork > pause > e", "late > e"],
)  # fmt: skip


class Crash(BaseException):
    """The process is gone: nothing after this statement happens, and nobody handles it."""


class Fragile:
    """A driver's cursor that breaks at the n-th statement."""

    def __init__(self, cursor: Any, count: Callable[[], None]) -> None:
        self._cursor = cursor
        self._count = count

    def execute(self, *said: Any) -> Any:
        self._count()
        return self._cursor.execute(*said)

    def executemany(self, *said: Any) -> Any:
        self._count()
        return self._cursor.executemany(*said)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)


@contextmanager
def breaking_at(number: int, home: House) -> Iterator[list[int]]:
    """Whatever is said to the database, by libpq, the driver or SQLAlchemy; the list counts the statements."""
    seen = [0]

    def count(*_: Any) -> None:
        seen[0] += 1
        if seen[0] == number:
            raise Crash

    def fragile(whole: Callable[[sa.Connection], Any]) -> Callable[[sa.Connection], Any]:
        return lambda connection: Fragile(whole(connection), count)

    engine = home.engine.store.database.engine  # type: ignore[attr-defined]
    sa.event.listen(engine, "before_cursor_execute", count)
    try:
        with pytest.MonkeyPatch.context() as patch:
            for module, name in itertools.product((steps, raw), ("cursor", "numbering_cursor")):
                patch.setattr(module, name, fragile(getattr(module, name)))
            said = wire._said
            patch.setattr(wire, "_said", lambda *statement: (count(), said(*statement))[1])
            yield seen
    finally:
        sa.event.remove(engine, "before_cursor_execute", count)


def everything(home: House) -> dict[str, list[Any]]:
    """Every row of every table."""
    with home.engine.store.reading() as tx:
        connection = tx.connection  # type: ignore[attr-defined]
        return {
            table.name: sorted(map(repr, connection.execute(sa.select(table)).fetchall()))
            for table in metadata.sorted_tables
        }


def crashed_everywhere(home: House, work: Callable[[], Any]) -> int:
    """Crashes at each statement of ``work`` in turn, checks that nothing is left of it, and lets it through at last.

    How many statements it has.
    """
    before = everything(home)
    number = 0
    while True:
        number += 1
        with breaking_at(number, home) as seen:
            try:
                work()
            except Crash:
                after = everything(home)
                assert after == before, f"after a crash at statement {number}"
                continue
        assert seen[0] == number - 1
        assert everything(home) != before, "it did something at last"
        return seen[0]


def dialect(home: House) -> str:
    name: str = home.engine.store.database.engine.dialect.name  # type: ignore[attr-defined]
    return name


@pytest.fixture
def case(home: House) -> str:
    """A case that waits at everything behind its first task."""
    home.release(RICH)
    case = home.start()
    act.complete(home.engine, work_item_id=home.item(case, "one").id, data={}, agent=ANNA, now=home.now)
    return case


def told(home: House, case: str) -> Counter[Any]:
    return Counter(map(type, home.facts(case)))


def test_a_start(home: House) -> None:
    home.release(RICH)
    home.customer()

    def begin() -> Any:
        return start.start(
            home.engine, process="p", customer_id="c-1", business_key="k", data={}, agent=SYSTEM, now=home.now
        )

    count = crashed_everywhere(home, begin)
    assert count > 5
    (one,) = instances.search(home.engine)
    assert one.number == "p-000001"
    assert not begin().created


def test_a_completion(home: House) -> None:
    home.release(RICH)
    case = home.start()
    work_item_id = home.item(case, "one").id
    count = crashed_everywhere(
        home, lambda: act.complete(home.engine, work_item_id=work_item_id, data={"n": 1}, agent=ANNA, now=home.now)
    )
    # PostgreSQL: the instance, the work item, an early message that may wait already, and one that writes everything.
    assert count == 4 if dialect(home) == "postgresql" else count >= 12, count
    assert told(home, case)[facts.WorkItemCompleted] == 1
    assert [item.node for item in home.items(case)] == ["two"]


def test_a_claim(home: House) -> None:
    home.release(RICH)
    work_item_id = home.item(home.start(), "one").id
    crashed_everywhere(home, lambda: act.claim(home.engine, work_item_id=work_item_id, agent=ANNA, now=home.now))
    assert home.mine(ANNA) == ["one"]


def test_a_timer_that_fires(home: House, case: str) -> None:
    home.clock.advance(timedelta(minutes=2))
    crashed_everywhere(home, lambda: fire.fire_due(home.engine, now=home.now))
    assert told(home, case)[facts.TimerFired] == 1
    assert fire.fire_due(home.engine, now=home.now) == 0


def test_a_rung_of_a_promise(home: House) -> None:
    home.release(RICH)
    case = home.start()
    home.clock.advance(timedelta(minutes=31))
    crashed_everywhere(home, lambda: escalate.escalate_due(home.engine, now=home.now))
    assert told(home, case)[facts.EscalationReached] == 1


def test_a_letter_of_the_outbox(home: House, case: str) -> None:
    crashed_everywhere(home, lambda: carry.carry_due(home.engine, now=home.now))
    with home.engine.store.reading() as tx:
        assert tx.due.mail(home.now, 10) == []


def test_a_message_from_outside(home: House, case: str) -> None:
    def send() -> Any:
        return correlate.correlate(home.engine, letter=correlate.Letter(name="n"), agent=SYSTEM, now=home.now)

    crashed_everywhere(home, send)
    assert home.told(case).count("EventCaught hear") == 1


def test_a_lease(home: House, case: str) -> None:
    until = home.now + timedelta(minutes=1)

    def lease() -> Any:
        return home.engine.store.run(
            lambda tx: tx.jobs.claim(styles=run.OWN, handlers=None, worker="w", until=until, now=home.now, limit=9)
        )

    crashed_everywhere(home, lease)
    assert lease() == [], "one fence, one lease"


def test_the_answer_of_a_job(home: House, case: str) -> None:
    until = home.now + timedelta(minutes=1)
    (job,) = home.engine.store.run(
        lambda tx: tx.jobs.claim(styles=run.OWN, handlers=None, worker="w", until=until, now=home.now, limit=9)
    )
    crashed_everywhere(home, lambda: run.perform(home.engine, job, now=home.now))
    assert told(home, case)[facts.JobCompleted] == 1
    assert not run.perform(home.engine, job, now=home.now), "the second answer is late"


def test_the_failure_of_a_job(home: House, case: str) -> None:
    until = home.now + timedelta(minutes=1)
    (job,) = home.engine.store.run(
        lambda tx: tx.jobs.claim(styles=run.OWN, handlers=None, worker="w", until=until, now=home.now, limit=9)
    )
    crashed_everywhere(home, lambda: run.failed(home.engine, job, text={"en": "no", "zh-CN": "不"}, now=home.now))
    assert told(home, case)[facts.JobFailed] == 1


def test_a_job_that_a_worker_outside_fetches_and_completes(home: House, case: str) -> None:
    topics = [Topic(name="post", lease=timedelta(minutes=1))]
    taken: list[Any] = []

    def fetch() -> None:
        taken[:] = external.fetch(home.engine, topics=topics, worker="w", limit=1, agent=BOSS, now=home.now)

    crashed_everywhere(home, fetch)
    assert [task.job.handler for task in taken] == ["post"]
    complete = {"job_id": taken[0].job.id, "worker": "w", "data": {}, "agent": BOSS, "now": home.now}
    crashed_everywhere(home, lambda: external.complete(home.engine, **complete))
    assert told(home, case)[facts.JobCompleted] == 1


def test_a_cancellation(home: House, case: str) -> None:
    crashed_everywhere(
        home, lambda: cancel.cancel(home.engine, instance_id=case, reason="no", agent=BOSS, now=home.now)
    )
    assert home.instance(case).status == "cancelled"
    assert home.items(case) == []


def test_variables_set_by_hand(home: House, case: str) -> None:
    crashed_everywhere(
        home,
        lambda: instances.set_variables(
            home.engine, instance_id=case, values={"n": 2}, reason="wrong", agent=BOSS, now=home.now
        ),
    )
    assert instances.get(home.engine, instance_id=case).variables["n"] == 2


@pytest.mark.parametrize("kind", ["completion", "timer"])
def test_an_answer_that_was_lost_after_the_commit_is_found_by_whoever_asks_again(
    kind: str, home: House, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process died between the commit and the answer: what it did is there, and is not done again."""
    with home.engine.store.reading() as tx:
        wait = tx.waits.timers(case)[0].wait if kind == "timer" else home.item(case, "two").wait
    stimulus: Any = stimuli.Fire(wait=wait) if kind == "timer" else stimuli.Complete(agent="anna", wait=wait)

    def dead(rings: Any) -> None:
        raise Crash

    home.clock.advance(timedelta(minutes=2))
    monkeypatch.setattr(home.engine.store, "_bell", dead)
    home.engine.store.run(lambda tx: None)
    with pytest.raises(Crash):
        home.engine.store.run(
            lambda tx: (
                tx.ring("job"),
                deliver.within(home.engine, tx, instance_id=case, stimulus=stimulus, now=home.now),
            )
        )
    monkeypatch.undo()
    kept = told(home, case)
    with pytest.raises(Exception, match="expected wait"):
        deliver.deliver(home.engine, instance_id=case, stimulus=stimulus, now=home.now)
    assert told(home, case) == kept
