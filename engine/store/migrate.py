"""Alembic, without its command line: the tables are brought to the newest version when the program starts."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

HERE = Path(__file__).resolve().parent / "migrations"


def config(connection: sa.Connection) -> Config:
    found = Config()
    found.set_main_option("script_location", str(HERE))
    found.attributes["connection"] = connection
    return found


def upgrade(engine: sa.Engine) -> None:
    """One transaction: all steps or none. On PostgreSQL an advisory lock lets one process at a time in."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7239107)")
        command.upgrade(config(connection), "head")
