"""What may be sold and what is agreed: opportunities, quotes, contracts, orders. Moments are in UTC, days texts.

Another CRM can stand behind the same protocols.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal, Protocol

from engine.records import Record

Stage = Literal["visit", "needs", "solution", "quote", "negotiation", "won", "lost"]
CHANCES: Mapping[Stage, int] = MappingProxyType(
    {"visit": 10, "needs": 25, "solution": 45, "quote": 60, "negotiation": 80, "won": 100, "lost": 0}
)
"""Per cent, where nobody says otherwise."""


class Opportunity(Record, frozen=True, kw_only=True):
    """Something a customer may buy. ``id`` is the job that opened it."""

    id: str
    customer: str
    lead: str = ""
    name: str
    amount: float
    expected_close: str = ""
    owner: str = ""
    history: tuple[str, ...] = ()
    opened_at: datetime
    stage: Stage = "visit"
    probability: int = CHANCES["visit"]
    """Per cent."""
    closed_at: datetime | None = None
    reason: str = ""
    """Why it was won or lost."""
    rival: str = ""
    """Who else was asked, or has it now."""


class Move(Record, frozen=True, kw_only=True):
    """An opportunity was moved to a stage, or valued anew in it. ``job`` asked for it."""

    job: str
    opportunity: str
    stage: Stage
    probability: int
    amount: float
    expected_close: str
    moved_at: datetime


class Review(Record, frozen=True, kw_only=True):
    """What was learnt from an opportunity that is over. ``id`` is the instance that looked at it."""

    id: str
    opportunity: str
    result: Literal["won", "lost", "cancelled"]
    reasons: tuple[str, ...] = ()
    rival: str = ""
    price_gap_percent: float = 0
    quotes: str = ""
    actions: tuple[dict[str, Any], ...] = ()
    """Each {what, who, due}."""
    reviewed_at: datetime


class Opportunities(Protocol):
    def lock(self, opportunity_id: str) -> None:
        """Until the transaction ends nobody else moves it."""
        ...

    def get(self, opportunity_id: str) -> Opportunity | None: ...
    def put(self, record: Opportunity) -> None:
        """Adds it, or overwrites the one of that id."""
        ...

    def of_leads(self, leads: Sequence[str]) -> list[Opportunity]:
        """Those that were opened from one of them, oldest first."""
        ...

    def of_customer(self, customer: str) -> list[Opportunity]:
        """Oldest first."""
        ...

    def open(self) -> list[Opportunity]:
        """Those that are neither won nor lost, oldest first."""
        ...

    def closed(self, since: str, until: str) -> list[Opportunity]:
        """Won or lost from the day ``since`` on and before the day ``until``, in UTC, in that order."""
        ...

    def moved(self, move: Move) -> bool:
        """False when this job has moved it before."""
        ...

    def moves(self, opportunity_id: str) -> list[Move]:
        """In their order."""
        ...

    def review(self, record: Review) -> None:
        """Adds it, or overwrites the one of that id."""
        ...

    def reviewed(self, opportunity_id: str) -> list[Review]: ...
    def know_rival(self, key: str, name: str, review_id: str, now: datetime) -> bool:
        """True when this review is the first that met it; ``key`` is the core of its name."""
        ...


Standing = Literal["draft", "approved", "sent", "accepted", "declined", "expired", "superseded"]


class Quote(Record, frozen=True, kw_only=True):
    """One version of what a customer is offered. ``id`` is ``<number>/<version>``, ``instance_id`` its case."""

    id: str
    number: str
    version: int
    instance_id: str
    customer: str
    status: Standing = "draft"
    lines: tuple[dict[str, Any], ...]
    """Each {product, options, qty, list_price, discount}, the discount in per cent."""
    currency: str = "CNY"
    total: float
    discount: float
    """The highest of its lines, in per cent."""
    discount_limit: float
    """Up to here nobody had to approve it."""
    margin: float | None = None
    """What is left of the total after what its products cost, in per cent; None where a cost is not known."""
    valid_until: str
    payment_terms: str = ""
    lead_days: int = 0
    owner: str = ""
    document: str = ""
    reason: str = ""
    """Why it was declined or is to be changed."""
    drafted_at: datetime
    sent_at: datetime | None = None
    settled_at: datetime | None = None
    """When it was accepted, declined, expired or superseded."""

    def standing(self, today: str) -> Standing:
        """What it is on this day: what was sent and is valid no longer has expired, whether or not a case noted it."""
        return "expired" if self.status == "sent" and self.valid_until < today else self.status


class Quotes(Protocol):
    def lock(self, number: str) -> None:
        """Until the transaction ends nobody else makes or settles a version of it."""
        ...

    def put(self, record: Quote) -> None:
        """Adds it, or overwrites the one of that id."""
        ...

    def get(self, quote_id: str) -> Quote | None: ...
    def versions(self, number: str) -> list[Quote]:
        """Newest first."""
        ...

    def last_number(self, series: str) -> str:
        """The highest number that begins with ``series`` and has four digits behind it; empty when none has."""
        ...

    def of_customer(self, customer: str) -> list[Quote]:
        """Newest first, all versions."""
        ...

    def find(self, text: str, *, status: Standing | None, today: str, after: str, limit: int) -> list[Quote]:
        """Newest first, from behind the one of the id ``after``; what was superseded only when it is asked for.
        ``text`` is part of the number or of the customer's name; ``status`` is the standing ``today``."""
        ...

    def sent(self, since: datetime) -> list[Quote]:
        """What was sent from then on and not superseded."""
        ...


