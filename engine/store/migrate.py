"""Alembic, without its command line: the tables are brought to the newest version when the program starts."""

from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

HERE = Path(__file__).resolve().parent / "migrations"


def config(connection: sa.Connection) -> Config:
    found = Config()
    found.set_main_option("script_location", str(HERE))
    found.attributes["connection"] = connection
    if not connection.in_transaction():
        connection.begin()  # else Alembic would begin and commit one of its own inside the caller's
    return found


def upgrade(connection: sa.Connection) -> None:
    """All steps or none, in the caller's transaction. On PostgreSQL an advisory lock lets one process at a time in."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7239107)")
    if version(connection) != newest():
        command.upgrade(config(connection), "head")


@cache
def newest() -> str:
    """The last revision of the chain; its files are read once."""
    return ScriptDirectory(str(HERE)).get_current_head() or ""


def version(connection: sa.Connection) -> str:
    """Of the tables as they are; empty before the first upgrade."""
    return MigrationContext.configure(connection).get_current_revision() or ""
