"""A whole database into another of either kind, and the proof that every row arrived as it was."""

import hashlib
from collections.abc import Callable

import msgspec
import sqlalchemy as sa

from engine import errors
from engine.store.tables import metadata
from engine.store.unit_of_work import Store

BATCH = 1000
Told = Callable[[str, int], None]
"""A table's name, and how many of its rows are copied."""


class Copied(msgspec.Struct, frozen=True):
    table: str
    rows: int
    sha256: str
    """Of all its rows, the same on both sides."""


def copy(source: Store, target: Store, *, told: Told = lambda table, rows: None) -> tuple[Copied, ...]:
    """In one view of the source and one transaction of the target: all or nothing.

    Raises errors.Conflict for a target that holds something, or when a table's hash differs afterwards.
    """
    with source.reading() as read, target.transaction() as write:
        for table in metadata.sorted_tables:
            if write.connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first():
                raise _not_empty(table.name)
        done = tuple(_table(table, read.connection, write.connection, told) for table in metadata.sorted_tables)
        _go_on_counting(write.connection)
    return done


def _table(table: sa.Table, source: sa.Connection, target: sa.Connection, told: Told) -> Copied:
    rows = 0
    for part in source.execute(_ordered(table)).mappings().partitions(BATCH):
        target.execute(table.insert(), [dict(row) for row in part])
        rows += len(part)
        told(table.name, rows)
    here, there = _hash(table, source), _hash(table, target)
    if here != there:
        raise errors.Conflict(
            "copy_differs",
            zh=f"表 {table.name} 复制后与原数据不一致，复制已全部撤销。",
            en=f"The table {table.name} is not the same after copying; nothing was kept.",
            table=table.name,
        )
    return Copied(table.name, rows, here)


def _hash(table: sa.Table, connection: sa.Connection) -> str:
    """Of the values as the program sees them, so that the databases' own representations do not matter.

    An exclusive or of the rows' hashes: databases sort text each in its own way, and a row's place is not its content.
    """
    total, count = 0, 0
    for row in connection.execute(_ordered(table)):
        total ^= int.from_bytes(hashlib.sha256(msgspec.msgpack.encode(tuple(row))).digest())
        count += 1
    return hashlib.sha256(f"{count} {total}".encode()).hexdigest()


def _ordered(table: sa.Table) -> sa.Select[tuple[object, ...]]:
    return sa.select(table).order_by(*table.primary_key).execution_options(yield_per=BATCH)


def _go_on_counting(target: sa.Connection) -> None:
    """PostgreSQL's sequences know nothing of rows that brought their numbers along; SQLite's do."""
    if target.dialect.name != "postgresql":
        return
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            last = sa.select(sa.func.max(column)).scalar_subquery()
            sequence = sa.func.pg_get_serial_sequence(table.name, column.name)
            target.execute(sa.select(sa.func.setval(sequence, last)).where(last.is_not(None)))


def _not_empty(table: str) -> errors.Conflict:
    return errors.Conflict(
        "copy_target_not_empty",
        zh=f"目标数据库不是空的（表 {table} 中已有数据），请换一个空数据库。",
        en=f"The target holds data already (in the table {table}); name an empty database.",
        table=table,
    )
