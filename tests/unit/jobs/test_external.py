"""Workers outside fetch jobs by topic; only who holds the lease may answer."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine import errors, queries, records
from engine.jobs import external
from engine.model.nodes import Work
from engine.people.agent import SYSTEM, Agent, Role
from engine.runtime import incidents, instances
from tests.house import House, house
from tests.kernel.models import node, program

LEASE = timedelta(seconds=30)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        call = node("service call", work=Work(handler="scoring", style="external", retries=3))
        made.release(program("start s", call, "user look", "end e", flow=["s > call > look > e"]))
        yield made


def fetch(home: House, worker: str = "w1", *topics: str) -> list[records.Job]:
    wanted = [queries.Topic(name=name, lease=LEASE) for name in topics or ("scoring",)]
    found = external.fetch(home.engine, topics=wanted, worker=worker, limit=5, agent=SYSTEM, now=home.now)
    return [task.job for task in found]


def said(home: House, job: records.Job, worker: str = "w1") -> dict[str, Any]:
    return {"job_id": job.id, "worker": worker, "agent": SYSTEM, "now": home.now}


def test_the_engine_leaves_external_work_to_its_workers(home: House) -> None:
    case = home.start()
    assert [ring for ring in home.rings if ring.kind == "topic"] == [("topic", "scoring")]
    assert home.settle() == 0
    assert fetch(home, "w1", "other") == []
    (job,) = fetch(home)
    assert fetch(home, "w2") == []
    external.complete(home.engine, data={"score": 7}, **said(home, job))
    assert instances.get(home.engine, instance_id=case).variables["score"] == 7


@pytest.mark.parametrize("roles", [("staff",), ("designer",), ("staff", "designer")])
def test_only_integrations_and_administrators_work_for_topics(home: House, roles: tuple[Role, ...]) -> None:
    """Else anybody with a password would read the data of any case and answer for any system."""
    home.start()
    (job,) = fetch(home)
    person = Agent(key="li", roles=frozenset(roles))
    topic = queries.Topic(name="scoring", lease=LEASE)
    its = {**said(home, job), "agent": person}
    asked: dict[str, Any] = {"job_id": job.id, "agent": person}
    tries: list[Callable[[], object]] = [
        lambda: external.fetch(home.engine, topics=[topic], worker="w", limit=1, agent=person, now=home.now),
        lambda: external.get(home.engine, **asked),
        lambda: external.lock(home.engine, **its, lease=LEASE),
        lambda: external.lengthen(home.engine, **its, lease=LEASE),
        lambda: external.unlock(home.engine, **asked, now=home.now),
        lambda: external.complete(home.engine, **its, data={"score": 1}),
        lambda: external.error(home.engine, **its, code="X", message="", data={}),
        lambda: external.fail(home.engine, **its, failure=external.Failure(message="no", retries=0, after=LEASE)),
        lambda: external.set_retries(home.engine, **asked, retries=0, now=home.now),
        lambda: external.set_priority(home.engine, **asked, priority=9),
    ]
    for attempt in tries:
        with pytest.raises(errors.Forbidden) as caught:
            attempt()
        assert caught.value.ids["action"] == "job.work"
    assert fetch(home, "w2") == []  # still the first worker's
    external.complete(home.engine, data={"score": 7}, **said(home, job))


def test_only_the_holder_of_the_lease_answers(home: House) -> None:
    home.start()
    (job,) = fetch(home)
    with pytest.raises(errors.Conflict) as caught:
        external.complete(home.engine, data={}, **said(home, job, "w2"))
    assert caught.value.code == "lease_lost"
    home.clock.advance(LEASE)
    (taken_over,) = fetch(home, "w2")
    with pytest.raises(errors.Conflict):
        external.complete(home.engine, data={}, **said(home, job))
    external.complete(home.engine, data={}, **said(home, taken_over, "w2"))


def test_a_late_answer_is_taken_while_nobody_else_has_the_job(home: House) -> None:
    case = home.start()
    (job,) = fetch(home)
    home.clock.advance(LEASE * 2)
    external.complete(home.engine, data={"score": 7}, **said(home, job))
    assert instances.get(home.engine, instance_id=case).variables["score"] == 7


def test_a_lengthened_lease_lasts_and_an_unlocked_job_is_free(home: House) -> None:
    home.start()
    (job,) = fetch(home)
    home.clock.advance(LEASE - timedelta(seconds=1))
    external.lengthen(home.engine, lease=LEASE, **said(home, job))
    home.clock.advance(timedelta(seconds=5))
    external.unlock(home.engine, job_id=job.id, agent=SYSTEM, now=home.now)
    (again,) = fetch(home, "w2")
    assert again.id == job.id


def test_the_worker_says_how_many_tries_are_left(home: House) -> None:
    case = home.start()
    (job,) = fetch(home)
    external.fail(
        home.engine, failure=external.Failure(message="down", retries=1, after=timedelta(minutes=1)), **said(home, job)
    )
    assert fetch(home) == []
    home.clock.advance(timedelta(minutes=1))
    (job,) = fetch(home)
    external.fail(
        home.engine, failure=external.Failure(message="down", retries=0, after=timedelta()), **said(home, job)
    )
    (incident,) = incidents.open_incidents(home.engine, instance_id=case)
    assert "down" in incident.message["en"]


def test_an_error_nobody_catches_is_told(home: House) -> None:
    case = home.start()
    (job,) = fetch(home)
    external.error(home.engine, code="E9", message="no", data={"a": 1}, **said(home, job))
    assert fetch(home) == []
    assert home.items(case) == []


def test_unknown_jobs_are_named(home: House) -> None:
    for job_id in ("x.1", "nothing"):
        with pytest.raises(errors.NotFound):
            external.complete(home.engine, job_id=job_id, worker="w", data={}, agent=SYSTEM, now=home.now)


def waits(home: House, case: str) -> list[str]:
    with home.engine.store.reading() as tx:
        return [job.id for job in tx.waits.jobs(case)]


def test_what_is_older_or_more_urgent_is_fetched_first(home: House) -> None:
    cases = [home.start(), home.start(), home.start()]
    topics = [queries.Topic(name="scoring", lease=LEASE)]

    def taken(**order: bool) -> str:
        (task,) = external.fetch(home.engine, topics=topics, worker="w", limit=1, agent=SYSTEM, now=home.now, **order)
        return task.job.instance_id

    (last,) = waits(home, cases[2])
    external.set_priority(home.engine, job_id=last, priority=7, agent=SYSTEM)
    assert taken() == cases[2]
    assert taken(newest=True) == cases[1]
    assert taken(by_priority=False) == cases[0]


def test_a_topic_may_ask_for_certain_instances(home: House) -> None:
    case = home.start(country="CN")
    other = home.start(country="DE")

    def fetched(**wanted: Any) -> list[str]:
        topic = queries.Topic(name="scoring", lease=timedelta(), **wanted)
        found = external.fetch(home.engine, topics=[topic], worker="w", limit=9, agent=SYSTEM, now=home.now)
        return [task.job.instance_id for task in found]

    assert fetched(variables={"country": "CN"}) == [case]
    assert fetched(processes=("another",)) == []
    assert fetched(programs=()) == []
    assert fetched(business_key="none") == []
    assert fetched() == [case, other]


def test_a_job_given_up_is_taken_up_again_with_new_tries(home: House) -> None:
    case = home.start()
    (job,) = fetch(home)
    external.fail(
        home.engine,
        failure=external.Failure(message="down", retries=0, after=timedelta(), details="line 3"),
        **said(home, job),
    )
    (stopped,) = incidents.open_incidents(home.engine, instance_id=case)
    assert (stopped.job, stopped.topic, stopped.details) == (job.wait, "scoring", "line 3")
    external.set_retries(home.engine, job_id=job.id, retries=2, agent=SYSTEM, now=home.now)
    assert incidents.open_incidents(home.engine, instance_id=case) == []
    assert len(fetch(home)) == 1