class Contract(Record, frozen=True, kw_only=True):
    """``id`` is the instance that drew it up; the number belongs to it from the first draft on."""

    id: str
    number: str
    customer: str
    status: Literal["drafted", "effective", "withdrawn", "ended"] = "drafted"
    amount: float
    term_from: str
    term_to: str
    template: str
    payments: tuple[dict[str, Any], ...] = ()
    """Each {n, date, amount}, and {paid_on} once it has come in."""
    auto_renew: bool = False
    owner: str = ""
    quote: str = ""
    """The number of the quote that was accepted."""
    team: tuple[str, ...] = ()
    """Who won the deal with its owner: people's keys."""
    drafted_at: datetime
    settled_at: datetime | None = None
    """When it became effective, was withdrawn or ended."""

    def watched(self, payments: Iterable[dict[str, Any]], *, first: bool) -> dict[str, Any]:
        """What whoever watches over it has to know: the payments to come, and whether the customer had none before."""
        return {
            "contractNo": self.number,
            "amount": self.amount,
            "term_from": self.term_from,
            "term_to": self.term_to,
            "auto_renew": self.auto_renew,
            "owner": self.owner,
            "payments": [{**one, "key": f"{self.number}/{one['n']}"} for one in payments],
            "first": first,
        }


class Contracts(Protocol):
    def lock(self, what: str) -> None:
        """Until the transaction ends nobody else draws a number of this series, or changes this contract."""
        ...

    def put(self, record: Contract) -> None:
        """Adds it, or overwrites the one of that id."""
        ...

    def get(self, contract_id: str) -> Contract | None: ...
    def numbered(self, number: str) -> Contract | None: ...
    def last_number(self, series: str) -> str:
        """The highest number that begins with ``series`` and has four digits behind it; empty when none has."""
        ...

    def of_customer(self, customer: str) -> list[Contract]:
        """Newest first, drafts and what was withdrawn among them."""
        ...


Payment = Literal["prepaid", "on_account", "on_delivery"]


class Order(Record, frozen=True, kw_only=True):
    """``id`` is the order's number, ``instance_id`` the case that took it: no other takes it again."""

    id: str
    instance_id: str
    customer: str
    status: Literal["taken", "shipped", "invoiced", "cancelled"] = "taken"
    lines: tuple[dict[str, Any], ...]
    """Each {sku, qty, price}."""
    total: float
    payment: Payment
    requested_date: str = ""
    ship_to: str = ""
    quote: str = ""
    """The number of the quote that was accepted."""
    shipments: tuple[dict[str, Any], ...] = ()
    """Each {job, at, tracking, lines: {sku: quantity}}."""
    invoice: str = ""
    invoiced_at: datetime | None = None
    reason: str = ""
    """Why it was cancelled."""
    taken_at: datetime


class Orders(Protocol):
    def lock(self, what: str) -> None:
        """Until the transaction ends nobody else changes this order, or draws an invoice's number."""
        ...

    def get(self, number: str) -> Order | None: ...
    def put(self, record: Order) -> None:
        """Adds it, or overwrites the one of that number."""
        ...

    def of_customer(self, customer: str) -> list[Order]:
        """Newest first, the cancelled among them."""
        ...

    def last_invoice(self, series: str) -> str:
        """The highest invoice number that begins with ``series``; empty when there is none."""
        ...


class Registration(Record, frozen=True, kw_only=True):
    """A deal that a partner has told us of. ``id`` is its number."""

    id: str
    partner: str
    end_customer: str
    core: str
    """What is left of the end customer's name without place and legal form: equal cores are one customer."""
    product: str
    amount: float
    status: Literal["asked", "protected", "released", "won"] = "asked"
    protected_until: str = ""
    asked_at: datetime


class Registrations(Protocol):
    def lock(self, core: str) -> None:
        """Until the transaction ends nobody else protects a deal with this end customer."""
        ...

    def get(self, number: str) -> Registration | None: ...
    def put(self, record: Registration) -> None: ...
    def of_core(self, core: str) -> list[Registration]:
        """Oldest first, whatever became of them."""
        ...
