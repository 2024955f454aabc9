"""Alembic's entrance. The connection is handed over by engine/store/migrate.py and committed there."""

from typing import Any, Literal

from alembic import context

from engine.store.tables import metadata
from engine.store.types import Json, Moment


def as_stored(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Our column types as what the database sees, so that an old migration needs none of today's code."""
    if kind == "type" and isinstance(item, Json):
        return "sa.Text()"
    if kind == "type" and isinstance(item, Moment):
        return "sa.BigInteger()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_item=as_stored,
    transactional_ddl=False,
)
context.run_migrations()
