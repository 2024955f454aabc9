"""When people meet or call customers. Moments are in UTC.

Another calendar can stand behind the same protocol.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol

from engine.records import Record


class Appointment(Record, frozen=True, kw_only=True):
    """``id`` is the case's number for it; booked anew it replaces what was booked before."""

    id: str
    customer: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    attendees: tuple[str, ...]
    """Keys of staff."""
    place: str = ""
    status: Literal["booked", "cancelled", "done", "missed"] = "booked"
    override_reason: str = ""
    """Why it was booked although somebody had something else."""
    result: str = ""
    booked_at: datetime


class Diary(Protocol):
    def lock(self, person: str) -> None:
        """Until the transaction ends nobody else books this person."""
        ...

    def get(self, appointment_id: str) -> Appointment | None: ...
    def put(self, record: Appointment) -> None:
        """Adds it, or overwrites the one of that id."""
        ...

    def booked(self, people: Sequence[str], since: datetime, until: datetime) -> list[Appointment]:
        """Of any of these people, booked and touching the span, by their beginning."""
        ...

    def of_customer(self, customer: str, limit: int) -> list[Appointment]:
        """Newest first, whatever became of them."""
        ...


Outcome = Literal["reached", "refused", "no_answer", "wrong_number", "call_back", "do_not_call"]


class Call(Record, frozen=True, kw_only=True):
    """One attempt to reach a number of a list. ``id`` is the job that wrote it down."""

    id: str
    call_list: str
    phone: str
    agent: str
    attempt: int
    outcome: Outcome
    notes: str = ""
    called_at: datetime


class Calls(Protocol):
    def block(self, phone: str, reason: str, now: datetime) -> None:
        """Nobody calls this number any more, for any list."""
        ...

    def blocked(self, phones: Sequence[str]) -> set[str]: ...
    def add(self, record: Call) -> None:
        """Once for each id."""
        ...

    def of_list(self, call_list: str) -> list[Call]:
        """In their order."""
        ...
