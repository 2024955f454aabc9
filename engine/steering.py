"""What the house keeps of its own work: rollout programmes with their gates, journeys of customers through all pillars,
reviews of processes. Moments are in UTC.

Another CRM can stand behind the same protocols.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, Protocol

from engine.records import Record

GateOutcome = Literal["passed", "returned", "stopped"]
Stage = Literal["lead", "nurture", "opportunity", "contract", "order", "onboarding", "opinion"]
JourneyEnd = Literal["served", "nurtured", "unqualified", "lost", "no_contract", "cancelled", "not_live", "timed_out"]


class Programme(Record, frozen=True, kw_only=True):
    """The CRM itself brought to a unit of the house. ``id`` is its number, ``instance_id`` the case that runs it."""

    id: str
    instance_id: str
    unit: str
    sponsor: str
    phases: tuple[int, ...]
    """Of the seven, in their order."""
    lines: tuple[dict[str, Any], ...] = ()
    """The budget, each {kind, what, planned, actual}."""
    baseline: dict[str, float] = {}
    """``cost`` of a case, ``days`` it takes, ``conversion`` in per cent, before anything changed."""
    expected_roi: float = 0
    opened_at: datetime
    ended_at: datetime | None = None
    outcome: str = ""


class Gate(Record, frozen=True, kw_only=True):
    """What was decided at the end of a phase. ``id`` is ``<job>.<phase>``."""

    id: str
    programme: str
    phase: int
    outcome: GateOutcome
    return_to: int = 0
    evidence: tuple[dict[str, Any], ...] = ()
    """Each {what, proof}."""
    by: str = ""
    at: datetime


class Journey(Record, frozen=True, kw_only=True):
    """One customer's way from a campaign to service, by its correlation id."""

    id: str
    customer: str
    group: str = ""
    campaign: str = ""
    source: str = ""
    stages: tuple[dict[str, Any], ...] = ()
    """Each {stage, ref, outcome, cost, revenue, at}, in the order in which they were reached."""
    started_at: datetime
    ended_at: datetime | None = None
    outcome: str = ""
    """A ``JourneyEnd``."""
    reason: str = ""


class ProcessReview(Record, frozen=True, kw_only=True):
    """A process was measured over a span, and something was decided. ``id`` is the case that did."""

    id: str
    process: str
    since: datetime
    until: datetime
    figures: dict[str, Any]
    decision: str = ""
    target: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None


class Programmes(Protocol):
    def lock(self, number: str) -> None:
        """Until the transaction ends nobody else decides about this programme."""
        ...

    def get(self, number: str) -> Programme | None: ...
    def put(self, record: Programme) -> None: ...
    def all(self, limit: int) -> list[Programme]:
        """Newest first."""
        ...

    def decide(self, record: Gate) -> None:
        """Once for each id."""
        ...

    def gates(self, number: str) -> list[Gate]:
        """In the order in which they were decided."""
        ...


class Journeys(Protocol):
    def lock(self, journey_id: str) -> None: ...
    def get(self, journey_id: str) -> Journey | None: ...
    def put(self, record: Journey) -> None: ...
    def of_campaign(self, campaign: str) -> list[Journey]: ...
    def of_customer(self, customer: str, limit: int) -> list[Journey]:
        """Newest first."""
        ...

    def campaigns(self) -> Sequence[str]:
        """Those that journeys began with, by name."""
        ...


class Reviews(Protocol):
    def get(self, review_id: str) -> ProcessReview | None: ...
    def put(self, record: ProcessReview) -> None: ...
    def of_process(self, process: str, limit: int) -> list[ProcessReview]:
        """Newest first."""
        ...
