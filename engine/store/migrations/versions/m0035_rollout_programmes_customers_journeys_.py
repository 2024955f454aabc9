"""Rollout programmes, customers' journeys and reviews of processes."""

import sqlalchemy as sa
from alembic import op

revision = "m0035"
down_revision = "m0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "journey",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("customer", sa.String(length=64), nullable=False),
        sa.Column("group", sa.String(length=100), nullable=False),
        sa.Column("campaign", sa.String(length=100), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("stages", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journey")),
    )
    op.create_index(op.f("ix_journey_campaign"), "journey", ["campaign"], unique=False)
    op.create_index(op.f("ix_journey_customer_started_at"), "journey", ["customer", "started_at"], unique=False)
    op.create_table(
        "process_review",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("process", sa.String(length=100), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("decision", sa.String(length=100), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=100), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_review")),
    )
    op.create_index(op.f("ix_process_review_process_until"), "process_review", ["process", "until"], unique=False)
    op.create_table(
        "programme",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("instance_id", sa.String(length=64), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("sponsor", sa.String(length=100), nullable=False),
        sa.Column("phases", sa.Text(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("baseline", sa.Text(), nullable=False),
        sa.Column("expected_roi", sa.Float(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
    )
    op.create_index(op.f("ix_programme_opened_at"), "programme", ["opened_at"], unique=False)
    op.create_table(
        "programme_gate",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("programme", sa.String(length=100), nullable=False),
        sa.Column("phase", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=100), nullable=False),
        sa.Column("return_to", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("outcome IN ('passed', 'returned', 'stopped')", name=op.f("ck_programme_gate_outcome")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_gate")),
    )
    op.create_index(op.f("ix_programme_gate_programme_at"), "programme_gate", ["programme", "at"], unique=False)
