"""Business calendars of the house: few rows, read often."""

from collections.abc import Callable

import sqlalchemy as sa

from engine import records
from engine.repositories import Stale
from engine.store import rows
from engine.store.tables.calendars import calendar


class Calendars:
    """``changed`` is told when one was written or taken away."""

    def __init__(self, connection: sa.Connection, changed: Callable[[], None]) -> None:
        self._db = connection
        self._changed = changed

    def get(self, key: str) -> records.HouseCalendar | None:
        row = self._db.execute(sa.select(calendar).where(calendar.c.key == key)).first()
        return rows.maybe(records.HouseCalendar, row)

    def all(self) -> list[records.HouseCalendar]:
        found = self._db.execute(sa.select(calendar).order_by(calendar.c.key))
        return [rows.record(records.HouseCalendar, row) for row in found]

    def put(self, record: records.HouseCalendar) -> None:
        self._changed()
        values = rows.values(record, calendar)
        if record.revision == 0:
            self._db.execute(calendar.insert().values(values | {"revision": 1}))
            return
        seen = (calendar.c.key == record.key) & (calendar.c.revision == record.revision)
        if not self._db.execute(
            calendar.update().where(seen).values(values | {"revision": record.revision + 1})
        ).rowcount:
            raise Stale

    def drop(self, key: str) -> bool:
        self._changed()
        return self._db.execute(calendar.delete().where(calendar.c.key == key)).rowcount == 1
