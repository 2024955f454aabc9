"""Files of cases: who added what, and the contents, each kept once, in parts that fit into memory many at a time."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table

from engine.store.tables.base import at, ident, key, metadata, refers, text

content = Table("content", metadata, ident("sha256", primary=True), Column("size", BigInteger, nullable=False))

content_part = Table(
    "content_part",
    metadata,
    refers("sha256", "content.sha256", primary=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
)

attachment = Table(
    "attachment",
    metadata,
    ident(primary=True),
    refers("instance_id", "instance.id", null=True),
    key("node"),
    text("name"),
    text("type"),
    Column("size", BigInteger, nullable=False),
    refers("sha256", "content.sha256"),
    key("added_by"),
    at("added_at"),
    Index(None, "instance_id"),
    Index(None, "sha256"),
    Index(None, "added_by", "added_at"),
)
"""Without an instance while the form of a start is being filled in."""
