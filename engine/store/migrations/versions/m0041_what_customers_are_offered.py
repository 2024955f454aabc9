"""What customers are offered."""

import sqlalchemy as sa
from alembic import op

revision = "m0041"
down_revision = "m0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quote",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.String(length=64), nullable=False),
        sa.Column("customer", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=100), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("currency", sa.String(length=100), nullable=False),
        sa.Column("total", sa.Float(), nullable=False),
        sa.Column("discount", sa.Float(), nullable=False),
        sa.Column("discount_limit", sa.Float(), nullable=False),
        sa.Column("margin", sa.Float(), nullable=True),
        sa.Column("valid_until", sa.String(length=100), nullable=False),
        sa.Column("payment_terms", sa.String(length=100), nullable=False),
        sa.Column("lead_days", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=100), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("drafted_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "status IN ('draft', 'approved', 'sent', 'accepted', 'declined', 'expired', 'superseded')",
            name=op.f("ck_quote_status"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote")),
    )
    op.create_index(op.f("ix_quote_customer_drafted_at"), "quote", ["customer", "drafted_at"], unique=False)
    op.create_index(op.f("ix_quote_drafted_at"), "quote", ["drafted_at"], unique=False)
    op.create_index(op.f("ix_quote_number_version"), "quote", ["number", "version"], unique=True)
    op.create_index(op.f("ix_quote_sent_at"), "quote", ["sent_at"], unique=False)
    op.add_column("contract", sa.Column("quote", sa.String(length=100), server_default="", nullable=False))
    op.add_column("product", sa.Column("unit_cost", sa.Float(), nullable=True))
    op.add_column("sales_order", sa.Column("quote", sa.String(length=100), server_default="", nullable=False))
