"""What campaigns keep: what was approved, to whom each wave went, and what came back. Moments are in UTC.

Another CRM can stand behind the same protocol.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, Protocol

from engine.records import Record

Status = Literal["planned", "running", "paused", "stopped", "ended"]
Answer = Literal["receipt", "click", "reply", "bounce", "complaint", "unsubscribe"]
ANSWERS: tuple[Answer, ...] = ("receipt", "click", "reply", "bounce", "complaint", "unsubscribe")


class Campaign(Record, frozen=True, kw_only=True):
    """What was approved last; ``n`` counts the approvals, ``job`` is the one that wrote this."""

    id: str
    n: int = 1
    job: str
    name: str
    goal: str = ""
    status: Status = "planned"
    owner: str = ""
    audience: tuple[str, ...] = ()
    """Keys of customer groups."""
    channels: tuple[str, ...] = ()
    budget: float = 0
    expected_leads: int = 0
    expected_roi: float = 0
    starts: str = ""
    ends: str = ""
    """ISO 8601 days."""
    changed_at: datetime


class Send(Record, frozen=True, kw_only=True):
    """One target of one wave, written once before anything goes out: nobody gets the same wave twice."""

    campaign: str
    wave: int
    customer: str
    channel: str
    address: str = ""
    outcome: str
    """``sent``, or why not: ``stopped``, ``full``, ``answered``, ``no_address``."""
    job: str
    sent_at: datetime


class Response(Record, frozen=True, kw_only=True):
    """What a target did. ``id`` is the job that recorded it."""

    id: str
    campaign: str
    customer: str
    kind: Answer
    words: str = ""
    at: datetime


class Campaigns(Protocol):
    def get(self, campaign: str) -> Campaign | None: ...
    def put(self, record: Campaign) -> None: ...
    def lock(self, campaign: str) -> None:
        """Until the transaction ends nobody else changes this campaign."""
        ...

    def send(self, record: Send) -> None: ...
    def of_job(self, job: str) -> list[Send]: ...
    def of_wave(self, campaign: str, wave: int, outcome: str, limit: int) -> list[Send]:
        """In the order of the customers."""
        ...

    def has_reached(self, campaign: str, wave: int, customer: str) -> bool: ...
    def reached(self, campaign: str, wave: int) -> set[str]:
        """Customers of the wave that have their row."""
        ...

    def outcomes(self, campaign: str, wave: int | None = None) -> Mapping[str, int]:
        """How many sends came out how; of all waves when none is named."""
        ...

    def respond(self, record: Response) -> None:
        """Once for each id."""
        ...

    def answered(self, campaign: str, customers: Sequence[str]) -> set[str]:
        """Those of them who clicked, replied, complained, bounced or unsubscribed: a receipt is no answer."""
        ...

    def responses(self, campaign: str) -> Mapping[str, int]:
        """How many answers of each kind."""
        ...
