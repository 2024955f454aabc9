"""When work should be done, beside when it must be; levels of a ladder that count by it."""

import sqlalchemy as sa
from alembic import op

revision = "m0048"
down_revision = "m0047"
branch_labels = None
depends_on = None
KEY = ["instance_id", "wait", "at_percent", "action", "of"]


def upgrade() -> None:
    op.add_column("work_item", sa.Column("goal_at", sa.BigInteger(), nullable=True))
    if op.get_context().dialect.name == "sqlite":
        _anew()
        return
    op.add_column("rung", sa.Column("of", sa.String(100), server_default="deadline", nullable=False))
    op.alter_column("rung", "of", server_default=None)
    op.create_check_constraint(op.f("ck_rung_of"), "rung", "of IN ('deadline', 'goal')")
    op.drop_constraint("pk_rung", "rung", type_="primary")
    op.create_primary_key("pk_rung", "rung", KEY)


def _anew() -> None:
    """SQLite changes no key."""
    op.drop_index("ix_rung_due_at", "rung")
    op.rename_table("rung", "rung_before")
    op.create_table(
        "rung",
        sa.Column("instance_id", sa.String(64), nullable=False),
        sa.Column("wait", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at_percent", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("action", sa.String(100), nullable=False),
        sa.Column("to", sa.String(100), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("held_at", sa.BigInteger(), nullable=True),
        sa.Column("of", sa.String(100), nullable=False),
        sa.CheckConstraint(
            "action IN ('warn', 'notify_manager', 'raise_priority', 'reassign', 'breach')", name=op.f("ck_rung_action")
        ),
        sa.CheckConstraint("of IN ('deadline', 'goal')", name=op.f("ck_rung_of")),
        sa.ForeignKeyConstraint(
            ["instance_id", "wait"],
            ["work_item.instance_id", "work_item.wait"],
            name=op.f("fk_rung_instance_id_wait"),
        ),
        sa.PrimaryKeyConstraint(*KEY, name=op.f("pk_rung")),
    )
    columns = 'instance_id, wait, at_percent, action, "to", due_at, held_at'
    op.execute(f"INSERT INTO rung ({columns}, of) SELECT {columns}, 'deadline' FROM rung_before")
    op.drop_table("rung_before")
    op.create_index(op.f("ix_rung_due_at"), "rung", ["due_at"], unique=False)
