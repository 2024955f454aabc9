"""Campaigns with each send and answer, assets, events, scores of leads, values of customers, rewards."""

from sqlalchemy import Column, Float, Index, Integer, String, Table

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
    Column("left_out", Json, nullable=False, server_default="[]"),
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

asset = Table(
    "asset",
    metadata,
    key("key", primary=True),
    Column("n", Integer, primary_key=True, nullable=False, autoincrement=False),
    key("kind"),
    key("language"),
    text("title"),
    text("subject"),
    text("body"),
    key("valid_until"),
    ident("job"),
    at("released_at"),
    Column("file", String(64), nullable=False, server_default=""),
    Index(None, "job", unique=True),
)

mailing = Table(
    "mailing",
    metadata,
    key("id", primary=True),
    key("asset"),
    Column("n", Integer, nullable=False),
    ident("list"),
    key("channel"),
    key("purpose"),
    Column("sent", Integer, nullable=False),
    Column("left_out", Integer, nullable=False),
    ident("job"),
    at("at"),
    Index(None, "asset", "at"),
)

guest = Table(
    "event_guest",
    metadata,
    key("event", primary=True),
    Column("id", String(254), primary_key=True, nullable=False),
    text("name"),
    text("phone"),
    text("email"),
    key("state"),
    at("changed_at"),
    one_of("state", ("invited", "registered", "declined", "checked_in")),
)

duty = Table(
    "event_duty",
    metadata,
    key("event", primary=True),
    key("person", primary=True),
    key("first"),
    key("last"),
    Index(None, "person", "first"),
)

lead_activity = Table(
    "lead_activity",
    metadata,
    ident(primary=True),
    key("lead"),
    key("kind"),
    Column("points", Integer, nullable=False),
    at("at"),
    Index(None, "lead", "at"),
)

lead_score = Table(
    "lead_score",
    metadata,
    key("lead", primary=True),
    Column("fit", Integer, nullable=False),
    Column("interest", Integer, nullable=False),
    Column("score", Integer, nullable=False),
    key("state"),
    key("track"),
    at("wake_at", null=True),
    at("changed_at"),
    one_of("state", ("ready", "nurtured", "shelved", "ended")),
)

customer_value = Table(
    "customer_value",
    metadata,
    ident(primary=True),
    ident("customer"),
    Column("historical", Float, nullable=False),
    Column("current", Float, nullable=False),
    Column("potential", Float, nullable=False),
    key("tier"),
    key("cluster"),
    key("model"),
    at("at"),
    Index(None, "customer", "at"),
)

reward = Table(
    "reward",
    metadata,
    ident(primary=True),
    ident("customer"),
    text("reason"),
    Column("amount", Float, nullable=False),
    at("at"),
    Index(None, "customer"),
)
