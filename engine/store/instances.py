"""Instances as lists and pages see them, and why they run what they run."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import records
from engine.store import raw, rows
from engine.store.forget import forget
from engine.store.tables.customers import customer
from engine.store.tables.instances import instance
from engine.store.tables.messages import circulation
from engine.store.tables.variants import resolution
from engine.store.tables.waits import candidate, job, timer, work_item

_COLUMNS = rows.columns(records.Instance, instance)
_ONE = raw.Read(records.Instance, instance, "WHERE id = ?")
_BY_KEY = raw.Read(records.Instance, instance, "WHERE process = ? AND business_key = ? AND once")
_RESOLUTION = raw.Insert(resolution, [name for name in records.Resolution.__struct_fields__ if name in resolution.c])
_MOMENTS = ((timer, "due_at"), (job, "run_at"))
_EQUAL = ("id", "process", "program", "customer_id", "status", "business_key", "number", "started_by")


class Instances:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def get(self, instance_id: str) -> records.Instance | None:
        return _ONE.first(self._db, instance_id)

    def by_key(self, process: str, business_key: str) -> records.Instance | None:
        return _BY_KEY.first(self._db, process, business_key)

    def suspend(self, instance_id: str) -> None:
        self._db.execute(instance.update().where(instance.c.id == instance_id).values(suspended=True))
        self.hold(instance_id)

    def resume(self, instance_id: str) -> None:
        self._db.execute(instance.update().where(instance.c.id == instance_id).values(suspended=False))
        for table, moment in _MOMENTS:
            here = (table.c.instance_id == instance_id) & table.c.held_at.is_not(None)
            self._db.execute(table.update().where(here).values({moment: table.c.held_at, "held_at": None}))
        self._db.execute(work_item.update().where(work_item.c.instance_id == instance_id).values(held=False))

    def hold(self, instance_id: str) -> None:
        for table, moment in _MOMENTS:
            here = (table.c.instance_id == instance_id) & table.c.held_at.is_(None)
            self._db.execute(table.update().where(here).values({"held_at": table.c[moment], moment: records.NEVER}))
        self._db.execute(work_item.update().where(work_item.c.instance_id == instance_id).values(held=True))

    def ended(
        self, process: str, *, before: datetime, after: tuple[datetime, str] | None = None, limit: int
    ) -> list[tuple[datetime, str]]:
        place = (instance.c.ended_at, instance.c.id)
        found = sa.select(*place).where(instance.c.process == process, instance.c.ended_at < before)
        if after is not None:
            found = found.where(
                sa.tuple_(*place)
                > sa.tuple_(*(sa.literal(value, column.type) for value, column in zip(after, place, strict=True)))
            )
        return [(row.ended_at, row.id) for row in self._db.execute(found.order_by(*place).limit(limit))]

    def forget(self, instance_ids: Sequence[str]) -> dict[str, int]:
        return forget(self._db, instance_ids)

    def search(self, *, where: Mapping[str, Any], after: str, limit: int) -> list[records.Instance]:
        oldest = where.get("oldest_first")
        found = sa.select(*_COLUMNS).order_by(instance.c.id if oldest else instance.c.id.desc()).limit(limit)
        for name in _EQUAL:
            if where.get(name):
                found = found.where(instance.c[name] == where[name])
        if where.get("incidents"):
            found = found.where(instance.c.incidents > 0)
        if where.get("suspended"):
            found = found.where(instance.c.suspended)
        if where.get("seen_by"):
            found = found.where(seen_by(where["seen_by"]))
        if after:
            found = found.where(instance.c.id > after if oldest else instance.c.id < after)
        return [rows.record(records.Instance, row) for row in self._db.execute(found)]


def seen_by(who: Sequence[str]) -> sa.ColumnElement[bool]:
    """Who takes part: started it, did, signs or holds a step, or had somebody stand in for them, could claim one,
    got a copy, or looks after the customer.

    ``who``: the person's key, then the names that stand in ``candidate`` for it.
    """
    person, *queues = who
    steps = sa.select(work_item.c.instance_id).where(
        work_item.c.instance_id == instance.c.id,
        (work_item.c.assignee == person)
        | (work_item.c.ended_by == person)
        | sa.cast(work_item.c.handling, sa.Text).contains(f'"absent":"{person}"', autoescape=True),
    )
    offers = sa.select(candidate.c.instance_id).where(
        candidate.c.instance_id == instance.c.id, candidate.c.who.in_(queues)
    )
    owned = sa.select(customer.c.id).where(customer.c.id == instance.c.customer_id, customer.c.owner == person)
    copies = sa.select(circulation.c.id).where(
        circulation.c.instance_id == instance.c.id, circulation.c.person == person
    )
    return (instance.c.started_by == person) | steps.exists() | offers.exists() | owned.exists() | copies.exists()


class Resolutions:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def add(self, record: records.Resolution) -> None:
        text, values = _RESOLUTION.of(self._db.dialect.name, record)
        raw.cursor(self._db).execute(text, values)

    def of_instance(self, instance_id: str) -> records.Resolution | None:
        row = self._db.execute(sa.select(resolution).where(resolution.c.instance_id == instance_id)).first()
        return rows.maybe(records.Resolution, row)
