"""The migrated tables are the declared tables, CHECKs included."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from engine import errors
from engine.store import migrate, unit_of_work
from engine.store.database import Database, connect
from engine.store.tables import metadata
from engine.store.unit_of_work import Store
from tests.store.rows import Rings


def shape(database: Database) -> dict[str, object]:
    """All tables are asked for together: table by table takes a hundred times as many questions."""
    inspector = sa.inspect(database.engine)
    parts: dict[str, tuple[Callable[[], Any], Callable[[Any], object]]] = {
        "columns": (inspector.get_multi_columns, lambda listed: [_column(one) for one in listed]),
        "key": (inspector.get_multi_pk_constraint, lambda key: key),
        "foreign": (inspector.get_multi_foreign_keys, _sorted),
        "unique": (inspector.get_multi_unique_constraints, _sorted),
        "checks": (inspector.get_multi_check_constraints, _sorted),
        "indexes": (inspector.get_multi_indexes, lambda listed: sorted(map(_index, listed))),
    }
    found: dict[str, dict[str, object]] = {}
    for part, (ask, told) in parts.items():
        for (_, table), answer in ask().items():
            found.setdefault(table, {})[part] = told(answer)
    assert all(set(table) == set(parts) for table in found.values())
    return {table: found[table] for table in sorted(set(found) - {"alembic_version"})}


def _column(column: Any) -> tuple[str, str, bool, str]:
    return column["name"], str(column["type"]), column["nullable"], str(column["default"])


def _sorted(listed: Any) -> list[str]:
    return sorted(map(str, listed))


def _index(index: Any) -> str:
    options = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return str({**index, "dialect_options": options})


def test_the_whole_chain_leads_to_what_a_new_database_gets(database: Callable[..., str], rings: Rings) -> None:
    walked, fresh = connect(database()), Store(database(), bell=rings.extend)
    with walked.writing() as connection:
        command.upgrade(migrate.config(connection), "head")
    fresh.upgrade()
    migrated, wanted = shape(walked), shape(fresh.database)
    with walked.reading() as connection:
        rows = {
            name: connection.scalar(sa.select(sa.func.count()).select_from(table))
            for name, table in metadata.tables.items()
        }
        assert not any(rows.values()), "a migration that fills a table has to fill it for a new database too"
        assert fresh.version() == migrate.version(connection) == migrate.chain().get_current_head()
    walked.close()
    fresh.close()
    assert migrated.keys() == wanted.keys() == set(metadata.tables)
    for table, expected in wanted.items():
        assert migrated[table] == expected, f'{table}: run python -m engine.store.draft "..." and read what it wrote'


def test_a_database_that_holds_something_else_stays_as_it_was(database: Callable[..., str], rings: Rings) -> None:
    store = Store(database(), bell=rings.extend)
    with store.database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE work_item (mine INTEGER)")
    with pytest.raises(sa.exc.DatabaseError):
        store.upgrade()
    assert set(sa.inspect(store.database.engine).get_table_names()) == {"work_item"}
    assert store.version() == ""
    store.close()


def test_there_are_checks_to_compare(store: Store) -> None:
    checks = sa.inspect(store.database.engine).get_check_constraints("instance")
    assert {check["name"] for check in checks} == {"ck_instance_status", "ck_instance_incidents", "ck_instance_ended"}


def test_upgrading_twice_changes_nothing(store: Store) -> None:
    before = shape(store.database)
    store.upgrade()
    assert shape(store.database) == before


def test_indexes_are_made_in_one_order_on_every_machine(store: Store) -> None:
    """A planner that finds two equally good takes the one that was made last, or first."""
    made = {
        "sqlite": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY rowid",
        "postgresql": "SELECT tab.relname, ind.relname FROM pg_index JOIN pg_class ind ON ind.oid = indexrelid "
        "JOIN pg_class tab ON tab.oid = indrelid WHERE ind.relname LIKE 'ix%' ORDER BY ind.oid",
    }
    with store.database.reading() as connection:
        rows = [tuple(row) for row in connection.exec_driver_sql(made[connection.dialect.name].replace("%", "%%"))]
    for name, table in metadata.tables.items():
        assert [index for of, index in rows if of == name] == sorted(str(one.name) for one in table.indexes)
    assert len(rows) == sum(len(table.indexes) for table in metadata.tables.values()) > 50


def test_tables_of_a_newer_program_are_left_alone_and_named(database: Callable[..., str], rings: Rings) -> None:
    url = database()
    store = Store(url, bell=rings.extend)
    assert unit_of_work.state(url) == "empty"
    store.upgrade()
    assert unit_of_work.state(url) == "current"
    with store.transaction() as tx:
        tx.connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'm9999'")
    assert unit_of_work.state(url) == "newer"
    with pytest.raises(errors.Conflict) as told:
        store.upgrade()
    assert told.value.code == "database_newer" and "m9999" in told.value.text["en"]
    assert store.version() == "m9999"
    store.close()
