"""Customers."""

from collections.abc import Sequence

import sqlalchemy as sa

from engine import records
from engine.repositories import Stale
from engine.store import raw, rows
from engine.store.tables.customers import customer

_COLUMNS = rows.columns(records.Customer, customer)
_BY_ID = raw.Read(records.Customer, customer, "WHERE id = ?")
_BY_NUMBER = raw.Read(records.Customer, customer, "WHERE number = ?")


class Customers:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def get(self, customer_id: str) -> records.Customer | None:
        return _BY_ID.first(self._db, customer_id)

    def by_number(self, number: str) -> records.Customer | None:
        return _BY_NUMBER.first(self._db, number)

    def named(self, ids: Sequence[str]) -> dict[str, str]:
        found = sa.select(customer.c.id, customer.c.name).where(customer.c.id.in_(ids))
        return {row.id: row.name for row in self._db.execute(found)} if ids else {}

    def add(self, record: records.Customer) -> None:
        self._db.execute(customer.insert().values(rows.values(record, customer)))

    def change(self, record: records.Customer) -> None:
        values = {**rows.values(record, customer), "revision": record.revision + 1}
        same = (customer.c.id == record.id) & (customer.c.revision == record.revision)
        if not self._db.execute(customer.update().where(same).values(values)).rowcount:
            raise Stale

    def search(self, *, text: str, group: str, after: str, limit: int) -> list[records.Customer]:
        """By part of name or number, ordered by id, after the customer ``after``."""
        found = sa.select(*_COLUMNS).where(customer.c.id > after).order_by(customer.c.id).limit(limit)
        if text:
            found = found.where(
                customer.c.name.icontains(text, autoescape=True) | customer.c.number.icontains(text, autoescape=True)
            )
        if group:
            found = found.where(customer.c.group == group)
        return [rows.record(records.Customer, row) for row in self._db.execute(found)]

    def of_owner(self, owner: str, limit: int) -> list[records.Customer]:
        found = sa.select(*_COLUMNS).where(customer.c.owner == owner).order_by(customer.c.number).limit(limit)
        return [rows.record(records.Customer, row) for row in self._db.execute(found)]

    def by_group(self) -> dict[str, int]:
        counted = (
            sa.select(customer.c.group, sa.func.count().label("number"))
            .group_by(customer.c.group)
            .order_by(customer.c.group)
        )
        return {row.group: row.number for row in self._db.execute(counted)}

    def reached_by(self, addresses: Sequence[str], limit: int) -> list[records.Customer]:
        if not addresses:
            return []
        told = sa.type_coerce(customer.c.contacts, sa.Text)
        found = sa.or_(*(told.icontains(address, autoescape=True) for address in addresses))
        statement = sa.select(*_COLUMNS).where(found).order_by(customer.c.id).limit(limit)
        return [rows.record(records.Customer, row) for row in self._db.execute(statement)]
