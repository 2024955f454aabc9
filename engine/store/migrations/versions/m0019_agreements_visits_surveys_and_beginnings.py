"""Agreements, visits, surveys and beginnings."""

import sqlalchemy as sa
from alembic import op

revision = "m0019"
down_revision = "m0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "onboarding",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("customer", sa.String(length=64), nullable=False),
        sa.Column("needed", sa.Text(), nullable=False),
        sa.Column("received", sa.Text(), nullable=False),
        sa.Column("rounds", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("first_value_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onboarding")),
    )
    op.create_index(op.f("ix_onboarding_customer"), "onboarding", ["customer"], unique=False)
    op.create_table(
        "service_agreement",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("customer", sa.String(length=64), nullable=False),
        sa.Column("level", sa.String(length=100), nullable=False),
        sa.Column("calendar", sa.String(length=100), nullable=False),
        sa.Column("first_response_minutes", sa.Integer(), nullable=False),
        sa.Column("resolution_minutes", sa.Integer(), nullable=False),
        sa.Column("included_calls", sa.Integer(), nullable=False),
        sa.Column("monthly_fee", sa.Float(), nullable=False),
        sa.Column("penalty_percent", sa.Float(), nullable=False),
        sa.Column("valid_from", sa.String(length=100), nullable=False),
        sa.Column("valid_to", sa.String(length=100), nullable=False),
        sa.Column("status", sa.String(length=100), nullable=False),
        sa.Column("activated_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("level IN ('gold', 'silver', 'bronze', 'trial')", name=op.f("ck_service_agreement_level")),
        sa.CheckConstraint("status IN ('active', 'replaced', 'ended')", name=op.f("ck_service_agreement_status")),
        sa.PrimaryKeyConstraint("id", "n", name=op.f("pk_service_agreement")),
    )
    op.create_index(
        op.f("ix_service_agreement_customer_status"), "service_agreement", ["customer", "status"], unique=False
    )
    op.create_table(
        "service_visit",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("engineer", sa.String(length=100), nullable=False),
        sa.Column("customer", sa.String(length=64), nullable=False),
        sa.Column("visit_no", sa.String(length=100), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=100), nullable=False),
        sa.CheckConstraint("status IN ('booked', 'done', 'cancelled')", name=op.f("ck_service_visit_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_visit")),
    )
    op.create_index(
        op.f("ix_service_visit_engineer_starts_at"), "service_visit", ["engineer", "starts_at"], unique=False
    )
    op.create_index(op.f("ix_service_visit_visit_no"), "service_visit", ["visit_no"], unique=False)
    op.create_table(
        "survey",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("customer", sa.String(length=64), nullable=False),
        sa.Column("topic", sa.String(length=100), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("nps", sa.Integer(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
    )
    op.create_index(op.f("ix_survey_customer_asked_at"), "survey", ["customer", "asked_at"], unique=False)
