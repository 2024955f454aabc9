"""The migrated tables are the declared tables, CHECKs included."""

from typing import Any

import sqlalchemy as sa

from engine.store.database import Database, connect
from engine.store.tables import metadata
from engine.store.unit_of_work import Store


def shape(database: Database) -> dict[str, object]:
    inspector = sa.inspect(database.engine)
    found: dict[str, object] = {}
    for table in sorted(set(inspector.get_table_names()) - {"alembic_version"}):
        found[table] = {
            "columns": [
                (column["name"], str(column["type"]), column["nullable"], str(column["default"]))
                for column in inspector.get_columns(table)
            ],
            "key": inspector.get_pk_constraint(table),
            "foreign": sorted(map(str, inspector.get_foreign_keys(table))),
            "unique": sorted(map(str, inspector.get_unique_constraints(table))),
            "checks": sorted(map(str, inspector.get_check_constraints(table))),
            "indexes": sorted(map(_index, inspector.get_indexes(table))),
        }
    return found


def _index(index: Any) -> str:
    options = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return str({**index, "dialect_options": options})


def test_the_migrated_schema_equals_the_declared_one(store: Store, other_url: str) -> None:
    declared = connect(other_url)
    with declared.writing() as connection:
        metadata.create_all(connection)
    migrated, wanted = shape(store.database), shape(declared)
    declared.close()
    assert migrated.keys() == wanted.keys()
    for table, expected in wanted.items():
        assert migrated[table] == expected, f'{table}: run python -m engine.store.draft "..." and read what it wrote'


def test_there_are_checks_to_compare(store: Store) -> None:
    checks = sa.inspect(store.database.engine).get_check_constraints("instance")
    assert {check["name"] for check in checks} == {"ck_instance_status", "ck_instance_incidents", "ck_instance_ended"}


def test_upgrading_twice_changes_nothing(store: Store) -> None:
    before = shape(store.database)
    store.upgrade()
    assert shape(store.database) == before
