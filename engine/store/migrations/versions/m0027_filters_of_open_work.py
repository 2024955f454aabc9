"""Indexes for filters of the inbox that leave little or nothing of much."""

import sqlalchemy as sa
from alembic import op

revision = "m0027"
down_revision = "m0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    still = sa.text("status = 'open'")
    for name, columns in (("ix_work_item_open", ["process", "node"]), ("ix_work_item_open_due", ["due_at"])):
        op.create_index(name, "work_item", columns, sqlite_where=still, postgresql_where=still)
