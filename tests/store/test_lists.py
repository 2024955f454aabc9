"""Lists by any column, and jobs for workers outside, on both databases."""

from datetime import timedelta

import pytest

from engine import queries, records
from engine.jobs import external
from engine.model.nodes import Work
from engine.people.agent import SYSTEM
from engine.queries import Where
from tests.house import House
from tests.kernel.models import node, program


@pytest.fixture
def home(home: House) -> House:
    call = node("service call", work=Work(handler="scoring", style="external"))
    home.release(program("start s", call, "end e", flow=["s > call > e"]), customer_required=False)
    return home


def test_rows_are_found_by_conditions_in_order_and_by_page(home: House) -> None:
    cases = [home.start(business_key=key) for key in ("a", "b", "c")]
    with home.engine.store.reading() as tx:

        def found(*where: Where, **page: object) -> list[str | None]:
            return [one.business_key for one in tx.lists.find(records.Instance, where=where, **page)]  # type: ignore[arg-type]

        assert found(order=["-business_key"]) == ["c", "b", "a"]
        assert found(order=["business_key"], first=1, limit=1) == ["b"]
        assert found(Where("business_key", "in", ("a", "c"))) == ["a", "c"]
        assert found(Where("business_key", "like", "%b%")) == ["b"]
        assert found(Where("business_key", "!=", "a"), Where("status", "=", "active")) == ["b", "c"]
        assert found(Where("customer_id", "is", None), Where("ended_at", "is", True)) == []
        either = Where("", "or", [[Where("id", "=", cases[0])], [Where("business_key", ">=", "c")]])
        assert found(either) == ["a", "c"]
        (job,) = tx.lists.find(records.Job, where=[Where("instance.business_key", "=", "b")])
        assert job.id == f"{cases[1]}.{job.wait}"
        assert tx.lists.count(records.Job) == 3
        assert found(Where("", "seen by", ("nobody", "u:nobody"))) == []


def test_a_job_is_leased_to_one_worker(home: House) -> None:
    home.start()
    topic = queries.Topic(name="scoring", lease=timedelta(minutes=1))
    taken = [
        external.fetch(home.engine, topics=[topic], worker=worker, limit=5, agent=SYSTEM, now=home.now)
        for worker in ("w1", "w2")
    ]
    assert [len(tasks) for tasks in taken] == [1, 0]
    with home.engine.store.transaction() as tx:
        job = taken[0][0].job
        assert tx.jobs.lease(records.Job(**{**_fields(job), "fence": 0}), worker="w3", until=home.now) is None


def _fields(job: records.Job) -> dict[str, object]:
    return {name: getattr(job, name) for name in job.__struct_fields__}
