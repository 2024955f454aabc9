"""Conditions of the inbox that people keep under a name."""

from collections.abc import Sequence

import sqlalchemy as sa

from engine import records
from engine.store import rows
from engine.store.tables.people import saved_filter


class Filters:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def get(self, filter_id: str) -> records.SavedFilter | None:
        row = self._db.execute(sa.select(saved_filter).where(saved_filter.c.id == filter_id)).first()
        return rows.maybe(records.SavedFilter, row)

    def put(self, kept: records.SavedFilter) -> None:
        rows.put(self._db, saved_filter, saved_filter.c.id == kept.id, kept)

    def remove(self, filter_id: str) -> None:
        self._db.execute(saved_filter.delete().where(saved_filter.c.id == filter_id))

    def of_person(self, person: str, groups: Sequence[str]) -> list[records.SavedFilter]:
        here = (saved_filter.c.owner == person) | saved_filter.c.staff_group.in_(list(groups))
        found = sa.select(saved_filter).where(here).order_by(saved_filter.c.name, saved_filter.c.id)
        return [rows.record(records.SavedFilter, row) for row in self._db.execute(found)]
