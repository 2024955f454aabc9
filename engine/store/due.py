"""What the engine itself may do now: timers, rungs of promises, letters of the outbox."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from engine import records
from engine.store import rows
from engine.store.tables.customers import group_move, group_rule
from engine.store.tables.messages import mail, start_timer
from engine.store.tables.moving import instance_migration
from engine.store.tables.people import absence
from engine.store.tables.variants import variant_version
from engine.store.tables.waits import job, rung, timer

R = TypeVar("R", bound=records.Record)


class Due:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def timers(self, now: datetime, limit: int) -> list[records.Timer]:
        return self._due(records.Timer, timer, now, limit)

    def rungs(self, now: datetime, limit: int) -> list[records.Rung]:
        return self._due(records.Rung, rung, now, limit)

    def mail(self, now: datetime, limit: int) -> list[records.Mail]:
        """Not locked: each letter is taken in a transaction of its own."""
        found = sa.select(mail).where(mail.c.due_at <= now).order_by(mail.c.due_at).limit(limit)
        return [rows.record(records.Mail, row) for row in self._db.execute(found)]

    def _due(self, kind: type[R], table: sa.Table, now: datetime, limit: int) -> list[R]:
        """SKIP LOCKED: on PostgreSQL two dispatchers never take the same row; SQLite has one writer anyway."""
        found = (
            sa.select(*rows.columns(kind, table))
            .where(table.c.due_at <= now)
            .order_by(table.c.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [rows.record(kind, row) for row in self._db.execute(found)]

    def move_rung(self, record: records.Rung, due_at: datetime) -> None:
        self._db.execute(rung.update().where(_is(record)).values(due_at=due_at))

    def reached(self, record: records.Rung) -> bool:
        return self._db.execute(rung.delete().where(_is(record))).rowcount == 1

    def put_off(self, record: records.Timer, due_at: datetime) -> None:
        here = (timer.c.instance_id == record.instance_id) & (timer.c.wait == record.wait)
        self._db.execute(timer.update().where(here).values(due_at=due_at))

    def starts(self, now: datetime, limit: int) -> list[records.StartTimer]:
        return self._due(records.StartTimer, start_timer, now, limit)

    def starts_of(self, process: str) -> list[records.StartTimer]:
        here = sa.select(*rows.columns(records.StartTimer, start_timer)).where(start_timer.c.process == process)
        found = self._db.execute(here.order_by(start_timer.c.customer_group, start_timer.c.due_at, start_timer.c.node))
        return [rows.record(records.StartTimer, row) for row in found]

    def set_starts(self, process: str, starts: Sequence[records.StartTimer]) -> None:
        self._db.execute(start_timer.delete().where(start_timer.c.process == process))
        for start in starts:
            self._db.execute(start_timer.insert().values(rows.values(start, start_timer)))

    def move_start(self, record: records.StartTimer, due_at: datetime | None, left: int) -> None:
        here = (start_timer.c.process == record.process) & (start_timer.c.node == record.node)
        here &= start_timer.c.customer_group == record.customer_group
        if due_at is None:
            self._db.execute(start_timer.delete().where(here))
        else:
            self._db.execute(start_timer.update().where(here).values(due_at=due_at, left=left))

    def next(self) -> datetime | None:
        return min(self.soonest().values(), default=None)

    def soonest(self) -> dict[str, datetime]:
        found = self._db.execute(_SOONEST)
        return {kind: moment for kind, moment in found if moment is not None and moment < records.NEVER}


def _is(record: records.Rung) -> sa.ColumnElement[bool]:
    return (
        (rung.c.instance_id == record.instance_id)
        & (rung.c.wait == record.wait)
        & (rung.c.at_percent == record.at_percent)
        & (rung.c.action == record.action)
        & (rung.c.of == record.of)
    )


def _first(kind: str, moment: sa.ColumnElement[Any], *where: sa.ColumnElement[bool]) -> sa.Select[str, Any]:
    return sa.select(sa.literal(kind, sa.String), sa.func.min(moment)).where(*where)


# One statement of one index look-up each: what a round of the dispatcher costs when nothing is due.
_SOONEST = sa.union_all(
    _first("timer", timer.c.due_at),
    _first("rung", rung.c.due_at),
    _first("mail", mail.c.due_at),
    _first("start", start_timer.c.due_at),
    _first("job", job.c.run_at, job.c.style.in_(("builtin", "continue", "unbound"))),
    _first("release", variant_version.c.valid_from, variant_version.c.status == "approved"),
    _first("move", instance_migration.c.due_at, instance_migration.c.status.in_(("waiting", "returning"))),
    _first("absence", absence.c.due_at),
    _first("regroup", group_rule.c.valid_from, group_rule.c.status == "released", group_rule.c.regrouped_at.is_(None)),
    _first("follow", group_move.c.at, group_move.c.followed_at.is_(None)),
)
