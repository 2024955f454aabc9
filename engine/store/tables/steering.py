"""Rollout programmes and their gates, customers' journeys, reviews of processes."""

from sqlalchemy import Column, Float, Index, Integer, Table

from engine.store.tables.base import at, ident, key, metadata, one_of, text
from engine.store.types import Json

programme = Table(
    "programme",
    metadata,
    key("id", primary=True),
    ident("instance_id"),
    text("unit"),
    key("sponsor"),
    Column("phases", Json, nullable=False),
    Column("lines", Json, nullable=False),
    Column("baseline", Json, nullable=False),
    Column("expected_roi", Float, nullable=False),
    at("opened_at"),
    at("ended_at", null=True),
    key("outcome"),
    Index(None, "opened_at"),
)

programme_gate = Table(
    "programme_gate",
    metadata,
    ident(primary=True),
    key("programme"),
    Column("phase", Integer, nullable=False),
    key("outcome"),
    Column("return_to", Integer, nullable=False),
    Column("evidence", Json, nullable=False),
    key("by"),
    at("at"),
    one_of("outcome", ("passed", "returned", "stopped")),
    Index(None, "programme", "at"),
)

journey = Table(
    "journey",
    metadata,
    key("id", primary=True),
    ident("customer"),
    key("group"),
    key("campaign"),
    text("source"),
    Column("stages", Json, nullable=False),
    at("started_at"),
    at("ended_at", null=True),
    key("outcome"),
    text("reason"),
    Index(None, "campaign"),
    Index(None, "customer", "started_at"),
)

process_review = Table(
    "process_review",
    metadata,
    ident(primary=True),
    key("process"),
    at("since"),
    at("until"),
    Column("figures", Json, nullable=False),
    key("decision"),
    text("target"),
    key("decided_by"),
    at("decided_at", null=True),
    Index(None, "process", "until"),
)
