"""Business calendars of the house."""

from sqlalchemy import Column, Integer, Table

from engine.store.tables.base import at, key, metadata, text
from engine.store.types import Json

calendar = Table(
    "calendar",
    metadata,
    key("key", primary=True),
    Column("texts", Json, nullable=False),
    text("zone"),
    Column("weeks", Json, nullable=False),
    Column("makeup", Json, nullable=False),
    Column("holidays", Json, nullable=False),
    Column("workdays", Json, nullable=False),
    Column("revision", Integer, nullable=False),
    at("changed_at"),
    key("changed_by"),
)
