"""What an instance on hold waits for: held on both databases, and free again with its own moments."""

from datetime import timedelta

from engine import records
from engine.store.unit_of_work import Store
from tests.store.rows import NOW, job, running, work_item

LATER = NOW + timedelta(hours=3)
TIMER = records.Timer(instance_id="i-1", wait=3, node="Wait", due_at=LATER)


def begun(store: Store) -> None:
    running(store, work_items=(work_item(),), jobs=(job(),), timers=(TIMER,))
    running(store, "i-2", jobs=(job("i-2"),))


def moments(store: Store) -> tuple[records.Job, records.Timer]:
    with store.reading() as tx:
        return tx.waits.jobs("i-1")[0], tx.waits.timers("i-1")[0]


def test_everything_of_the_instance_is_held_and_nothing_of_others(store: Store) -> None:
    begun(store)
    with store.transaction() as tx:
        tx.instances.suspend("i-1", by="boss", at=NOW, reason="an audit")
    held, timer = moments(store)
    assert (held.run_at, held.held_at) == (records.NEVER, NOW)
    assert (timer.due_at, timer.held_at) == (records.NEVER, LATER)
    with store.transaction() as tx:
        kept, other = tx.steps.read("i-1"), tx.steps.read("i-2")
        claimed = tx.jobs.claim(
            styles=("builtin",), handlers=None, worker="w", until=LATER, now=LATER + timedelta(days=400), limit=9
        )
    assert kept is not None and other is not None
    assert (kept.suspended, other.suspended) == (True, False)
    assert [one.instance_id for one in claimed] == ["i-2"]


def test_what_is_free_again_has_its_moments_back(store: Store) -> None:
    begun(store)
    before = moments(store)
    with store.transaction() as tx:
        tx.instances.suspend("i-1", by="boss", at=NOW, reason="an audit")
    with store.transaction() as tx:
        tx.instances.resume("i-1")
    assert moments(store) == before
    with store.transaction() as tx:
        assert tx.due.timers(LATER, 9) == [TIMER]


def test_holding_twice_forgets_no_moment(store: Store) -> None:
    begun(store)
    with store.transaction() as tx:
        tx.instances.suspend("i-1", by="boss", at=NOW, reason="an audit")
        tx.instances.hold("i-1")
    held, timer = moments(store)
    assert (held.held_at, timer.held_at) == (NOW, LATER)


def test_a_change_of_a_held_job_changes_the_moment_it_will_have(store: Store) -> None:
    begun(store)
    with store.transaction() as tx:
        free = tx.waits.jobs("i-1")[0]
        tx.instances.suspend("i-1", by="boss", at=NOW, reason="an audit")
        assert tx.jobs.change(_at(free, LATER))
    held, _ = moments(store)
    assert (held.run_at, held.held_at) == (records.NEVER, LATER)
    with store.transaction() as tx:
        assert tx.jobs.change(held), "nothing about its moment"
        tx.instances.resume("i-1")
        assert tx.jobs.change(held), "read while it was held, written when it was free"
    free, _ = moments(store)
    assert (free.run_at, free.held_at) == (LATER, None)


def _at(job: records.Job, moment: object) -> records.Job:
    return records.Job(**{name: getattr(job, name) for name in job.__struct_fields__} | {"run_at": moment})
