"""Appointments with customers, a row for each attendee."""

from sqlalchemy import Column, Index, Table

from engine.store.tables.base import at, ident, key, metadata, one_of, text
from engine.store.types import Json

appointment = Table(
    "appointment",
    metadata,
    key("id", primary=True),
    ident("customer"),
    key("kind"),
    at("starts_at"),
    at("ends_at"),
    Column("attendees", Json, nullable=False),
    text("place"),
    key("status"),
    text("override_reason"),
    text("result"),
    at("booked_at"),
    one_of("status", ("booked", "cancelled", "done", "missed")),
    Index(None, "customer", "starts_at"),
)

appointment_attendee = Table(
    "appointment_attendee",
    metadata,
    key("appointment", primary=True),
    key("person", primary=True),
    at("starts_at"),
    Index(None, "person", "starts_at"),
)
