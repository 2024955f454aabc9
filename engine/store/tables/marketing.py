"""Campaigns, each send of each wave, and the answers."""

from sqlalchemy import Column, Float, Index, Integer, Table

from engine.marketing import ANSWERS
from engine.store.tables.base import at, ident, key, metadata, one_of, text
from engine.store.types import Json

campaign = Table(
    "campaign",
    metadata,
    key("id", primary=True),
    Column("n", Integer, nullable=False),
    ident("job"),
    text("name"),
    key("goal"),
    key("status"),
    key("owner"),
    Column("audience", Json, nullable=False),
    Column("channels", Json, nullable=False),
    Column("budget", Float, nullable=False),
    Column("expected_leads", Integer, nullable=False),
    Column("expected_roi", Float, nullable=False),
    key("starts"),
    key("ends"),
    at("changed_at"),
    one_of("status", ("planned", "running", "paused", "stopped", "ended")),
)

send = Table(
    "campaign_send",
    metadata,
    key("campaign", primary=True),
    Column("wave", Integer, primary_key=True, nullable=False, autoincrement=False),
    key("customer", primary=True),
    key("channel"),
    text("address"),
    key("outcome"),
    ident("job"),
    at("sent_at"),
    Index(None, "job"),
)

response = Table(
    "campaign_response",
    metadata,
    ident(primary=True),
    key("campaign"),
    key("customer"),
    key("kind"),
    text("words"),
    at("at"),
    one_of("kind", ANSWERS),
    Index(None, "campaign", "customer"),
)
