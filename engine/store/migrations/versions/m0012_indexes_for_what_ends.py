"""Indexes for what ends."""

import sqlalchemy as sa
from alembic import op

revision = "m0012"
down_revision = "m0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_candidate_instance_id_wait", "candidate", ["instance_id", "wait"])
    over = sa.text("ended_at IS NOT NULL")
    op.create_index("ix_instance_ended_at", "instance", ["ended_at"], sqlite_where=over, postgresql_where=over)
