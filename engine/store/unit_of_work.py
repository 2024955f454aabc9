"""The unit of work: the only place that begins, commits and undoes. The bell rings after commit, never before."""

import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any, TypeVar

import sqlalchemy as sa
import uuid_utils

from engine import errors
from engine.ports import Kind, Ring
from engine.repositories import Stale
from engine.store import migrate
from engine.store.absences import Absences
from engine.store.attachments import Attachments
from engine.store.calendars import Calendars
from engine.store.catalogue import Processes, Programs
from engine.store.changes import Changes
from engine.store.connectors import Connectors
from engine.store.customers import Customers
from engine.store.database import Database, connect, is_there
from engine.store.desk import Feedbacks, Phrases
from engine.store.due import Due
from engine.store.facts import Facts
from engine.store.filters import Filters
from engine.store.groups import Groups
from engine.store.handlers import Bindings
from engine.store.instances import Instances, Resolutions
from engine.store.items import Items
from engine.store.jobs import Jobs
from engine.store.lists import Lists
from engine.store.messages import Messages, Notices
from engine.store.moving import Moves
from engine.store.people import People
from engine.store.repeats import Repeats
from engine.store.services import Services
from engine.store.steps import Steps
from engine.store.trust import Trust
from engine.store.variants import Variants
from engine.store.waits import Waits
from engine.store.watch import Watch
from engine.store.webhooks import Webhooks

T = TypeVar("T")
TRIES = 20
PAUSE_SECONDS = 0.002
"""After the first miss, twice as long after each further one, at most 25 times this; each by chance a bit less."""
# PostgreSQL's words for "somebody was faster": serialization failure, deadlock, a racing insert of the same key.
_RACES = ("40001", "40P01", "23505")


class Transaction(Services):
    """Repositories over one connection, made when first asked for."""

    def __init__(self, connection: sa.Connection, *, locking: bool = False) -> None:
        super().__init__(connection)
        self.locking = locking
        self.rings: list[Ring] = []
        self.leaving: list[Callable[[], None]] | None = []
        """None in a view that only reads."""

    def ring(self, kind: Kind, ref: str = "") -> None:
        self.rings.append(Ring(kind, ref))

    def leave(self, deed: Callable[[], None]) -> None:
        if self.leaving is None:
            raise RuntimeError("something is to be written in a view that only reads")
        self.leaving.append(deed)

    @cached_property
    def steps(self) -> Steps:
        return Steps(self.connection, locking=self.locking)

    @cached_property
    def instances(self) -> Instances:
        return Instances(self.connection)

    @cached_property
    def waits(self) -> Waits:
        return Waits(self.connection)

    @cached_property
    def items(self) -> Items:
        return Items(self.connection)

    @cached_property
    def due(self) -> Due:
        return Due(self.connection)

    @cached_property
    def jobs(self) -> Jobs:
        return Jobs(self.connection)

    @cached_property
    def lists(self) -> Lists:
        return Lists(self.connection)

    @cached_property
    def messages(self) -> Messages:
        return Messages(self.connection)

    @cached_property
    def facts(self) -> Facts:
        return Facts(self.connection)

    @cached_property
    def programs(self) -> Programs:
        return Programs(self.connection)

    @cached_property
    def processes(self) -> Processes:
        return Processes(self.connection)

    @cached_property
    def customers(self) -> Customers:
        return Customers(self.connection)

    @cached_property
    def groups(self) -> Groups:
        return Groups(self.connection)

    @cached_property
    def variants(self) -> Variants:
        return Variants(self.connection)

    @cached_property
    def people(self) -> People:
        return People(self.connection, changed=lambda: self.ring("people"))

    @cached_property
    def filters(self) -> Filters:
        return Filters(self.connection)

    @cached_property
    def feedbacks(self) -> Feedbacks:
        return Feedbacks(self.connection)

    @cached_property
    def phrases(self) -> Phrases:
        return Phrases(self.connection)

    @cached_property
    def absences(self) -> Absences:
        return Absences(self.connection, changed=lambda: self.ring("people"))

    @cached_property
    def notices(self) -> Notices:
        return Notices(self.connection)

    @cached_property
    def changes(self) -> Changes:
        return Changes(self.connection)

    @cached_property
    def bindings(self) -> Bindings:
        return Bindings(self.connection)

    @cached_property
    def repeats(self) -> Repeats:
        return Repeats(self.connection)

    @cached_property
    def resolutions(self) -> Resolutions:
        return Resolutions(self.connection)

    @cached_property
    def moves(self) -> Moves:
        return Moves(self.connection)

    @cached_property
    def trust(self) -> Trust:
        return Trust(self.connection)

    @cached_property
    def connectors(self) -> Connectors:
        return Connectors(self.connection)

    @cached_property
    def webhooks(self) -> Webhooks:
        return Webhooks(self.connection)

    @cached_property
    def calendars(self) -> Calendars:
        return Calendars(self.connection, changed=lambda: self.ring("calendar"))

    @cached_property
    def watch(self) -> Watch:
        return Watch(self.connection)

    @cached_property
    def attachments(self) -> Attachments:
        return Attachments(self.connection)


