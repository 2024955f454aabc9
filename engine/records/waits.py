"""What an instance waits for. The id of each is ``<instance>.<wait>``."""

from datetime import UTC, datetime
from typing import Any, Literal

from engine.model.handling import PLAIN, Handling
from engine.model.performer import Action, Clock
from engine.model.text import Text
from engine.records.base import Record

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""Due moment of what is on hold."""
WorkItemStatus = Literal["open", "completed", "cancelled"]


class WorkItem(Record, frozen=True, kw_only=True):
    id: str
    """``<instance>.<wait>``; the same holds for timers, subscriptions, jobs and incidents."""
    instance_id: str
    wait: int
    process: str
    customer_id: str | None
    program: str
    """The program whose forms hold ``form``: a called process has its own."""
    node: str
    path: tuple[str, ...] = ()
    token: int = 0
    name: str
    texts: Text = {}
    status: WorkItemStatus
    assignee: str | None = None
    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    """Four eyes: these people did a step that whoever does this one may not have done."""
    skill: str = ""
    form: str = ""
    actions: tuple[str, ...] = ()
    due_at: datetime | None = None
    goal_at: datetime | None = None
    """When it should be done, where its promise has a goal: never after ``due_at``, when it must be."""
    follow_up_at: datetime | None = None
    priority: int = 50
    draft: dict[str, Any] | None = None
    held_at: datetime | None = None
    """Since when its instance is on hold, and its promise stands still."""
    handling: Handling | None = None
    revision: int = 1
    created_at: datetime
    claimed_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str = ""

    @property
    def held(self) -> bool:
        return self.held_at is not None

    @property
    def shared(self) -> Handling:
        return self.handling or PLAIN


class Onward(Record, frozen=True, kw_only=True):
    """What the engine does by itself with a work item that was just opened: completes it with ``data``, or with None
    makes an incident of it."""

    wait: int
    node: str
    why: Literal["same", "starter", "nobody"]
    person: str = ""
    """Who would have done it."""
    data: dict[str, Any] | None = None


class Timer(Record, frozen=True, kw_only=True):
    instance_id: str
    wait: int
    node: str
    due_at: datetime
    held_at: datetime | None = None
    """Its moment, while its instance is on hold and ``due_at`` is NEVER."""


NOT_SET = -2
"""A variant is released without the calendars at hand: the next round of the dispatcher finds its first moment."""


class StartTimer(Record, frozen=True, kw_only=True):
    """A timer start event of a released program."""

    process: str
    node: str
    customer_group: str = ""
    """Whose rounds it begins: that of a variant with a moment of its own; empty: those for all, the base's."""
    due_at: datetime
    left: int
    """Starts still to come after this one: -1 for ever, NOT_SET while the first moment is still to be found."""
    cycle: str = ""
    """What the next moment is computed from; empty for a single start."""
    calendar: str = ""


class Rung(Record, frozen=True, kw_only=True):
    """A rung of the ladder of an open work item's promise."""

    instance_id: str
    wait: int
    at_percent: int
    action: Action
    to: str = ""
    of: Clock = "deadline"
    """Percent of what."""
    due_at: datetime
    held_at: datetime | None = None
    """As of a timer."""


class Subscription(Record, frozen=True, kw_only=True):
    instance_id: str
    wait: int
    node: str
    trigger: Literal["message", "signal", "conditional"]
    name: str
    key: str | None = None
    business_key: str | None = None
    process: str = ""
    created_at: datetime


class Job(Record, frozen=True, kw_only=True):
    """``run_at`` is when it may be taken; taking it moves ``run_at`` to the end of the lease and raises ``fence``."""

    id: str
    instance_id: str
    wait: int
    process: str
    business_key: str | None = None
    node: str
    handler: str
    style: Literal["builtin", "external", "unbound", "continue"]
    input: dict[str, Any] = {}
    headers: dict[str, str] = {}
    retries: int
    """Tries left, this one included."""
    attempts: int = 0
    priority: int = 0
    run_at: datetime
    fence: int = 0
    worker: str = ""
    error: str = ""
    details: str = ""
    told: bool = False
    """Somebody outside said how many tries are left."""
    held_at: datetime | None = None
    """When it may be taken, while its instance is on hold and ``run_at`` is NEVER."""
    created_at: datetime


class Incident(Record, frozen=True, kw_only=True):
    id: str
    instance_id: str
    wait: int
    process: str
    node: str
    path: tuple[str, ...] = ()
    code: str
    message: Text
    job: int = 0
    """Number of the job that gave up, with its topic and what its worker said beside the message; 0: none did."""
    topic: str = ""
    details: str = ""
    created_at: datetime
