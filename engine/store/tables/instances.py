"""Running and finished instances, their history, their incidents."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Index, Integer, LargeBinary, Table, Text
from sqlalchemy import text as sql

from engine.store.tables.base import at, ident, key, metadata, one_of, refers, text
from engine.store.types import Json

instance = Table(
    "instance",
    metadata,
    ident(primary=True),
    Column("number", key("number").type, nullable=False, unique=True),
    refers("process", "process.key"),
    refers("program", "program.sha256"),
    refers("customer_id", "customer.id", null=True),
    Column("business_key", key("business_key").type, nullable=True),
    Column("once", Boolean, nullable=False, default=True, server_default=sql("true")),
    key("status"),
    Column("revision", Integer, nullable=False),
    Column("incidents", Integer, nullable=False),
    Column("next_fact", Integer, nullable=False),
    ident("resolution_id"),
    Column("sentence", Json, nullable=False),
    Column("state", LargeBinary, nullable=False),
    at("started_at"),
    key("started_by"),
    at("ended_at", null=True),
    Column("suspended", Boolean, nullable=False, default=False, server_default=sql("false")),
    Column("awaits_customer", Boolean, nullable=False, default=False, server_default=sql("false")),
    Column("held_by", key("held_by").type, nullable=False, default="", server_default=""),
    at("held_at", null=True),
    Column("held_reason", Text, nullable=False, default="", server_default=""),
    Index(
        "ix_instance_once",
        "process",
        "business_key",
        unique=True,
        sqlite_where=sql("once"),
        postgresql_where=sql("once"),
    ),
    Index("ix_instance_suspended", "id", sqlite_where=sql("suspended"), postgresql_where=sql("suspended")),
    Index(
        "ix_instance_awaits_customer",
        "id",
        sqlite_where=sql("awaits_customer"),
        postgresql_where=sql("awaits_customer"),
    ),
    Index(
        "ix_instance_business_key",
        "business_key",
        sqlite_where=sql("business_key IS NOT NULL"),
        postgresql_where=sql("business_key IS NOT NULL"),
    ),
    one_of("status", ("active", "completed", "cancelled")),
    CheckConstraint("incidents >= 0", name="incidents"),
    CheckConstraint("(status = 'active') = (ended_at IS NULL)", name="ended"),
    Index(None, "customer_id", "started_at"),
    Index(None, "process", "status", "id"),
    Index(None, "status", "id"),
    Index(None, "started_by", "id"),
    Index(None, "program", "id"),
    Index("ix_instance_incidents", "id", sqlite_where=sql("incidents > 0"), postgresql_where=sql("incidents > 0")),
    Index(
        "ix_instance_ended_at",
        "ended_at",
        "id",
        sqlite_where=sql("ended_at IS NOT NULL"),
        postgresql_where=sql("ended_at IS NOT NULL"),
    ),
    Index(
        "ix_instance_ended",
        "process",
        "ended_at",
        "id",
        sqlite_where=sql("ended_at IS NOT NULL"),
        postgresql_where=sql("ended_at IS NOT NULL"),
    ),
)
"""``state`` is the codec's bytes, lz4. NULL business keys never collide."""

fact = Table(
    "fact",
    metadata,
    ident("instance_id", primary=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    key("agent"),
    key("type"),
    key("node"),
    text("data"),
    sqlite_with_rowid=False,
)
"""Append only. ``at`` in microseconds and ``data`` as JSON text: written by the step's own statement."""

incident = Table(
    "incident",
    metadata,
    refers("instance_id", "instance.id", primary=True),
    Column("wait", Integer, primary_key=True, autoincrement=False),
    key("process"),
    key("node"),
    Column("path", Json, nullable=False),
    key("code"),
    Column("message", Json, nullable=False),
    Column("job", Integer, nullable=False),
    text("topic"),
    text("details"),
    at("created_at"),
    Index(None, "created_at"),
)
"""Open incidents only; the facts remember the others."""
