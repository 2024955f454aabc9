"""What the small CRM services keep: contact budget, lead pool, products, credit files, lists. Moments are in UTC.

Another CRM can stand behind the same protocols.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, Protocol

from engine.model.text import Text
from engine.records import Record


class Reservation(Record, frozen=True, kw_only=True):
    """One contact that a campaign may make with a customer, taken before it is made."""

    id: str
    """``<job>:<customer>``: asking again with the same job reserves nothing more."""
    customer: str
    campaign: str
    channel: str
    priority: int
    status: Literal["reserved", "used", "released"] = "reserved"
    reserved_at: datetime
    expires_at: datetime


class MarketingStop(Record, frozen=True, kw_only=True):
    """No advertising to this customer; one for each case that asked for it."""

    id: str
    """The instance that asked for it."""
    customer: str
    reason: str
    since: datetime
    lifted_at: datetime | None = None


class PooledLead(Record, frozen=True, kw_only=True):
    lead: str
    pool: str
    former: str = ""
    pooled_at: datetime
    claimed_by: str = ""
    claimed_at: datetime | None = None


class Lead(Record, frozen=True, kw_only=True):
    """Somebody who may want something, taken in once; ``joined`` is what the same party said again later."""

    id: str
    """The lead's number."""
    name: str
    company: str = ""
    phone: str = ""
    """In the form of ``engine.domain.sameness``, as the e-mail is."""
    email: str = ""
    owner: str = ""
    source: str = ""
    need: str = ""
    consent: bool = False
    """To be written to with offers."""
    campaign: str = ""
    joined: tuple[dict[str, Any], ...] = ()
    created_at: datetime


class Product(Record, frozen=True, kw_only=True):
    key: str
    texts: Text
    list_price: float
    stock: int
    lead_days: int
    """How long it takes when the stock does not suffice."""
    unit_cost: float | None = None
    """What a piece costs the house; None where nobody has said."""


class CreditFile(Record, frozen=True, kw_only=True):
    """What the providers know about a person."""

    id_no: str
    points: int
    arrears_months: int = 0
    income: float | None = None
    fraud_hits: int = 0


class ListVersion(Record, frozen=True, kw_only=True):
    """A frozen target list. ``id`` is the job that froze it."""

    id: str
    campaign: str
    n: int
    members: list[dict[str, Any]]
    frozen_at: datetime

    @property
    def allowed(self) -> list[str]:
        """Ids of the customers who may be written to."""
        return [str(one.get("customer_id")) for one in self.members if one.get("verdict") == "allowed"]


class CaseRecord(Record, frozen=True, kw_only=True):
    """What a finished case cost and how long it took."""

    instance_id: str
    process: str
    customer: str
    outcome: str
    cost: float
    seconds: int
    recorded_at: datetime


class Contacts(Protocol):
    def lock(self, customer: str) -> None:
        """Until the transaction ends nobody else takes from this customer's budget."""
        ...

    def of_job(self, job: str) -> list[Reservation]: ...
    def of_campaign(self, campaign: str, customer: str, now: datetime) -> Reservation | None:
        """A reserved one that has not run out, the oldest."""
        ...

    def held(self, customer: str, since: datetime, now: datetime) -> list[Reservation]:
        """Reserved and used ones from ``since`` on that have not run out, newest first."""
        ...

    def add(self, reservation: Reservation) -> None: ...
    def use(self, reservation_id: str) -> None:
        """The contact was made."""
        ...

    def settle(self, campaign: str, status: Literal["used", "released"]) -> int:
        """What becomes of everything the campaign still has reserved; how many there were."""
        ...

    def stop(self, stop: MarketingStop) -> None: ...
    def lift(self, stop_id: str, now: datetime) -> None: ...
    def stopped(self, customers: Sequence[str]) -> set[str]:
        """Those of them with a stop that is not lifted."""
        ...

    def stops(self, customer: str) -> list[MarketingStop]:
        """Those that are not lifted, oldest first."""
        ...


class Leads(Protocol):
    def known(self, lead_id: str) -> Lead | None: ...
    def keep(self, record: Lead) -> None:
        """Once for each id: what is there stays."""
        ...

    def join(self, lead_id: str, joined: Sequence[dict[str, Any]]) -> None: ...
    def reached_by(self, phone: str, email: str) -> list[Lead]:
        """Oldest first; an empty phone or e-mail finds nobody."""
        ...

    def named_like(self, part: str, limit: int) -> list[Lead]: ...
    def of_campaign(self, campaign: str, limit: int) -> list[Lead]:
        """Oldest first."""
        ...

    def get(self, lead: str) -> PooledLead | None: ...
    def pool(self, lead: PooledLead) -> None:
        """Puts it in, or back."""
        ...

    def in_pool(self, pool: str) -> list[PooledLead]: ...
    def lock(self, person: str) -> None:
        """Until the transaction ends nobody else claims for this person."""
        ...

    def claim(self, lead: str, person: str, now: datetime) -> bool:
        """False when another has it."""
        ...

    def claims(self, person: str, since: datetime) -> int: ...
    def picks(self, people: Sequence[str]) -> Mapping[str, tuple[int, datetime]]:
        """How many leads each got and when the last."""
        ...

    def block(self, person: str, reason: str, now: datetime) -> None:
        """Gets no new leads until it is lifted; the first reason stays."""
        ...

    def unblock(self, people: Sequence[str]) -> None: ...
    def blocked(self, people: Sequence[str]) -> set[str]: ...
    def picked(self, person: str, job: str, now: datetime) -> None: ...
    def picked_for(self, job: str) -> str | None: ...


class Ledger(Protocol):
    def product(self, key: str) -> Product | None: ...
    def products(self, text: str, limit: int) -> list[Product]:
        """By part of the key or of a name, ordered by key."""
        ...

    def put_product(self, product: Product) -> None: ...
    def credit_file(self, id_no: str) -> CreditFile | None: ...
    def put_credit_file(self, file: CreditFile) -> None: ...
    def valuation(self, address: str) -> float | None: ...
    def put_valuation(self, address: str, value: float) -> None: ...
    def freeze(self, campaign: str, members: list[dict[str, Any]], job: str, now: datetime) -> ListVersion:
        """The next version; the one it made before when the job asks again."""
        ...

    def list_version(self, list_id: str) -> ListVersion | None: ...

    def record_case(self, case: CaseRecord) -> None: ...
    def case(self, instance_id: str) -> CaseRecord | None: ...
    def count_cause(self, job: str, cause: str, category: str, now: datetime) -> None: ...
    def causes(self, cause: str, category: str, since: datetime) -> int: ...
    def link_problem(self, problem: str, ticket: str, now: datetime) -> None: ...
    def linked(self, problem: str) -> list[str]: ...
