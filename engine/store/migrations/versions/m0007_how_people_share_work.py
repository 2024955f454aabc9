"""How people share a step, copies of cases, and notices that were read."""

import sqlalchemy as sa
from alembic import op

revision = "m0007"
down_revision = "m0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "circulation",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=100), nullable=False),
        sa.Column("instance_id", sa.String(length=100), nullable=False),
        sa.Column("node", sa.String(length=100), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_circulation_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circulation")),
    )
    op.create_index(op.f("ix_circulation_instance_id_person"), "circulation", ["instance_id", "person"])
    op.create_index(op.f("ix_circulation_person_at"), "circulation", ["person", "at"])
    op.add_column("notice", sa.Column("read_at", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_notice_to_created_at"), "notice", ["to", "created_at"])
    op.add_column("work_item", sa.Column("handling", sa.Text(), nullable=True))
