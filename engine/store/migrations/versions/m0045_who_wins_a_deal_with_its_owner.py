"""Who wins a deal with its owner."""

import sqlalchemy as sa
from alembic import op

revision = "m0045"
down_revision = "m0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contract", sa.Column("team", sa.Text(), server_default="[]", nullable=False))
