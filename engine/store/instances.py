"""Instances as lists and pages see them, and why they run what they run."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from engine import records
from engine.store import rows
from engine.store.tables.instances import instance
from engine.store.tables.variants import resolution

_COLUMNS = rows.columns(records.Instance, instance)
_EQUAL = ("process", "program", "customer_id", "status", "business_key", "number")


class Instances:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def get(self, instance_id: str) -> records.Instance | None:
        row = self._db.execute(sa.select(*_COLUMNS).where(instance.c.id == instance_id)).first()
        return rows.maybe(records.Instance, row)

    def by_key(self, process: str, business_key: str) -> records.Instance | None:
        here = (instance.c.process == process) & (instance.c.business_key == business_key)
        row = self._db.execute(sa.select(*_COLUMNS).where(here)).first()
        return rows.maybe(records.Instance, row)

    def search(self, *, where: Mapping[str, Any], after: str, limit: int) -> list[records.Instance]:
        found = sa.select(*_COLUMNS).order_by(instance.c.id.desc()).limit(limit)
        for name in _EQUAL:
            if where.get(name):
                found = found.where(instance.c[name] == where[name])
        if where.get("incidents"):
            found = found.where(instance.c.incidents > 0)
        if after:
            found = found.where(instance.c.id < after)
        return [rows.record(records.Instance, row) for row in self._db.execute(found)]


class Resolutions:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def add(self, record: records.Resolution) -> None:
        self._db.execute(resolution.insert().values(rows.values(record, resolution)))

    def of_instance(self, instance_id: str) -> records.Resolution | None:
        row = self._db.execute(sa.select(resolution).where(resolution.c.instance_id == instance_id)).first()
        return rows.maybe(records.Resolution, row)
