"""All tables, in small files by subject. Importing this package fills ``metadata``."""

from engine.store.tables import (
    attachments,
    calendars,
    care,
    catalogue,
    customers,
    deals,
    handlers,
    instances,
    marketing,
    messages,
    moving,
    outward,
    people,
    trade,
    traffic,
    variants,
    waits,
)
from engine.store.tables.base import metadata

__all__ = [
    "attachments",
    "care",
    "calendars",
    "catalogue",
    "customers",
    "deals",
    "handlers",
    "instances",
    "marketing",
    "messages",
    "metadata",
    "moving",
    "outward",
    "people",
    "trade",
    "traffic",
    "variants",
    "waits",
]
