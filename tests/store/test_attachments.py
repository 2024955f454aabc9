"""Contents by their hash on both databases: kept once, in parts, gone with the last attachment, also under races."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine import records
from engine.store import attachments, copy, forget
from engine.store.tables.attachments import attachment, content, content_part
from engine.store.unit_of_work import Store
from tests.store import rows
from tests.store.rows import NOW

DATA = b"%PDF-" + bytes(range(256)) * 700
"""Three parts."""


def made(key: str, data: bytes = DATA, **more: object) -> records.Attachment:
    values = {
        "id": key,
        "instance_id": "i-1",
        "name": f"{key}.pdf",
        "type": "application/pdf",
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "added_by": "anna",
        "added_at": NOW,
    } | more
    return records.Attachment(**values)  # type: ignore[arg-type]


@pytest.fixture
def filed(store: Store) -> Store:
    """With two cases, each with the same file."""
    with store.transaction() as tx:
        rows.ground(tx)
        for key in ("i-1", "i-2"):
            tx.steps.begin(rows.instance(tx, key), b"", rows.written())
        tx.attachments.add(made("a"), DATA)
        tx.attachments.add(made("b", instance_id="i-2"), DATA)
    return store


def counted(store: Store) -> tuple[int, int, int]:
    """Attachments, contents, parts."""
    with store.reading() as tx:
        found = [
            tx.connection.scalar(sa.select(sa.func.count()).select_from(t)) for t in (attachment, content, content_part)
        ]
    return found[0] or 0, found[1] or 0, found[2] or 0


def test_one_content_in_parts_for_all_who_have_it(filed: Store) -> None:
    assert counted(filed) == (2, 1, 3)
    with filed.reading() as tx:
        assert tx.attachments.content(made("a").sha256) == DATA
        assert tx.attachments.of_instance("i-1") == [made("a")]
        assert tx.attachments.get("b") == made("b", instance_id="i-2")
        assert tx.attachments.get("c") is None


def test_the_content_goes_with_the_last(filed: Store) -> None:
    filed.run(lambda tx: tx.attachments.drop(["a"]))
    assert counted(filed) == (1, 1, 3)
    filed.run(lambda tx: tx.attachments.drop(["b", "unknown"]))
    assert counted(filed) == (0, 0, 0)


def test_dropping_nothing_is_no_harm(filed: Store) -> None:
    filed.run(lambda tx: tx.attachments.drop([]))
    filed.run(lambda tx: tx.attachments.drop(["unknown"]))
    assert counted(filed) == (2, 1, 3)


def test_a_case_that_goes_takes_its_files_and_leaves_those_of_others(filed: Store) -> None:
    filed.run(lambda tx: forget.forget(tx.connection, ["i-1"]))  # type: ignore[attr-defined]
    assert counted(filed) == (1, 1, 3)
    gone = filed.run(lambda tx: forget.forget(tx.connection, ["i-2"]))  # type: ignore[attr-defined]
    assert gone["attachment"] == 1
    assert counted(filed) == (0, 0, 0)


def test_what_waits_is_placed_once_and_swept_when_old(filed: Store) -> None:
    with filed.transaction() as tx:
        tx.attachments.add(made("w", b"one", instance_id=None), b"one")
        tx.attachments.add(made("x", b"two", instance_id=None, added_at=NOW - timedelta(days=2)), b"two")
        tx.attachments.place(["w", "a"], "i-2", "check")
    with filed.reading() as tx:
        assert [one.id for one in tx.attachments.waiting("anna")] == ["x"]
        assert {one.id for one in tx.attachments.of_instance("i-2")} == {"b", "w"}
        placed = tx.attachments.get("w")
    assert placed is not None and placed.node == "check"
    assert filed.run(lambda tx: tx.attachments.sweep(NOW)) == 1
    assert filed.run(lambda tx: tx.attachments.sweep(NOW)) == 0
    assert counted(filed) == (3, 2, 4)


def test_adding_and_dropping_the_same_content_at_once_loses_nothing(filed: Store) -> None:
    """Whoever has the file afterwards can read it, whatever the order was."""

    def deed(number: int) -> None:
        key = f"r{number}"
        filed.run(lambda tx: tx.attachments.add(made(key), DATA))
        if number % 2:
            filed.run(lambda tx: tx.attachments.drop([key, "a", "b"]))

    with ThreadPoolExecutor(max_workers=8) as pool:
        list(pool.map(deed, range(24)))
    with filed.reading() as tx:
        left = tx.attachments.of_instance("i-1")
        assert {one.id for one in left} == {f"r{number}" for number in range(0, 24, 2)}
        assert tx.attachments.content(left[0].sha256) == DATA
    assert counted(filed) == (12, 1, 3)


def test_a_database_moves_with_its_files(filed: Store, other_url: str) -> None:
    target = Store(other_url, bell=lambda rings: None)
    target.upgrade()
    try:
        done = {one.table: one.rows for one in copy.copy(filed, target)}
        assert (done["attachment"], done["content"], done["content_part"]) == (2, 1, 3)
        with target.reading() as tx:
            assert tx.attachments.content(made("a").sha256) == DATA
    finally:
        target.close()


def test_parts_are_small_enough_to_be_read_many_at_a_time() -> None:
    assert attachments.PART * copy.BATCH <= 64 * 2**20
