"""The calendar."""

import sqlalchemy as sa
from alembic import op

revision = "m0029"
down_revision = "m0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "appointment",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("customer", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("attendees", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=100), nullable=False),
        sa.Column("override_reason", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("booked_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("status IN ('booked', 'cancelled', 'done', 'missed')", name=op.f("ck_appointment_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    op.create_index(op.f("ix_appointment_customer_starts_at"), "appointment", ["customer", "starts_at"], unique=False)
    op.create_table(
        "appointment_attendee",
        sa.Column("appointment", sa.String(length=100), nullable=False),
        sa.Column("person", sa.String(length=100), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("appointment", "person", name=op.f("pk_appointment_attendee")),
    )
    op.create_index(
        op.f("ix_appointment_attendee_person_starts_at"), "appointment_attendee", ["person", "starts_at"], unique=False
    )
