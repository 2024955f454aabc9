"""What was done to a variant's version, by whom and when."""

import sqlalchemy as sa
from alembic import op

revision = "m0003"
down_revision = "m0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("variant_version", sa.Column("history", sa.Text(), server_default="[]", nullable=False))
