"""What service keeps: goods that came back, terms agreed, visits, opinions, customers who begin. Moments are in UTC.

Another system can stand behind the same protocols.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, Protocol

from engine.model.text import Text
from engine.records import Record


class DeliveredLine(Record, frozen=True, kw_only=True):
    """One line of an order that the customer has got."""

    order_no: str
    sku: str
    customer: str
    qty: int
    unit_price: float
    category: str = ""
    delivered_at: datetime


class ReturnedLine(Record, frozen=True, kw_only=True):
    sku: str
    qty: int


class Return(Record, frozen=True, kw_only=True):
    """Goods that may come back: their number is taken from what was bought as soon as it is authorised."""

    id: str
    """The return's number."""
    customer: str
    order_no: str
    lines: tuple[ReturnedLine, ...]
    status: Literal["authorised", "settled", "closed"] = "authorised"
    """``closed``: nothing came, or it went back to the customer; what was taken is free again."""
    state: str = ""
    """What the inspection found."""
    refund: float = 0.0
    payments: tuple[str, ...] = ()
    """The jobs that ordered the payment, one after the other failed."""
    opened_at: datetime
    ended_at: datetime | None = None


class StockHold(Record, frozen=True, kw_only=True):
    """Pieces of a product kept for one purpose; they have left the stock until they are released."""

    id: str
    """``<job>:<product>``."""
    product: str
    qty: int
    purpose: str
    status: Literal["held", "used", "released"] = "held"
    held_at: datetime


class Agreement(Record, frozen=True, kw_only=True):
    """What was agreed on service, one version of it; open cases keep the terms of the version they began under."""

    id: str
    """The agreement's number."""
    n: int
    customer: str
    level: Literal["gold", "silver", "bronze", "trial"]
    calendar: str
    first_response_minutes: int
    resolution_minutes: int
    """Both in open time of the calendar."""
    included_calls: int
    """A month."""
    monthly_fee: float = 0.0
    penalty_percent: float = 0.0
    """Of the monthly fee, for each promise that was not kept."""
    valid_from: str
    valid_to: str
    """ISO 8601 days, the last one included."""
    status: Literal["active", "replaced", "ended"] = "active"
    activated_at: datetime


class Visit(Record, frozen=True, kw_only=True):
    """An engineer's time at a customer's site."""

    id: str
    engineer: str
    customer: str
    visit_no: str
    starts_at: datetime
    ends_at: datetime
    status: Literal["booked", "done", "cancelled"] = "booked"


class Survey(Record, frozen=True, kw_only=True):
    """A customer was asked for an opinion, and perhaps gave one."""

    id: str
    """The case that asked."""
    customer: str
    topic: str
    asked_at: datetime
    score: int | None = None
    """1 to 5."""
    nps: int | None = None
    """0 to 10."""
    comment: str = ""
    answered_at: datetime | None = None


class Onboarding(Record, frozen=True, kw_only=True):
    """A new customer's beginning: which documents are needed, which have come, when the first value was there."""

    id: str
    customer: str
    needed: tuple[str, ...] = ()
    received: tuple[str, ...] = ()
    rounds: tuple[str, ...] = ()
    """The jobs that took documents in, one for each time they were handed in."""
    started_at: datetime
    first_value_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: str = ""
    instance_id: str = ""
    """The case that leads it."""
    awaited_by: tuple[str, ...] = ()
    """Cases that go on when it has ended."""

    @property
    def stands(self) -> bool:
        """It is under way, or came to its good end: what was stopped or dropped may begin anew."""
        return self.ended_at is None or self.outcome == "live"


class Article(Record, frozen=True, kw_only=True):
    """A problem and its solution. ``title`` is for lists, in the languages that there are."""

    key: str
    title: str
    keywords: tuple[str, ...] = ()
    body: str = ""
    version: int = 1
    titles: Text = {}
    problem: Text = {}
    solution: Text = {}
    audience: Literal["internal", "partner", "public"] = "public"
    status: Literal["published", "hidden", "retired"] = "published"
    """``hidden``: not found until somebody has looked at it again."""
    product: str = ""
    customer: str = ""
    """Whom alone it is for; empty: everybody of its audience."""
    review_on: str = ""
    """An ISO 8601 day."""
    useful: int = 0
    useless: int = 0
    """How many said so since it was published or kept."""


class Returns(Protocol):
    def deliver(self, line: DeliveredLine) -> None:
        """Again for the same order and sku it replaces what was known."""
        ...

    def delivered(self, order_no: str) -> list[DeliveredLine]: ...
    def lock(self, order_no: str) -> None:
        """Until the transaction ends nobody else authorises or settles a return of this order."""
        ...

    def get(self, return_no: str) -> Return | None: ...
    def put(self, record: Return) -> None: ...
    def of_order(self, order_no: str) -> list[Return]: ...
    def of_customer(self, customer: str, since: datetime) -> list[Return]:
        """Opened from ``since`` on."""
        ...


class Stock(Protocol):
    def take(self, product: str, qty: int) -> bool:
        """Atomic; False when there are not so many, and nothing is taken."""
        ...

    def give_back(self, product: str, qty: int) -> None: ...
    def hold(self, hold: StockHold) -> None: ...
    def holds(self, purpose: str) -> Sequence[StockHold]: ...


class Agreements(Protocol):
    def lock(self, number: str) -> None:
        """Until the transaction ends nobody else changes this agreement."""
        ...

    def versions(self, number: str) -> list[Agreement]:
        """Newest first."""
        ...

    def put(self, record: Agreement) -> None: ...
    def of_customer(self, customer: str) -> list[Agreement]:
        """The active versions, by number."""
        ...


class Visits(Protocol):
    def lock(self, engineer: str) -> None:
        """Until the transaction ends nobody else books this engineer."""
        ...

    def put(self, record: Visit) -> None: ...
    def get(self, visit_id: str) -> Visit | None: ...
    def of_number(self, visit_no: str) -> list[Visit]: ...
    def booked(self, engineers: Sequence[str], since: datetime, until: datetime) -> list[Visit]:
        """Not cancelled and touching the span, by their beginning."""
        ...


class Surveys(Protocol):
    def lock(self, customer: str) -> None: ...
    def put(self, record: Survey) -> None: ...
    def get(self, survey_id: str) -> Survey | None: ...
    def of_customer(self, customer: str, limit: int) -> list[Survey]:
        """Newest first."""
        ...

    def answered(self, since: datetime, limit: int) -> list[Survey]:
        """Of all customers, from ``since`` on, newest first."""
        ...


class Onboardings(Protocol):
    def lock(self, customer: str) -> None:
        """Until the transaction ends nobody else opens one for this customer."""
        ...

    def get(self, number: str) -> Onboarding | None: ...
    def put(self, record: Onboarding) -> None: ...
    def of_customer(self, customer: str) -> list[Onboarding]:
        """Newest first."""
        ...


class Articles(Protocol):
    def get(self, key: str) -> Article | None: ...
    def put(self, article: Article, terms: Mapping[str, int]) -> None:
        """With the terms it is found by from now on, and how much each counts."""
        ...

    def all(self) -> list[Article]: ...
    def count(self) -> int: ...
    def postings(self, terms: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        """term -> article -> weight."""
        ...

    def rate(self, key: str, instance_id: str, useful: bool) -> bool:
        """Counted once for each instance; whether it was this time."""
        ...
