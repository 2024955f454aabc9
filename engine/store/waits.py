"""Open waits, read by their instance."""

from typing import Any, TypeVar

import sqlalchemy as sa

from engine import records
from engine.store import rows
from engine.store.raw import Read
from engine.store.tables import waits as tables
from engine.store.tables.instances import incident

R = TypeVar("R", bound=records.Record)
_WORK_ITEM = Read(records.WorkItem, tables.work_item, "WHERE instance_id = ? AND wait = ?")


class Waits:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def work_item(self, instance_id: str, wait: int) -> records.WorkItem | None:
        return _WORK_ITEM.first(self._db, instance_id, wait)

    def work_items(self, instance_id: str) -> list[records.WorkItem]:
        """Open and finished ones, in the order they were opened."""
        return self._of(records.WorkItem, tables.work_item, instance_id)

    def timers(self, instance_id: str) -> list[records.Timer]:
        return self._of(records.Timer, tables.timer, instance_id)

    def subscriptions(self, instance_id: str) -> list[records.Subscription]:
        return self._of(records.Subscription, tables.subscription, instance_id)

    def jobs(self, instance_id: str) -> list[records.Job]:
        return self._of(records.Job, tables.job, instance_id)

    def incidents(self, instance_id: str) -> list[records.Incident]:
        return self._of(records.Incident, incident, instance_id)

    def _of(self, kind: type[R], table: sa.Table, instance_id: str) -> list[R]:
        found = sa.select(*rows.columns(kind, table)).where(table.c.instance_id == instance_id)
        return [wait_record(kind, row) for row in self._db.execute(found.order_by(table.c.wait))]


def wait_record(kind: type[R], row: sa.Row[Any]) -> R:
    """A wait's id is made of its instance and number."""
    more = {"id": f"{row.instance_id}.{row.wait}"} if "id" in kind.__struct_fields__ else {}
    return rows.record(kind, row, **more)
