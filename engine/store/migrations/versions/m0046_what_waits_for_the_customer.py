"""Whether a case is on hold until the customer answers."""

import sqlalchemy as sa
from alembic import op

revision = "m0046"
down_revision = "m0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("instance", sa.Column("awaits_customer", sa.Boolean(), server_default=sa.false(), nullable=False))
