"""What ended long ago moves into files, whole, with hashes; it is read back and put back as it was."""

import gzip
import hashlib
import json
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from engine import errors, records
from engine.inbox import act
from engine.model.text import EN, ZH
from engine.runtime import instances
from engine.store import archive, purge, put_away, restore
from engine.store.tables import metadata
from engine.store.tables.attachments import attachment
from engine.store.tables.instances import fact, instance
from engine.store.unit_of_work import Store
from tests.house import ANNA, House
from tests.store.test_purge import ASK, about, ended, left, store

SCAN = b"scan " * 40_000
"""Some parts long."""
YEAR = timedelta(days=365)


def moved(home: House, folder: Path, **more: Any) -> put_away.Archived:
    return put_away.put_away(store(home), folder, **{"before": home.now - timedelta(days=90), **more})


def rows_of(home: House, case: str) -> dict[str, list[Any]]:
    """All that is kept of the case, as the program sees it."""
    found = {}
    with store(home).reading() as tx:
        for table in archive.TABLES:
            whose = table.c.id if table is instance else table.c.instance_id
            query = sa.select(table).where(whose == case).order_by(*table.primary_key)
            found[table.name] = [tuple(row) for row in tx.connection.execute(query)]
    return {name: rows for name, rows in found.items() if rows}


@pytest.fixture
def old(home: House) -> tuple[str, str, str]:
    """Two that ended a year ago and one that began then and runs still."""
    home.release(ASK)
    made = ended(home), ended(home), home.start()
    home.clock.advance(YEAR)
    return made


# --- out -----------------------------------------------------------------------------------------------------------


def test_what_ended_long_ago_leaves_the_database_and_the_rest_stays(
    home: House, old: tuple[str, str, str], tmp_path: Path
) -> None:
    lately = ended(home)
    before = {case: about(home, case) for case in (*old, lately)}
    done = moved(home, tmp_path)
    assert (done.instances, done.parts, done.changed) == (2, 1, 0)
    assert left(home) == {old[2], lately}
    assert {case: about(home, case) for case in old[:2]} == {old[0]: {}, old[1]: {}}
    assert {case: about(home, case) for case in (old[2], lately)} == {c: before[c] for c in (old[2], lately)}


def test_the_manifest_tells_each_part_with_its_hash_and_its_span(
    home: House, old: tuple[str, str, str], tmp_path: Path
) -> None:
    counts = [sum(about(home, case).values()) for case in old[:2]]
    moved(home, tmp_path)
    (part,) = archive.manifest(tmp_path).parts
    assert part.sha256 == hashlib.sha256((tmp_path / part.name).read_bytes()).hexdigest()
    assert (part.instances, part.rows) == (2, sum(counts) + 2), "the instances' own rows too"
    assert (part.first, part.last) == (min(old[:2]), max(old[:2]))
    assert part.ended_from == part.ended_to == home.now - YEAR


def test_a_further_run_adds_parts_and_leaves_the_old_ones_alone(
    home: House, old: tuple[str, str, str], tmp_path: Path
) -> None:
    moved(home, tmp_path)
    first = (tmp_path / "000001.jsonl.gz").read_bytes()
    later = ended(home)
    home.clock.advance(YEAR)
    assert moved(home, tmp_path).instances == 1
    assert [part.name for part in archive.manifest(tmp_path).parts] == ["000001.jsonl.gz", "000002.jsonl.gz"]
    assert (tmp_path / "000001.jsonl.gz").read_bytes() == first
    assert archive.find(tmp_path, later).id == later
    assert moved(home, tmp_path).parts == 0, "nothing due, no part"


