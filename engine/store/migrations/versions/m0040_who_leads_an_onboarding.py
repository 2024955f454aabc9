"""Which case leads an onboarding, and which wait for its end."""

import sqlalchemy as sa
from alembic import op

revision = "m0040"
down_revision = "m0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("onboarding", sa.Column("instance_id", sa.String(length=64), server_default="", nullable=False))
    op.add_column("onboarding", sa.Column("awaited_by", sa.Text(), server_default="[]", nullable=False))
