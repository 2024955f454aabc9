"""Telephone lists."""

import sqlalchemy as sa
from alembic import op

revision = "m0030"
down_revision = "m0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "blocked_number",
        sa.Column("phone", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("blocked_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("phone", name=op.f("pk_blocked_number")),
    )
    op.create_table(
        "phone_call",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("call_list", sa.String(length=100), nullable=False),
        sa.Column("phone", sa.String(length=100), nullable=False),
        sa.Column("agent", sa.String(length=100), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=100), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("called_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('reached', 'refused', 'no_answer', 'wrong_number', 'call_back', 'do_not_call')",
            name=op.f("ck_phone_call_outcome"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_call")),
    )
    op.create_index(op.f("ix_phone_call_call_list_called_at"), "phone_call", ["call_list", "called_at"], unique=False)
