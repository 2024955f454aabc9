"""What campaigns keep: what was approved, to whom each wave went, and what came back. Moments are in UTC.

Another CRM can stand behind the same protocol.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from engine.records import Record

Status = Literal["planned", "running", "paused", "stopped", "ended"]
LeadState = Literal["ready", "nurtured", "shelved", "ended"]
GuestState = Literal["invited", "registered", "declined", "checked_in"]
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
    left_out: tuple[str, ...] = ()
    """Customers whom their account manager does not want to be written to."""
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
    """``sent``, or why not: ``stopped``, ``full``, ``answered``, ``left_out``, ``no_address``, ``incomplete``."""
    job: str
    sent_at: datetime

    def became(self, outcome: str) -> "Send":
        return msgspec.structs.replace(self, outcome=outcome)


class Response(Record, frozen=True, kw_only=True):
    """What a target did. ``id`` is the job that recorded it."""

    id: str
    campaign: str
    customer: str
    kind: Answer
    words: str = ""
    at: datetime


class Asset(Record, frozen=True, kw_only=True):
    """A released version of a letter, a brochure, a script: what may be sent, and until when."""

    key: str
    n: int = 1
    kind: str
    language: str
    title: str
    subject: str = ""
    body: str = ""
    """With ``{{places}}`` for what is known of a customer."""
    file: str = ""
    """The attachment of the case that made it, where there is one."""
    valid_until: str = ""
    """An ISO 8601 day, the last one; for ever when there is none."""
    job: str
    released_at: datetime


class Mailing(Record, frozen=True, kw_only=True):
    """A batch of letters of one asset version to one list; its targets are sends of the campaign ``id``."""

    id: str
    asset: str
    n: int
    list: str
    channel: str
    purpose: str
    sent: int
    left_out: int
    job: str
    at: datetime


class Guest(Record, frozen=True, kw_only=True):
    """Somebody invited to an event, or who came without."""

    event: str
    id: str
    """Number of the customer, or the address they registered with."""
    name: str
    phone: str = ""
    email: str = ""
    state: GuestState = "invited"
    changed_at: datetime


class Duty(Record, frozen=True, kw_only=True):
    """Somebody's days at an event, both ISO 8601, the last one included."""

    event: str
    person: str
    first: str
    last: str


class LeadActivity(Record, frozen=True, kw_only=True):
    """What a lead did, and how much interest that shows. ``id`` is the job that recorded it."""

    id: str
    lead: str
    kind: str
    points: int
    at: datetime


class LeadScore(Record, frozen=True, kw_only=True):
    """How good a lead is by now."""

    lead: str
    fit: int
    interest: int
    score: int
    state: LeadState
    track: str = ""
    wake_at: datetime | None = None
    changed_at: datetime


class CustomerValue(Record, frozen=True, kw_only=True):
    """What a customer was, is and may be worth, as computed once. ``id`` is the job that did."""

    id: str
    customer: str
    historical: float
    current: float
    potential: float
    """Money, as present value."""
    tier: str
    cluster: str = ""
    model: str
    at: datetime


class Reward(Record, frozen=True, kw_only=True):
    """Thanks for a referral that was converted. ``id`` is the job that booked it."""

    id: str
    customer: str
    reason: str
    amount: float
    at: datetime


class Campaigns(Protocol):
    def get(self, campaign: str) -> Campaign | None: ...
    def all(self, limit: int) -> list[Campaign]:
        """The last changed first."""
        ...

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


class Assets(Protocol):
    def release(self, record: Asset) -> Asset:
        """As the next version of its key; the one it made before when the job asks again."""
        ...

    def latest(self, key: str) -> Asset | None: ...
    def standing(self, text: str, day: str, limit: int) -> list[Asset]:
        """The newest version of each that may still be used on the day, by part of its key or title, by key."""
        ...

    def log(self, record: Mailing) -> None:
        """Once for each id."""
        ...

    def mailings(self, key: str) -> list[Mailing]:
        """Of all versions of an asset, oldest first."""
        ...


class Events(Protocol):
    def put_guest(self, record: Guest) -> None: ...
    def guest(self, event: str, guest_id: str) -> Guest | None: ...
    def guests(self, event: str) -> list[Guest]:
        """In the order of their ids."""
        ...

    def put_duty(self, record: Duty) -> None: ...
    def duties(self, people: Sequence[str], first: str, last: str) -> list[Duty]:
        """Of these people, on any day from ``first`` to ``last``."""
        ...


class Scores(Protocol):
    def act(self, record: LeadActivity) -> None:
        """Once for each id."""
        ...

    def activities(self, lead: str, since: datetime) -> list[LeadActivity]: ...
    def put_lead(self, record: LeadScore) -> None: ...
    def lead(self, lead: str) -> LeadScore | None: ...
    def put_value(self, record: CustomerValue) -> None: ...
    def values(self, customer: str, limit: int) -> list[CustomerValue]:
        """Newest first."""
        ...

    def valued_at(self, customers: Sequence[str]) -> Mapping[str, datetime]:
        """When each of them was valued last; who never was is not in it."""
        ...

    def reward(self, record: Reward) -> None:
        """Once for each id."""
        ...

    def rewards(self, customer: str) -> list[Reward]: ...
