"""What floors 4 to 6 program against: the unit of work, the bell, what is plugged in, and ``Engine``, the bundle.

The adapters of floor 7 fulfil these protocols; ``engine.app.build`` puts them together.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple, Protocol, TypeVar

from engine import (
    agenda,
    binding,
    care,
    deals,
    facts,
    marketing,
    moving,
    outward,
    parties,
    records,
    repositories,
    selling,
    steering,
    trade,
)
from engine.bell import Bell
from engine.clock import Clock
from engine.kernel.evaluator import Evaluator
from engine.kernel.graph import Plan
from engine.model.performer import Passing, Performer
from engine.model.problem import Problem
from engine.model.program import Program
from engine.model.text import Text
from engine.recent import Recent
from engine.schedule.calendars import Calendar
from engine.settings import Settings

T = TypeVar("T")


Kind = Literal["job", "timer", "mail", "topic", "change", "people", "calendar"]


class Ring(NamedTuple):
    """The bell: there may be work of ``kind``. ``ref`` is its id where there is one."""

    kind: Kind
    ref: str = ""


class Transaction(Protocol):
    """One unit of work. It ends with the ``with`` block: committed, or undone when an error leaves the block."""

    @property
    def steps(self) -> repositories.Steps: ...
    @property
    def instances(self) -> repositories.Instances: ...
    @property
    def waits(self) -> repositories.Waits: ...
    @property
    def items(self) -> repositories.Items: ...
    @property
    def due(self) -> repositories.Due: ...
    @property
    def jobs(self) -> repositories.Jobs: ...
    @property
    def lists(self) -> repositories.Lists: ...
    @property
    def messages(self) -> repositories.Messages: ...
    @property
    def facts(self) -> repositories.Facts: ...
    @property
    def programs(self) -> repositories.Programs: ...
    @property
    def processes(self) -> repositories.Processes: ...
    @property
    def customers(self) -> repositories.Customers: ...
    @property
    def groups(self) -> repositories.Groups: ...
    @property
    def variants(self) -> repositories.Variants: ...
    @property
    def people(self) -> repositories.People: ...
    @property
    def filters(self) -> repositories.Filters: ...
    @property
    def feedbacks(self) -> repositories.Feedbacks: ...
    @property
    def phrases(self) -> repositories.Phrases: ...
    @property
    def absences(self) -> repositories.Absences: ...
    @property
    def notices(self) -> repositories.Notices: ...
    @property
    def changes(self) -> repositories.Changes: ...
    @property
    def bindings(self) -> binding.Bindings: ...
    @property
    def repeats(self) -> repositories.Repeats: ...
    @property
    def resolutions(self) -> repositories.Resolutions: ...
    @property
    def moves(self) -> moving.Moves: ...
    @property
    def contacts(self) -> trade.Contacts: ...
    @property
    def campaigns(self) -> marketing.Campaigns: ...
    @property
    def assets(self) -> marketing.Assets: ...
    @property
    def events(self) -> marketing.Events: ...
    @property
    def scores(self) -> marketing.Scores: ...
    @property
    def contracts(self) -> deals.Contracts: ...
    @property
    def opportunities(self) -> deals.Opportunities: ...
    @property
    def quotes(self) -> deals.Quotes: ...
    @property
    def orders(self) -> deals.Orders: ...
    @property
    def parties(self) -> parties.Parties: ...
    @property
    def diary(self) -> agenda.Diary: ...
    @property
    def calls(self) -> agenda.Calls: ...
    @property
    def registrations(self) -> deals.Registrations: ...
    @property
    def territories(self) -> selling.Territories: ...
    @property
    def quotas(self) -> selling.Quotas: ...
    @property
    def forecasts(self) -> selling.Forecasts: ...
    @property
    def commissions(self) -> selling.Commissions: ...
    @property
    def leads(self) -> trade.Leads: ...
    @property
    def trust(self) -> outward.Trust: ...
    @property
    def connectors(self) -> outward.Connectors: ...
    @property
    def webhooks(self) -> outward.Webhooks: ...
    @property
    def watch(self) -> repositories.Watch: ...
    @property
    def calendars(self) -> repositories.Calendars: ...
    @property
    def attachments(self) -> repositories.Attachments: ...
    @property
    def ledger(self) -> trade.Ledger: ...
    @property
    def returns(self) -> care.Returns: ...
    @property
    def stock(self) -> care.Stock: ...
    @property
    def agreements(self) -> care.Agreements: ...
    @property
    def visits(self) -> care.Visits: ...
    @property
    def surveys(self) -> care.Surveys: ...
    @property
    def onboardings(self) -> care.Onboardings: ...
    @property
    def programmes(self) -> steering.Programmes: ...
    @property
    def journeys(self) -> steering.Journeys: ...
    @property
    def reviews(self) -> steering.Reviews: ...
    @property
    def articles(self) -> care.Articles: ...

    def ring(self, kind: Kind, ref: str = "") -> None:
        """Rings the bell once this transaction is committed."""
        ...

    def leave(self, deed: Callable[[], None]) -> None:
        """Done last, just before the commit; when it raises, nothing is kept. For adapters that write elsewhere.

        Raises RuntimeError in a view that only reads."""
        ...


class Store(Protocol):
    def transaction(self) -> AbstractContextManager[Transaction]:
        """The only thing that commits. Never nested: a second one in the same thread raises RuntimeError."""
        ...

    def reading(self) -> AbstractContextManager[Transaction]:
        """A consistent view for lists; writes fail."""
        ...

    def run(self, work: Callable[[Transaction], T]) -> T:
        """``work`` in a transaction; again when it was Stale, up to a limit, then errors.Conflict."""
        ...

    def together(self, work: Callable[[Transaction], T]) -> T:
        """As ``run``, and the use cases that ``work`` calls in this thread share its transaction: all or nothing."""
        ...

    def new_id(self) -> str:
        """UUIDv7: later ones sort later."""
        ...

    def close(self) -> None: ...


class Queue(Protocol):
    def ring(self, rings: Sequence[Ring]) -> None:
        """Never raises, may be lost: the rows are the truth."""
        ...

    def close(self) -> None: ...


class Plans(Protocol):
    """Compiled programs by hash, kept in memory."""

    def get(self, tx: Transaction, sha256: str) -> Any:
        """Raises errors.NotFound for a hash that no program has."""
        ...


class Chooser(Protocol):
    """Which program a start gets; also for the process that a call activity names."""

    def choose(
        self,
        tx: Transaction,
        *,
        instance_id: str,
        process: records.Process,
        customer: records.Customer | None,
        data: Mapping[str, Any],
        now: datetime,
    ) -> records.Resolution:
        """Raises errors.Conflict when nothing is released for this process and customer."""
        ...


class Assigned(NamedTuple):
    """A new work item with whoever gets it, what is told of how it came to that, and what becomes of it at once."""

    item: records.WorkItem
    told: tuple[facts.AnyFact, ...] = ()
    onward: records.Onward | None = None


@dataclass(frozen=True, kw_only=True)
class Opening:
    """A work item that a step opens, before anything of the step is written."""

    item: records.WorkItem
    performer: Performer
    passing: Passing | None
    plan: Plan
    """Of the program that the item belongs to."""
    facts: Sequence[facts.AnyFact]
    """Of the step, done by ``agent``."""
    agent: str


class Assigner(Protocol):
    """What the performer left for the inbox to decide: rules, skills, four eyes, who stands in, what passes."""

    def assign(self, tx: Transaction, *, opening: Opening, now: datetime) -> Assigned: ...


class Reading(Protocol):
    """What reading an uploaded model gave: a program for each process in it, and everything that is wrong with it."""

    @property
    def programs(self) -> Sequence[Program]: ...
    @property
    def problems(self) -> Sequence[Problem]: ...
    @property
    def dialect(self) -> str:
        """Whose words it speaks beside the standard's: ``plain`` for nobody's, ``crmflow``, ``camunda7`` ..."""
        ...


class Reader(Protocol):
    def __call__(self, data: bytes, *, file: str) -> Reading: ...


class Mender(Protocol):
    def __call__(
        self, data: bytes, *, file: str, wanted: Collection[tuple[str, str]] | None
    ) -> tuple[bytes, tuple[Problem, ...]]:
        """The file with the mends that need no thought, and what they mended; ``wanted``: (fix, element), None all."""
        ...


class Writer(Protocol):
    """A program as BPMN XML with a diagram: what is drawn is what runs."""

    def __call__(self, program: Program) -> bytes: ...


@dataclass(frozen=True, kw_only=True)
class JobCall:
    """``id`` is the same at every try: the idempotency key for whatever the handler does outside."""

    id: str
    handler: str
    input: Mapping[str, Any]
    headers: Mapping[str, str]
    attempt: int
    """1 at the first try."""
    now: datetime
    instance_id: str
    process: str
    business_key: str | None
    customer: records.Customer | None
    variables: Mapping[str, Any] = field(default_factory=dict)
    """Those that the node sees: for a handler that stands in for code of another engine, which reads them itself."""


@dataclass(frozen=True, kw_only=True)
class Notification:
    to: str
    subject: Text
    text: Text
    channel: str = "desk"


@dataclass(frozen=True, kw_only=True)
class JobAnswer:
    """``data`` go back into the process. ``error`` is a BPMN error's code. An exception is a technical failure."""

    data: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""
    message: str = ""
    notifications: tuple[Notification, ...] = ()


