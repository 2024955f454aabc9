"""What instances wait for: a person, a moment, a message, a job. Key of each: instance and number of the wait."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, ForeignKeyConstraint, Index, Integer, Table
from sqlalchemy import text as sql

from engine.store.tables.base import at, ident, key, metadata, one_of, refers, text
from engine.store.types import Json


def _wait() -> list[Column[object]]:
    return [
        refers("instance_id", "instance.id", primary=True),
        Column("wait", Integer, primary_key=True, autoincrement=False),
    ]


work_item = Table(
    "work_item",
    metadata,
    *_wait(),
    key("process"),
    ident("customer_id", null=True),
    ident("program"),
    key("node"),
    Column("path", Json, nullable=False),
    Column("token", Integer, nullable=False),
    text("name"),
    Column("texts", Json, nullable=False),
    key("status"),
    key("assignee", null=True),
    Column("users", Json, nullable=False),
    Column("groups", Json, nullable=False),
    Column("excluded", Json, nullable=False),
    key("skill"),
    key("form"),
    Column("actions", Json, nullable=False),
    at("due_at", null=True),
    at("follow_up_at", null=True),
    Column("priority", Integer, nullable=False),
    Column("rank", BigInteger, nullable=False),
    Column("draft", Json, nullable=True),
    Column("revision", Integer, nullable=False),
    at("created_at"),
    at("claimed_at", null=True),
    at("ended_at", null=True),
    key("ended_by"),
    Column("handling", Json, nullable=True),
    # Whoever has it has done something with it since; the record has no such field: no reader asks.
    Column("touched", Boolean, nullable=False, server_default=sql("false")),
    at("held_at", null=True),
    at("goal_at", null=True),
    one_of("status", ("open", "completed", "cancelled")),
    CheckConstraint("(status = 'open') = (ended_at IS NULL)", name="ended"),
    Index(
        "ix_work_item_mine",
        "assignee",
        "rank",
        sqlite_where=sql("status = 'open' AND assignee IS NOT NULL"),
        postgresql_where=sql("status = 'open' AND assignee IS NOT NULL"),
    ),
    Index(
        "ix_work_item_untouched",
        "process",
        "claimed_at",
        sqlite_where=sql("status = 'open' AND assignee IS NOT NULL AND NOT touched"),
        postgresql_where=sql("status = 'open' AND assignee IS NOT NULL AND NOT touched"),
    ),
    Index(
        "ix_work_item_done",
        "ended_by",
        "ended_at",
        sqlite_where=sql("status = 'completed'"),
        postgresql_where=sql("status = 'completed'"),
    ),
    Index(
        "ix_work_item_open",
        "process",
        "node",
        sqlite_where=sql("status = 'open'"),
        postgresql_where=sql("status = 'open'"),
    ),
    Index(
        "ix_work_item_open_due",
        "due_at",
        sqlite_where=sql("status = 'open'"),
        postgresql_where=sql("status = 'open'"),
    ),
    Index(
        "ix_work_item_cases",
        "assignee",
        "instance_id",
        sqlite_where=sql("assignee IS NOT NULL"),
        postgresql_where=sql("assignee IS NOT NULL"),
    ),
    Index(
        "ix_work_item_cases_done",
        "ended_by",
        "instance_id",
        sqlite_where=sql("status <> 'open'"),
        postgresql_where=sql("status <> 'open'"),
    ),
    sqlite_with_rowid=False,
)
"""``rank`` is the order of the inbox in one number, see inbox/rank.py: due first, then priority. Since ``held_at`` its
instance is on hold."""

candidate = Table(
    "candidate",
    metadata,
    key("who", primary=True),
    Column("rank", BigInteger, primary_key=True, autoincrement=False),
    ident("instance_id", primary=True),
    Column("wait", Integer, primary_key=True, autoincrement=False),
    ForeignKeyConstraint(["instance_id", "wait"], ["work_item.instance_id", "work_item.wait"]),
    Index(None, "instance_id", "wait"),
    Index(None, "who", "instance_id"),
    sqlite_with_rowid=False,
)
"""Who may claim an open work item: ``u:<person>`` or ``g:<group>``; whose signature it waits for: ``s:<person>``; and
in whose stead somebody has it: ``a:<person>``. In the order of the inbox."""

timer = Table(
    "timer",
    metadata,
    *_wait(),
    key("node"),
    at("due_at"),
    at("held_at", null=True),
    Index(None, "due_at"),
)

rung = Table(
    "rung",
    metadata,
    ident("instance_id", primary=True),
    Column("wait", Integer, primary_key=True, autoincrement=False),
    Column("at_percent", Integer, primary_key=True, autoincrement=False),
    key("action", primary=True),
    key("to"),
    at("due_at"),
    at("held_at", null=True),
    key("of", primary=True),
    ForeignKeyConstraint(["instance_id", "wait"], ["work_item.instance_id", "work_item.wait"]),
    one_of("action", ("warn", "notify_manager", "raise_priority", "reassign", "breach")),
    one_of("of", ("deadline", "goal")),
    Index(None, "due_at"),
)
"""Rungs still to come of the ladders of promises; a rung is deleted when it is reached."""

subscription = Table(
    "subscription",
    metadata,
    *_wait(),
    key("node"),
    key("trigger"),
    text("name"),
    text("key", null=True),
    key("business_key", null=True),
    key("process"),
    at("created_at"),
    one_of("trigger", ("message", "signal", "conditional")),
    Index(None, "name", "key"),
)

job = Table(
    "job",
    metadata,
    *_wait(),
    key("process"),
    key("business_key", null=True),
    key("node"),
    text("handler"),
    key("style"),
    Column("input", Json, nullable=False),
    Column("headers", Json, nullable=False),
    Column("retries", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("priority", Integer, nullable=False),
    at("run_at"),
    Column("fence", Integer, nullable=False),
    key("worker"),
    text("error"),
    text("details"),
    Column("told", Boolean, nullable=False),
    at("created_at"),
    at("held_at", null=True),
    one_of("style", ("builtin", "external", "unbound", "continue")),
    Index(None, "style", "run_at"),
    Index(
        "ix_job_topic",
        "handler",
        "run_at",
        sqlite_where=sql("style = 'external'"),
        postgresql_where=sql("style = 'external'"),
    ),
)
"""A lease is a ``run_at`` in the future; ``fence`` counts the leases, so that a late answer is known as late.

What belongs to an instance on hold keeps its moment in ``held_at`` and is due NEVER: who looks for due work needs no
second look.
"""
