"""The hot path: what one step reads and writes. Statements are few and go straight to the driver."""

from collections.abc import Sequence
from typing import Any

import lz4.block
import sqlalchemy as sa

from engine import records
from engine.inbox.rank import rank
from engine.model import handling
from engine.repositories import Stale
from engine.store.raw import Insert, Whole, cursor, marks, numbering_cursor, statement
from engine.store.tables import instances as tables
from engine.store.tables import messages, waits
from engine.store.types import dumps, loads, micros

_READ = (
    "SELECT revision, status, process, program, customer_id, business_key, next_fact, incidents, suspended, state "
    "FROM instance WHERE id = ?"
)
_GO_ON = "UPDATE instance SET revision = ?, incidents = ?, next_fact = ?, state = ? WHERE id = ? AND revision = ?"
# A column that is set is written to its indexes even when it stays the same: only the end touches these.
_END = (
    "UPDATE instance SET revision = ?, incidents = ?, next_fact = ?, state = ?, status = ?, ended_at = ? "
    "WHERE id = ? AND revision = ?"
)
_ITEMS = (
    "SELECT wait, rank, users, groups, due_at, handling FROM work_item "
    "WHERE instance_id = ? AND status = 'open' AND wait IN ({})"
)
_NOT_CANDIDATE = "DELETE FROM candidate WHERE who = ? AND rank = ? AND instance_id = ? AND wait = ?"
_FACT = "INSERT INTO fact (instance_id, seq, at, agent, type, node, data) VALUES (?, ?, ?, ?, ?, ?, ?)"
# What webhooks are told is looked up after the step; a house without webhooks writes nothing here.
_OUTGOING = (
    "INSERT INTO outgoing (instance_id, first, last) "
    "SELECT CAST(? AS VARCHAR), CAST(? AS INTEGER), CAST(? AS INTEGER) "
    "WHERE EXISTS (SELECT 1 FROM webhook WHERE active)"
)
_CHANGE = "INSERT INTO change (at, kind, ref) VALUES (?, 'instance', ?)"
_CANDIDATE = "INSERT INTO candidate (who, rank, instance_id, wait) VALUES (?, ?, ?, ?)"


def rank_of(item: records.WorkItem) -> int:
    return rank(item.due_at, item.priority)


def names(users: Sequence[str], groups: Sequence[str], signing: Sequence[str] | None = None) -> list[str]:
    """Who may claim: each once, ``u:<person>`` or ``g:<group>``; of a step that several sign, whose turn it is."""
    if signing is not None:
        return [f"s:{person}" for person in signing]
    return [*(f"u:{person}" for person in dict.fromkeys(users)), *(f"g:{group}" for group in dict.fromkeys(groups))]


def names_of(item: records.WorkItem) -> list[str]:
    signatures = item.shared.signatures
    return names(item.users, item.groups, handling.active(signatures) if signatures else None)


def signers(stored: Any) -> tuple[str, ...] | None:
    """Of a stored ``handling``: whose turn it is; None for a step that nobody signs."""
    signatures = stored.get("signatures", ()) if stored else ()
    if not signatures:
        return None
    return tuple(dict.fromkeys(one["person"] for one in signatures if one.get("status") == "active"))


def _insert(kind: type[records.Record], table: sa.Table, **computed: Any) -> Insert:
    """What is opened is opened free: an instance on hold takes it in hand afterwards."""
    fields = [name for name in kind.__struct_fields__ if name in table.c and name not in (*computed, "held", "held_at")]
    return Insert(table, fields, **computed)


