"""Opens the database: connections that write one after the other behind a gate, and others that only read."""

import select
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from engine import errors
from engine.store import outage, wire
from engine.store.gate import FileGate

try:
    import psycopg
except ImportError:  # an extra; without it there is no PostgreSQL
    psycopg = None  # type: ignore[assignment]

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
    address = _address(url)
    if address.get_backend_name() == "sqlite":
        return Sqlite(address)
    if address.get_backend_name() == "postgresql":
        try:
            return Postgresql(address)
        except ModuleNotFoundError:
            raise errors.Invalid(
                "database_driver_missing",
                zh="PostgreSQL 需要驱动程序：pip install 'crmflow[postgresql]'",
                en="PostgreSQL needs its driver: pip install 'crmflow[postgresql]'",
            ) from None
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


def is_there(url: str) -> bool:
    """False for a file that is not there yet: to open it would make it. Raises errors.Invalid for no address."""
    address = _address(url)
    return address.get_backend_name() != "sqlite" or not address.database or Path(address.database).exists()


def _address(url: str) -> sa.URL:
    try:
        return sa.make_url(url)
    except sa.exc.ArgumentError:
        raise errors.Invalid(
            "database_url_invalid",
            zh="这不是数据库地址，应形如 sqlite:///路径/crmflow.db。",
            en="That is no address of a database; expected one like sqlite:///path/crmflow.db.",
        ) from None


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
    "client_encoding": "utf8",
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "15000",
    "options": "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 "
    "-c tcp_user_timeout=15000 -c idle_in_transaction_session_timeout=60000 "
    "-c jit=off -c max_parallel_workers_per_gather=0",
}
"""A host that is cut off says nothing: both ends give up after 15 to 25 seconds, and with it go the locks of a step.
What is asked takes milliseconds by index: compiling a plan and calling workers for it would take more than that.

What the database's URL says itself wins; of ``options``, which hold many settings, one by one.
"""

MOST_CONNECTIONS = 64
COMMAND_OK = 1
"""libpq's PGRES_COMMAND_OK."""
CONNECTED = 0
"""libpq's CONNECTION_OK."""
IDLE = 0
"""libpq's PQTRANS_IDLE: no transaction."""
WAIT_SECONDS = 30


class Postgresql:
    """A database with row locks needs no gate.

    As with SQLite, BEGIN and COMMIT are said to the driver itself, and idle connections are kept here: what SQLAlchemy
    says for a transaction of its own is four ways there and back, and half of a step's time.
    """

    def __init__(self, address: sa.URL) -> None:
        self.engine = sa.create_engine(_linked(address), poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
        sa.event.listen(self.engine, "before_cursor_execute", _overheard)
        self._idle: list[sa.Connection] = []
        self._free = threading.BoundedSemaphore(MOST_CONNECTIONS)

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        with outage.told(), self._taken() as connection, _said(connection, b"BEGIN"):
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        begin = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        with outage.told(), self._taken() as connection, _said(connection, begin):
            yield connection

    @contextmanager
    def _taken(self) -> Iterator[sa.Connection]:
        """A connection that goes back when its transaction is over, done or undone, and else is closed."""
        if not self._free.acquire(timeout=WAIT_SECONDS):
            raise sa.exc.TimeoutError(f"all {MOST_CONNECTIONS} connections were taken for {WAIT_SECONDS} s")
        try:
            connection = self._alive() or self.engine.connect()
            try:
                yield connection
            finally:
                if not connection.invalidated and _driver(connection).pgconn.transaction_status == IDLE:
                    self._idle.append(connection)
                else:
                    connection.invalidate()
                    connection.close()
        finally:
            self._free.release()

    def _alive(self) -> sa.Connection | None:
        """An idle connection, unless the server closed it: then it has something to read. Asks no server."""
        while self._idle:
            connection = self._idle.pop()
            driver = _driver(connection)
            asked = select.poll()
            if not driver.closed:
                asked.register(driver.fileno(), select.POLLIN)
                if not asked.poll(0):
                    return connection
            connection.invalidate()
            connection.close()
        return None

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()
        self.engine.dispose()


def _linked(address: sa.URL) -> sa.URL:
    """The server reads options from left to right: of two that set the same, the later one holds."""
    said = address.query.get("options", ())
    options = " ".join([_LINK["options"], *((said,) if isinstance(said, str) else said)])
    return address.set(drivername="postgresql+psycopg", query={**_LINK, **address.query, "options": options})


def _overheard(connection: sa.Connection, cursor: Any, statement: str, *_: Any) -> None:
    wire.heard(_driver(connection), statement)


@contextmanager
def _said(connection: sa.Connection, begin: bytes) -> Iterator[None]:
    """Raises the driver's error when the transaction could not be kept whole."""
    server = _driver(connection).pgconn
    _say(server, begin)
    try:
        yield
        _say(server, b"COMMIT")
    except BaseException:
        if server.status == CONNECTED:
            server.exec_(b"ROLLBACK")
        raise
    finally:
        if connection.in_transaction():
            connection.rollback()  # SQLAlchemy began one in its books, where nothing is left to be done


def _say(server: Any, words: bytes) -> None:
    """By libpq alone. A failed transaction answers COMMIT with ROLLBACK, and no error: here it is one."""
    result = server.exec_(words)
    if result.status != COMMAND_OK:
        raise psycopg.errors.error_from_result(result)
    if words == b"COMMIT" and result.command_status != words:
        raise RuntimeError("the transaction had failed before and was undone")
