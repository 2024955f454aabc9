"""Group rules on their way: who did what to a version, and how far its release has been carried to the customers."""

import sqlalchemy as sa
from alembic import op

revision = "m0039"
down_revision = "m0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("group_rule", sa.Column("history", sa.Text(), server_default="[]", nullable=False))
    op.add_column("group_rule", sa.Column("regrouped_at", sa.BigInteger(), nullable=True))
    op.add_column("group_rule", sa.Column("regrouped_to", sa.String(length=100), server_default="", nullable=False))
    op.execute("UPDATE group_rule SET regrouped_at = created_at")
