"""Tells a database that is away, full or ending from one that says that a statement is wrong."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from engine import errors

# PostgreSQL: connection errors, no room or memory, the operator ended it; what is lost without a word has no state.
_STATES = ("08", "53", "57P")
# A plain DatabaseError is what psycopg makes of an answer of libpq's own: the server went while it was asked.
_LINK = ("OperationalError", "InterfaceError", "ConnectionTimeout", "DatabaseError")
_SQLITE = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_BUSY")


@contextmanager
def told() -> Iterator[None]:
    """Raises errors.Unavailable in place of a driver's error that only says that the database is away or full, and
    errors.Invalid for text that PostgreSQL cannot hold.

    What a commit without an answer did is not known: whoever asks again does it under the same key.
    """
    try:
        yield
    except Exception as error:
        if _has_nul(error):
            raise errors.Invalid(
                "text_nul",
                zh="文本中含有 NUL 字符（U+0000），无法查询或保存。",
                en="The text has a NUL character (U+0000), which cannot be looked for or kept.",
            ) from error
        if not away(error):
            raise
        raise errors.Unavailable(
            "database_away",
            zh="数据库暂时无法使用，请稍后重试。",
            en="The database cannot be used just now; please try again.",
        ) from error


def away(error: Exception) -> bool:
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, sqlite3.OperationalError):
        return getattr(cause, "sqlite_errorname", "").startswith(_SQLITE)
    if type(cause).__module__.partition(".")[0] != "psycopg":
        return isinstance(error, sa.exc.TimeoutError)  # every connection is taken, and waiting did not help
    state: str | None = getattr(cause, "sqlstate", None)
    if state is None:
        return type(cause).__name__ in _LINK
    return state.startswith(_STATES)


def _has_nul(error: Exception) -> bool:
    """psycopg refuses such text before it asks the server, so there is no state to go by."""
    cause = getattr(error, "orig", None) or error
    return type(cause).__name__ == "DataError" and getattr(cause, "sqlstate", None) is None and "NUL" in str(cause)
