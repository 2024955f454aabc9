"""Customers, their groups, and the rules that decide."""

from sqlalchemy import Column, Index, Integer, Table

from engine.store.tables.base import at, ident, key, metadata, one_of, refers, text
from engine.store.types import Json, Moment

customer = Table(
    "customer",
    metadata,
    ident(primary=True),
    Column("number", key("number").type, nullable=False, unique=True),
    text("name"),
    key("kind"),
    key("owner"),
    Column("attributes", Json, nullable=False),
    Column("scores", Json, nullable=False),
    key("group"),
    Column("decided", Json, nullable=False),
    at("group_since", null=True),
    Column("revision", Integer, nullable=False),
    at("created_at"),
    at("changed_at"),
    Column("language", key("language").type, nullable=False, server_default="zh-CN"),
    Column("contacts", Json, nullable=False, server_default="[]"),
    one_of("kind", ("customer", "prospect")),
    Index(None, "group"),
    Index(None, "name"),
    Index(None, "owner"),
)

group_rule = Table(
    "group_rule",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("rules", Json, nullable=False),
    key("status"),
    at("valid_from", null=True),
    at("valid_to", null=True),
    at("created_at"),
    key("created_by"),
    Column("history", Json, nullable=False, server_default="[]"),
    at("regrouped_at", null=True),
    Column("regrouped_to", key("regrouped_to").type, nullable=False, server_default=""),
    one_of("status", ("draft", "released", "retired")),
)
"""Version ``n`` of the customer groups with the whole ordered decision table."""

group_move = Table(
    "group_move",
    metadata,
    refers("customer_id", "customer.id", primary=True),
    Column("at", Moment, primary_key=True, autoincrement=False),
    key("old"),
    key("new"),
    Column("decided", Json, nullable=False),
    at("followed_at", null=True),
    Index(None, "followed_at", "at"),
)
"""When a customer changed group, by which rule, and when the running cases were looked at because of it."""
