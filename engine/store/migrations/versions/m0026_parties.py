"""Parties."""

import sqlalchemy as sa
from alembic import op

revision = "m0026"
down_revision = "m0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "party_merge",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("into", sa.String(length=64), nullable=False),
        sa.Column("taken", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("merged_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_merge")),
    )
    op.create_index(op.f("ix_party_merge_into"), "party_merge", ["into"], unique=False)
    op.create_table(
        "party_relation",
        sa.Column("party", sa.String(length=64), nullable=False),
        sa.Column("other", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('parent', 'partner', 'agent', 'supplier')", name=op.f("ck_party_relation_kind")),
        sa.PrimaryKeyConstraint("party", "other", "kind", name=op.f("pk_party_relation")),
    )
    op.create_index(op.f("ix_party_relation_other"), "party_relation", ["other"], unique=False)
