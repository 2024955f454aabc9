"""Calls that were made, and numbers that nobody calls any more."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from engine import agenda
from engine.store import contacts, rows
from engine.store.tables.agenda import blocked_number, phone_call


class Calls:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def block(self, phone: str, reason: str, now: datetime) -> None:
        contacts.lock(self._db, f"phone {phone}")
        if not self.blocked([phone]):
            self._db.execute(blocked_number.insert().values(phone=phone, reason=reason, blocked_at=now))

    def blocked(self, phones: Sequence[str]) -> set[str]:
        found = sa.select(blocked_number.c.phone).where(blocked_number.c.phone.in_(phones))
        return set(self._db.scalars(found))

    def add(self, record: agenda.Call) -> None:
        rows.put(self._db, phone_call, phone_call.c.id == record.id, record)

    def of_list(self, call_list: str) -> list[agenda.Call]:
        found = sa.select(phone_call).where(phone_call.c.call_list == call_list)
        in_order = found.order_by(phone_call.c.called_at, phone_call.c.id)
        return [rows.record(agenda.Call, row) for row in self._db.execute(in_order)]
