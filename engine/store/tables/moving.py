"""Migrations of running instances."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, Table

from engine.store.tables.base import at, ident, key, metadata, one_of, refers, text
from engine.store.types import Json

migration = Table(
    "migration",
    metadata,
    ident(primary=True),
    refers("process", "process.key"),
    key("occasion"),
    ident("old"),
    ident("new"),
    Column("title", Json, nullable=False),
    Column("chain", Json, nullable=False),
    Column("terms", Json, nullable=False),
    text("reason"),
    Column("patient", Boolean, nullable=False),
    at("created_at"),
    key("created_by"),
    one_of("occasion", ("release", "group")),
    Index(None, "process", "created_at"),
)

instance_migration = Table(
    "instance_migration",
    metadata,
    refers("plan_id", "migration.id", primary=True),
    refers("instance_id", "instance.id", primary=True),
    key("status"),
    key("kind"),
    Column("reasons", Json, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("seen", Integer, nullable=False),
    at("due_at"),
    at("settled_at", null=True),
    key("settled_by"),
    Column("held", LargeBinary, nullable=True),
    one_of("status", ("proposed", "waiting", "moved", "stays", "returning", "undone", "declined")),
    Index(None, "status", "due_at"),
    Index(None, "instance_id"),
)
"""``held`` is what an undo brings back, as MessagePack, lz4."""
