"""Letters of released material, batch by batch."""

import sqlalchemy as sa
from alembic import op

revision = "m0034"
down_revision = "m0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mailing",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("asset", sa.String(length=100), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("list", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=100), nullable=False),
        sa.Column("purpose", sa.String(length=100), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing")),
    )
    op.create_index(op.f("ix_mailing_asset_at"), "mailing", ["asset", "at"], unique=False)
    op.add_column("asset", sa.Column("file", sa.String(length=64), server_default="", nullable=False))
