"""Appointments with customers, a row for each attendee; telephone calls, and who is not to be called."""

from sqlalchemy import Column, Index, Integer, Table

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

blocked_number = Table("blocked_number", metadata, key("phone", primary=True), text("reason"), at("blocked_at"))
"""Who is not to be called, whatever the list."""

phone_call = Table(
    "phone_call",
    metadata,
    ident(primary=True),
    key("call_list"),
    key("phone"),
    key("agent"),
    Column("attempt", Integer, nullable=False),
    key("outcome"),
    text("notes"),
    at("called_at"),
    one_of("outcome", ("reached", "refused", "no_answer", "wrong_number", "call_back", "do_not_call")),
    Index(None, "call_list", "called_at"),
)
