"""Orders."""

import sqlalchemy as sa
from alembic import op

revision = "m0022"
down_revision = "m0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sales_order",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("instance_id", sa.String(length=64), nullable=False),
        sa.Column("customer", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=100), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("total", sa.Float(), nullable=False),
        sa.Column("payment", sa.String(length=100), nullable=False),
        sa.Column("requested_date", sa.String(length=100), nullable=False),
        sa.Column("ship_to", sa.Text(), nullable=False),
        sa.Column("shipments", sa.Text(), nullable=False),
        sa.Column("invoice", sa.String(length=100), nullable=False),
        sa.Column("invoiced_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("payment IN ('prepaid', 'on_account', 'on_delivery')", name=op.f("ck_sales_order_payment")),
        sa.CheckConstraint(
            "status IN ('taken', 'shipped', 'invoiced', 'cancelled')", name=op.f("ck_sales_order_status")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_order")),
    )
    op.create_index(op.f("ix_sales_order_customer_taken_at"), "sales_order", ["customer", "taken_at"], unique=False)
    op.create_index(op.f("ix_sales_order_invoice"), "sales_order", ["invoice"], unique=False)
