"""Relations and merges on both databases."""

from datetime import timedelta

from engine import parties
from engine.store.unit_of_work import Store
from tests.store.rows import NOW


def test_a_relation_is_kept_once_and_seen_from_both_sides_oldest_first(store: Store) -> None:
    parent = parties.Relation(party="c-1", other="c-0", kind="parent", since=NOW)
    partner = parties.Relation(party="c-2", other="c-1", kind="partner", since=NOW - timedelta(days=1))
    with store.transaction() as tx:
        for one in (parent, partner, parties.Relation(party="c-1", other="c-0", kind="parent", since=NOW)):
            tx.parties.relate(one)
        tx.parties.relate(parties.Relation(party="c-8", other="c-9", kind="agent", since=NOW))
    with store.reading() as tx:
        assert tx.parties.relations("c-1") == [partner, parent]
        assert tx.parties.relations("c-0") == [parent]
        assert tx.parties.relations("c-7") == []


def test_a_merge_comes_back_as_it_was_put_with_what_stood_there_before(store: Store) -> None:
    before = {"name": "华星", "contacts": [{"name": "李"}], "industry": None}
    merge = parties.Merge(id="i-1", into="c-1", taken=("name", "contacts"), before=before, merged_at=NOW)
    with store.transaction() as tx:
        tx.parties.merge(merge)
        tx.parties.merge(merge)
    with store.reading() as tx:
        found = tx.parties.merged("i-1")
        assert tx.parties.merged("i-2") is None
    assert found is not None and list(found.taken) == ["name", "contacts"]
    assert (found.into, found.before, found.merged_at) == ("c-1", before, NOW)
