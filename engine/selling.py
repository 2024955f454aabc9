"""How selling is organised: who looks after whom, who has to sell how much, what is expected, what is paid for it.

Moments are in UTC, days are ISO 8601 texts, money is CNY. Another CRM can stand behind the same protocols.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, Protocol

from engine.records import Record

OpenItems = Literal["keep", "move", "by_stage"]
"""What becomes of open deals and tasks when a customer goes to somebody else."""


class Territory(Record, frozen=True, kw_only=True):
    """Who looks after the customers that the rules cover, as it is in force."""

    id: str
    """Its key."""
    rules: tuple[dict[str, Any], ...]
    """Each {attr, op, value}: of one attribute any must hold, of several attributes one each."""
    members: tuple[str, ...]
    realignment: str
    since: datetime


class Realignment(Record, frozen=True, kw_only=True):
    """A territory as it is going to be. ``id`` is its number."""

    id: str
    territory: str
    rules: tuple[dict[str, Any], ...]
    members: tuple[str, ...]
    segment: str = ""
    """Key of the customer group that it is for; empty: all customers."""
    leaver: str = ""
    effective: str
    open_items: OpenItems = "move"
    status: Literal["drafted", "applied"] = "drafted"
    moves: tuple[dict[str, Any], ...] = ()
    """Once applied, each {customer, number, name, group, former, owner, writer}."""
    drafted_at: datetime
    applied_at: datetime | None = None


class Territories(Protocol):
    def lock(self) -> None:
        """Until the transaction ends nobody else changes the map."""
        ...

    def get(self, key: str) -> Territory | None: ...
    def put(self, record: Territory) -> None: ...
    def all(self) -> list[Territory]:
        """By key."""
        ...

    def realignment(self, number: str) -> Realignment | None: ...
    def keep(self, record: Realignment) -> None:
        """Adds it, or overwrites the one of that number."""
        ...


class QuotaPlan(Record, frozen=True, kw_only=True):
    """What is to be sold in a period, in all. ``id`` is its number."""

    id: str
    period: str
    begins: str
    ends: str
    """The last day of the period."""
    target: float
    units: tuple[dict[str, Any], ...] = ()
    """Each {unit, manager, target}; the targets add up to ``target``."""
    status: Literal["open", "locked"] = "open"
    made_at: datetime
    locked_at: datetime | None = None


class Quota(Record, frozen=True, kw_only=True):
    """What one person has to sell in a plan's period."""

    plan: str
    unit: str
    holder: str
    amount: float
    calls: int = 0
    """Activity: calls and visits in the period, where the plan asks for them."""
    new_customers: int = 0
    answer: Literal["", "accepted", "silent", "appealed"] = ""
    reason: str = ""
    """Of an appeal."""
    answered_at: datetime | None = None


class Quotas(Protocol):
    def lock(self, plan: str) -> None:
        """Until the transaction ends nobody else changes the quotas of this plan."""
        ...

    def plan(self, number: str) -> QuotaPlan | None: ...
    def keep(self, record: QuotaPlan) -> None:
        """Adds it, or overwrites the one of that number."""
        ...

    def of_plan(self, plan: str, unit: str = "") -> list[Quota]:
        """By unit and holder."""
        ...

    def replace(self, plan: str, unit: str, quotas: Sequence[Quota]) -> None:
        """Instead of all that the unit had in the plan."""
        ...

    def put(self, record: Quota) -> None: ...
    def standing(self, holders: Sequence[str], day: str) -> list[Quota]:
        """Of locked plans whose period this day is in."""
        ...


Category = Literal["commit", "best", "pipeline", "omitted"]


class Forecast(Record, frozen=True, kw_only=True):
    """What a team expects to sell, as it was said at one time. ``id`` is its number."""

    id: str
    team: str
    begins: str
    """The day it was made."""
    ends: str
    """It speaks of what closes until then."""
    status: Literal["open", "locked"] = "open"
    totals: dict[str, float] = {}
    """By category, and ``forecast``: what is expected after all, once it is locked."""
    adjusted: float = 0
    """By the manager, up or down."""
    reason: str = ""
    made_at: datetime
    locked_at: datetime | None = None


class ForecastLine(Record, frozen=True, kw_only=True):
    """What somebody expects of one deal, or of several together."""

    forecast: str
    owner: str
    deal: str
    name: str
    category: Category
    amount: float
    confidence: int = 0
    """Per cent."""
    carried: bool = False
    """Nobody confirmed it: as it was the time before."""


class Forecasts(Protocol):
    def lock(self, number: str) -> None:
        """Until the transaction ends nobody else changes this forecast."""
        ...

    def get(self, number: str) -> Forecast | None: ...
    def keep(self, record: Forecast) -> None:
        """Adds it, or overwrites the one of that number."""
        ...

    def of_team(self, team: str, limit: int) -> list[Forecast]:
        """The locked ones, newest first."""
        ...

    def lines(self, forecast: str) -> list[ForecastLine]:
        """By owner and deal."""
        ...

    def replace(self, forecast: str, owner: str, lines: Sequence[ForecastLine]) -> None:
        """Instead of all that this person said in the forecast."""
        ...


class Earning(Record, frozen=True, kw_only=True):
    """Money that came in from a customer, or went back, and who sold it. ``id`` is what it was paid for and when."""

    id: str
    customer: str
    order: str
    kind: Literal["order", "contract", "refund"]
    amount: float
    """Negative for a refund."""
    split: tuple[dict[str, Any], ...]
    """Each {user, pct}; the shares add up to 100."""
    facts: dict[str, Any] = {}
    """What the rate depends on: group, first purchase, won back."""
    day: str
    statement: str = ""
    """Number of the run that paid for it."""


class Statement(Record, frozen=True, kw_only=True):
    """What one person gets for one period; ``run`` is the number of the settlement."""

    run: str
    period: str
    person: str
    lines: tuple[dict[str, Any], ...]
    """Each {what, kind, base, rate, pct, amount}."""
    total: float
    answer: Literal["", "accepted", "silent", "disputed"] = ""
    dispute: str = ""
    status: Literal["drafted", "approved", "paid", "refused"] = "drafted"
    made_at: datetime
    settled_at: datetime | None = None


class Commissions(Protocol):
    def lock(self, run: str) -> None:
        """Until the transaction ends nobody else changes the statements of this run, or takes what it pays for."""
        ...

    def earn(self, record: Earning) -> bool:
        """False when it was known already; what is known stays."""
        ...

    def earned(self, begins: str, ends: str) -> list[Earning]:
        """Of these days, both included, by day."""
        ...

    def of_order(self, order: str) -> list[Earning]: ...
    def take(self, earnings: Sequence[str], run: str) -> None:
        """They are paid for by this run, and by no other."""
        ...

    def statements(self, run: str) -> list[Statement]:
        """By person."""
        ...

    def statement(self, run: str, person: str) -> Statement | None: ...
    def put(self, record: Statement) -> None: ...
