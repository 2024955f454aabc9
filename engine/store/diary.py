"""Appointments, found by who attends."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from engine import agenda
from engine.store import contacts, rows
from engine.store.tables.agenda import appointment, appointment_attendee


class Diary:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def lock(self, person: str) -> None:
        contacts.lock(self._db, f"diary {person}")

    def get(self, appointment_id: str) -> agenda.Appointment | None:
        found = sa.select(appointment).where(appointment.c.id == appointment_id)
        return rows.maybe(agenda.Appointment, self._db.execute(found).first())

    def put(self, record: agenda.Appointment) -> None:
        rows.put(self._db, appointment, appointment.c.id == record.id, record)
        attendees = appointment_attendee.c.appointment == record.id
        self._db.execute(appointment_attendee.delete().where(attendees))
        there = [
            {"appointment": record.id, "person": person, "starts_at": record.starts_at} for person in record.attendees
        ]
        if there:
            self._db.execute(appointment_attendee.insert(), there)

    def booked(self, people: Sequence[str], since: datetime, until: datetime) -> list[agenda.Appointment]:
        theirs = sa.select(appointment_attendee.c.appointment).where(
            appointment_attendee.c.person.in_(people), appointment_attendee.c.starts_at < until
        )
        touching = (appointment.c.starts_at < until) & (appointment.c.ends_at > since)
        found = sa.select(appointment).where(appointment.c.id.in_(theirs), touching, appointment.c.status == "booked")
        in_order = found.order_by(appointment.c.starts_at, appointment.c.id)
        return [rows.record(agenda.Appointment, row) for row in self._db.execute(in_order)]

    def of_customer(self, customer: str, limit: int) -> list[agenda.Appointment]:
        found = sa.select(appointment).where(appointment.c.customer == customer)
        newest_first = found.order_by(appointment.c.starts_at.desc(), appointment.c.id).limit(limit)
        return [rows.record(agenda.Appointment, row) for row in self._db.execute(newest_first)]
