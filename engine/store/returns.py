"""Delivered lines and the returns of them, and the stock that is held for a purpose."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from engine import care
from engine.store import contacts, rows
from engine.store.tables.care import delivered_line, goods_return, stock_hold
from engine.store.tables.trade import product as shelf


class Returns:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def deliver(self, line: care.DeliveredLine) -> None:
        here = (delivered_line.c.order_no == line.order_no) & (delivered_line.c.sku == line.sku)
        rows.put(self._db, delivered_line, here, line)

    def delivered(self, order_no: str) -> list[care.DeliveredLine]:
        found = sa.select(delivered_line).where(delivered_line.c.order_no == order_no).order_by(delivered_line.c.sku)
        return [rows.record(care.DeliveredLine, row) for row in self._db.execute(found)]

    def lock(self, order_no: str) -> None:
        contacts.lock(self._db, f"order {order_no}")

    def get(self, return_no: str) -> care.Return | None:
        found = sa.select(goods_return).where(goods_return.c.id == return_no)
        return rows.maybe(care.Return, self._db.execute(found).first())

    def put(self, record: care.Return) -> None:
        rows.put(self._db, goods_return, goods_return.c.id == record.id, record)

    def of_order(self, order_no: str) -> list[care.Return]:
        return self._found(goods_return.c.order_no == order_no)

    def of_customer(self, customer: str, since: datetime) -> list[care.Return]:
        return self._found((goods_return.c.customer == customer) & (goods_return.c.opened_at >= since))

    def _found(self, where: sa.ColumnElement[bool]) -> list[care.Return]:
        found = sa.select(goods_return).where(where).order_by(goods_return.c.opened_at, goods_return.c.id)
        return [rows.record(care.Return, row) for row in self._db.execute(found)]


class Stock:
    """The pieces themselves stand in the product table; here is who holds some of them."""

    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def take(self, product: str, qty: int) -> bool:
        enough = (shelf.c.key == product) & (shelf.c.stock >= qty)
        return self._db.execute(shelf.update().where(enough).values(stock=shelf.c.stock - qty)).rowcount == 1

    def give_back(self, product: str, qty: int) -> None:
        self._db.execute(shelf.update().where(shelf.c.key == product).values(stock=shelf.c.stock + qty))

    def hold(self, hold: care.StockHold) -> None:
        rows.put(self._db, stock_hold, stock_hold.c.id == hold.id, hold)

    def holds(self, purpose: str) -> Sequence[care.StockHold]:
        found = sa.select(stock_hold).where(stock_hold.c.purpose == purpose).order_by(stock_hold.c.id)
        return [rows.record(care.StockHold, row) for row in self._db.execute(found)]
