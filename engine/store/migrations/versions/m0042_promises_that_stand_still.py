"""Since when a promise stands still."""

import sqlalchemy as sa
from alembic import op

revision = "m0042"
down_revision = "m0041"
branch_labels = None
depends_on = None
NEVER = 253370764800000000
LAST = 70_000_000_000_000_000 * 128 + 127
"""Rank of what has no due date and no priority."""
HELD = "status = 'open' AND held"
PRIORITY = "CASE WHEN priority < 0 THEN 0 WHEN priority > 127 THEN 127 ELSE priority END"


def upgrade() -> None:
    op.add_column("rung", sa.Column("held_at", sa.BigInteger(), nullable=True))
    op.add_column("work_item", sa.Column("held_at", sa.BigInteger(), nullable=True))
    # On hold since its case was put on hold, or since it was opened there.
    op.execute(
        "UPDATE work_item SET held_at = (SELECT max(at) FROM fact WHERE fact.instance_id = work_item.instance_id "
        f"AND type = 'InstanceSuspended') WHERE {HELD}"
    )
    op.execute(f"UPDATE work_item SET held_at = created_at WHERE {HELD} AND (held_at IS NULL OR held_at < created_at)")
    op.execute(f"UPDATE work_item SET rank = {LAST} - ({PRIORITY}) WHERE {HELD}")
    mine = "work_item.instance_id = candidate.instance_id AND work_item.wait = candidate.wait"
    op.execute(
        f"UPDATE candidate SET rank = (SELECT rank FROM work_item WHERE {mine}) "
        f"WHERE who NOT LIKE 'd:%' AND EXISTS (SELECT 1 FROM work_item WHERE {mine} AND {HELD})"
    )
    op.execute(
        f"UPDATE rung SET held_at = due_at, due_at = {NEVER} "
        "WHERE instance_id IN (SELECT id FROM instance WHERE status = 'active' AND suspended)"
    )
    op.drop_column("work_item", "held")
