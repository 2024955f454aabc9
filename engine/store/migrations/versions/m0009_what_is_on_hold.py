"""What is on hold"""

import sqlalchemy as sa
from alembic import op

revision = "m0009"
down_revision = "m0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    free = sa.text("false")
    op.add_column("base_version", sa.Column("suspended", sa.Boolean(), server_default=free, nullable=False))
    op.add_column("instance", sa.Column("suspended", sa.Boolean(), server_default=free, nullable=False))
    some = sa.text("suspended")
    op.create_index("ix_instance_suspended", "instance", ["id"], sqlite_where=some, postgresql_where=some)
    op.add_column("job", sa.Column("held_at", sa.BigInteger(), nullable=True))
    op.add_column("timer", sa.Column("held_at", sa.BigInteger(), nullable=True))
    op.add_column("work_item", sa.Column("held", sa.Boolean(), server_default=free, nullable=False))