_INSTANCE = [name for name in records.Instance.__struct_fields__ if name in tables.instance.c]
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
        self._read = _READ + " FOR UPDATE" if locking and self._dialect == "postgresql" else _READ

    def read(self, instance_id: str) -> records.Kept | None:
        at = cursor(self._db)
        row = at.execute(statement(self._read, self._dialect), (instance_id,)).fetchone()
        if row is None:
            return None
        revision, status, process, program, customer_id, business_key, next_fact, incidents, suspended, state = row
        return records.Kept(
            id=instance_id,
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

    def begin(self, instance: records.Instance, state: bytes, written: records.Written) -> None:
        values = {name: getattr(instance, name) for name in _INSTANCE}
        values |= {
            "incidents": len(written.incidents),
            "next_fact": 1 + len(written.facts),
            "state": lz4.block.compress(state),
        }
        self._db.execute(tables.instance.insert().values(values))
        at = cursor(self._db)
        self._open(at, written)
        self._tell(at, instance.id, 1, written)

    def write(self, kept: records.Kept, state: bytes, status: records.InstanceStatus, written: records.Written) -> None:
        """On PostgreSQL in one statement. Raises Stale when another step of the instance was faster."""
        at = cursor(self._db)
        whole = Whole(numbering_cursor(self._db)) if self._dialect == "postgresql" else None
        mended = self._close(at, kept, written, whole) if written.closed else 0
        new = (
            kept.revision + 1,
            kept.incidents + len(written.incidents) - mended,
            kept.next_fact + len(written.facts),
            lz4.block.compress(state),
        )
        over = status != "active"
        text = statement(_END if over else _GO_ON, self._dialect)
        end = (status, micros(written.now)) if over else ()
        values = (*new, *end, kept.id, kept.revision)
        if whole is not None:
            self._open(whole, written)
            self._tell(whole, kept.id, kept.next_fact, written)
            if not whole.last(text, values):
                raise Stale
            return
        at.execute(text, values)
        if at.rowcount != 1:
            raise Stale
        self._open(at, written)
        self._tell(at, kept.id, kept.next_fact, written)

    def _close(self, at: Any, kept: records.Kept, written: records.Written, whole: Whole | None) -> int:
        """Takes the rows of ``written.closed`` away, wherever they are; how many were incidents."""
        left = len(written.closed) - self._finish(at, kept.id, written, whole or at)
        if whole is not None and left:
            # Where they are is not known before the statement runs: it looks everywhere. Incidents are rare.
            for table in ("timer", "job", "subscription"):
                text = f"DELETE FROM {table} WHERE instance_id = ? AND wait IN ({marks(len(written.closed))})"
                whole.execute(statement(text, self._dialect), (kept.id, *written.closed))
            return self._delete(at, "incident", kept.id, written.closed) if kept.incidents else 0
        for table in ("timer", "job", "subscription"):
            if left:
                left -= self._delete(at, table, kept.id, written.closed)
        return self._delete(at, "incident", kept.id, written.closed) if left and kept.incidents else 0

    def _delete(self, at: Any, table: str, instance_id: str, waits: Sequence[int]) -> int:
        text = f"DELETE FROM {table} WHERE instance_id = ? AND wait IN ({marks(len(waits))})"
        count: int = at.execute(statement(text, self._dialect), (instance_id, *waits)).rowcount
        return count

    def _finish(self, at: Any, instance_id: str, written: records.Written, to: Any) -> int:
        """Work items stay, as the record of who did what; their candidates and rungs go. Writes through ``to``."""
        text = statement(_ITEMS.format(marks(len(written.closed))), self._dialect)
        found = at.execute(text, (instance_id, *written.closed)).fetchall()
        if not found:
            return 0
        who = [
            (name, place, instance_id, wait)
            for wait, place, users, groups, _, shared in found
            for name in names(loads(users), loads(groups), signers(loads(shared)) if shared else None)
        ]
        if who:
            to.executemany(statement(_NOT_CANDIDATE, self._dialect), who)
        waits = [row[0] for row in found]
        if any(row[4] is not None for row in found):  # rungs climb towards a due date
            text = f"DELETE FROM rung WHERE instance_id = ? AND wait IN ({marks(len(waits))})"
            to.execute(statement(text, self._dialect), (instance_id, *waits))
        rest = [wait for wait in waits if wait not in written.completed]
        for status, numbers in (("completed", written.completed), ("cancelled", rest)):
            if numbers:
                text = (
                    f"UPDATE work_item SET status = '{status}', ended_at = ?, ended_by = ?, draft = NULL, "
                    f"revision = revision + 1 WHERE instance_id = ? AND wait IN ({marks(len(numbers))})"
                )
                by = (micros(written.now), written.agent, instance_id, *numbers)
                to.execute(statement(text, self._dialect), by)
        return len(found)

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
            at.executemany(statement(_CANDIDATE, self._dialect), who)

    def _tell(self, at: Any, instance_id: str, first: int, written: records.Written) -> None:
        moment = micros(written.now)
        listed = [
            (instance_id, first + number, moment, written.agent, type(fact).__name__, fact.node, dumps(fact))
            for number, fact in enumerate(written.facts)
        ]
        if listed:
            at.executemany(statement(_FACT, self._dialect), listed)
            whole = (instance_id, first, first + len(listed) - 1)
            at.execute(statement(_OUTGOING, self._dialect), whole)
        at.execute(statement(_CHANGE, self._dialect), (moment, instance_id))
