"""Opportunities from stage to stage, and what is learnt from them."""

import sqlalchemy as sa
from alembic import op

revision = "m0020"
down_revision = "m0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "opportunity_move",
        sa.Column("job", sa.String(length=64), nullable=False),
        sa.Column("opportunity", sa.String(length=64), nullable=False),
        sa.Column("stage", sa.String(length=100), nullable=False),
        sa.Column("probability", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Float(), nullable=False),
        sa.Column("expected_close", sa.String(length=100), nullable=False),
        sa.Column("moved_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("job", name=op.f("pk_opportunity_move")),
    )
    op.create_index(
        op.f("ix_opportunity_move_opportunity_moved_at"), "opportunity_move", ["opportunity", "moved_at"], unique=False
    )
    op.create_table(
        "opportunity_review",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("opportunity", sa.String(length=64), nullable=False),
        sa.Column("result", sa.String(length=100), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("rival", sa.Text(), nullable=False),
        sa.Column("price_gap_percent", sa.Float(), nullable=False),
        sa.Column("quotes", sa.Text(), nullable=False),
        sa.Column("actions", sa.Text(), nullable=False),
        sa.Column("reviewed_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("result IN ('won', 'lost', 'cancelled')", name=op.f("ck_opportunity_review_result")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opportunity_review")),
    )
    op.create_index(op.f("ix_opportunity_review_opportunity"), "opportunity_review", ["opportunity"], unique=False)
    op.create_table(
        "rival",
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("met_in", sa.String(length=64), nullable=False),
        sa.Column("known_since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rival")),
    )
    op.add_column("opportunity", sa.Column("stage", sa.String(length=100), server_default="visit", nullable=False))
    op.add_column("opportunity", sa.Column("probability", sa.Integer(), server_default="10", nullable=False))
    op.add_column("opportunity", sa.Column("closed_at", sa.BigInteger(), nullable=True))
    op.add_column("opportunity", sa.Column("reason", sa.Text(), server_default="", nullable=False))
    op.add_column("opportunity", sa.Column("rival", sa.Text(), server_default="", nullable=False))
    op.create_index(op.f("ix_opportunity_closed_at_opened_at"), "opportunity", ["closed_at", "opened_at"], unique=False)
