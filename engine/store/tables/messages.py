"""What goes between instances and to people: rows first, carried out after commit."""

from sqlalchemy import Column, Index, Integer, Table

from engine.store.tables.base import at, ident, key, metadata, one_of, refers, text
from engine.store.types import Json

mail = Table(
    "mail",
    metadata,
    ident(primary=True),
    ident("instance_id", null=True),
    key("trigger"),
    text("name"),
    text("key", null=True),
    key("business_key", null=True),
    Column("wait", Integer, nullable=False),
    Column("data", Json, nullable=False),
    Column("attempts", Integer, nullable=False),
    at("due_at"),
    Column("error", Json, nullable=False, server_default="{}"),
    at("dead_at", null=True),
    one_of("trigger", ("message", "signal")),
    Index(None, "due_at"),
)
"""The outbox: thrown messages and signals, deleted in the transaction that delivers them. One that was given up stays,
due NEVER."""

message_buffer = Table(
    "message_buffer",
    metadata,
    ident(primary=True),
    text("name"),
    text("key", null=True),
    key("business_key", null=True),
    ident("instance_id", null=True),
    Column("data", Json, nullable=False),
    at("created_at"),
    at("expires_at"),
    Index(None, "name", "key"),
    Index(None, "expires_at"),
)
"""Early messages."""

message_start = Table(
    "message_start",
    metadata,
    refers("process", "process.key", primary=True),
    key("node", primary=True),
    key("trigger"),
    text("name"),
    one_of("trigger", ("message", "signal")),
    Index(None, "name", "trigger"),
)
"""Start events of released programs by message or signal name."""

start_timer = Table(
    "start_timer",
    metadata,
    refers("process", "process.key", primary=True),
    key("node", primary=True),
    key("customer_group", primary=True),
    at("due_at"),
    Column("left", Integer, nullable=False),
    text("cycle"),
    key("calendar"),
    Index(None, "due_at"),
)
"""Timer start events of released programs: when each starts an instance next, for all or for one customer group."""

notice = Table(
    "notice",
    metadata,
    ident(primary=True),
    refers("instance_id", "instance.id"),
    ident("customer_id", null=True),
    key("channel"),
    text("to"),
    Column("subject", Json, nullable=False),
    Column("text", Json, nullable=False),
    at("created_at"),
    at("read_at", null=True),
    Index(None, "instance_id"),
    Index(None, "customer_id", "created_at"),
    Index(None, "to", "created_at"),
)
"""What customers and staff were told; the id is the job's, so telling twice is one row."""

circulation = Table(
    "circulation",
    metadata,
    ident(primary=True),
    key("person"),
    refers("instance_id", "instance.id"),
    key("node"),
    key("by"),
    text("text"),
    at("at"),
    at("read_at", null=True),
    Index(None, "person", "at"),
    Index(None, "instance_id", "person"),
)
"""Copies: a case shown to somebody who has nothing to do in it, with the receipt of having read it."""
