"""Whose rounds a timer begins: those for all, or those of one customer group. What was set stays."""

import sqlalchemy as sa
from alembic import op

revision = "m0049"
down_revision = "m0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    present = [dict(row) for row in op.get_bind().execute(sa.text("SELECT * FROM start_timer")).mappings()]
    op.drop_index(op.f("ix_start_timer_due_at"), "start_timer")
    op.drop_table("start_timer")
    table = op.create_table(
        "start_timer",
        sa.Column("process", sa.String(length=100), nullable=False),
        sa.Column("node", sa.String(length=100), nullable=False),
        sa.Column("customer_group", sa.String(length=100), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Text(), nullable=False),
        sa.Column("calendar", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["process"], ["process.key"], name=op.f("fk_start_timer_process")),
        sa.PrimaryKeyConstraint("process", "node", "customer_group", name=op.f("pk_start_timer")),
    )
    op.create_index(op.f("ix_start_timer_due_at"), "start_timer", ["due_at"], unique=False)
    if present:
        op.bulk_insert(table, [{**row, "customer_group": ""} for row in present])
