"""Who is away when, and who stands in for them."""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from engine import records
from engine.repositories import Stale
from engine.store import rows
from engine.store.tables.people import absence


class Absences:
    """``changed`` is told when there is another one, or one of them changes."""

    def __init__(self, connection: sa.Connection, changed: Callable[[], None]) -> None:
        self._db = connection
        self._changed = changed

    def get(self, absence_id: str) -> records.Absence | None:
        return rows.maybe(
            records.Absence, self._db.execute(sa.select(absence).where(absence.c.id == absence_id)).first()
        )

    def add(self, record: records.Absence) -> None:
        self._changed()
        self._db.execute(absence.insert().values(rows.values(record, absence)))

    def turn(self, seen: records.Absence, record: records.Absence) -> None:
        self._changed()
        here = (absence.c.id == seen.id) & (absence.c.status == seen.status) & (absence.c.due_at == seen.due_at)
        if not self._db.execute(absence.update().where(here).values(rows.values(record, absence))).rowcount:
            raise Stale

    def ahead(self) -> list[records.Absence]:
        # The same condition as the index has, which holds few rows whatever was in former years.
        return self._found(
            sa.select(absence).where(absence.c.due_at.is_not(None)).order_by(absence.c.starts_at, absence.c.id)
        )

    def of_person(self, person: str, *, limit: int) -> list[records.Absence]:
        here = (absence.c.person == person) | (absence.c.substitute == person)
        latest = absence.c.starts_at.desc(), absence.c.id.desc()
        return self._found(sa.select(absence).where(here).order_by(*latest).limit(limit))

    def due(self, now: datetime, limit: int) -> list[records.Absence]:
        """SKIP LOCKED: two dispatchers never turn the same one."""
        found = sa.select(absence).where(absence.c.due_at <= now).order_by(absence.c.due_at).limit(limit)
        return self._found(found.with_for_update(skip_locked=True))

    def _found(self, found: sa.Select[tuple[object, ...]]) -> list[records.Absence]:
        return [rows.record(records.Absence, row) for row in self._db.execute(found)]
