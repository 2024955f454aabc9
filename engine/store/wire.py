"""The hot path's statements on PostgreSQL, said to libpq itself: prepared once for each connection, values and answers
carried over by functions found once.

The driver's cursors do the same and more; what they do more is a third of what a statement costs here.
"""

import struct
from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

try:
    import psycopg
except ImportError:  # an extra; without it there is no PostgreSQL
    psycopg = None  # type: ignore[assignment]

MOST = 500
"""Statements that a connection keeps; what comes after them is not prepared."""
COMMAND_OK, TUPLES_OK = 1, 2
"""libpq's PGRES_COMMAND_OK and PGRES_TUPLES_OK."""
_TEXT, _BINARY = 0, 1
_prepared: WeakKeyDictionary[Any, dict[bytes, bytes]] = WeakKeyDictionary()
_THROWS_AWAY = ("ALTER", "DEALL", "DISCA", "DROP ", "ROLLB")
"""Beginnings of statements behind which the driver has the server forget what was prepared, ours too."""


def rows(driver: Any, text: bytes, values: Sequence[Any]) -> list[list[Any]]:
    """The answer of a statement with ``$1`` for values. Raises the driver's errors."""
    answer = _said(driver, text, values)
    columns = range(answer.nfields)
    readers = [_READERS[answer.ftype(column)] for column in columns]
    value = answer.get_value
    return [
        [None if (found := value(row, column)) is None else readers[column](found) for column in columns]
        for row in range(answer.ntuples)
    ]


def touched(driver: Any, text: bytes, values: Sequence[Any]) -> int:
    """How many rows the statement changed. Raises the driver's errors."""
    return _said(driver, text, values).command_tuples or 0


def heard(driver: Any, text: str) -> None:
    """Of each statement that somebody else says on the connection, before it is said."""
    if text.lstrip()[:5].upper() in _THROWS_AWAY:
        _prepared.pop(driver, None)


def _said(driver: Any, text: bytes, values: Sequence[Any]) -> Any:
    server, known = driver.pgconn, _prepared.get(driver)
    if known is None:
        driver.execute("DEALLOCATE ALL")  # what is left of it, where the driver did not do it
        known = _prepared[driver] = {}
    name = known.get(text)
    given = [None if value is None else _WRITERS[type(value)](value) for value in values]
    formats = [_BINARY if type(value) is bytes else _TEXT for value in values]
    if name is None and len(known) < MOST:
        name = f"crmflow_{len(known)}".encode()
        _checked(server.prepare(name, text))
        known[text] = name
    if name is None:
        return _checked(server.exec_params(text, given, None, formats, _BINARY))
    return _checked(server.exec_prepared(name, given, formats, _BINARY))


def _checked(answer: Any) -> Any:
    if answer.status not in (COMMAND_OK, TUPLES_OK):
        error = psycopg.errors.error_from_result(answer)
        raise error if error.sqlstate else psycopg.OperationalError(str(error))  # the link is lost: no server said so
    return answer


def _text(value: str) -> bytes:
    """Raises the driver's error where libpq would end the text."""
    if "\0" in value:
        raise psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
    return value.encode()


def _number(value: int) -> bytes:
    return b"%d" % value


def _whole(value: bytes) -> int:
    return int.from_bytes(value, "big", signed=True)


_WRITERS: dict[type, Callable[[Any], bytes]] = {
    str: _text,
    int: _number,
    bool: lambda value: b"t" if value else b"f",
    float: lambda value: repr(value).encode(),
    bytes: lambda value: value,
}
_READERS: dict[int, Callable[[bytes], Any]] = {
    16: lambda value: value == b"\1",
    17: bytes,
    20: _whole,
    21: _whole,
    23: _whole,
    25: bytes.decode,
    701: lambda value: struct.unpack("!d", value)[0],
    1043: bytes.decode,
}
"""By PostgreSQL's number of the type: bool, bytea, int8, int2, int4, text, float8, varchar."""
