"""Hints for live screens."""

from datetime import datetime

import sqlalchemy as sa

from engine.store.tables.traffic import change
from engine.store.types import micros


class Changes:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def add(self, kind: str, ref: str, now: datetime) -> None:
        self._db.execute(change.insert().values(kind=kind, ref=ref, at=micros(now)))

    def since(self, number: int, limit: int) -> list[tuple[int, str, str]]:
        found = sa.select(change.c.id, change.c.kind, change.c.ref).where(change.c.id > number)
        return [tuple(row) for row in self._db.execute(found.order_by(change.c.id).limit(limit))]

    def last(self) -> int:
        return self._db.scalar(sa.select(sa.func.max(change.c.id))) or 0

    def sweep(self, before: datetime) -> int:
        old = (change.c.at < micros(before)) & (change.c.id < self.last())
        return self._db.execute(change.delete().where(old)).rowcount
