"""Territories, quotas, forecasts and commissions."""

import sqlalchemy as sa
from alembic import op

revision = "m0033"
down_revision = "m0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "commission_earning",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("customer", sa.String(length=64), nullable=False),
        sa.Column("order", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("amount", sa.Float(), nullable=False),
        sa.Column("split", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("day", sa.String(length=100), nullable=False),
        sa.Column("statement", sa.String(length=100), nullable=False),
        sa.CheckConstraint("kind IN ('order', 'contract', 'refund')", name=op.f("ck_commission_earning_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commission_earning")),
    )
    op.create_index(op.f("ix_commission_earning_day"), "commission_earning", ["day"], unique=False)
    op.create_index(op.f("ix_commission_earning_order"), "commission_earning", ["order"], unique=False)
    op.create_table(
        "commission_statement",
        sa.Column("run", sa.String(length=100), nullable=False),
        sa.Column("person", sa.String(length=100), nullable=False),
        sa.Column("period", sa.String(length=100), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("total", sa.Float(), nullable=False),
        sa.Column("answer", sa.String(length=100), nullable=False),
        sa.Column("dispute", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=100), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "answer IN ('', 'accepted', 'silent', 'disputed')", name=op.f("ck_commission_statement_answer")
        ),
        sa.CheckConstraint(
            "status IN ('drafted', 'approved', 'paid', 'refused')", name=op.f("ck_commission_statement_status")
        ),
        sa.PrimaryKeyConstraint("run", "person", name=op.f("pk_commission_statement")),
    )
    op.create_table(
        "forecast",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("team", sa.String(length=100), nullable=False),
        sa.Column("begins", sa.String(length=100), nullable=False),
        sa.Column("ends", sa.String(length=100), nullable=False),
        sa.Column("status", sa.String(length=100), nullable=False),
        sa.Column("totals", sa.Text(), nullable=False),
        sa.Column("adjusted", sa.Float(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("locked_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("status IN ('open', 'locked')", name=op.f("ck_forecast_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forecast")),
    )
    op.create_index(op.f("ix_forecast_team_locked_at"), "forecast", ["team", "locked_at"], unique=False)
    op.create_table(
        "forecast_line",
        sa.Column("forecast", sa.String(length=100), nullable=False),
        sa.Column("owner", sa.String(length=100), nullable=False),
        sa.Column("deal", sa.String(length=100), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("category", sa.String(length=100), nullable=False),
        sa.Column("amount", sa.Float(), nullable=False),
        sa.Column("confidence", sa.Integer(), nullable=False),
        sa.Column("carried", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "category IN ('commit', 'best', 'pipeline', 'omitted')", name=op.f("ck_forecast_line_category")
        ),
        sa.PrimaryKeyConstraint("forecast", "owner", "deal", name=op.f("pk_forecast_line")),
    )
    op.create_table(
        "quota",
        sa.Column("plan", sa.String(length=100), nullable=False),
        sa.Column("unit", sa.String(length=100), nullable=False),
        sa.Column("holder", sa.String(length=100), nullable=False),
        sa.Column("amount", sa.Float(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("new_customers", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("answer IN ('', 'accepted', 'silent', 'appealed')", name=op.f("ck_quota_answer")),
        sa.PrimaryKeyConstraint("plan", "unit", "holder", name=op.f("pk_quota")),
    )
    op.create_index(op.f("ix_quota_holder"), "quota", ["holder"], unique=False)
    op.create_table(
        "quota_plan",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("period", sa.String(length=100), nullable=False),
        sa.Column("begins", sa.String(length=100), nullable=False),
        sa.Column("ends", sa.String(length=100), nullable=False),
        sa.Column("target", sa.Float(), nullable=False),
        sa.Column("units", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=100), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("locked_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("status IN ('open', 'locked')", name=op.f("ck_quota_plan_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota_plan")),
    )
    op.create_index(op.f("ix_quota_plan_status_begins"), "quota_plan", ["status", "begins"], unique=False)
    op.create_table(
        "territory",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("members", sa.Text(), nullable=False),
        sa.Column("realignment", sa.String(length=100), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_territory")),
    )
    op.create_table(
        "territory_realignment",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("territory", sa.String(length=100), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("members", sa.Text(), nullable=False),
        sa.Column("segment", sa.String(length=100), nullable=False),
        sa.Column("leaver", sa.String(length=100), nullable=False),
        sa.Column("effective", sa.String(length=100), nullable=False),
        sa.Column("open_items", sa.String(length=100), nullable=False),
        sa.Column("status", sa.String(length=100), nullable=False),
        sa.Column("moves", sa.Text(), nullable=False),
        sa.Column("drafted_at", sa.BigInteger(), nullable=False),
        sa.Column("applied_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "open_items IN ('keep', 'move', 'by_stage')", name=op.f("ck_territory_realignment_open_items")
        ),
        sa.CheckConstraint("status IN ('drafted', 'applied')", name=op.f("ck_territory_realignment_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_territory_realignment")),
    )
