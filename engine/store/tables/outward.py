"""The house and the world outside: whom it trusts, whom it calls, whom it tells."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, Table
from sqlalchemy import text as sql

from engine.store.tables.base import at, ident, key, metadata, one_of, refers, text
from engine.store.types import Json

credential = Table(
    "credential",
    metadata,
    key("name", primary=True),
    key("kind"),
    text("user"),
    Column("hosts", Json, nullable=False),
    text("note"),
    Column("sealed", LargeBinary, nullable=False),
    Column("revision", Integer, nullable=False),
    at("created_at"),
    key("created_by"),
    at("rotated_at"),
    one_of("kind", ("bearer", "basic", "header")),
)
"""``sealed`` is encrypted with a key that the database does not hold."""

opening = Table(
    "opening",
    metadata,
    Column("place", text("place").type, primary_key=True),
    text("note"),
    at("opened_at"),
    key("opened_by"),
)

deed = Table(
    "deed",
    metadata,
    ident(primary=True),
    at("at"),
    key("agent"),
    key("what"),
    text("about"),
    Column("details", Json, nullable=False),
    Index(None, "about", "id"),
)
"""Append only. Ids sort by time."""

connector = Table(
    "connector",
    metadata,
    key("name", primary=True),
    key("kind"),
    Column("settings", Json, nullable=False),
    text("note"),
    Column("revision", Integer, nullable=False),
    at("changed_at"),
    key("changed_by"),
    one_of("kind", ("http", "mail")),
)

template = Table(
    "mail_template",
    metadata,
    key("name", primary=True),
    Column("subject", Json, nullable=False),
    Column("text", Json, nullable=False),
    Column("html", Json, nullable=False),
    Column("revision", Integer, nullable=False),
    at("changed_at"),
    key("changed_by"),
)

webhook = Table(
    "webhook",
    metadata,
    ident(primary=True),
    key("name"),
    text("url"),
    Column("events", Json, nullable=False),
    Column("processes", Json, nullable=False),
    Column("groups", Json, nullable=False),
    Column("with_data", Boolean, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("old_sealed", LargeBinary, nullable=True),
    at("old_until", null=True),
    Column("active", Boolean, nullable=False),
    key("stopped"),
    Column("failures", Integer, nullable=False),
    at("failing_since", null=True),
    at("resting_until", null=True),
    Column("revision", Integer, nullable=False),
    at("created_at"),
    key("created_by"),
)

outgoing = Table(
    "outgoing",
    metadata,
    ident("instance_id", primary=True),
    Column("first", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)
"""Written in the transaction of the facts it names, while there is an active webhook."""

delivery = Table(
    "delivery",
    metadata,
    ident(primary=True),
    refers("webhook_id", "webhook.id"),
    ident("instance_id"),
    Column("seq", Integer, nullable=False),
    ident("event"),
    key("type"),
    text("body"),
    key("status"),
    Column("attempts", Integer, nullable=False),
    at("due_at"),
    Column("answered", Integer, nullable=False),
    Column("error", Json, nullable=False),
    at("created_at"),
    at("ended_at", null=True),
    Index("ix_delivery_event", "webhook_id", "event", unique=True),
    Index(
        "ix_delivery_due",
        "due_at",
        sqlite_where=sql("status = 'pending'"),
        postgresql_where=sql("status = 'pending'"),
    ),
    Index(
        "ix_delivery_order",
        "webhook_id",
        "instance_id",
        "seq",
        sqlite_where=sql("status = 'pending'"),
        postgresql_where=sql("status = 'pending'"),
    ),
    Index(
        "ix_delivery_ended",
        "ended_at",
        sqlite_where=sql("ended_at IS NOT NULL"),
        postgresql_where=sql("ended_at IS NOT NULL"),
    ),
    Index(None, "webhook_id", "id"),
    one_of("status", ("pending", "delivered", "dead")),
)
