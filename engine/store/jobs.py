"""Jobs: leases with a fence."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa

from engine import outward, queries, records
from engine.store import rows
from engine.store.raw import Read
from engine.store.tables.handlers import binding
from engine.store.tables.instances import instance
from engine.store.tables.waits import job
from engine.store.waits import wait_record

_COLUMNS = rows.columns(records.Job, job)
_ONE = Read(records.Job, job, "WHERE instance_id = ? AND wait = ?")
_CHANGES = ("handler", "style", "retries", "run_at", "worker", "error", "details", "told", "priority")


class Jobs:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def get(self, instance_id: str, wait: int) -> records.Job | None:
        return _ONE.first(self._db, instance_id, wait)

    def claim(
        self,
        *,
        styles: Sequence[str],
        handlers: Sequence[str] | None,
        worker: str,
        until: datetime,
        now: datetime,
        limit: int,
        outside: bool | None = None,
    ) -> list[records.Job]:
        due = sa.select(job.c.instance_id, job.c.wait).where(job.c.style.in_(styles), job.c.run_at <= now)
        if handlers is not None:
            due = due.where(job.c.handler.in_(handlers))
        if outside is not None:
            due = due.where(_OUTSIDE if outside else sa.not_(_OUTSIDE))
        # A CTE: PostgreSQL may run a locking subquery of an IN more than once and take more than ``limit``.
        chosen = (
            due.order_by(job.c.priority.desc(), job.c.run_at).limit(limit).with_for_update(skip_locked=True).cte("due")
        )
        taken = (
            job.update()
            .where(sa.tuple_(job.c.instance_id, job.c.wait).in_(sa.select(chosen.c.instance_id, chosen.c.wait)))
            .values(run_at=until, worker=worker, fence=job.c.fence + 1, attempts=job.c.attempts + 1)
            .returning(*_COLUMNS)
        )
        found = [wait_record(records.Job, row) for row in self._db.execute(taken)]
        return sorted(found, key=lambda item: (-item.priority, item.created_at, item.id))

    def calls_due(self, styles: Sequence[str], *, now: datetime) -> bool:
        due = sa.select(job.c.wait).where(job.c.style.in_(styles), job.c.run_at <= now, _OUTSIDE)
        return self._db.execute(due.limit(1)).first() is not None

    def topics(self, names: Sequence[str], *, now: datetime) -> set[str]:
        due = sa.select(job.c.handler).distinct().where(_external(names), job.c.run_at <= now)
        return set(self._db.scalars(due))

    def pick(
        self,
        topics: Sequence[queries.Topic],
        *,
        now: datetime,
        limit: int,
        by_priority: bool = True,
        newest: bool = False,
    ) -> list[records.Job]:
        wanted = sa.or_(*(_wanted(topic) for topic in topics))
        order = [job.c.priority.desc()] if by_priority else []
        first = [column.desc() if newest else column.asc() for column in (job.c.created_at, job.c.instance_id)]
        found = sa.select(*_COLUMNS).where(job.c.style == "external", job.c.run_at <= now, wanted)
        found = found.order_by(*order, *first, job.c.wait).limit(limit).with_for_update(skip_locked=True)
        return [wait_record(records.Job, row) for row in self._db.execute(found)]

    def lease(self, record: records.Job, *, worker: str, until: datetime) -> records.Job | None:
        here = (job.c.instance_id == record.instance_id) & (job.c.wait == record.wait) & (job.c.fence == record.fence)
        values = {"run_at": until, "worker": worker, "fence": record.fence + 1, "attempts": record.attempts + 1}
        if not self._db.execute(job.update().where(here).values(values)).rowcount:
            return None
        return msgspec.structs.replace(record, **values)

    def change(self, record: records.Job) -> bool:
        here = (job.c.instance_id == record.instance_id) & (job.c.wait == record.wait) & (job.c.fence == record.fence)
        values = {name: getattr(record, name) for name in _CHANGES}
        # What is on hold stays so: the new moment counts once its instance goes on.
        held = job.c.held_at.is_not(None)
        moment = record.held_at if record.run_at == records.NEVER and record.held_at else record.run_at
        values["held_at"] = sa.case((held, sa.literal(moment, job.c.run_at.type)))
        values["run_at"] = sa.case((held, job.c.run_at), else_=sa.literal(moment, job.c.run_at.type))
        return self._db.execute(job.update().where(here).values(values)).rowcount == 1


def _calling(name: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    return name.in_(outward.CALLING) | name.startswith(outward.CONNECTOR)


_OUTSIDE = _calling(job.c.handler) | job.c.handler.in_(
    sa.select(binding.c.handler).where(binding.c.kind == "handler", _calling(binding.c.target))
)


def _external(names: Sequence[str]) -> sa.ColumnElement[bool]:
    # The literal lets SQLite use the partial index of external jobs.
    return (job.c.style == sa.literal_column("'external'")) & job.c.handler.in_(names)


def _wanted(topic: queries.Topic) -> sa.ColumnElement[bool]:
    wanted = [_external([topic.name])]
    if topic.business_key is not None:
        wanted.append(job.c.business_key == topic.business_key)
    if topic.processes:
        wanted.append(job.c.process.in_(topic.processes))
    if topic.programs is not None:
        wanted.append(job.c.instance_id.in_(sa.select(instance.c.id).where(instance.c.program.in_(topic.programs))))
    return sa.and_(*wanted)
