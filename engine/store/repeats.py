"""Answers to requests that may come again."""

from datetime import datetime

import sqlalchemy as sa

from engine import records
from engine.store import rows
from engine.store.tables.traffic import idempotency_key as table


class Repeats:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def get(self, agent: str, key: str, now: datetime) -> records.Repeat | None:
        here = (table.c.agent == agent) & (table.c.key == key) & (table.c.expires_at > now)
        return rows.maybe(records.Repeat, self._db.execute(sa.select(table).where(here)).first())

    def add(self, repeat: records.Repeat) -> None:
        """Fails as a race, which is tried again, when the same request is being answered elsewhere."""
        old = (table.c.agent == repeat.agent) & (table.c.key == repeat.key) & (table.c.expires_at <= repeat.created_at)
        self._db.execute(table.delete().where(old))
        self._db.execute(table.insert().values(rows.values(repeat, table)))

    def sweep(self, now: datetime) -> int:
        return self._db.execute(table.delete().where(table.c.expires_at <= now)).rowcount
