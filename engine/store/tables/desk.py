"""What staff say about the desk, and the phrases they keep."""

from sqlalchemy import Column, Index, Table

from engine.store.tables.base import at, ident, key, metadata, one_of, refers, text
from engine.store.types import Json

feedback = Table(
    "feedback",
    metadata,
    ident(primary=True),
    refers("by", "person.key"),
    text("text"),
    text("page"),
    key("process"),
    key("node"),
    ident("instance_id"),
    at("created_at"),
    text("answer"),
    key("answered_by"),
    at("answered_at", null=True),
    at("seen_at", null=True),
    Index(None, "by"),
    Index(None, "process"),
)
"""Ids are in the order of time; empty words are what was not said. An instance that is gone leaves its id."""

phrase = Table(
    "phrase",
    metadata,
    ident(primary=True),
    key("owner"),
    key("kind"),
    one_of("kind", ("approve", "reject", "return", "comment")),
    Column("texts", Json, nullable=False),
    at("created_at"),
    Index(None, "owner"),
)
"""An empty ``owner``: everybody's."""
