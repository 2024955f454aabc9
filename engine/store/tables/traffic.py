"""What the entrances need: answers to repeated requests, hints for live screens."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table

from engine.store.tables.base import at, ident, key, metadata
from engine.store.types import Json

idempotency_key = Table(
    "idempotency_key",
    metadata,
    key("agent", primary=True),
    key("key", primary=True),
    ident("request_sha256"),
    Column("status", Integer, nullable=False),
    Column("answer", Json, nullable=True),
    at("created_at"),
    at("expires_at"),
    Index(None, "expires_at"),
)
"""Same key and same request: the same answer. Written in the transaction of what it answers."""

change = Table(
    "change",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    key("kind"),
    ident("ref"),
)
"""Hints: something about ``ref`` changed, look again. Numbers may commit out of order; old ones are swept away, the
newest stays, so that numbers never begin again."""
