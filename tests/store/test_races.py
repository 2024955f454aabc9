"""Many at once, on both databases: one wins, nobody is lost, everybody reads what happened."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from engine import errors, facts
from engine.inbox import act
from engine.jobs import run
from engine.kernel import stimuli
from engine.messages import correlate
from engine.model.nodes import Work
from engine.model.performer import Performer
from engine.people.agent import SYSTEM
from engine.runtime import deliver, instances, start
from engine.timers import fire
from tests import postgres
from tests.house import ANNA, BO, House
from tests.kernel.models import literal, message, node, program, timer

SALES = Performer(groups=(literal("sales"),))
ONE = program("start s", node("user one", performer=SALES), "end e", flow=["s > one > e"])


def together(*work: Callable[[], Any]) -> list[Any]:
    """Runs all at the same moment; their results, or the errors of the engine that they ended with."""
    barrier = threading.Barrier(len(work))
    results: list[Any] = []

    def one(do: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            results.append(do())
        except errors.CrmflowError as error:
            results.append(error)

    threads = [threading.Thread(target=one, args=(do,)) for do in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == len(work), "a thread died of something else"
    return results


def test_two_people_complete_the_same_work(home: House) -> None:
    home.release(ONE)
    for _ in range(5):
        case = home.start()
        work_item_id = home.item(case, "one").id

        def complete(agent: Any, work_item_id: str = work_item_id) -> Any:
            return act.complete(home.engine, work_item_id=work_item_id, data={}, agent=agent, now=home.now)

        results = together(lambda: complete(ANNA), lambda: complete(BO))
        refused = [one for one in results if isinstance(one, errors.Conflict)]
        (winner,) = home.items(case, "completed")
        assert [(error.code, error.ids["by"]) for error in refused] == [("work_item_over", winner.ended_by)]
        assert Counter(map(type, home.facts(case)))[facts.WorkItemCompleted] == 1


def test_two_people_claim_the_same_work(home: House) -> None:
    home.release(ONE)
    work_item_id = home.item(home.start(), "one").id

    def claim(agent: Any) -> Any:
        return act.claim(home.engine, work_item_id=work_item_id, agent=agent, now=home.now)

    results = together(lambda: claim(ANNA), lambda: claim(BO))
    (refused,) = [one for one in results if isinstance(one, errors.Conflict)]
    (taken,) = [one for one in results if not isinstance(one, errors.Conflict)]
    assert refused.ids["by"] == taken.assignee


def test_eight_branches_of_one_case_complete_at_once(home: House) -> None:
    names = [f"t{number}" for number in range(8)]
    flow = ["s > fork", *(f"fork > {name} > join" for name in names), "join > e"]
    home.release(program("start s", "and fork", *(f"user {name}" for name in names), "and join", "end e", flow=flow))
    case = home.start()

    def complete(wait: int) -> Any:
        stimulus = stimuli.Complete(agent="anna", wait=wait)
        return deliver.deliver(home.engine, instance_id=case, stimulus=stimulus, now=home.now)

    results = together(*(lambda wait=item.wait: complete(wait) for item in home.items(case)))  # type: ignore[misc]
    assert not [one for one in results if isinstance(one, errors.CrmflowError)]
    assert home.instance(case).status == "completed"
    assert home.instance(case).revision == 9
    with home.engine.store.reading() as tx:
        seqs = [row.seq for row in tx.facts.of_instance(case)]
    assert seqs == list(range(1, len(seqs) + 1))


def test_the_same_start_from_many_sides(home: House) -> None:
    home.release(ONE)
    home.customer()

    def begin() -> Any:
        return start.start(
            home.engine, process="p", customer_id="c-1", business_key="k", data={}, agent=SYSTEM, now=home.now
        )

    begun = together(*[begin] * 6)
    assert len({one.instance.id for one in begun}) == 1
    assert [one.created for one in begun].count(True) == 1
    assert len(instances.search(home.engine)) == 1


def test_different_starts_get_different_numbers(home: House) -> None:
    home.release(ONE)
    home.customer()

    def begin() -> Any:
        return start.start(home.engine, process="p", customer_id="c-1", data={}, agent=SYSTEM, now=home.now)

    numbers = [one.instance.number for one in together(*[begin] * 6)]
    assert sorted(numbers) == [f"p-{number:06d}" for number in range(1, 7)]


def test_one_of_many_senders_reaches_the_one_who_waits(home: House) -> None:
    home.release(program("start s", node("catch paid", triggers=(message("paid"),)), "end e", flow=["s > paid > e"]))
    case = home.start()

    def send() -> Any:
        letter = correlate.Letter(name="paid")
        return correlate.correlate(home.engine, letter=letter, agent=SYSTEM, now=home.now, keep=timedelta())

    results = together(*[send] * 5)
    assert [type(one).__name__ for one in results].count("Correlated") == 1
    assert home.instance(case).status == "completed"


def test_many_dispatchers_fire_each_timer_once(home: House) -> None:
    home.release(program("start s", node("catch pause", triggers=(timer("PT1M"),)), "end e", flow=["s > pause > e"]))
    cases = [home.start() for _ in range(12)]
    home.clock.advance(timedelta(minutes=1))

    def drain() -> int:
        total = 0
        while done := fire.fire_due(home.engine, now=home.now, limit=3):
            total += done
        return total

    together(*[drain] * 4)
    drain()
    for case in cases:
        assert home.instance(case).status == "completed"
        assert Counter(map(type, home.facts(case)))[facts.TimerFired] == 1


def test_many_workers_lease_each_job_once(home: House) -> None:
    home.release(program("start s", node("service do", work=Work(handler="log")), "end e", flow=["s > do > e"]))
    for _ in range(10):
        home.start()

    until = home.now + timedelta(minutes=1)

    def claim(worker: str) -> Any:
        return home.engine.store.run(
            lambda tx: tx.jobs.claim(styles=run.OWN, handlers=None, worker=worker, until=until, now=home.now, limit=4)
        )

    leased = [job.id for jobs in together(*(lambda w=w: claim(w) for w in "abcd")) for job in jobs]  # type: ignore[misc]
    assert len(leased) == len(set(leased))
    leased += [job.id for job in claim("e")] + [job.id for job in claim("f")] + [job.id for job in claim("g")]
    assert len(leased) == len(set(leased)) == 10


def test_a_refusal_that_was_decided_from_the_past_is_decided_anew(cluster: postgres.Cluster) -> None:
    """The job before the task ends between the two reads of a completion: on PostgreSQL each read has its own view."""
    home = House(cluster.database(like=cluster.furnished))
    home.release(
        program("start s", node("service do", work=Work(handler="log")), node("user one", performer=SALES), "end e",
                flow=["s > do > one > e"])
    )  # fmt: skip
    case = home.start()
    with home.engine.store.reading() as tx:
        before = tx.steps.read(case)
    home.settle()
    wait = home.item(case, "one").wait
    tries: list[int] = []

    def work(tx: Any) -> Any:
        tries.append(1)
        kept = before if len(tries) == 1 else tx.steps.read(case)
        stimulus = stimuli.Complete(agent="anna", wait=wait)
        return deliver.within(home.engine, tx, instance_id=case, stimulus=stimulus, now=home.now, kept=kept)

    assert home.engine.store.run(work).status == "completed"
    assert len(tries) == 2
    home.engine.store.close()


def test_a_refusal_of_the_present_is_told_at_once(home: House) -> None:
    home.release(ONE)
    case = home.start()
    tries: list[int] = []

    def work(tx: Any) -> Any:
        tries.append(1)
        return deliver.within(
            home.engine, tx, instance_id=case, stimulus=stimuli.Complete(agent="anna", wait=99), now=home.now
        )

    with pytest.raises(errors.Conflict) as told:
        home.engine.store.run(work)
    assert told.value.code == "wait_gone"
    assert len(tries) == 1
