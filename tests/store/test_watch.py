"""Questions across all cases on both databases."""

from datetime import timedelta

from engine import facts, records
from engine.store.unit_of_work import Store
from tests.store import rows
from tests.store.rows import NOW


def furnished(store: Store) -> None:
    """i-1 waits for a task that nobody may claim, i-2 for nothing."""
    with store.transaction() as tx:
        rows.ground(tx)
        tx.steps.begin(
            rows.instance(tx), b"", rows.written(work_items=(rows.work_item(),), facts=(facts.Commented(text="a"),))
        )
        tx.steps.begin(rows.instance(tx, "i-2"), b"", rows.written(facts=(facts.Commented(text="b"),)))


def test_what_waits_for_nothing_and_what_nobody_may_do(store: Store) -> None:
    furnished(store)
    with store.reading() as tx:
        assert [one.id for one in tx.watch.idle(10)] == ["i-2"]
        assert [one.id for one in tx.watch.unowned(10)] == ["i-1.1"]
        counts = tx.watch.counts(NOW)
    assert (counts["running"], counts["open_tasks"], counts["on_hold"], counts["jobs_due"]) == (2, 1, 0, 0)


def test_an_active_member_of_its_group_may_do_it(store: Store) -> None:
    with store.transaction() as tx:
        rows.ground(tx)
        item = rows.work_item(groups=("sales",))
        tx.steps.begin(rows.instance(tx), b"", rows.written(work_items=(item,)))
        tx.people.put_group(records.StaffGroup(key="sales", texts={"en": "Sales"}))
        person = records.Person(
            key="anna", name="Anna", locale="en", roles=("staff",), groups=("sales",), created_at=NOW
        )
        tx.people.put(person)
    with store.reading() as tx:
        assert tx.watch.unowned(10) == []


def test_history_goes_backwards_page_by_page(store: Store) -> None:
    furnished(store)
    with store.reading() as tx:
        whole = tx.watch.history({}, after=None, limit=10)
        first = tx.watch.history({}, after=None, limit=1)
        last = first[-1][0]
        rest = tx.watch.history({}, after=(last.at, last.instance_id, last.seq), limit=10)
        assert first + rest == whole and len(whole) == 2
        assert tx.watch.history({"since": NOW + timedelta(days=400)}, after=None, limit=10) == []
        assert tx.watch.history({"until": NOW - timedelta(days=400)}, after=None, limit=10) == []
        number = whole[0][1]
        assert [row[1] for row in tx.watch.history({"number": number, "type": "Commented"}, after=None, limit=9)] == [
            number
        ]
