"""What is kept of migrations: the plan, and for each instance what became of it. Moments are aware, in UTC."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol

from engine import records
from engine.model.text import Text
from engine.records import Record

Occasion = Literal["release", "group"]
Status = Literal["proposed", "waiting", "moved", "stays", "returning", "undone", "declined"]


class Plan(Record, frozen=True, kw_only=True):
    """Instances of one program go on with another. ``terms``: what those who move them have decided."""

    id: str
    process: str
    occasion: Occasion
    """``release``: a new version; ``group``: a customer changed group."""
    old: str
    new: str
    title: Text
    """From what to what, in words."""
    chain: tuple[dict[str, Any], ...] = ()
    """Of the new program, as in a resolution."""
    terms: dict[str, Any] = {}
    reason: str = ""
    patient: bool = False
    """An instance that cannot move now is tried again when it has gone on."""
    created_at: datetime
    created_by: str


class Move(Record, frozen=True, kw_only=True):
    """One instance within a plan.

    ``proposed`` waits for a yes, ``waiting`` for its turn, ``returning`` for being undone. ``stays`` and ``declined``
    keep the old program.
    """

    plan_id: str
    instance_id: str
    status: Status
    kind: str = ""
    """Its class when it was last looked at: compliant, adjustable, not; empty: not yet."""
    reasons: tuple[dict[str, Any], ...] = ()
    """Each {code, node, text}."""
    attempts: int = 0
    seen: int = 0
    """Revision of the instance when it was last looked at; of one that has moved, the revision after it."""
    due_at: datetime
    settled_at: datetime | None = None
    settled_by: str = ""


class Held(Record, frozen=True, kw_only=True):
    """An instance with everything that it waits for, as it was before it moved: what an undo brings back."""

    state: bytes
    program: str
    sentence: Text
    resolution: records.Resolution | None
    work_items: tuple[records.WorkItem, ...] = ()
    rungs: tuple[records.Rung, ...] = ()
    timers: tuple[records.Timer, ...] = ()
    subscriptions: tuple[records.Subscription, ...] = ()
    jobs: tuple[records.Job, ...] = ()
    incidents: tuple[records.Incident, ...] = ()


class Label(Record, frozen=True, kw_only=True):
    """An open wait that goes on under another name. ``item`` says what else changes for a work item."""

    wait: int
    node: str
    path: tuple[str, ...] = ()
    item: dict[str, Any] = {}


class Running(NamedTuple):
    process: str
    program: str
    instances: int
    oldest: datetime


class GroupChange(NamedTuple):
    customer_id: str
    at: datetime
    old: str
    new: str
    decided: Mapping[str, Any]


class Moves(Protocol):
    """Plans and their instances; and the few writes of a migration that no step makes."""

    def put_plan(self, plan: Plan) -> None: ...
    def plan(self, plan_id: str) -> Plan | None: ...
    def plans(self, process: str = "", *, limit: int = 100) -> list[Plan]:
        """Newest first."""
        ...

    def add(self, moves: Sequence[Move]) -> None: ...
    def get(self, plan_id: str, instance_id: str) -> Move | None: ...
    def page(
        self, *, plan_id: str = "", instance_id: str = "", status: str = "", after: str = "", limit: int = 100
    ) -> list[Move]:
        """By instance, after the instance ``after``."""
        ...

    def counts(self, plan_id: str) -> dict[tuple[str, str], int]:
        """How many, by status and class."""
        ...

    def due(self, now: datetime, limit: int) -> list[Move]:
        """Waiting or returning, the longest due first; on PostgreSQL none that somebody else is at."""
        ...

    def settle(self, move: Move, *, was: Status, held: Held | None = None) -> None:
        """Writes the move. Raises Stale when its status is no longer ``was``."""
        ...

    def held(self, plan_id: str, instance_id: str) -> Held | None: ...
    def shift(
        self, plan_id: str, *, was: Status, to: Status, instances: Collection[str] | None, by: str, now: datetime
    ) -> int:
        """All, or those of ``instances``, that are in status ``was``; how many."""
        ...

    def running(self, process: str = "") -> list[Running]:
        """Active instances by program."""
        ...

    def active(
        self, *, process: str = "", program: str = "", customer_id: str = "", after: str = "", limit: int = 200
    ) -> list[str]:
        """Ids of active instances, oldest first."""
        ...

    def rungs(self, instance_id: str) -> list[records.Rung]: ...
    def rebind(self, instance_id: str, *, program: str, sentence: Text) -> None:
        """The instance's own row; it has been written by a step in the same transaction."""
        ...

    def relabel(self, instance_id: str, labels: Sequence[Label]) -> None: ...
    def resolve(self, instance_id: str, resolution: records.Resolution | None) -> None:
        """In the place of the one that is there."""
        ...

    def restore(self, instance_id: str, held: Held) -> None:
        """All that the instance waits for, as it was."""
        ...

    def group_changes(self, limit: int) -> list[GroupChange]:
        """Those that nobody has looked at yet, oldest first."""
        ...

    def followed(self, change: GroupChange, now: datetime) -> bool:
        """Somebody has looked at it; False when somebody else was faster."""
        ...
