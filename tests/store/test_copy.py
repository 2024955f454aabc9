"""A database copied into another holds the same rows and goes on living."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine import errors
from engine.inbox import act
from engine.store import copy
from engine.store.tables import metadata
from engine.store.unit_of_work import Store
from tests.house import ANNA, House, house
from tests.store.test_crash import RICH


@pytest.fixture
def lived_in(tmp_path: Path) -> Iterator[House]:
    """A SQLite database in which things happened."""
    (tmp_path / "old").mkdir()
    with house(tmp_path / "old") as home:
        home.person(ANNA)
        home.release(RICH)
        cases = [home.start(business_key=f"k-{number}", n=number, text="订单 ' \\ \u2028") for number in range(3)]
        act.complete(home.engine, work_item_id=home.item(cases[0], "one").id, data={"n": 1}, agent=ANNA, now=home.now)
        yield home


@pytest.fixture
def target(url: str) -> Iterator[Store]:
    opened = Store(url, bell=lambda rings: None)
    opened.upgrade()
    yield opened
    opened.close()


def rows(store: Store, name: str) -> list[tuple[object, ...]]:
    table = metadata.tables[name]
    with store.reading() as tx:
        return sorted((tuple(row) for row in tx.connection.execute(sa.select(table))), key=repr)


def test_every_row_of_every_table_arrives(lived_in: House, target: Store) -> None:
    seen: dict[str, int] = {}
    done = copy.copy(lived_in.engine.store, target, told=seen.__setitem__)  # type: ignore[arg-type]
    assert {one.table for one in done} == set(metadata.tables)
    for one in done:
        assert rows(target, one.table) == rows(lived_in.engine.store, one.table), one.table  # type: ignore[arg-type]
        assert one.rows == len(rows(target, one.table)) == seen.get(one.table, 0)
    filled = {one.table for one in done if one.rows}
    assert filled >= {"instance", "work_item", "candidate", "fact", "timer", "job", "subscription", "change", "program"}


def test_the_copy_goes_on_living(lived_in: House, url: str, target: Store) -> None:
    copy.copy(lived_in.engine.store, target)  # type: ignore[arg-type]
    home = House(url)
    try:
        old = lived_in.engine.store
        with old.reading() as tx, home.engine.store.reading() as new:
            assert tx.changes.last() == new.changes.last()
        open_items = [item for case in range(3) for item in home.items(cases(home)[case])]
        assert open_items
        later = home.start(business_key="k-9")
        assert home.instance(later).number == "p-000004", "numbers go on"
        act.complete(home.engine, work_item_id=home.item(later, "one").id, data={}, agent=ANNA, now=home.now)
        with home.engine.store.reading() as new:
            assert new.changes.last() > 0, "hints go on behind the copied ones"
    finally:
        home.engine.store.close()


def cases(home: House) -> list[str]:
    with home.engine.store.reading() as tx:
        return [one.id for one in tx.instances.search(where={}, after="", limit=10)]


def test_a_target_that_holds_something_is_refused_untouched(lived_in: House, target: Store) -> None:
    copy.copy(lived_in.engine.store, target)  # type: ignore[arg-type]
    before = {name: rows(target, name) for name in metadata.tables}
    with pytest.raises(errors.Conflict) as refused:
        copy.copy(lived_in.engine.store, target)  # type: ignore[arg-type]
    assert refused.value.code == "copy_target_not_empty"
    assert refused.value.text.keys() == {"zh-CN", "en"}
    assert {name: rows(target, name) for name in metadata.tables} == before


def test_a_row_that_arrives_changed_undoes_the_copy(
    lived_in: House, target: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = copy._hash

    def hurt(table: sa.Table, connection: sa.Connection) -> str:
        if table.name == "fact" and not connection.info.get("hurt"):
            connection.info["hurt"] = True
            connection.execute(table.update().values(agent="somebody else")) if writes(connection) else None
        return whole(table, connection)

    def writes(connection: sa.Connection) -> bool:
        return str(connection.engine.url) == str(target.database.engine.url)

    monkeypatch.setattr(copy, "_hash", hurt)
    with pytest.raises(errors.Conflict) as refused:
        copy.copy(lived_in.engine.store, target)  # type: ignore[arg-type]
    assert refused.value.code == "copy_differs"
    assert refused.value.ids["table"] == "fact"
    assert all(not rows(target, name) for name in metadata.tables)
