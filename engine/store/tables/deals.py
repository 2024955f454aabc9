"""Contracts: what is agreed with customers."""

from sqlalchemy import Boolean, Column, Float, Index, Table

from engine.store.tables.base import at, ident, key, metadata, one_of
from engine.store.types import Json

contract = Table(
    "contract",
    metadata,
    ident(primary=True),
    key("number"),
    ident("customer"),
    key("status"),
    Column("amount", Float, nullable=False),
    key("term_from"),
    key("term_to"),
    key("template"),
    Column("payments", Json, nullable=False),
    Column("auto_renew", Boolean, nullable=False),
    key("owner"),
    at("drafted_at"),
    at("settled_at", null=True),
    one_of("status", ("drafted", "effective", "withdrawn", "ended")),
    Index(None, "number", unique=True),
    Index(None, "customer", "drafted_at"),
)
