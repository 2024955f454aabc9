"""Territories, quotas, forecasts and commissions."""

from sqlalchemy import Boolean, Column, Float, Index, Integer, Table

from engine.store.tables.base import at, ident, key, metadata, one_of, text
from engine.store.types import Json

territory = Table(
    "territory",
    metadata,
    key("id", primary=True),
    Column("rules", Json, nullable=False),
    Column("members", Json, nullable=False),
    key("realignment"),
    at("since"),
)

realignment = Table(
    "territory_realignment",
    metadata,
    key("id", primary=True),
    key("territory"),
    Column("rules", Json, nullable=False),
    Column("members", Json, nullable=False),
    key("segment"),
    key("leaver"),
    key("effective"),
    key("open_items"),
    key("status"),
    Column("moves", Json, nullable=False),
    at("drafted_at"),
    at("applied_at", null=True),
    one_of("open_items", ("keep", "move", "by_stage")),
    one_of("status", ("drafted", "applied")),
)

quota_plan = Table(
    "quota_plan",
    metadata,
    key("id", primary=True),
    key("period"),
    key("begins"),
    key("ends"),
    Column("target", Float, nullable=False),
    Column("units", Json, nullable=False),
    key("status"),
    at("made_at"),
    at("locked_at", null=True),
    one_of("status", ("open", "locked")),
    Index(None, "status", "begins"),
)

quota = Table(
    "quota",
    metadata,
    key("plan", primary=True),
    key("unit", primary=True),
    key("holder", primary=True),
    Column("amount", Float, nullable=False),
    Column("calls", Integer, nullable=False),
    Column("new_customers", Integer, nullable=False),
    key("answer"),
    text("reason"),
    at("answered_at", null=True),
    one_of("answer", ("", "accepted", "silent", "appealed")),
    Index(None, "holder"),
)

forecast = Table(
    "forecast",
    metadata,
    key("id", primary=True),
    key("team"),
    key("begins"),
    key("ends"),
    key("status"),
    Column("totals", Json, nullable=False),
    Column("adjusted", Float, nullable=False),
    text("reason"),
    at("made_at"),
    at("locked_at", null=True),
    one_of("status", ("open", "locked")),
    Index(None, "team", "locked_at"),
)

forecast_line = Table(
    "forecast_line",
    metadata,
    key("forecast", primary=True),
    key("owner", primary=True),
    key("deal", primary=True),
    text("name"),
    key("category"),
    Column("amount", Float, nullable=False),
    Column("confidence", Integer, nullable=False),
    Column("carried", Boolean, nullable=False),
    one_of("category", ("commit", "best", "pipeline", "omitted")),
)

earning = Table(
    "commission_earning",
    metadata,
    key("id", primary=True),
    ident("customer"),
    key("order"),
    key("kind"),
    Column("amount", Float, nullable=False),
    Column("split", Json, nullable=False),
    Column("facts", Json, nullable=False),
    key("day"),
    key("statement"),
    one_of("kind", ("order", "contract", "refund")),
    Index(None, "day"),
    Index(None, "order"),
)

statement = Table(
    "commission_statement",
    metadata,
    key("run", primary=True),
    key("person", primary=True),
    key("period"),
    Column("lines", Json, nullable=False),
    Column("total", Float, nullable=False),
    key("answer"),
    text("dispute"),
    key("status"),
    at("made_at"),
    at("settled_at", null=True),
    one_of("answer", ("", "accepted", "silent", "disputed")),
    one_of("status", ("drafted", "approved", "paid", "refused")),
)
