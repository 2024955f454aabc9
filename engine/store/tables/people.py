"""Staff and their groups, their sessions and tokens."""

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Integer, Table
from sqlalchemy import text as sql

from engine.store.tables.base import at, ident, key, metadata, one_of, refers, text
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
    at("created_at"),
    Column("capacity", Integer, nullable=False, default=0, server_default=sql("0")),
    Column("shortcuts", Json, nullable=False, server_default="{}"),
)
"""``password_hash`` is argon2's own line; empty: no login by password."""

login_tries = Table(
    "login_tries",
    metadata,
    key("key", primary=True),
    key("source", primary=True),
    Column("failures", Integer, nullable=False),
    Column("untold", Integer, nullable=False),
    at("blocked_until", null=True),
    at("failed_at", null=True),
    at("good_at", null=True),
    at("seen_at"),
    Index(None, "seen_at"),
)
"""``key`` is what was typed, whether anybody is called so or not."""

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

absence = Table(
    "absence",
    metadata,
    ident(primary=True),
    refers("person", "person.key"),
    key("substitute"),
    at("starts_at"),
    at("ends_at"),
    Column("processes", Json, nullable=False),
    Column("groups", Json, nullable=False),
    Column("open_too", Boolean, nullable=False),
    text("note"),
    key("status"),
    at("due_at", null=True),
    key("set_by"),
    at("created_at"),
    one_of("status", ("planned", "running", "over")),
    CheckConstraint("(status = 'over') = (due_at IS NULL)", name="over"),
    CheckConstraint("starts_at < ends_at", name="period"),
    Index(
        "ix_absence_due_at",
        "due_at",
        sqlite_where=sql("due_at IS NOT NULL"),
        postgresql_where=sql("due_at IS NOT NULL"),
    ),
    Index(None, "person", "starts_at"),
    Index(None, "substitute", "starts_at"),
)
"""An empty ``substitute``: nobody stands in."""

saved_filter = Table(
    "saved_filter",
    metadata,
    ident(primary=True),
    refers("owner", "person.key"),
    text("name"),
    key("staff_group"),
    key("shelf"),
    key("process"),
    ident("customer_id"),
    key("group"),
    key("node"),
    key("due"),
    at("created_at"),
    Index(None, "owner"),
    Index(None, "staff_group"),
)
"""Empty words are conditions that were not set; an empty ``staff_group`` is shared with nobody."""

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
