"""Indexes for lists of a million: cases by state, by process, by who began them and who takes part."""

import sqlalchemy as sa
from alembic import op

revision = "m0023"
down_revision = "m0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_instance_status_process", "instance")
    op.create_index("ix_instance_process_status_id", "instance", ["process", "status", "id"])
    op.create_index("ix_instance_status_id", "instance", ["status", "id"])
    op.create_index("ix_instance_started_by_id", "instance", ["started_by", "id"])
    op.create_index("ix_candidate_who_instance_id", "candidate", ["who", "instance_id"])
    op.create_index("ix_instance_program_id", "instance", ["program", "id"])
    op.create_index("ix_customer_owner", "customer", ["owner"])
    for name, table, columns, where in (
        ("ix_instance_incidents", "instance", ["id"], "incidents > 0"),
        ("ix_work_item_cases", "work_item", ["assignee", "instance_id"], "assignee IS NOT NULL"),
        ("ix_work_item_cases_done", "work_item", ["ended_by", "instance_id"], "status <> 'open'"),
    ):
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
