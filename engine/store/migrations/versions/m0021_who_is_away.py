"""Who is away, and how much a person can take."""

import sqlalchemy as sa
from alembic import op

revision = "m0021"
down_revision = "m0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=100), nullable=False),
        sa.Column("substitute", sa.String(length=100), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("processes", sa.Text(), nullable=False),
        sa.Column("groups", sa.Text(), nullable=False),
        sa.Column("open_too", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=100), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("set_by", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("(status = 'over') = (due_at IS NULL)", name=op.f("ck_absence_over")),
        sa.CheckConstraint("status IN ('planned', 'running', 'over')", name=op.f("ck_absence_status")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_absence_period")),
        sa.ForeignKeyConstraint(["person"], ["person.key"], name=op.f("fk_absence_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    some = sa.text("due_at IS NOT NULL")
    op.create_index("ix_absence_due_at", "absence", ["due_at"], sqlite_where=some, postgresql_where=some)
    op.create_index("ix_absence_person_starts_at", "absence", ["person", "starts_at"])
    op.create_index("ix_absence_substitute_starts_at", "absence", ["substitute", "starts_at"])
    op.add_column("person", sa.Column("capacity", sa.Integer(), server_default=sa.text("0"), nullable=False))
