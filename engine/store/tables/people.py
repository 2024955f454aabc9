"""Staff and their groups, their sessions and tokens."""

from sqlalchemy import Boolean, Column, Index, Integer, Table

from engine.store.tables.base import at, ident, key, metadata, refers, text
from engine.store.types import Json

person = Table(
    "person",
    metadata,
    key("key", primary=True),
    text("name"),
    text("email"),
    text("password_hash"),
    key("locale"),
    key("manager"),
    Column("skills", Json, nullable=False),
    Column("roles", Json, nullable=False),
    Column("active", Boolean(create_constraint=True, name="active"), nullable=False),
    Column("failures", Integer, nullable=False),
    at("blocked_until", null=True),
    at("created_at"),
)
"""``password_hash`` is argon2's own line; empty: no login by password. ``failures``: wrong ones in a row."""

staff_group = Table(
    "staff_group",
    metadata,
    key("key", primary=True),
    Column("texts", Json, nullable=False),
    key("manager"),
)

membership = Table(
    "membership",
    metadata,
    refers("person", "person.key", primary=True),
    refers("staff_group", "staff_group.key", primary=True),
    Index(None, "staff_group"),
)

session = Table(
    "session",
    metadata,
    ident("token_sha256", primary=True),
    refers("person", "person.key"),
    at("created_at"),
    at("seen_at"),
    at("expires_at"),
    Index(None, "expires_at"),
    Index(None, "person"),
)
"""Only the hash of a cookie's token is kept: a stolen database opens no session."""

api_token = Table(
    "api_token",
    metadata,
    ident(primary=True),
    Column("token_sha256", ident().type, nullable=False, unique=True),
    refers("person", "person.key"),
    text("name"),
    Column("scopes", Json, nullable=False),
    at("created_at"),
    at("expires_at", null=True),
    at("revoked_at", null=True),
    at("used_at", null=True),
)
