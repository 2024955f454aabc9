"""Alembic, without its command line: the tables are brought to the newest version when the program starts."""

from functools import cache
from pathlib import Path
from typing import Literal

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.schema import CreateIndex, CreateTable

from engine import errors
from engine.store.tables import metadata

State = Literal["empty", "older", "current", "newer"]
HERE = Path(__file__).resolve().parent / "migrations"


def config(connection: sa.Connection) -> Config:
    found = Config()
    found.set_main_option("script_location", str(HERE))
    found.attributes["connection"] = connection
    if not connection.in_transaction():
        connection.begin()  # else Alembic would begin and commit one of its own inside the caller's
    return found


def upgrade(connection: sa.Connection) -> None:
    """All steps or none, in the caller's transaction. On PostgreSQL an advisory lock lets one process at a time in.

    A new database gets today's tables at once: a test holds that the whole chain leads to the same.

    Raises errors.Conflict for tables that a newer program made.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7239107)")
    match state(connection):
        case "empty":
            _begin(connection)
        case "older":
            command.upgrade(config(connection), "head")
        case "newer":
            here = version(connection)
            raise errors.Conflict(
                "database_newer",
                zh=f"数据库（{here}）由更新版本的 crmflow 建立，请使用该版本或恢复旧备份",
                en=f"the database ({here}) was made by a newer crmflow: use that one, or an older backup",
                version=here,
            )


def _begin(connection: sa.Connection) -> None:
    if not connection.in_transaction():
        connection.begin()
    for table in metadata.sorted_tables:
        connection.execute(CreateTable(table))
        # SQLAlchemy keeps them in a set: of two that fit a question equally well SQLite takes the younger one.
        for index in sorted(table.indexes, key=lambda one: str(one.name)):
            connection.execute(CreateIndex(index))
    MigrationContext.configure(connection).stamp(chain(), "head")


@cache
def chain() -> ScriptDirectory:
    """Its files are read once."""
    return ScriptDirectory(str(HERE))


def state(connection: sa.Connection) -> State:
    """How the tables stand to this program."""
    here = version(connection)
    if here == chain().get_current_head():
        return "current"
    if not here:
        return "empty"
    return "older" if here in {one.revision for one in chain().walk_revisions()} else "newer"


def version(connection: sa.Connection) -> str:
    """Of the tables as they are; empty before the first upgrade."""
    return MigrationContext.configure(connection).get_current_revision() or ""
