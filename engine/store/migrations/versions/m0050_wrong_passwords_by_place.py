"""Wrong passwords are counted by login name and place; those that were counted by person alone are forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "m0050"
down_revision = "m0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "login_tries",
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("untold", sa.Integer(), nullable=False),
        sa.Column("blocked_until", sa.BigInteger(), nullable=True),
        sa.Column("failed_at", sa.BigInteger(), nullable=True),
        sa.Column("good_at", sa.BigInteger(), nullable=True),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", "source", name=op.f("pk_login_tries")),
    )
    op.create_index(op.f("ix_login_tries_seen_at"), "login_tries", ["seen_at"], unique=False)
    op.drop_column("person", "failures")
    op.drop_column("person", "blocked_until")
