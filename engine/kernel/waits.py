"""The four things a running instance waits for: a person, a moment, a message, a job. And what has gone wrong.

``id`` is a number of the instance, never used twice. The runtime keeps one row for each open wait.
"""

from datetime import datetime
from typing import Any, Literal

import msgspec

from engine.model.performer import Performer, Promise


class Wait(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True):
    id: int
    node: str
    """BPMN id, in the program of its scope."""
    scope: int
    path: tuple[str, ...] = ()
    """Ids of the enclosing sub-processes and call activities, outermost first."""
    token: int = 0
    """Number of the activity it belongs to: a boundary event's waits carry their own."""


class WorkItem(Wait, frozen=True, kw_only=True, tag=True):
    """A person. The evaluated performer; ``performer`` and ``promise`` hold what is left for the inbox to decide."""

    assignee: str | None = None
    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    form: str = ""
    due_at: datetime | None = None
    goal_at: datetime | None = None
    """When it should be done; never after ``due_at``, when it must be."""
    follow_up_at: datetime | None = None
    priority: int = 50
    performer: Performer | None = None
    promise: Promise | None = None


class Timer(Wait, frozen=True, kw_only=True, tag=True):
    """A moment. ``remaining`` counts the firings still to come after this one: -1 for ever."""

    due_at: datetime
    remaining: int = 0


class Subscription(Wait, frozen=True, kw_only=True, tag=True):
    """A message (to one instance), a signal (to all) or a condition over the instance's own variables."""

    trigger: Literal["message", "signal", "conditional"]
    name: str
    key: str | None = None
    """Correlation value as text; None correlates by business key or instance id alone."""


class Job(Wait, frozen=True, kw_only=True, tag=True):
    """Work for a handler: a service, a thrown message, an asynchronous continuation."""

    handler: str
    style: Literal["builtin", "external", "unbound", "continue"] = "builtin"
    input: dict[str, Any] = {}
    retries: int = 3
    priority: int = 0
    headers: dict[str, str] = {}


class Incident(Wait, frozen=True, kw_only=True, tag=True):
    """Something failed at ``node`` and waits for somebody to mend it; other branches go on."""

    code: str
    message: dict[str, str]
    retries_wait: int = 0
    """The job that gave up, if it was a job; 0 for a failed expression, script or gateway."""


AnyWait = WorkItem | Timer | Subscription | Job | Incident
