"""The hot path: what one step reads and writes. Statements are few and go straight to the driver."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import lz4.block
import msgspec
import sqlalchemy as sa

from engine import records
from engine.inbox.rank import rank
from engine.model import handling
from engine.repositories import Stale
from engine.store.raw import Insert, Said, Whole, cursor, found, marks, numbering_cursor, statement, touched
from engine.store.tables import instances as tables
from engine.store.tables import messages, waits
from engine.store.types import dumps, micros

_READ = (
    "SELECT id, revision, status, process, program, customer_id, business_key, next_fact, incidents, suspended, state "
    "FROM instance WHERE id IN ({})"
)
_GO_ON = "UPDATE instance SET revision = ?, incidents = ?, next_fact = ?, state = ? WHERE id = ? AND revision = ?"
# A column that is set is written to its indexes even when it stays the same: only the end touches these.
_END = (
    "UPDATE instance SET revision = ?, incidents = ?, next_fact = ?, state = ?, status = ?, ended_at = ? "
    "WHERE id = ? AND revision = ?"
)
_FACT = "INSERT INTO fact (instance_id, seq, at, agent, type, node, data) VALUES (?, ?, ?, ?, ?, ?, ?)"
# What webhooks are told is looked up after the step; a house without webhooks writes nothing here.
_OUTGOING = (
    "INSERT INTO outgoing (instance_id, first, last) "
    "SELECT CAST(? AS VARCHAR), CAST(? AS INTEGER), CAST(? AS INTEGER) "
    "WHERE EXISTS (SELECT 1 FROM webhook WHERE active)"
)
_CHANGE = "INSERT INTO change (at, kind, ref) VALUES (?, 'instance', ?)"
_GONE = "DELETE FROM {} WHERE instance_id = ? AND wait IN ({})"
_OF_WORK_ITEMS = ("candidate", "rung")
_OF_WAITS = (*_OF_WORK_ITEMS, "timer", "job", "subscription")
_ENDED = (
    "UPDATE work_item SET status = ?, ended_at = ?, ended_by = ?, draft = NULL, revision = revision + 1 "
    "WHERE instance_id = ? AND status = 'open' AND wait IN ({})"
)
_CANDIDATE = "INSERT INTO candidate (who, rank, instance_id, wait) VALUES (?, ?, ?, ?)"


def rank_of(item: records.WorkItem) -> int:
    """What is on hold stands behind all that can be worked on."""
    return rank(None if item.held else item.due_at, item.priority)


def names(users: Sequence[str], groups: Sequence[str], shared: handling.Handling) -> list[str]:
    """Who may claim: each once, ``u:<person>`` or ``g:<group>``; of a step that several sign, whose turn it is. And in
    whose stead somebody has it."""
    away = [f"a:{person}" for person in handling.absent(shared)]
    if shared.signatures:
        return [*(f"s:{person}" for person in handling.active(shared.signatures)), *away]
    users, groups = tuple(dict.fromkeys(users)), tuple(dict.fromkeys(groups))
    return [*(f"u:{person}" for person in users), *(f"g:{group}" for group in groups), *away]


def names_of(item: records.WorkItem) -> list[str]:
    return names(item.users, item.groups, item.shared)


def _insert(kind: type[records.Record], table: sa.Table, **computed: Any) -> Insert:
    """What is opened is opened free: an instance on hold takes it in hand afterwards."""
    fields = [name for name in kind.__struct_fields__ if name in table.c and name not in (*computed, "held_at")]
    return Insert(table, fields, **computed)


_INSTANCE = Insert(
    tables.instance,
    [name for name in records.Instance.__struct_fields__ if name in tables.instance.c],
    given=("next_fact", "state"),
)
_WORK_ITEM = _insert(records.WorkItem, waits.work_item, rank=rank_of)
_TIMER = _insert(records.Timer, waits.timer)
_RUNG = _insert(records.Rung, waits.rung)
_SUBSCRIPTION = _insert(records.Subscription, waits.subscription)
_JOB = _insert(records.Job, waits.job)
_INCIDENT = _insert(records.Incident, tables.incident)
_MAIL = _insert(records.Mail, messages.mail)


class Steps:
    def __init__(self, connection: sa.Connection, *, locking: bool = False) -> None:
        self._db = connection
        self._dialect = connection.dialect.name
        self._gathered: list[Said] | None = None
        self._read = _READ + " FOR UPDATE" if locking and self._dialect == "postgresql" else _READ

    def read(self, instance_id: str) -> records.Kept | None:
        return self.read_all([instance_id]).get(instance_id)

    def read_all(self, instance_ids: Sequence[str]) -> dict[str, records.Kept]:
        text = self._read.format(marks(len(instance_ids)))
        return {row[0]: _kept(row) for row in found(self._db, self._said(text), instance_ids)}

    @contextmanager
    def gathered(self) -> Iterator[None]:
        gathered: list[Said] = []
        self._gathered = gathered
        try:
            yield
        finally:
            self._gathered = None
        if gathered and not touched(self._db, gathered):
            raise Stale

    def _write(self, said: Said) -> None:
        if self._gathered is not None:
            self._gathered.append(said)
        elif not touched(self._db, [said]):
            raise Stale

    def begin(self, instance: records.Instance, state: bytes, written: records.Written) -> records.Kept:
        """On PostgreSQL in one statement. Raises Stale when another start of the same business key was faster."""
        counted = msgspec.structs.replace(instance, incidents=len(written.incidents))
        text, values = _INSTANCE.of(self._dialect, counted, 1 + len(written.facts), lz4.block.compress(state))
        if self._dialect == "postgresql":
            whole = Whole(numbering_cursor(self._db))
            self._rows(whole, instance.id, 1, written)
            self._write(whole.last(text, values))
            return _begun(counted, state, written)
        at = cursor(self._db)
        at.execute(text, values)
        self._rows(at, instance.id, 1, written)
        return _begun(counted, state, written)

    def write(
        self, kept: records.Kept, state: bytes, status: records.InstanceStatus, written: records.Written
    ) -> records.Kept:
        """On PostgreSQL in one statement. Raises Stale when another step of the instance was faster."""
        at = cursor(self._db)
        mended = self._mend(at, kept, written.closed) if written.closed and kept.incidents else 0
        after = msgspec.structs.replace(
            kept,
            revision=kept.revision + 1,
            incidents=kept.incidents + len(written.incidents) - mended,
            next_fact=kept.next_fact + len(written.facts),
            status=status,
            state=state,
        )
        new = (after.revision, after.incidents, after.next_fact, lz4.block.compress(state))
        over = status != "active"
        text = self._said(_END if over else _GO_ON)
        end = (status, micros(written.now)) if over else ()
        values = (*new, *end, kept.id, kept.revision)
        if self._dialect == "postgresql":
            whole = Whole(numbering_cursor(self._db))
            self._rows(whole, kept.id, kept.next_fact, written)
            self._write(whole.last(text, values))
            return after
        at.execute(text, values)
        if at.rowcount != 1:
            raise Stale
        self._rows(at, kept.id, kept.next_fact, written)
        return after

    def _rows(self, at: Any, instance_id: str, first: int, written: records.Written) -> None:
        if written.closed:
            self._close(at, instance_id, written)
        self._open(at, written)
        self._tell(at, instance_id, first, written)

    def _close(self, at: Any, instance_id: str, written: records.Written) -> None:
        """Takes the rows of ``written.closed`` away. Which wait is of which kind is not asked: that would cost more
        than looking for its rows by their keys. Work items stay, as the record of who did what."""
        rest = [wait for wait in written.closed if wait not in written.completed]
        for table in _OF_WORK_ITEMS if not rest else _OF_WAITS:
            self._delete(at, table, instance_id, written.closed)
        for status, ended in (("completed", written.completed), ("cancelled", rest)):
            if ended:
                values = (status, micros(written.now), written.agent, instance_id, *ended)
                at.execute(self._said(_ENDED.format(marks(len(ended)))), values)

    def _mend(self, at: Any, kept: records.Kept, waits: Sequence[int]) -> int:
        """How many of the open incidents are gone with ``waits``: the instance counts them, so they go first."""
        self._delete(at, "incident", kept.id, waits)
        count: int = at.rowcount
        return count

    def _delete(self, at: Any, table: str, instance_id: str, waits: Sequence[int]) -> None:
        at.execute(self._said(_GONE.format(table, marks(len(waits)))), (instance_id, *waits))

    def _said(self, text: str) -> str:
        return statement(text, self._dialect)

    def _open(self, at: Any, written: records.Written) -> None:
        for insert, opened in (
            (_WORK_ITEM, written.work_items),
            (_TIMER, written.timers),
            (_RUNG, written.rungs),
            (_SUBSCRIPTION, written.subscriptions),
            (_JOB, written.jobs),
            (_INCIDENT, written.incidents),
            (_MAIL, written.mail),
        ):
            if opened:
                insert.run(at, self._dialect, opened)
        who = [
            (name, rank_of(item), item.instance_id, item.wait) for item in written.work_items for name in names_of(item)
        ]
        if who:
            at.executemany(self._said(_CANDIDATE), who)

    def _tell(self, at: Any, instance_id: str, first: int, written: records.Written) -> None:
        moment = micros(written.now)
        listed = [
            (instance_id, first + number, moment, written.agent, type(fact).__name__, fact.node, dumps(fact))
            for number, fact in enumerate(written.facts)
        ]
        if listed:
            at.executemany(self._said(_FACT), listed)
            whole = (instance_id, first, first + len(listed) - 1)
            at.execute(self._said(_OUTGOING), whole)
        at.execute(self._said(_CHANGE), (moment, instance_id))


def _begun(instance: records.Instance, state: bytes, written: records.Written) -> records.Kept:
    return records.Kept(
        id=instance.id,
        revision=instance.revision,
        status=instance.status,
        process=instance.process,
        program=instance.program,
        customer_id=instance.customer_id,
        business_key=instance.business_key,
        next_fact=1 + len(written.facts),
        incidents=instance.incidents,
        state=state,
    )


def _kept(row: Sequence[Any]) -> records.Kept:
    id, revision, status, process, program, customer_id, business_key, next_fact, incidents, suspended, state = row
    return records.Kept(
        id=id,
        revision=revision,
        status=status,
        process=process,
        program=program,
        customer_id=customer_id,
        business_key=business_key,
        next_fact=next_fact,
        incidents=incidents,
        suspended=bool(suspended),
        state=lz4.block.decompress(state),
    )
