"""What can happen, in the past tense. History is the list of these and nothing else; analytics reads nothing else.

A fact carries no moment: every fact of one step happened at the step's ``now``, which the store writes beside it,
with a running number per instance and who did it (``agent``: a user's key, an integration's, or ``system``).
"""

from typing import Any, Literal

import msgspec


class Fact(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True):
    """``node`` is the BPMN id concerned, ``scope`` the number of the scope it happened in.

    ``called``: which process of the instance ``node`` belongs to, in the order in which they were first called; 0 is
    its own. What people do with a work item does not say it.
    """

    node: str = ""
    scope: int = 0
    called: int = 0


class InstanceStarted(Fact, frozen=True, kw_only=True, tag=True):
    process: str
    program: str
    data: dict[str, Any] = {}


class InstanceEnded(Fact, frozen=True, kw_only=True, tag=True):
    """``end_events`` in the order they were reached."""

    end_events: tuple[str, ...] = ()


class InstanceCancelled(Fact, frozen=True, kw_only=True, tag=True):
    reason: str = ""


class InstanceMigrated(Fact, frozen=True, kw_only=True, tag=True):
    """The instance goes on with another program; facts before this one speak of the old one's nodes."""

    old: str
    new: str
    plan: str = ""
    """The migration it was part of."""
    reason: str = ""
    nodes: dict[str, str] = {}
    """Old id -> new id, where they differ."""
    back: tuple[str, ...] = ()
    """Steps that were open, not begun by anybody, and taken back."""
    owed: tuple[str, ...] = ()
    """Steps of the new program that had been passed already and are done late."""
    surplus: tuple[str, ...] = ()
    """Steps that were done and that the new program does not have."""
    undone: bool = False
    """A migration was taken back: everything is as it was before it."""


class ActivityStarted(Fact, frozen=True, kw_only=True, tag=True):
    """``token`` is the activity's own number: its later facts carry the same one."""

    token: int
    index: int = -1
    """0-based number within a multi-instance activity, else -1."""


class ActivityCompleted(Fact, frozen=True, kw_only=True, tag=True):
    token: int


class ActivityCancelled(Fact, frozen=True, kw_only=True, tag=True):
    token: int


class FlowTaken(Fact, frozen=True, kw_only=True, tag=True):
    flow: str


class EventCaught(Fact, frozen=True, kw_only=True, tag=True):
    """A message, signal, timer, error ... reached ``node``."""

    trigger: str
    name: str = ""


class EventThrown(Fact, frozen=True, kw_only=True, tag=True):
    trigger: str
    name: str = ""


class VariablesSet(Fact, frozen=True, kw_only=True, tag=True):
    """Names only count as history when their values did change. ``reason`` is why a person changed them by hand."""

    values: dict[str, Any]
    reason: str = ""


class WorkItemOpened(Fact, frozen=True, kw_only=True, tag=True):
    wait: int


class WorkItemCompleted(Fact, frozen=True, kw_only=True, tag=True):
    wait: int
    data: dict[str, Any] = {}


class WorkItemCancelled(Fact, frozen=True, kw_only=True, tag=True):
    wait: int


class WorkItemActed(Fact, frozen=True, kw_only=True, tag=True):
    """Something a person did with a work item that moved no token: claim, release, transfer, comment ..."""

    verb: str
    to: str = ""
    reason: str = ""
    behalf: str = ""
    """Key of the person in whose stead it was done."""


class DoneEarlier(Fact, frozen=True, kw_only=True, tag=True):
    """It was done without a connection and arrives with this step."""

    verb: str
    """complete, comment or add_file."""
    done_at: str
    """ISO 8601 with its zone."""


class JobCreated(Fact, frozen=True, kw_only=True, tag=True):
    wait: int
    handler: str


class JobCompleted(Fact, frozen=True, kw_only=True, tag=True):
    wait: int
    errand: str = ""
    """Handler of a job beside the node's own work; ``continue`` for one that only let it begin."""


class JobFailed(Fact, frozen=True, kw_only=True, tag=True):
    wait: int
    message: str
    retries_left: int = 0


class TimerSet(Fact, frozen=True, kw_only=True, tag=True):
    wait: int
    due_at: str


class TimerFired(Fact, frozen=True, kw_only=True, tag=True):
    wait: int


class SubscriptionOpened(Fact, frozen=True, kw_only=True, tag=True):
    wait: int
    trigger: str
    name: str


class DecisionMade(Fact, frozen=True, kw_only=True, tag=True):
    decision: str
    result: Any = None
    rules: tuple[str, ...] = ()


class IncidentRaised(Fact, frozen=True, kw_only=True, tag=True):
    incident: int
    code: str
    message: dict[str, str]


class IncidentResolved(Fact, frozen=True, kw_only=True, tag=True):
    incident: int
    how: str = ""


class MessageUndelivered(Fact, frozen=True, kw_only=True, tag=True):
    """A message or signal that this instance threw, or that was for it, was given up after the last try."""

    trigger: str
    name: str
    message: dict[str, str]
    """Why the last try failed."""


class InstanceSuspended(Fact, frozen=True, kw_only=True, tag=True):
    """Put on hold by hand."""

    reason: str = ""
    awaits_customer: bool = False
    """An answer of the customer ends it."""


class InstanceResumed(Fact, frozen=True, kw_only=True, tag=True):
    reason: str = ""
    answered: bool = False
    """By the customer's answer; whoever brought it is the agent."""


class TokenMoved(Fact, frozen=True, kw_only=True, tag=True):
    """A person moved, added or cancelled a token by hand."""

    to: str
    reason: str


class VariantChosen(Fact, frozen=True, kw_only=True, tag=True):
    """Why this instance runs this program: the one sentence, in each language, and the resolution's id."""

    resolution: str
    sentence: dict[str, str]


class EscalationReached(Fact, frozen=True, kw_only=True, tag=True):
    """A rung of a promise's ladder."""

    at_percent: int
    action: str
    to: str = ""
    of: Literal["deadline", "goal"] = "deadline"


class Commented(Fact, frozen=True, kw_only=True, tag=True):
    text: str


class AttachmentAdded(Fact, frozen=True, kw_only=True, tag=True):
    attachment: str
    name: str
    size: int
    """In bytes."""


class AttachmentRemoved(Fact, frozen=True, kw_only=True, tag=True):
    attachment: str
    name: str
    reason: str = ""


AnyFact = (
    InstanceStarted
    | InstanceEnded
    | InstanceCancelled
    | InstanceMigrated
    | ActivityStarted
    | ActivityCompleted
    | ActivityCancelled
    | FlowTaken
    | EventCaught
    | EventThrown
    | VariablesSet
    | WorkItemOpened
    | WorkItemCompleted
    | WorkItemCancelled
    | WorkItemActed
    | DoneEarlier
    | JobCreated
    | JobCompleted
    | JobFailed
    | TimerSet
    | TimerFired
    | SubscriptionOpened
    | DecisionMade
    | IncidentRaised
    | IncidentResolved
    | MessageUndelivered
    | InstanceSuspended
    | InstanceResumed
    | TokenMoved
    | VariantChosen
    | EscalationReached
    | Commented
    | AttachmentAdded
    | AttachmentRemoved
)
