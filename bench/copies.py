"""Rows in bulk: copies of what one real step wrote, by COPY where the database has it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from bench import world
from engine.store import archive
from engine.store.tables import metadata

BATCH = 5000
Other = Mapping[str, Callable[[int], Any]]
"""A column: its value in the copy with that number, as the database holds it. Elsewhere it is as in the pattern."""


def cloned(
    place: world.World, case: str, count: int, tables: Sequence[str], **other: Callable[[int], Any]
) -> list[str]:
    """``count`` copies of an instance with its rows in ``tables``; ``other`` gives columns by number."""
    ids = [place.engine.store.new_id() for _ in range(count)]
    with place.engine.store.transaction() as tx:
        db: sa.Connection = tx.connection  # type: ignore[attr-defined]
        for name in ("instance", *tables):
            table = metadata.tables[name]
            key = table.c.id if name == "instance" else table.c.instance_id
            number = {"number": lambda number: f"bench-{number}-{ids[number]}"} if name == "instance" else {}
            changed = {key.name: ids.__getitem__, **number, **{c: f for c, f in other.items() if c in table.c}}
            columns = [sa.type_coerce(column, archive.kept_as(column)).label(column.name) for column in table.c]
            pattern = [dict(row) for row in db.execute(sa.select(*columns).where(key == case)).mappings()]
            if db.dialect.name == "postgresql":
                _copy(db, table, pattern, changed, count)
            else:
                _insert(db, table, pattern, changed, count)
    analyse(place)
    return ids


def analyse(place: world.World) -> None:
    """As the server's own housekeeping does sooner or later."""
    database = place.engine.store.database.engine  # type: ignore[attr-defined]
    if database.dialect.name == "postgresql":
        with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def _insert(db: sa.Connection, table: sa.Table, pattern: Sequence[dict[str, Any]], changed: Other, count: int) -> None:
    bare = sa.table(table.name, *(sa.column(column.name, archive.kept_as(column)) for column in table.c))
    for first in range(0, count, BATCH):
        numbers = range(first, min(first + BATCH, count))
        made = [row | {name: value(number) for name, value in changed.items()} for number in numbers for row in pattern]
        if made:
            db.execute(bare.insert(), made)


def _copy(db: sa.Connection, table: sa.Table, pattern: Sequence[dict[str, Any]], changed: Other, count: int) -> None:
    names = ", ".join(f'"{column.name}"' for column in table.c)
    driver: Any = db.connection.dbapi_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copying:
        for text in _texts(table, pattern, changed, count):
            copying.write(text)


def _texts(table: sa.Table, pattern: Sequence[dict[str, Any]], changed: Other, count: int) -> Iterator[str]:
    """COPY's lines of each copy: one text with holes for what changes."""
    names = [column.name for column in table.c]
    lines = (
        "\t".join(f"%({name})s" if name in changed else _field(row[name]).replace("%", "%%") for name in names)
        for row in pattern
    )
    text = "".join(line + "\n" for line in lines)
    for number in range(count):
        yield text % {name: _field(value(number)) for name, value in changed.items()}


def _field(value: Any) -> str:
    if value is None:
        return r"\N"
    if isinstance(value, bytes):
        return rf"\\x{value.hex()}"
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value).replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")
