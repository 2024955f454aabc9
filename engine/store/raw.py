"""The hot path speaks to the driver itself: SQLAlchemy compiles each statement once and gives the connection."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, Generic, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.store import wire
from engine.store.types import Json, Moment, dumps, micros, moment

try:
    import psycopg
except ImportError:  # an extra; without it there is no PostgreSQL
    psycopg = None  # type: ignore[assignment]

R = TypeVar("R", bound=msgspec.Struct)
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


def numbering_cursor(connection: sa.Connection) -> Any:
    """PostgreSQL's, for texts with ``$1``: the driver reads a text as long as ours for its ``%s`` each time anew."""
    return psycopg.RawCursor(connection.connection.dbapi_connection)  # type: ignore[call-overload]


def found(connection: sa.Connection, text: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
    """The rows that a statement in the driver's way answers."""
    if connection.dialect.name == "sqlite":
        rows: list[Sequence[Any]] = cursor(connection).execute(text, values).fetchall()
        return rows
    return wire.rows(connection.connection.dbapi_connection, numbered(text), values)


class Insert:
    """INSERT of records into their table; the values are made by functions found once.

    ``computed`` makes columns out of the whole record; the values of ``given`` are handed in with each record.
    """

    def __init__(
        self,
        table: sa.Table,
        fields: Sequence[str],
        *,
        given: Sequence[str] = (),
        **computed: Callable[[Any], Any],
    ) -> None:
        makers = {name: _maker(table.c[name]) for name in fields} | computed
        clause = table.insert().values({name: sa.bindparam(name) for name in (*makers, *given)})
        compiled = {name: clause.compile(dialect=dialect) for name, dialect in _DIALECTS.items()}
        order = compiled["sqlite"].positiontup or []
        self._makers = [makers.get(name) for name in order]
        self._given = [given.index(name) if name in given else -1 for name in order]
        self._sql = {name: str(text) for name, text in compiled.items()}

    def of(self, dialect: str, record: msgspec.Struct, *given: Any) -> tuple[str, tuple[Any, ...]]:
        """The statement and its values."""
        pairs = zip(self._makers, self._given, strict=True)
        return self._sql[dialect], tuple([given[place] if make is None else make(record) for make, place in pairs])

    def run(self, cursor: Any, dialect: str, records: Iterable[msgspec.Struct]) -> None:
        listed = [self.of(dialect, record)[1] for record in records]
        if len(listed) == 1:
            cursor.execute(self._sql[dialect], listed[0])
        elif listed:
            cursor.executemany(self._sql[dialect], listed)


class Read(Generic[R]):
    """SELECT of records; each column's value is read by a function found once.

    ``rest`` follows ``FROM``, with ``?`` for values. A wait's id is made of its instance and number.
    """

    def __init__(self, kind: type[R], table: sa.Table, rest: str) -> None:
        fields = {field.name: field for field in msgspec.structs.fields(kind)}
        columns = [table.c[name] for name in fields if name in table.c]
        self._kind = kind
        self._names = [column.name for column in columns]
        self._readers = [_reader(column, fields[column.name].type) for column in columns]
        self._numbered = "id" in fields and "id" not in table.c
        self._sql = {
            name: statement(f"{sa.select(*columns).compile(dialect=dialect)} {rest}", name)
            for name, dialect in _DIALECTS.items()
        }

    def all(self, connection: sa.Connection, *values: Any) -> list[R]:
        return [self._record(row) for row in found(connection, self._sql[connection.dialect.name], values)]

    def first(self, connection: sa.Connection, *values: Any) -> R | None:
        rows = found(connection, self._sql[connection.dialect.name], values)
        return self._record(rows[0]) if rows else None

    def _record(self, row: Sequence[Any]) -> R:
        known = {
            name: value if read is None or value is None else read(value)
            for name, read, value in zip(self._names, self._readers, row, strict=True)
        }
        if self._numbered:
            known["id"] = f"{known['instance_id']}.{known['wait']}"
        return self._kind(**known)


def _reader(column: sa.Column[Any], kind: Any) -> Callable[[Any], Any] | None:
    """None for what the driver gives as it is."""
    if isinstance(column.type, Moment):
        return moment
    if isinstance(column.type, Json):
        return msgspec.json.Decoder(kind, strict=False).decode
    return bool if isinstance(column.type, sa.Boolean) else None


def _maker(column: sa.Column[Any]) -> Callable[[Any], Any]:
    read = attrgetter(column.name)
    if isinstance(column.type, Moment):
        return lambda record: None if (value := read(record)) is None else micros(value)
    if isinstance(column.type, Json):
        # Most lists of a row are empty, and all of those are one text.
        return lambda record: "[]" if (value := read(record)) == () else None if value is None else dumps(value)
    return read


MOST_VALUES = 30_000
"""PostgreSQL takes 65,535 in one statement."""
UNIQUE_VIOLATION = "23505"
Said = tuple[bytes, list[Any]]
"""A statement for PostgreSQL and its values."""


@lru_cache(maxsize=1024)
def numbered(text: str) -> bytes:
    """``%s`` as ``$1``, ``$2`` ..."""
    first, *others = text.split("%s")
    return "".join([first, *(f"${number}{part}" for number, part in enumerate(others, 1))]).encode()


class Whole:
    """Gathers writes of a step and says them to PostgreSQL as one statement: one way there and back instead of ten.

    Its parts see the database as it was before, so no two may touch the same row. The text depends on the kinds and
    numbers of rows alone: the driver prepares what comes again.
    """

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        self._parts: list[str] = []
        self._values: list[Any] = []

    def execute(self, text: str, values: Sequence[Any]) -> None:
        self._parts.append(text)
        self._values += values

    def executemany(self, text: str, rows: Sequence[Sequence[Any]]) -> None:
        """An INSERT becomes one of many rows, anything else as many parts as rows."""
        head, found, row = text.partition(" VALUES ")
        if not found or not head.startswith("INSERT"):
            for values in rows:
                self.execute(text, values)
            return
        most = max(1, MOST_VALUES // len(rows[0]))
        for first in range(0, len(rows), most):
            some = rows[first : first + most]
            self.execute(f"{head} VALUES {', '.join([row] * len(some))}", [value for one in some for value in one])
            if len(self._values) > MOST_VALUES:
                self.flush()

    def flush(self) -> None:
        """Says what was gathered so far."""
        if self._parts:
            *others, last = self._parts
            self._say(others, last, self._values)

    def last(self, text: str, values: Sequence[Any]) -> Said:
        """All of it, with this one at the end."""
        return _whole(self._parts, text), [*self._values, *values]

    def _say(self, parts: Sequence[str], last: str, values: Sequence[Any]) -> None:
        self._cursor.execute(_whole(parts, last), values)
        self._parts, self._values = [], []


def _whole(parts: Sequence[str], last: str) -> bytes:
    named = ", ".join(f"s{number} AS ({part})" for number, part in enumerate(parts))
    return numbered(f"WITH {named} {last}" if parts else last)


def touched(connection: sa.Connection, said: Sequence[Said]) -> bool:
    """Whether each statement touched a row; False too when another had inserted the same before.

    Several are sent one after the other without waiting for answers.
    """
    try:
        if len(said) == 1:
            return bool(wire.touched(connection.connection.dbapi_connection, *said[0]))
        with connection.connection.dbapi_connection.pipeline():  # type: ignore[union-attr]
            answers = [numbering_cursor(connection).execute(*one) for one in said]
        return all(answer.rowcount for answer in answers)
    except Exception as error:
        if getattr(error, "sqlstate", None) == UNIQUE_VIOLATION:
            return False
        raise