def test_parts_are_as_small_as_they_are_told_to_be(
    home: House, old: tuple[str, str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(put_away, "PART", 1)
    heard: list[int] = []
    assert moved(home, tmp_path, told=heard.append).parts == 2
    assert heard == [1, 2]
    assert archive.manifest(tmp_path).instances == 2


def test_only_the_named_processes_move(home: House, old: tuple[str, str, str], tmp_path: Path) -> None:
    assert moved(home, tmp_path, processes=["other"]).instances == 0
    assert not (tmp_path / archive.MANIFEST).exists()
    assert moved(home, tmp_path, processes=["other", "p"]).instances == 2


def test_what_is_stopped_after_the_part_was_written_loses_nothing(
    home: House, old: tuple[str, str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*words: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(put_away, "forget", stop)
    with pytest.raises(KeyboardInterrupt):
        moved(home, tmp_path)
    assert left(home) == set(old), "nothing is deleted that was not committed"
    monkeypatch.undo()
    assert moved(home, tmp_path).instances == 2
    assert left(home) == {old[2]}
    assert archive.verify(tmp_path).instances == 4, "both stand in two parts"
    assert restore.restore(store(home), tmp_path) == restore.Restored(instances=2, there=2)


def test_what_is_stopped_before_the_manifest_leaves_a_part_that_does_not_count(
    home: House, old: tuple[str, str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = archive.keep

    def stop(path: Path, data: bytes) -> None:
        if path.name == archive.MANIFEST:
            raise KeyboardInterrupt
        keep(path, data)

    monkeypatch.setattr(archive, "keep", stop)
    with pytest.raises(KeyboardInterrupt):
        moved(home, tmp_path)
    assert left(home) == set(old)
    monkeypatch.undo()
    assert moved(home, tmp_path).instances == 2
    assert archive.verify(tmp_path).instances == 2


def test_what_somebody_changes_meanwhile_stays_for_the_next_run(
    home: House, old: tuple[str, str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = archive.keep

    def change(path: Path, data: bytes) -> None:
        keep(path, data)
        if path.name != archive.MANIFEST:
            with store(home).transaction() as tx:
                here = fact.c.instance_id == old[0]
                tx.connection.execute(fact.update().where(here, fact.c.seq == 1).values(agent="somebody else"))

    monkeypatch.setattr(archive, "keep", change)
    done = moved(home, tmp_path)
    assert (done.instances, done.changed) == (1, 1)
    assert left(home) == {old[0], old[2]}
    monkeypatch.undo()
    assert moved(home, tmp_path).instances == 1
    assert archive.find(tmp_path, old[0]).rows["fact"][0]["agent"] == "somebody else", "the later part's word"


def test_two_that_archive_into_one_folder_go_one_after_the_other(
    home: House, old: tuple[str, str, str], tmp_path: Path
) -> None:
    found: list[int] = []
    both = [threading.Thread(target=lambda: found.append(moved(home, tmp_path).instances)) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(30)
    assert sorted(found) == [0, 2]
    assert archive.verify(tmp_path).instances == 2


def test_a_folder_that_cannot_be_written_is_told_and_nothing_goes(
    home: House, old: tuple[str, str, str], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(errors.Invalid) as refused:
        moved(home, tmp_path / "file" / "deeper")
    assert refused.value.code == "archive_unwritable"
    assert str(tmp_path) in refused.value.text[EN]
    assert "无法写入归档" in refused.value.text[ZH]
    assert left(home) == set(old)


def test_webhooks_deliveries_are_no_history() -> None:
    assert not {"delivery", "outgoing"} & {table.name for table in archive.TABLES}


def test_every_table_of_an_instance_is_archived_or_named_as_traffic() -> None:
    of_instances = {table.name for table in metadata.sorted_tables if "instance_id" in table.c}
    left_out = of_instances - {table.name for table in archive.TABLES}
    assert left_out == {"delivery", "outgoing", "case_record", "mail", "message_buffer"}


@pytest.fixture
def filed(home: House, old: tuple[str, str, str]) -> tuple[str, str, str]:
    """One file is attached to both ended cases and an empty one to the first; a third file to the running one."""
    for number, (case, data) in enumerate([(old[0], SCAN), (old[1], SCAN), (old[0], b""), (old[2], b"running")]):
        record = records.Attachment(
            id=f"a-{number}", instance_id=case, node="one", name="扫描.pdf", type="application/pdf", size=len(data),
            sha256=hashlib.sha256(data).hexdigest(), added_by="anna", added_at=home.now,
        )  # fmt: skip
        with store(home).transaction() as tx:
            tx.attachments.add(record, data)
    return old


def content(home: House, data: bytes) -> bytes:
    with store(home).reading() as tx:
        return tx.attachments.content(hashlib.sha256(data).hexdigest())


def test_what_is_attached_goes_along_once_and_comes_back(
    home: House, filed: tuple[str, str, str], tmp_path: Path
) -> None:
    before = {case: rows_of(home, case) for case in filed}
    moved(home, tmp_path)
    assert {path.name: path.read_bytes() for path in (tmp_path / archive.FILES).iterdir()} == {
        hashlib.sha256(data).hexdigest(): data for data in (SCAN, b"")
    }
    assert (content(home, SCAN), content(home, b"running")) == (b"", b"running"), "gone from the database"
    archive.verify(tmp_path)
    restore.restore(store(home), tmp_path)
    assert {case: rows_of(home, case) for case in filed} == before
    assert content(home, SCAN) == SCAN


def test_a_content_that_a_running_case_has_too_stays_and_is_not_doubled(
    home: House, filed: tuple[str, str, str], tmp_path: Path
) -> None:
    with store(home).transaction() as tx:
        tx.connection.execute(attachment.update().where(attachment.c.id == "a-1").values(instance_id=filed[2]))
    moved(home, tmp_path)
    assert content(home, SCAN) == SCAN
    restore.restore(store(home), tmp_path)
    assert content(home, SCAN) == SCAN


@pytest.mark.parametrize("spoil", [lambda path: path.unlink(), lambda path: path.write_bytes(b"other")])
def test_a_damaged_file_is_told_and_its_case_not_put_back(
    spoil: Callable[[Path], Any], home: House, filed: tuple[str, str, str], tmp_path: Path
) -> None:
    moved(home, tmp_path)
    spoil(tmp_path / archive.FILES / hashlib.sha256(SCAN).hexdigest())
    for use in (archive.verify, lambda folder: restore.restore(store(home), folder)):
        with pytest.raises(errors.Invalid) as refused:
            use(tmp_path)  # type: ignore[operator]
        assert refused.value.code == "archive_damaged"
    assert left(home) == {filed[2]}


def test_no_name_leads_out_of_the_archive(tmp_path: Path) -> None:
    with pytest.raises(errors.Invalid):
        archive.content(tmp_path, "../" * 20 + "etc/passwd")


# --- looking at it -------------------------------------------------------------------------------------------------


def test_a_case_is_read_back_by_id_and_by_number(home: House, old: tuple[str, str, str], tmp_path: Path) -> None:
    told = home.told(old[0])
    number = home.instance(old[0]).number
    moved(home, tmp_path)
    found = archive.find(tmp_path, number)
    assert found == archive.find(tmp_path, old[0])
    assert [f"{one['type']} {one['node']}".strip() for one in found.rows["fact"]] == told


@pytest.fixture
def shelf(home: House, old: tuple[str, str, str], tmp_path: Path) -> Path:
    moved(home, tmp_path)
    return tmp_path


def rewritten(shelf: Path, change: Callable[[dict[str, Any]], None]) -> None:
    document = json.loads((shelf / archive.MANIFEST).read_bytes())
    change(document)
    (shelf / archive.MANIFEST).write_text(json.dumps(document))


def spoil_part(shelf: Path, data: bytes, *, honest: bool = False) -> None:
    (shelf / "000001.jsonl.gz").write_bytes(data)
    if honest:
        rewritten(shelf, lambda document: document["parts"][0].update(sha256=hashlib.sha256(data).hexdigest()))


@pytest.mark.parametrize(
    ("spoil", "code", "said"),
    [
        (lambda shelf: (shelf / archive.MANIFEST).unlink(), "archive_missing", "no folder of an archive"),
        (lambda shelf: (shelf / archive.MANIFEST).write_text("{"), "archive_damaged", archive.MANIFEST),
        (lambda shelf: (shelf / archive.MANIFEST).write_text("[]"), "archive_damaged", archive.MANIFEST),
        (lambda shelf: rewritten(shelf, lambda d: d.update(format=2)), "archive_format", "format 2"),
        (lambda shelf: rewritten(shelf, lambda d: d["parts"][0].update(name="..")), "archive_damaged", "[0].name"),
        (lambda shelf: rewritten(shelf, lambda d: d["parts"][0].update(rows=1)), "archive_damaged", "000001"),
        (lambda shelf: rewritten(shelf, lambda d: d["parts"][0].update(instances=9)), "archive_damaged", "000001"),
        (lambda shelf: (shelf / "000001.jsonl.gz").unlink(), "archive_damaged", "000001"),
        (lambda shelf: spoil_part(shelf, b"other"), "archive_damaged", "sha256"),
        (lambda shelf: spoil_part(shelf, b"other", honest=True), "archive_damaged", "000001"),
        (lambda shelf: spoil_part(shelf, gzip.compress(b"x\n")[:-4], honest=True), "archive_damaged", "000001"),
        (lambda shelf: spoil_part(shelf, gzip.compress(b"{}\n"), honest=True), "archive_damaged", "000001"),
        (lambda shelf: spoil_part(shelf, gzip.compress(b"[" * 100_000), honest=True), "archive_damaged", "000001"),
    ],
)  # fmt: skip
def test_a_damaged_archive_is_told_with_its_place(
    spoil: Callable[[Path], Any], code: str, said: str, shelf: Path
) -> None:
    spoil(shelf)
    with pytest.raises(errors.CrmflowError) as refused:
        archive.verify(shelf)
    assert refused.value.code == code
    assert said in refused.value.text[EN]
    assert "归档" in refused.value.text[ZH]


def test_a_case_that_is_not_there_is_told(shelf: Path) -> None:
    with pytest.raises(errors.NotFound) as refused:
        archive.find(shelf, "nobody")
    assert "nobody" in refused.value.text[EN]
    assert "nobody" in refused.value.text[ZH]


# --- back ----------------------------------------------------------------------------------------------------------


def test_what_comes_back_is_what_went_row_by_row(home: House, old: tuple[str, str, str], tmp_path: Path) -> None:
    before = {case: rows_of(home, case) for case in old}
    moved(home, tmp_path)
    assert restore.restore(store(home), tmp_path) == restore.Restored(instances=2, there=0)
    assert {case: rows_of(home, case) for case in old} == before
    found = instances.get(home.engine, instance_id=old[0])
    assert found.instance.status == "completed"
    assert archive.manifest(tmp_path).instances == 2, "the archive keeps them"


def test_one_case_comes_back_by_its_number(home: House, old: tuple[str, str, str], tmp_path: Path) -> None:
    number = home.instance(old[1]).number
    moved(home, tmp_path)
    assert restore.restore(store(home), tmp_path, only=[number]).instances == 1
    assert left(home) == {old[1], old[2]}
    assert restore.restore(store(home), tmp_path, only=[number]) == restore.Restored(instances=0, there=1)


def test_a_name_that_is_not_in_the_archive_is_told_after_the_others_came_back(home: House, shelf: Path) -> None:
    with pytest.raises(errors.NotFound) as refused:
        restore.restore(store(home), shelf, only=["nobody"])
    assert "nobody" in refused.value.text[EN]
    assert "归档中没有办件 nobody" in refused.value.text[ZH]


def test_a_damaged_part_puts_nothing_back(home: House, old: tuple[str, str, str], shelf: Path) -> None:
    spoil_part(shelf, b"other")
    with pytest.raises(errors.Invalid):
        restore.restore(store(home), shelf)
    assert left(home) == {old[2]}


def test_a_business_key_that_was_given_again_stays_with_the_later_case(home: House, tmp_path: Path) -> None:
    home.release(ASK)
    first = home.start(business_key="k")
    act.complete(home.engine, work_item_id=home.item(first, "one").id, data={}, agent=ANNA, now=home.now)
    home.clock.advance(YEAR)
    moved(home, tmp_path)
    second = home.start(business_key="k")
    assert restore.restore(store(home), tmp_path).instances == 1
    assert home.instance(first).business_key == "k"
    assert home.start(business_key="k") == second


def test_a_case_whose_customer_is_gone_is_not_put_back(home: House, shelf: Path) -> None:
    case = archive.find(shelf, archive.manifest(shelf).parts[0].first)
    case.rows["instance"][0]["customer_id"] = "c-gone"
    data = gzip.compress(msgspec.json.encode(case) + b"\n")
    spoil_part(shelf, data, honest=True)
    with pytest.raises(errors.Conflict) as refused:
        restore.restore(store(home), shelf)
    assert "customer c-gone" in refused.value.text[EN]
    assert "customer c-gone" in refused.value.text[ZH]
    assert case.id not in left(home)


def test_a_column_that_no_table_has_any_more_is_passed_over(home: House, shelf: Path) -> None:
    case = archive.find(shelf, archive.manifest(shelf).parts[0].first)
    assert case.rows["work_item"]
    for row in case.rows["work_item"]:
        row["held"] = 0
    spoil_part(shelf, gzip.compress(msgspec.json.encode(case) + b"\n"), honest=True)
    assert restore.restore(store(home), shelf)
    assert home.items(case.id, "completed")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda case: case.rows.update(dreams=[]), "dreams"),
        (lambda case: case.rows["instance"][0].update(mood="good"), "instance mood"),
        (lambda case: case.rows.update(person=[{"key": "eve"}]), "person"),
    ],
)
def test_tables_and_columns_that_this_version_does_not_know_are_refused(
    change: Callable[[archive.Case], None], said: str, home: House, shelf: Path
) -> None:
    case = archive.find(shelf, archive.manifest(shelf).parts[0].first)
    change(case)
    spoil_part(shelf, gzip.compress(msgspec.json.encode(case) + b"\n"), honest=True)
    with pytest.raises(errors.Invalid) as refused:
        restore.restore(store(home), shelf)
    assert refused.value.code == "archive_newer"
    assert said in refused.value.text[EN]


def test_a_column_that_came_since_gets_its_default(home: House, old: tuple[str, str, str], shelf: Path) -> None:
    case = archive.find(shelf, old[0])
    del case.rows["instance"][0]["suspended"]
    spoil_part(shelf, gzip.compress(msgspec.json.encode(case) + b"\n"), honest=True)
    restore.restore(store(home), shelf)
    assert home.instance(old[0]).suspended is False


def test_an_archive_goes_from_one_kind_of_database_to_another(
    home: House, old: tuple[str, str, str], shelf: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    before = archive.find(shelf, old[0])
    other = Store(f"sqlite:///{tmp_path_factory.mktemp('other')}/other.db", bell=lambda rings: None)
    other.upgrade()
    with store(home).reading() as read, other.transaction() as write:
        for name in ("process", "program", "customer"):
            table = metadata.tables[name]
            rows = [dict(row) for row in read.connection.execute(sa.select(table)).mappings()]
            write.connection.execute(table.insert(), rows)
    assert restore.restore(other, shelf).instances == 2
    again = tmp_path_factory.mktemp("again")
    assert put_away.put_away(other, again, before=home.now).instances == 2
    assert archive.find(again, old[0]) == before
    other.close()


def test_a_restored_case_is_purged_as_any_other(home: House, old: tuple[str, str, str], shelf: Path) -> None:
    restore.restore(store(home), shelf)
    assert purge.purge(store(home), before=home.now).instances == 2
