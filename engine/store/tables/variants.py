"""Variants, their versions, and why an instance got which program."""

from sqlalchemy import Column, ForeignKeyConstraint, Index, Integer, Table, Text, UniqueConstraint

from engine.store.tables.base import at, ident, key, metadata, one_of, refers
from engine.store.tables.catalogue import VERSION_STATUS
from engine.store.types import Json

variant = Table(
    "variant",
    metadata,
    ident(primary=True),
    refers("process", "process.key"),
    key("customer_group"),
    key("owner"),
    Column("texts", Json, nullable=False),
    at("created_at"),
    Column("context", Json, nullable=False, server_default="[]"),
    Column("priority", Integer, nullable=False, server_default="0"),
    Index(None, "process", "customer_group"),
)

variant_version = Table(
    "variant_version",
    metadata,
    refers("variant_id", "variant.id", primary=True),
    Column("n", Integer, primary_key=True),
    key("process"),
    Column("base_n", Integer, nullable=False),
    Column("operations", Json, nullable=False),
    ident("sha256"),
    ident("program"),
    key("status"),
    Column("problems", Json, nullable=False),
    Column("reason", Json, nullable=False),
    at("created_at"),
    key("created_by"),
    at("released_at", null=True),
    key("released_by"),
    Column("chain", Json, nullable=False, server_default="[]"),
    Column("history", Json, nullable=False, server_default="[]"),
    at("valid_from", null=True),
    ForeignKeyConstraint(["process", "base_n"], ["base_version.process", "base_version.n"]),
    one_of("status", VERSION_STATUS),
    Index(None, "process", "status"),
    Index(None, "status", "valid_from"),
)

conflict_decision = Table(
    "conflict_decision",
    metadata,
    refers("variant_id", "variant.id", primary=True),
    Column("base_n", Integer, primary_key=True),
    ident("signature", primary=True),
    key("process"),
    key("kind"),
    key("operation"),
    key("choice"),
    key("by"),
    at("at"),
    Column("note", Text, nullable=False),
    one_of("choice", ("keep", "drop", "reanchor")),
    Index(None, "process", "at"),
)

resolution = Table(
    "resolution",
    metadata,
    ident(primary=True),
    ident("instance_id"),
    key("process"),
    ident("customer_id", null=True),
    at("as_of"),
    Column("facts", Json, nullable=False),
    ident("facts_sha256"),
    Column("rules", Json, nullable=False),
    Column("chain", Json, nullable=False),
    Column("sentence", Json, nullable=False),
    Column("experiment", Json, nullable=True),
    ident("program"),
    UniqueConstraint("instance_id"),
)
