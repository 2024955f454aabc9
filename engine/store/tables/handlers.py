"""Who does the work that a drawing only names."""

from sqlalchemy import Column, Table, Text

from engine.store.tables.base import at, key, metadata, one_of, text

binding = Table(
    "binding",
    metadata,
    Column("handler", Text, primary_key=True),
    key("kind"),
    text("target"),
    at("bound_at"),
    key("bound_by"),
    one_of("kind", ("handler", "topic")),
)
"""``handler`` is the name in the drawing: a Java class, a delegate, an expression; at most 1,000 characters."""
