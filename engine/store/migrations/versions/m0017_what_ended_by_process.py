"""What ended, by process: each keeps its history as long as it says."""

import sqlalchemy as sa
from alembic import op

revision = "m0017"
down_revision = "m0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    over = sa.text("ended_at IS NOT NULL")
    op.drop_index("ix_instance_ended_at", "instance")
    op.create_index(
        "ix_instance_ended", "instance", ["process", "ended_at", "id"], sqlite_where=over, postgresql_where=over
    )
