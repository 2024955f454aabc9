"""Delivered goods, returns and held stock: what the services after the sale keep."""

from sqlalchemy import Column, Float, Index, Integer, String, Table

from engine.store.tables.base import at, ident, key, metadata, one_of
from engine.store.types import Json

delivered_line = Table(
    "delivered_line",
    metadata,
    key("order_no", primary=True),
    key("sku", primary=True),
    ident("customer"),
    Column("qty", Integer, nullable=False),
    Column("unit_price", Float, nullable=False),
    key("category"),
    at("delivered_at"),
)

goods_return = Table(
    "goods_return",
    metadata,
    key("id", primary=True),
    ident("customer"),
    key("order_no"),
    Column("lines", Json, nullable=False),
    key("status"),
    key("state"),
    Column("refund", Float, nullable=False),
    Column("payments", Json, nullable=False),
    at("opened_at"),
    at("ended_at", null=True),
    one_of("status", ("authorised", "settled", "closed")),
    Index(None, "order_no"),
    Index(None, "customer", "opened_at"),
)

stock_hold = Table(
    "stock_hold",
    metadata,
    Column("id", String(200), primary_key=True),
    key("product"),
    Column("qty", Integer, nullable=False),
    key("purpose"),
    key("status"),
    at("held_at"),
    one_of("status", ("held", "used", "released")),
    Index(None, "purpose"),
)
