"""Variants know their chain, customers their language and contacts."""

import sqlalchemy as sa
from alembic import op

revision = "m0002"
down_revision = "m0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("customer_group")
    op.add_column("customer", sa.Column("language", sa.String(length=100), server_default="zh-CN", nullable=False))
    op.add_column("customer", sa.Column("contacts", sa.Text(), server_default="[]", nullable=False))
    op.add_column("variant_version", sa.Column("chain", sa.Text(), server_default="[]", nullable=False))
    with op.batch_alter_table("variant") as variant:
        variant.drop_constraint("fk_variant_parent_id", type_="foreignkey")
        variant.drop_column("parent_id")
        variant.drop_column("context_rule")
        variant.drop_column("priority")
