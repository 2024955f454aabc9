"""Contact budget, lead pool, products, credit files, target lists, finished cases: what the CRM services keep."""

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, String, Table

from engine.store.tables.base import at, ident, key, metadata, one_of, text
from engine.store.types import Json

contact_budget = Table(
    "contact_budget", metadata, key("holder", primary=True), Column("locks", Integer, nullable=False)
)
"""One row for each customer or person whose budget is counted: the row is the lock."""

reservation = Table(
    "contact_reservation",
    metadata,
    key("id", primary=True),
    key("customer"),
    key("campaign"),
    key("channel"),
    Column("priority", Integer, nullable=False),
    key("status"),
    at("reserved_at"),
    at("expires_at"),
    one_of("status", ("reserved", "used", "released")),
    Index(None, "customer", "reserved_at"),
    Index(None, "campaign", "status"),
)

marketing_stop = Table(
    "marketing_stop",
    metadata,
    ident(primary=True),
    key("customer"),
    text("reason"),
    at("since"),
    at("lifted_at", null=True),
    Index(None, "customer"),
)

pooled_lead = Table(
    "pooled_lead",
    metadata,
    key("lead", primary=True),
    key("pool"),
    key("former"),
    at("pooled_at"),
    key("claimed_by"),
    at("claimed_at", null=True),
    Index(None, "pool"),
    Index(None, "claimed_by", "claimed_at"),
)

lead = Table(
    "lead",
    metadata,
    key("id", primary=True),
    text("name"),
    text("company"),
    key("phone"),
    Column("email", String(254), nullable=False),
    key("owner"),
    key("source"),
    text("need"),
    Column("consent", Boolean, nullable=False),
    key("campaign"),
    Column("joined", Json, nullable=False),
    at("created_at"),
    Index(None, "phone"),
    Index(None, "email"),
)

lead_pick = Table(
    "lead_pick", metadata, ident("job", primary=True), key("person"), at("picked_at"), Index(None, "person")
)

lead_block = Table("lead_block", metadata, key("person", primary=True), text("reason"), at("since"))
"""Who gets no new leads for now."""

product = Table(
    "product",
    metadata,
    key("key", primary=True),
    Column("texts", Json, nullable=False),
    Column("list_price", Float, nullable=False),
    Column("stock", BigInteger, nullable=False),
    Column("lead_days", Integer, nullable=False),
    Column("unit_cost", Float, nullable=True),
)

credit_file = Table(
    "credit_file",
    metadata,
    key("id_no", primary=True),
    Column("points", Integer, nullable=False),
    Column("arrears_months", Integer, nullable=False),
    Column("income", Float),
    Column("fraud_hits", Integer, nullable=False),
)

valuation = Table(
    "property_valuation",
    metadata,
    text("address"),
    ident("sha256", primary=True),
    Column("value", Float, nullable=False),
)

list_version = Table(
    "list_version",
    metadata,
    ident(primary=True),
    key("campaign"),
    Column("n", Integer, nullable=False),
    Column("members", Json, nullable=False),
    at("frozen_at"),
    Index(None, "campaign", "n", unique=True),
)

case_record = Table(
    "case_record",
    metadata,
    ident("instance_id", primary=True),
    key("process"),
    ident("customer"),
    text("outcome"),
    Column("cost", Float, nullable=False),
    Column("seconds", BigInteger, nullable=False),
    at("recorded_at"),
    Index(None, "process", "recorded_at"),
)

complaint_cause = Table(
    "complaint_cause",
    metadata,
    ident("job", primary=True),
    key("cause"),
    key("category"),
    at("counted_at"),
    Index(None, "cause", "category", "counted_at"),
)

problem_ticket = Table(
    "problem_ticket", metadata, key("problem", primary=True), key("ticket", primary=True), at("linked_at")
)
