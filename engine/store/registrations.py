"""Deals that partners have registered."""

import sqlalchemy as sa

from engine import deals
from engine.store import contacts, rows
from engine.store.tables.deals import deal_registration


class Registrations:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def lock(self, core: str) -> None:
        contacts.lock(self._db, f"registration {core}")

    def get(self, number: str) -> deals.Registration | None:
        found = sa.select(deal_registration).where(deal_registration.c.id == number)
        return rows.maybe(deals.Registration, self._db.execute(found).first())

    def put(self, record: deals.Registration) -> None:
        rows.put(self._db, deal_registration, deal_registration.c.id == record.id, record)

    def of_core(self, core: str) -> list[deals.Registration]:
        found = sa.select(deal_registration).where(deal_registration.c.core == core)
        oldest_first = found.order_by(deal_registration.c.asked_at, deal_registration.c.id)
        return [rows.record(deals.Registration, row) for row in self._db.execute(oldest_first)]
