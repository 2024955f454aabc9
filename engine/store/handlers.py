"""Bindings of the handlers that drawings name."""

import sqlalchemy as sa

from engine.binding import Binding
from engine.store import rows
from engine.store.tables.handlers import binding as table


class Bindings:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def get(self, handler: str) -> Binding | None:
        row = self._db.execute(sa.select(table).where(table.c.handler == handler)).first()
        return rows.maybe(Binding, row)

    def all(self) -> list[Binding]:
        found = self._db.execute(sa.select(table).order_by(table.c.handler))
        return [rows.record(Binding, row) for row in found]

    def put(self, record: Binding) -> None:
        self.drop(record.handler)
        self._db.execute(table.insert().values(rows.values(record, table)))

    def drop(self, handler: str) -> bool:
        return self._db.execute(table.delete().where(table.c.handler == handler)).rowcount == 1
