"""Who has work and does nothing with it."""

import sqlalchemy as sa
from alembic import op

revision = "m0036"
down_revision = "m0035"
branch_labels = None
depends_on = None
UNTOUCHED = "status = 'open' AND assignee IS NOT NULL AND NOT touched"


def upgrade() -> None:
    op.add_column("work_item", sa.Column("touched", sa.Boolean(), nullable=False, server_default=sa.text("false")))
    # What people have had all along is not taken from them the moment this arrives.
    op.execute("UPDATE work_item SET touched = true WHERE status = 'open' AND assignee IS NOT NULL")
    op.create_index(
        "ix_work_item_untouched",
        "work_item",
        ["process", "claimed_at"],
        unique=False,
        sqlite_where=sa.text(UNTOUCHED),
        postgresql_where=sa.text(UNTOUCHED),
    )
