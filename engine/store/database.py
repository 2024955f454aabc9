"""Opens the database: connections that write one after the other behind a gate, and others that only read."""

import select
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from engine import errors
from engine.store import outage
from engine.store.gate import FileGate

BUSY_TIMEOUT_MS = 30_000
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_size=-16000",
    "PRAGMA temp_store=MEMORY",
)


class Database(Protocol):
    engine: sa.Engine

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction: committed at the end of the block, undone when an error leaves it."""
        ...

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A consistent view; writes are refused by the database."""
        ...

    def close(self) -> None: ...


def connect(url: str) -> Database:
    """Raises errors.Invalid for a database that is not supported."""
    try:
        address = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise errors.Invalid(
            "database_url_invalid",
            zh="这不是数据库地址，应形如 sqlite:///路径/crmflow.db。",
            en="That is no address of a database; expected one like sqlite:///path/crmflow.db.",
        ) from None
    if address.get_backend_name() == "sqlite":
        return Sqlite(address)
    if address.get_backend_name() == "postgresql":
        return Postgresql(address)
    raise errors.Invalid(
        "database_unsupported",
        zh=f"不支持的数据库：{address.get_backend_name()}。请使用 sqlite 或 postgresql+psycopg。",
        en=f"The database {address.get_backend_name()!r} is not supported; use sqlite or postgresql+psycopg.",
    )


class Sqlite:
    """BEGIN and COMMIT are said to the driver itself: SQLAlchemy's own way costs as much as a whole step's writes.

    The driver is in autocommit mode, so it never begins by itself; a connection goes back to its pool of idle ones
    only when its transaction is over.
    """

    def __init__(self, address: sa.URL) -> None:
        if not address.database or address.database == ":memory:":
            raise errors.Invalid(
                "database_in_memory",
                zh="数据库需要一个文件：sqlite:///路径/crmflow.db。",
                en="The database needs a file: sqlite:///path/crmflow.db.",
            )
        path = Path(address.database)
        _make_folder(path.parent)
        self.engine = sa.create_engine(address, poolclass=sa.NullPool)
        sa.event.listen(self.engine, "connect", _prepare)
        self._gate = FileGate(path.with_name(path.name + ".gate"))
        self._writers: list[sa.Connection] = []
        self._readers: list[sa.Connection] = []

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        connection = self._writers.pop() if self._writers else self.engine.connect()
        with outage.told(), self._gate.passed(), _transaction(connection, "BEGIN IMMEDIATE"):
            yield connection
        self._writers.append(connection)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        connection = self._readers.pop() if self._readers else self._reader()
        with outage.told(), _transaction(connection, "BEGIN"):
            yield connection
        self._readers.append(connection)

    def _reader(self) -> sa.Connection:
        connection = self.engine.connect()
        _driver(connection).execute("PRAGMA query_only=ON")
        return connection

    def close(self) -> None:
        for connection in (*self._writers, *self._readers):
            connection.close()
        self.engine.dispose()
        self._gate.close()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise errors.Invalid(
            "database_folder",
            zh=f"无法建立数据库文件夹 {folder}：{error.strerror}",
            en=f"The folder {folder} of the database cannot be made: {error.strerror}",
        ) from error


@contextmanager
def _transaction(connection: sa.Connection, begin: str) -> Iterator[None]:
    driver = _driver(connection)
    driver.execute(begin)
    try:
        yield
        driver.execute("COMMIT")
        if connection.in_transaction():
            connection.commit()  # SQLAlchemy began one in its books when Core statements ran
    except BaseException:
        connection.invalidate()
        connection.close()
        raise


def _driver(connection: sa.Connection) -> DBAPIConnection:
    driver = connection.connection.dbapi_connection
    assert driver is not None
    return driver


def _prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


_LINK = {
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "15000",
    "options": "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 "
    "-c tcp_user_timeout=15000 -c idle_in_transaction_session_timeout=60000",
}
"""A host that is cut off says nothing: both ends give up after 15 to 25 seconds, and with it go the locks of a step.

What the database's URL says itself wins.
"""


class Postgresql:
    """A database with row locks needs no gate."""

    def __init__(self, address: sa.URL) -> None:
        address = address.set(drivername="postgresql+psycopg", query={**_LINK, **address.query})
        self.engine = sa.create_engine(address, pool_size=8, max_overflow=56, isolation_level="READ COMMITTED")
        sa.event.listen(self.engine, "checkout", _alive)
        self._reader = self.engine.execution_options(postgresql_readonly=True, isolation_level="REPEATABLE READ")

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        with outage.told(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        with outage.told(), self._reader.begin() as connection:
            yield connection

    def close(self) -> None:
        self.engine.dispose()


def _alive(connection: DBAPIConnection, _: ConnectionPoolEntry, __: object) -> None:
    """An idle connection has nothing to read, unless the server closed it: then the pool takes a new one.

    Asks the socket, not the server: no way there and back.
    """
    asked = select.poll()
    asked.register(connection.fileno(), select.POLLIN)
    if connection.closed or asked.poll(0):
        raise sa.exc.DisconnectionError("the server closed this connection")
