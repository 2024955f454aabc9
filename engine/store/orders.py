"""Orders."""

import sqlalchemy as sa

from engine import deals
from engine.store import contacts, rows
from engine.store.tables.deals import sales_order


class Orders:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def lock(self, what: str) -> None:
        contacts.lock(self._db, f"order {what}")

    def get(self, number: str) -> deals.Order | None:
        found = sa.select(sales_order).where(sales_order.c.id == number)
        return rows.maybe(deals.Order, self._db.execute(found).first())

    def put(self, record: deals.Order) -> None:
        rows.put(self._db, sales_order, sales_order.c.id == record.id, record)

    def of_customer(self, customer: str) -> list[deals.Order]:
        found = sa.select(sales_order).where(sales_order.c.customer == customer)
        newest_first = found.order_by(sales_order.c.taken_at.desc(), sales_order.c.id.desc())
        return [rows.record(deals.Order, row) for row in self._db.execute(newest_first)]

    def last_invoice(self, series: str) -> str:
        of_series = sales_order.c.invoice.startswith(series, autoescape=True)
        return self._db.scalar(sa.select(sa.func.max(sales_order.c.invoice)).where(of_series)) or ""