def state(url: str) -> migrate.State:
    """Of the tables there, which are only looked at. Raises errors.Invalid for a database that is not supported."""
    if not is_there(url):
        return "empty"
    database = connect(url)
    try:
        with database.reading() as connection:
            return migrate.state(connection)
    finally:
        database.close()


class Store:
    """``bell`` hears what a committed transaction rang for; it never raises. ``elsewhere``: by port, who keeps it in
    this one's place (``engine/elsewhere``)."""

    def __init__(
        self,
        url: str,
        *,
        bell: Callable[[Sequence[Ring]], None],
        elsewhere: Mapping[str, Callable[[Transaction], Any]] | None = None,
    ) -> None:
        self.database: Database = connect(url)
        self._bell = bell
        self._elsewhere = dict(elsewhere or {})
        self._inside = threading.local()

    def upgrade(self) -> None:
        """Brings the tables to the newest version; several processes may try at once.

        Raises errors.Conflict for tables that a newer program made.
        """
        with self.database.writing() as connection:
            migrate.upgrade(connection)

    def version(self) -> str:
        """Of the tables; empty for a new database."""
        with self.database.reading() as connection:
            return migrate.version(connection)

    @contextmanager
    def transaction(self, *, locking: bool = False) -> Iterator[Transaction]:
        """``locking`` reads instances with a row lock: slower alone, faster where others were faster before."""
        shared = self._shared()
        if shared is not None:
            yield shared
            return
        if getattr(self._inside, "active", False):
            raise RuntimeError("a transaction was begun inside another: pass the transaction on instead")
        self._inside.active = True
        try:
            with self.database.writing() as connection:
                transaction = self._begun(Transaction(connection, locking=locking))
                yield transaction
                for deed in transaction.leaving or ():
                    deed()
        finally:
            self._inside.active = False
        if transaction.rings:
            self._bell(transaction.rings)

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        shared = self._shared()
        if shared is not None:
            yield shared
            return
        with self.database.reading() as connection:
            transaction = self._begun(Transaction(connection))
            transaction.leaving = None
            yield transaction

    def _begun(self, transaction: Transaction) -> Transaction:
        """With what others keep in the place of its own."""
        for port, plug in self._elsewhere.items():
            setattr(transaction, port, plug(transaction))
        return transaction

    def run(self, work: Callable[[Transaction], T]) -> T:
        shared = self._shared()
        if shared is not None:
            return work(shared)  # whoever shares the transaction tries again, whole
        for number in range(TRIES):
            if number > 1:
                time.sleep(PAUSE_SECONDS * min(2 ** (number - 2), 25) * random.random())
            try:
                with self.transaction(locking=number > 0) as transaction:
                    return work(transaction)
            except Stale:
                continue
            except Exception as error:  # of SQLAlchemy, or of the driver where the hot path speaks to it
                if _sqlstate(error) not in _RACES or number == TRIES - 1:
                    raise
        raise errors.Conflict(
            "always_overtaken",
            zh=f"{TRIES} 次尝试都被其他操作抢先，请稍后重试。",
            en=f"Others were faster {TRIES} times in a row; please try again.",
        )

    def together(self, work: Callable[[Transaction], T]) -> T:
        def shared(transaction: Transaction) -> T:
            self._inside.shared = transaction
            try:
                return work(transaction)
            finally:
                self._inside.shared = None

        return self.run(shared)

    def _shared(self) -> Transaction | None:
        shared: Transaction | None = getattr(self._inside, "shared", None)
        return shared

    def new_id(self) -> str:
        return str(uuid_utils.uuid7())

    def close(self) -> None:
        self.database.close()


def _sqlstate(error: Exception) -> str | None:
    state: str | None = getattr(getattr(error, "orig", error), "sqlstate", None)
    return state
