"""Goods that come back."""

import sqlalchemy as sa
from alembic import op

revision = "m0015"
down_revision = "m0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "delivered_line",
        sa.Column("order_no", sa.String(length=100), nullable=False),
        sa.Column("sku", sa.String(length=100), nullable=False),
        sa.Column("customer", sa.String(length=64), nullable=False),
        sa.Column("qty", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.Float(), nullable=False),
        sa.Column("category", sa.String(length=100), nullable=False),
        sa.Column("delivered_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("order_no", "sku", name=op.f("pk_delivered_line")),
    )
    op.create_table(
        "goods_return",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("customer", sa.String(length=64), nullable=False),
        sa.Column("order_no", sa.String(length=100), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=100), nullable=False),
        sa.Column("refund", sa.Float(), nullable=False),
        sa.Column("payments", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("status IN ('authorised', 'settled', 'closed')", name=op.f("ck_goods_return_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goods_return")),
    )
    op.create_index(op.f("ix_goods_return_customer_opened_at"), "goods_return", ["customer", "opened_at"], unique=False)
    op.create_index(op.f("ix_goods_return_order_no"), "goods_return", ["order_no"], unique=False)
    op.create_table(
        "stock_hold",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("product", sa.String(length=100), nullable=False),
        sa.Column("qty", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=100), nullable=False),
        sa.Column("status", sa.String(length=100), nullable=False),
        sa.Column("held_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("status IN ('held', 'used', 'released')", name=op.f("ck_stock_hold_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_hold")),
    )
    op.create_index(op.f("ix_stock_hold_purpose"), "stock_hold", ["purpose"], unique=False)
