"""One step writes its whole outcome, guarded by the revision that was read."""

from datetime import timedelta

import pytest

from engine import facts, records
from engine.repositories import Stale
from engine.store.unit_of_work import Store
from tests.store.rows import NOW, job, running, work_item, written


def test_what_a_step_began_is_read_back(store: Store) -> None:
    running(store)
    with store.reading() as tx:
        kept = tx.steps.read("i-1")
        found = tx.instances.get("i-1")
        history = tx.facts.of_instance("i-1")
    assert kept is not None
    assert (kept.state, kept.revision, kept.next_fact) == (b"state 1", 1, 2)
    assert found is not None
    assert found.number == "SFA-03-000001"
    assert [(row.seq, row.at, row.fact) for row in history] == [(1, NOW, facts.ActivityStarted(node="Check", token=1))]


def test_a_second_writer_of_the_same_revision_is_stale(store: Store) -> None:
    running(store)
    with store.transaction() as tx:
        kept = tx.steps.read("i-1")
        assert kept is not None
        tx.steps.write(kept, b"state 2", "active", written())
    with pytest.raises(Stale), store.transaction() as tx:
        tx.steps.write(kept, b"other", "active", written())
    with store.reading() as tx:
        kept = tx.steps.read("i-1")
    assert kept is not None
    assert (kept.state, kept.revision, kept.next_fact) == (b"state 2", 2, 3)


def test_closed_waits_of_every_kind_are_gone_and_work_items_remember_who(store: Store) -> None:
    opened = {
        "work_items": (
            work_item(wait=1, users=("anna",), groups=("sales",), due_at=NOW),
            work_item(wait=2, assignee="bo"),
        ),
        "rungs": (records.Rung(instance_id="i-1", wait=1, at_percent=80, action="warn", due_at=NOW),),
        "timers": (records.Timer(instance_id="i-1", wait=3, node="T", due_at=NOW),),
        "jobs": (job(wait=4),),
        "subscriptions": (
            records.Subscription(instance_id="i-1", wait=5, node="M", trigger="message", name="m", created_at=NOW),
        ),
        "incidents": (
            records.Incident(
                id="i-1.6", instance_id="i-1", wait=6, process="SFA-03", node="X", code="c", message={}, created_at=NOW
            ),
        ),
    }
    running(store, **opened)
    later = NOW + timedelta(hours=1)
    with store.transaction() as tx:
        kept = tx.steps.read("i-1")
        assert kept is not None
        assert kept.incidents == 1
        end = written(closed=(1, 2, 3, 4, 5, 6), completed=(1,), agent="anna", now=later)
        tx.steps.write(kept, b"", "completed", end)
    with store.reading() as tx:
        found = tx.instances.get("i-1")
        first, second = tx.waits.work_items("i-1")
        rest = [tx.waits.timers, tx.waits.jobs, tx.waits.subscriptions, tx.waits.incidents]
        assert [read("i-1") for read in rest] == [[], [], [], []]
    with store.transaction() as tx:
        assert tx.due.rungs(later, 10) == []
    assert found is not None
    assert (found.status, found.incidents, found.ended_at) == ("completed", 0, later)
    assert (first.status, first.ended_by, first.ended_at) == ("completed", "anna", later)
    assert second.status == "cancelled"


def test_a_step_leaves_a_hint_for_live_screens(store: Store) -> None:
    running(store)
    with store.reading() as tx:
        assert tx.changes.since(0, 10) == [(1, "instance", "i-1")]
        assert tx.changes.last() == 1


def test_the_database_refuses_what_makes_no_sense(store: Store) -> None:
    running(store)
    with pytest.raises(Exception, match=r"CHECK|check"), store.transaction() as tx:
        kept = tx.steps.read("i-1")
        assert kept is not None
        tx.steps.write(kept, b"", "lost", written())  # type: ignore[arg-type]
    with pytest.raises(Exception, match=r"FOREIGN KEY|foreign key"), store.transaction() as tx:
        kept = tx.steps.read("i-1")
        assert kept is not None
        tx.steps.write(kept, b"", "active", written(jobs=(job("i-nobody"),)))
