"""Letters that were given up."""

import sqlalchemy as sa
from alembic import op

revision = "m0047"
down_revision = "m0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mail", sa.Column("error", sa.Text(), server_default="{}", nullable=False))
    op.add_column("mail", sa.Column("dead_at", sa.BigInteger(), nullable=True))
