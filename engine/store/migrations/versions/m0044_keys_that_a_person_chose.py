"""Keys of the desk that a person chose."""

import sqlalchemy as sa
from alembic import op

revision = "m0044"
down_revision = "m0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("shortcuts", sa.Text(), server_default="{}", nullable=False))
