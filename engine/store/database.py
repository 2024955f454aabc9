"""Opens the database: one engine that writes, one that only reads, and the gate in front of the writer."""

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from engine import errors
from engine.store.gate import FileGate, OpenGate

BUSY_TIMEOUT_MS = 30_000
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_size=-16000",
    "PRAGMA temp_store=MEMORY",
)


@dataclass(frozen=True)
class Database:
    writer: sa.Engine
    reader: sa.Engine
    gate: FileGate | OpenGate

    @property
    def is_sqlite(self) -> bool:
        return self.writer.dialect.name == "sqlite"

    def close(self) -> None:
        self.writer.dispose()
        self.reader.dispose()
        self.gate.close()


def connect(url: str) -> Database:
    """Raises errors.Invalid for a database that is not supported."""
    address = sa.make_url(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite(address)
    if address.get_backend_name() == "postgresql":
        return _postgresql(address)
    raise errors.Invalid(
        "database_unsupported",
        zh=f"不支持的数据库:{address.get_backend_name()}。请使用 sqlite 或 postgresql+psycopg。",
        en=f"The database {address.get_backend_name()!r} is not supported; use sqlite or postgresql+psycopg.",
    )


def _sqlite(address: sa.URL) -> Database:
    if not address.database or address.database == ":memory:":
        raise errors.Invalid(
            "database_in_memory",
            zh="数据库需要一个文件:sqlite:///路径/crmflow.db。",
            en="The database needs a file: sqlite:///path/crmflow.db.",
        )
    path = Path(address.database)
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = sa.create_engine(address, pool_size=4, max_overflow=60)
    reader = sa.create_engine(address, pool_size=4, max_overflow=60)
    for engine, begin in ((writer, "BEGIN IMMEDIATE"), (reader, "BEGIN")):
        sa.event.listen(engine, "connect", _prepare_reader if engine is reader else _prepare)
        sa.event.listen(engine, "begin", lambda connection, begin=begin: connection.exec_driver_sql(begin))
    return Database(writer, reader, FileGate(path.with_name(path.name + ".gate")))


def _prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """The driver must not begin by itself: the ``begin`` hook does, with the right word."""
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _prepare_reader(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    _prepare(connection, entry)
    connection.execute("PRAGMA query_only=ON")


def _postgresql(address: sa.URL) -> Database:
    address = address.set(drivername="postgresql+psycopg")
    writer = sa.create_engine(address, pool_size=8, max_overflow=56, isolation_level="READ COMMITTED")
    reader = writer.execution_options(postgresql_readonly=True, isolation_level="REPEATABLE READ")
    return Database(writer, reader, OpenGate())
