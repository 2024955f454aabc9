"""The hot path speaks to the driver itself: SQLAlchemy compiles each statement once and gives the connection."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.store.types import Json, Moment, dumps, micros

_DIALECTS = {
    "sqlite": sqlite.dialect(paramstyle="qmark"),
    "postgresql": postgresql.dialect(paramstyle="format"),  # type: ignore[no-untyped-call]
}


@cache
def statement(text: str, dialect: str) -> str:
    """``text`` with ``?`` for values, in the driver's way."""
    return text if dialect == "sqlite" else text.replace("?", "%s")


@cache
def marks(count: int) -> str:
    return ", ".join("?" * count)


def cursor(connection: sa.Connection) -> Any:
    """A cursor of the driver, inside this connection's transaction."""
    return connection.connection.dbapi_connection.cursor()  # type: ignore[union-attr]


class Insert:
    """INSERT of records into their table; the values are made by functions found once."""

    def __init__(self, table: sa.Table, fields: Sequence[str], **computed: Callable[[Any], Any]) -> None:
        self._columns = [*fields, *computed]
        self._makers = [_maker(table.c[name]) for name in fields] + list(computed.values())
        clause = table.insert().values({name: sa.bindparam(name) for name in self._columns})
        compiled = {name: clause.compile(dialect=dialect) for name, dialect in _DIALECTS.items()}
        order = compiled["sqlite"].positiontup or []
        self._makers = [self._makers[self._columns.index(name)] for name in order]
        self._sql = {name: str(text) for name, text in compiled.items()}

    def run(self, cursor: Any, dialect: str, records: Iterable[msgspec.Struct]) -> None:
        listed = [tuple([make(record) for make in self._makers]) for record in records]
        if len(listed) == 1:
            cursor.execute(self._sql[dialect], listed[0])
        elif listed:
            cursor.executemany(self._sql[dialect], listed)


def _maker(column: sa.Column[Any]) -> Callable[[Any], Any]:
    read = attrgetter(column.name)
    if isinstance(column.type, Moment):
        return lambda record: None if (value := read(record)) is None else micros(value)
    if isinstance(column.type, Json):
        # Most lists of a row are empty, and all of those are one text.
        return lambda record: "[]" if (value := read(record)) == () else None if value is None else dumps(value)
    return read
