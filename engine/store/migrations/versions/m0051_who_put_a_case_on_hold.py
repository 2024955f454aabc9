"""Who put a case on hold, since when and why; cases that wait for their customer are found by an index."""

import json

import sqlalchemy as sa
from alembic import op

revision = "m0051"
down_revision = "m0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("instance", sa.Column("held_by", sa.String(length=100), server_default="", nullable=False))
    op.add_column("instance", sa.Column("held_at", sa.BigInteger(), nullable=True))
    op.add_column("instance", sa.Column("held_reason", sa.Text(), server_default="", nullable=False))
    op.create_index(
        "ix_instance_awaits_customer",
        "instance",
        ["id"],
        unique=False,
        sqlite_where=sa.text("awaits_customer"),
        postgresql_where=sa.text("awaits_customer"),
    )
    _remember()


def _remember() -> None:
    """Of those on hold now the history knows it."""
    connection = op.get_bind()
    held = sa.text(
        "SELECT fact.instance_id, fact.agent, fact.at, fact.data FROM fact JOIN instance ON instance.id = "
        "fact.instance_id WHERE instance.suspended AND fact.type = 'InstanceSuspended' ORDER BY fact.seq"
    )
    for key, agent, at, data in connection.execute(held).all():
        connection.execute(
            sa.text("UPDATE instance SET held_by = :by, held_at = :at, held_reason = :reason WHERE id = :id"),
            {"by": agent, "at": at, "reason": json.loads(data).get("reason", ""), "id": key},
        )
