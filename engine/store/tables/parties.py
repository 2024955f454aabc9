"""Relations among customers, and records that were merged."""

from sqlalchemy import Column, Index, Table

from engine.store.tables.base import at, ident, key, metadata, one_of
from engine.store.types import Json

party_relation = Table(
    "party_relation",
    metadata,
    ident("party", primary=True),
    ident("other", primary=True),
    key("kind", primary=True),
    at("since"),
    one_of("kind", ("parent", "partner", "agent", "supplier")),
    Index(None, "other"),
)

party_merge = Table(
    "party_merge",
    metadata,
    ident(primary=True),
    ident("into"),
    Column("taken", Json, nullable=False),
    Column("before", Json, nullable=False),
    at("merged_at"),
    Index(None, "into"),
)
