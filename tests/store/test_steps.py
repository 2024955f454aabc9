"""One step writes its whole outcome, guarded by the revision that was read."""

from datetime import timedelta

import pytest

from engine import facts, records
from engine.repositories import Stale
from engine.store.unit_of_work import Store
from tests.store.rows import NOW, ground, instance, job, running, work_item, written


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


# --- many instances at once ----------------------------------------------------------------------------------------


def test_several_instances_are_read_at_once_and_unknown_ones_left_out(store: Store) -> None:
    for key in ("i-1", "i-2", "i-3"):
        running(store, key)
    with store.reading() as tx:
        found = tx.steps.read_all(["i-3", "i-1", "i-9"])
        assert found == {key: tx.steps.read(key) for key in ("i-1", "i-3")}
        assert tx.steps.read("i-9") is None


def test_gathered_steps_are_all_written_when_the_block_ends(store: Store) -> None:
    for key in ("i-1", "i-2", "i-3"):
        running(store, key, jobs=(job(key),))
    with store.transaction() as tx:
        kept = tx.steps.read_all(["i-1", "i-2", "i-3"])
        with tx.steps.gathered():
            for one in kept.values():
                tx.steps.write(one, b"state 2", "active", written(closed=(2,)))
        assert {one.revision for one in tx.steps.read_all(list(kept)).values()} == {2}
        assert [tx.waits.jobs(key) for key in kept] == [[], [], []]
    with store.reading() as tx:
        assert [one.state for one in tx.steps.read_all(["i-1", "i-2", "i-3"]).values()] == [b"state 2"] * 3
        assert [len(tx.facts.of_instance(key)) for key in ("i-1", "i-2", "i-3")] == [2, 2, 2]


def test_one_stale_step_of_a_batch_undoes_the_batch(store: Store) -> None:
    for key in ("i-1", "i-2"):
        running(store, key)
    with store.reading() as tx:
        old = tx.steps.read_all(["i-1", "i-2"])
    with store.transaction() as tx:
        tx.steps.write(old["i-2"], b"faster", "active", written())
    with pytest.raises(Stale), store.transaction() as tx, tx.steps.gathered():
        for one in old.values():
            tx.steps.write(one, b"late", "active", written())
    with store.reading() as tx:
        assert {key: one.state for key, one in tx.steps.read_all(["i-1", "i-2"]).items()} == {
            "i-1": b"state 1",
            "i-2": b"faster",
        }


def test_an_error_inside_a_batch_writes_nothing_of_it(store: Store) -> None:
    running(store)
    with pytest.raises(ValueError, match="inside"), store.transaction() as tx:
        kept = tx.steps.read("i-1")
        assert kept is not None
        with tx.steps.gathered():
            tx.steps.write(kept, b"state 2", "active", written())
            raise ValueError("inside")
    with store.reading() as tx:
        kept = tx.steps.read("i-1")
    assert kept is not None and kept.state == b"state 1"


def test_after_a_batch_steps_are_written_at_once_again(store: Store) -> None:
    running(store)
    with store.transaction() as tx:
        with tx.steps.gathered():
            pass
        kept = tx.steps.read("i-1")
        assert kept is not None
        tx.steps.write(kept, b"state 2", "active", written())
        again = tx.steps.read("i-1")
        assert again is not None and again.revision == 2


def test_two_starts_of_one_business_key_cannot_both_be(store: Store) -> None:
    with store.transaction() as tx:
        ground(tx)
        tx.steps.begin(instance(tx, "i-1", "k"), b"1", written())
    with pytest.raises(Exception) as refused, store.transaction() as tx:
        tx.steps.begin(instance(tx, "i-2", "k"), b"2", written())
    name = type(refused.value).__name__
    assert name in ("Stale", "IntegrityError"), "PostgreSQL: the other's answer is found by the next try"
    with store.reading() as tx:
        assert tx.steps.read("i-2") is None


# --- what closes -----------------------------------------------------------------------------------------------------


CLOSED = [
    ("work_items", {"work_items": (work_item(wait=5),)}),
    ("timers", {"timers": (records.Timer(instance_id="i-1", wait=5, node="t", due_at=NOW),)}),
    ("jobs", {"jobs": (job(wait=5),)}),
    (
        "subscriptions",
        {
            "subscriptions": (
                records.Subscription(
                    instance_id="i-1", wait=5, node="m", trigger="message", name="n", key=None, business_key=None,
                    process="SFA-03", created_at=NOW,
                ),
            )
        },
    ),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "opened"), CLOSED)
def test_a_closed_wait_is_gone_whatever_kind_it_is(store: Store, kind: str, opened: dict[str, object]) -> None:
    running(store, **opened)
    with store.reading() as tx:
        assert len(getattr(tx.waits, kind)("i-1")) == 1
    with store.transaction() as tx:
        kept = tx.steps.read("i-1")
        assert kept is not None
        tx.steps.write(kept, b"", "active", written(closed=(5,), agent="anna"))
    with store.reading() as tx:
        left = getattr(tx.waits, kind)("i-1")
        assert [one.status for one in left] == (["cancelled"] if kind == "work_items" else [])


def test_what_was_ended_before_is_not_ended_again(store: Store) -> None:
    running(store, work_items=(work_item(wait=1), work_item(wait=2)))
    for waits, agent in (((1,), "anna"), ((1, 2), "bo")):
        with store.transaction() as tx:
            kept = tx.steps.read("i-1")
            assert kept is not None
            tx.steps.write(kept, b"", "active", written(closed=waits, completed=waits, agent=agent))
    with store.reading() as tx:
        first, second = tx.waits.work_items("i-1")
    assert (first.ended_by, second.ended_by) == ("anna", "bo")
    assert first.revision == 2


def test_candidates_and_rungs_of_a_closed_step_go_with_it(store: Store) -> None:
    rung = records.Rung(instance_id="i-1", wait=1, at_percent=50, action="warn", to="", due_at=NOW)
    other = records.Rung(instance_id="i-1", wait=2, at_percent=50, action="warn", to="", due_at=NOW)
    items = (work_item(wait=1, groups=("sales",)), work_item(wait=2, groups=("sales",)))
    running(store, work_items=items, rungs=(rung, other))
    with store.transaction() as tx:
        kept = tx.steps.read("i-1")
        assert kept is not None
        tx.steps.write(kept, b"", "active", written(closed=(1,), completed=(1,)))
        assert [one.wait for one in tx.due.rungs(NOW, 9)] == [2]
        page = tx.items.page(shelf="claimable", who=["g:sales"], where={}, after=None, limit=9)
        assert [item.wait for _, item in page] == [2]
