"""Which program of a version was played to an end."""

import sqlalchemy as sa
from alembic import op

revision = "m0038"
down_revision = "m0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("base_version", sa.Column("played", sa.String(length=64), server_default="", nullable=False))
