"""Jobs: leases with a fence."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from engine import records
from engine.store import rows
from engine.store.tables.waits import job
from engine.store.waits import wait_record

_COLUMNS = rows.columns(records.Job, job)


class Jobs:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def get(self, instance_id: str, wait: int) -> records.Job | None:
        here = (job.c.instance_id == instance_id) & (job.c.wait == wait)
        row = self._db.execute(sa.select(*_COLUMNS).where(here)).first()
        return None if row is None else wait_record(records.Job, row)

    def claim(
        self,
        *,
        styles: Sequence[str],
        handlers: Sequence[str] | None,
        worker: str,
        until: datetime,
        now: datetime,
        limit: int,
    ) -> list[records.Job]:
        due = sa.select(job.c.instance_id, job.c.wait).where(job.c.style.in_(styles), job.c.run_at <= now)
        if handlers is not None:
            due = due.where(job.c.handler.in_(handlers))
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

    def change(self, record: records.Job) -> bool:
        here = (job.c.instance_id == record.instance_id) & (job.c.wait == record.wait) & (job.c.fence == record.fence)
        values = {name: getattr(record, name) for name in ("retries", "run_at", "worker", "error")}
        return self._db.execute(job.update().where(here).values(values)).rowcount == 1
