"""Contracts; a row of ``contact_budget`` is the lock, as for the contact budget."""

import sqlalchemy as sa

from engine import deals
from engine.store import contacts, rows
from engine.store import series as series_of
from engine.store.tables.deals import contract


class Contracts:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def lock(self, what: str) -> None:
        contacts.lock(self._db, f"contract {what}")

    def put(self, record: deals.Contract) -> None:
        rows.put(self._db, contract, contract.c.id == record.id, record)

    def get(self, contract_id: str) -> deals.Contract | None:
        return self._one(contract.c.id == contract_id)

    def numbered(self, number: str) -> deals.Contract | None:
        return self._one(contract.c.number == number)

    def last_number(self, series: str) -> str:
        return series_of.last_number(self._db, contract.c.number, series)

    def of_customer(self, customer: str) -> list[deals.Contract]:
        found = sa.select(contract).where(contract.c.customer == customer)
        newest_first = found.order_by(contract.c.drafted_at.desc(), contract.c.id.desc())
        return [rows.record(deals.Contract, row) for row in self._db.execute(newest_first)]

    def _one(self, here: sa.ColumnElement[bool]) -> deals.Contract | None:
        return rows.maybe(deals.Contract, self._db.execute(sa.select(contract).where(here)).first())