class Failed(Exception):
    """A failed try, of a handler that knows more: when the next one may help, or that none will (an incident)."""

    def __init__(self, text: Text, *, after: timedelta | None = None, hopeless: bool = False) -> None:
        super().__init__(text["en"])
        self.text = text
        self.after = after
        self.hopeless = hopeless


Handler = Callable[[JobCall], JobAnswer]


@dataclass(frozen=True, kw_only=True)
class Engine:
    """Wired ports, no behaviour."""

    settings: Settings
    clock: Clock
    store: Store
    queue: Queue
    evaluator: Evaluator
    plans: Plans
    chooser: Chooser
    assigner: Assigner
    reader: Reader
    mender: Mender
    writer: Writer
    handlers: Mapping[str, Handler]
    calendars: Mapping[str, Calendar]
    """Business calendars by key."""
    bell: Bell = field(default_factory=Bell)
    """Rings after commit; more may listen."""
    callers: Recent[Any] = field(default_factory=Recent)
    """Whom the tokens of the last second speak for; forgotten when the bell rings for people."""
    closing: tuple[Callable[[], None], ...] = ()
    """What else has to be closed, before the store."""

    def close(self) -> None:
        self.bell.close()
        self.queue.close()
        for close in self.closing:
            close()
        self.store.close()
