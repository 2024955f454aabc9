"""Releases from a date, circumstances of variants, and what was decided about conflicts with a new base."""

import sqlalchemy as sa
from alembic import op

revision = "m0008"
down_revision = "m0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "conflict_decision",
        sa.Column("variant_id", sa.String(length=100), nullable=False),
        sa.Column("base_n", sa.Integer(), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("process", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("operation", sa.String(length=100), nullable=False),
        sa.Column("choice", sa.String(length=100), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("choice IN ('keep', 'drop', 'reanchor')", name=op.f("ck_conflict_decision_choice")),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_conflict_decision_variant_id")),
        sa.PrimaryKeyConstraint("variant_id", "base_n", "signature", name=op.f("pk_conflict_decision")),
    )
    op.create_index(op.f("ix_conflict_decision_process_at"), "conflict_decision", ["process", "at"])
    op.add_column("variant", sa.Column("context", sa.Text(), server_default="[]", nullable=False))
    op.add_column("variant", sa.Column("priority", sa.Integer(), server_default="0", nullable=False))
    op.add_column("variant_version", sa.Column("valid_from", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_variant_version_status_valid_from"), "variant_version", ["status", "valid_from"])
