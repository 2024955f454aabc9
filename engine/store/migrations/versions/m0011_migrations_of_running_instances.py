"""Migrations of running instances."""

import sqlalchemy as sa
from alembic import op

revision = "m0011"
down_revision = "m0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "migration",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("process", sa.String(length=100), nullable=False),
        sa.Column("occasion", sa.String(length=100), nullable=False),
        sa.Column("old", sa.String(length=64), nullable=False),
        sa.Column("new", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("patient", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.CheckConstraint("occasion IN ('release', 'group')", name=op.f("ck_migration_occasion")),
        sa.ForeignKeyConstraint(["process"], ["process.key"], name=op.f("fk_migration_process")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_migration")),
    )
    op.create_index(op.f("ix_migration_process_created_at"), "migration", ["process", "created_at"], unique=False)
    op.create_table(
        "instance_migration",
        sa.Column("plan_id", sa.String(length=100), nullable=False),
        sa.Column("instance_id", sa.String(length=100), nullable=False),
        sa.Column("status", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("settled_by", sa.String(length=100), nullable=False),
        sa.Column("held", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "status IN ('proposed', 'waiting', 'moved', 'stays', 'returning', 'undone', 'declined')",
            name=op.f("ck_instance_migration_status"),
        ),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_instance_migration_instance_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["migration.id"], name=op.f("fk_instance_migration_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", "instance_id", name=op.f("pk_instance_migration")),
    )
    op.create_index(op.f("ix_instance_migration_instance_id"), "instance_migration", ["instance_id"], unique=False)
    op.create_index(
        op.f("ix_instance_migration_status_due_at"), "instance_migration", ["status", "due_at"], unique=False
    )
    op.add_column("group_move", sa.Column("followed_at", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_group_move_followed_at_at"), "group_move", ["followed_at", "at"], unique=False)
    op.execute('UPDATE group_move SET followed_at = "at"')
