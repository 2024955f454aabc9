"""Deals that partners register."""

import sqlalchemy as sa
from alembic import op

revision = "m0031"
down_revision = "m0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deal_registration",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("partner", sa.String(length=100), nullable=False),
        sa.Column("end_customer", sa.Text(), nullable=False),
        sa.Column("core", sa.String(length=100), nullable=False),
        sa.Column("product", sa.String(length=100), nullable=False),
        sa.Column("amount", sa.Float(), nullable=False),
        sa.Column("status", sa.String(length=100), nullable=False),
        sa.Column("protected_until", sa.String(length=100), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "status IN ('asked', 'protected', 'released', 'won')", name=op.f("ck_deal_registration_status")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_registration")),
    )
    op.create_index(op.f("ix_deal_registration_core_asked_at"), "deal_registration", ["core", "asked_at"], unique=False)
