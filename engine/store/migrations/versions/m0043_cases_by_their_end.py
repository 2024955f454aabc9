"""Lists of cases go by their end, whatever the process."""

import sqlalchemy as sa
from alembic import op

revision = "m0043"
down_revision = "m0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    over = sa.text("ended_at IS NOT NULL")
    op.create_index("ix_instance_ended_at", "instance", ["ended_at", "id"], sqlite_where=over, postgresql_where=over)
