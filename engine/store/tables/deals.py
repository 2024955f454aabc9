"""Opportunities with what became of them, quotes, contracts, orders."""

from sqlalchemy import Boolean, Column, Float, Index, Integer, String, Table, Text

from engine.store.tables.base import at, ident, key, metadata, one_of, text
from engine.store.types import Json

opportunity = Table(
    "opportunity",
    metadata,
    ident(primary=True),
    ident("customer"),
    key("lead"),
    text("name"),
    Column("amount", Float, nullable=False),
    key("expected_close"),
    key("owner"),
    Column("history", Json, nullable=False),
    at("opened_at"),
    Column("stage", String(100), nullable=False, server_default="visit"),
    Column("probability", Integer, nullable=False, server_default="10"),
    at("closed_at", null=True),
    Column("reason", Text, nullable=False, server_default=""),
    Column("rival", Text, nullable=False, server_default=""),
    Index(None, "customer"),
    Index(None, "closed_at", "opened_at"),
)

opportunity_move = Table(
    "opportunity_move",
    metadata,
    ident("job", primary=True),
    ident("opportunity"),
    key("stage"),
    Column("probability", Integer, nullable=False),
    Column("amount", Float, nullable=False),
    key("expected_close"),
    at("moved_at"),
    Index(None, "opportunity", "moved_at"),
)

opportunity_review = Table(
    "opportunity_review",
    metadata,
    ident(primary=True),
    ident("opportunity"),
    key("result"),
    Column("reasons", Json, nullable=False),
    text("rival"),
    Column("price_gap_percent", Float, nullable=False),
    text("quotes"),
    Column("actions", Json, nullable=False),
    at("reviewed_at"),
    one_of("result", ("won", "lost", "cancelled")),
    Index(None, "opportunity"),
)

rival = Table("rival", metadata, key("key", primary=True), text("name"), ident("met_in"), at("known_since"))
"""Competitors that somebody has met."""

quote = Table(
    "quote",
    metadata,
    key("id", primary=True),
    key("number"),
    Column("version", Integer, nullable=False),
    ident("instance_id"),
    ident("customer"),
    key("status"),
    Column("lines", Json, nullable=False),
    key("currency"),
    Column("total", Float, nullable=False),
    Column("discount", Float, nullable=False),
    Column("discount_limit", Float, nullable=False),
    Column("margin", Float, nullable=True),
    key("valid_until"),
    key("payment_terms"),
    Column("lead_days", Integer, nullable=False),
    key("owner"),
    text("document"),
    text("reason"),
    at("drafted_at"),
    at("sent_at", null=True),
    at("settled_at", null=True),
    one_of("status", ("draft", "approved", "sent", "accepted", "declined", "expired", "superseded")),
    Index(None, "number", "version", unique=True),
    Index(None, "customer", "drafted_at"),
    Index(None, "drafted_at"),
    Index(None, "sent_at"),
)

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
    Column("quote", String(100), nullable=False, server_default=""),
    Column("team", Json, nullable=False, server_default="[]"),
    one_of("status", ("drafted", "effective", "withdrawn", "ended")),
    Index(None, "number", unique=True),
    Index(None, "customer", "drafted_at"),
)

sales_order = Table(
    "sales_order",
    metadata,
    key("id", primary=True),
    ident("instance_id"),
    ident("customer"),
    key("status"),
    Column("lines", Json, nullable=False),
    Column("total", Float, nullable=False),
    key("payment"),
    key("requested_date"),
    text("ship_to"),
    Column("shipments", Json, nullable=False),
    key("invoice"),
    at("invoiced_at", null=True),
    text("reason"),
    at("taken_at"),
    Column("quote", String(100), nullable=False, server_default=""),
    one_of("status", ("taken", "shipped", "invoiced", "cancelled")),
    one_of("payment", ("prepaid", "on_account", "on_delivery")),
    Index(None, "customer", "taken_at"),
    Index(None, "invoice"),
)

deal_registration = Table(
    "deal_registration",
    metadata,
    key("id", primary=True),
    key("partner"),
    text("end_customer"),
    key("core"),
    key("product"),
    Column("amount", Float, nullable=False),
    key("status"),
    key("protected_until"),
    at("asked_at"),
    one_of("status", ("asked", "protected", "released", "won")),
    Index(None, "core", "asked_at"),
)
