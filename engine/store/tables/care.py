"""Goods that came back, held stock, agreements, visits, surveys, onboarding: what the services after the sale keep."""

from sqlalchemy import Boolean, Column, Float, Index, Integer, String, Table

from engine.store.tables.base import at, ident, key, metadata, one_of, text
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

agreement = Table(
    "service_agreement",
    metadata,
    key("id", primary=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    ident("customer"),
    key("level"),
    key("calendar"),
    Column("first_response_minutes", Integer, nullable=False),
    Column("resolution_minutes", Integer, nullable=False),
    Column("included_calls", Integer, nullable=False),
    Column("monthly_fee", Float, nullable=False),
    Column("penalty_percent", Float, nullable=False),
    key("valid_from"),
    key("valid_to"),
    key("status"),
    at("activated_at"),
    one_of("level", ("gold", "silver", "bronze", "trial")),
    one_of("status", ("active", "replaced", "ended")),
    Index(None, "customer", "status"),
)

visit = Table(
    "service_visit",
    metadata,
    ident(primary=True),
    key("engineer"),
    ident("customer"),
    key("visit_no"),
    at("starts_at"),
    at("ends_at"),
    key("status"),
    one_of("status", ("booked", "done", "cancelled")),
    Index(None, "engineer", "starts_at"),
    Index(None, "visit_no"),
)

survey = Table(
    "survey",
    metadata,
    ident(primary=True),
    ident("customer"),
    key("topic"),
    at("asked_at"),
    Column("score", Integer),
    Column("nps", Integer),
    text("comment"),
    at("answered_at", null=True),
    Index(None, "customer", "asked_at"),
)

onboarding = Table(
    "onboarding",
    metadata,
    key("id", primary=True),
    ident("customer"),
    Column("needed", Json, nullable=False),
    Column("received", Json, nullable=False),
    Column("rounds", Json, nullable=False),
    at("started_at"),
    at("first_value_at", null=True),
    at("ended_at", null=True),
    key("outcome"),
    Column("instance_id", String(64), server_default="", nullable=False),
    Column("awaited_by", Json, server_default="[]", nullable=False),
    Index(None, "customer"),
)

article = Table(
    "article",
    metadata,
    key("key", primary=True),
    text("title"),
    Column("keywords", Json, nullable=False),
    text("body"),
    Column("version", Integer, server_default="1", nullable=False),
    Column("titles", Json, server_default="{}", nullable=False),
    Column("problem", Json, server_default="{}", nullable=False),
    Column("solution", Json, server_default="{}", nullable=False),
    Column("audience", String(100), server_default="public", nullable=False),
    Column("status", String(100), server_default="published", nullable=False),
    Column("product", String(100), server_default="", nullable=False),
    Column("customer", String(64), server_default="", nullable=False),
    Column("review_on", String(100), server_default="", nullable=False),
    Column("useful", Integer, server_default="0", nullable=False),
    Column("useless", Integer, server_default="0", nullable=False),
)

article_term = Table(
    "article_term",
    metadata,
    key("term", primary=True),
    key("article", primary=True),
    Column("weight", Integer, nullable=False),
    Index(None, "article"),
)
"""What an article is found by; written anew with it."""

article_rating = Table(
    "article_rating",
    metadata,
    key("article", primary=True),
    ident("instance_id", primary=True),
    Column("useful", Boolean, nullable=False),
)
