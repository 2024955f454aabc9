"""Processes, what was uploaded for them, and the programs that came of it."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Table
from sqlalchemy import text as sql

from engine.store.tables.base import at, ident, key, metadata, one_of, refers, text
from engine.store.types import Json

VERSION_STATUS = ("draft", "checked", "simulated", "approved", "released", "retired")

process = Table(
    "process",
    metadata,
    key("key", primary=True),
    key("prefix"),
    key("pillar"),
    Column("texts", Json, nullable=False),
    key("owner"),
    Column("details", Json, nullable=False),
    Column("last_number", BigInteger, nullable=False, default=0, server_default="0"),
    at("created_at"),
    one_of("pillar", ("MA", "SFA", "CSS", "X")),
)

deployment = Table(
    "deployment",
    metadata,
    ident(primary=True),
    text("name"),
    text("source"),
    at("created_at"),
    key("created_by"),
)

resource = Table(
    "resource",
    metadata,
    ident(primary=True),
    refers("deployment_id", "deployment.id"),
    text("name"),
    key("kind"),
    Column("content", LargeBinary, nullable=False),
    ident("sha256"),
    Column("problems", Json, nullable=False),
    one_of("kind", ("bpmn", "dmn", "form", "other")),
    Index(None, "deployment_id"),
    Index(None, "sha256"),
)

base_version = Table(
    "base_version",
    metadata,
    refers("process", "process.key", primary=True),
    Column("n", Integer, primary_key=True),
    refers("resource_id", "resource.id"),
    ident("program"),
    text("version_tag"),
    key("status"),
    Column("problems", Json, nullable=False),
    at("created_at"),
    key("created_by"),
    at("released_at", null=True),
    key("released_by"),
    Column("suspended", Boolean, nullable=False, default=False, server_default=sql("false")),
    Column("played", String(64), nullable=False, server_default=""),
    one_of("status", VERSION_STATUS),
    Index(None, "process", "status", "n"),
)

program = Table(
    "program",
    metadata,
    ident("sha256", primary=True),
    key("process"),
    Column("content", LargeBinary, nullable=False),
    at("created_at"),
)
"""``content`` is the program's JSON, lz4; equal programs are one row."""
