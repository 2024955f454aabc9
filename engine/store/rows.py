"""From rows to records and back: a record's fields are a table's columns of the same names."""

from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa

R = TypeVar("R", bound=msgspec.Struct)


def values(record: msgspec.Struct, table: sa.Table) -> dict[str, Any]:
    """The record's fields that the table has a column for."""
    return {name: getattr(record, name) for name in record.__struct_fields__ if name in table.c}


def columns(kind: type[msgspec.Struct], table: sa.Table) -> list[sa.Column[Any]]:
    """The table's columns that the record has a field for."""
    return [table.c[name] for name in kind.__struct_fields__ if name in table.c]


def record(kind: type[R], row: sa.Row[Any], **more: Any) -> R:
    """JSON lists become the tuples, and JSON objects the structs, that the record's fields say."""
    found = {str(name): value for name, value in row._mapping.items()}
    return msgspec.convert(found | more, kind, strict=False)


def put(connection: sa.Connection, table: sa.Table, here: sa.ColumnElement[bool], record: msgspec.Struct) -> None:
    """The row at ``here`` becomes the record; a new one where there was none."""
    new = values(record, table)
    if not connection.execute(table.update().where(here).values(new)).rowcount:
        connection.execute(table.insert().values(new))


def maybe(kind: type[R], row: sa.Row[Any] | None) -> R | None:
    return None if row is None else record(kind, row)
