"""What goes between instances, to people, and to those who ask twice."""

from datetime import datetime
from typing import Any, Literal

from engine.model.text import Text
from engine.records.base import Record


class Mail(Record, frozen=True, kw_only=True):
    """A message or signal that waits to be carried out after commit."""

    id: str
    instance_id: str | None
    trigger: Literal["message", "signal"]
    name: str
    key: str | None = None
    business_key: str | None = None
    wait: int = 0
    """Of ``instance_id``: the subscription it is for; 0 while nobody knows whom it is for."""
    data: dict[str, Any] = {}
    attempts: int = 0
    due_at: datetime
    error: Text = {}
    """Why the last try failed."""
    dead_at: datetime | None = None
    """Given up, and due NEVER: somebody sends it again or discards it."""


class Early(Record, frozen=True, kw_only=True):
    """A message that nobody waited for yet; kept until ``expires_at``."""

    id: str
    name: str
    key: str | None = None
    business_key: str | None = None
    instance_id: str | None = None
    data: dict[str, Any] = {}
    created_at: datetime
    expires_at: datetime


class Notice(Record, frozen=True, kw_only=True):
    """What the ``notify`` handler told somebody; one for each job, however often the job ran."""

    id: str
    """The job's id."""
    instance_id: str
    customer_id: str | None = None
    channel: str
    to: str
    subject: Text
    text: Text
    created_at: datetime
    read_at: datetime | None = None


class Circulation(Record, frozen=True, kw_only=True):
    """A copy: somebody may read the case and has nothing to do in it."""

    id: str
    person: str
    instance_id: str
    node: str
    by: str
    text: str
    at: datetime
    read_at: datetime | None = None


class Repeat(Record, frozen=True, kw_only=True):
    """What was answered to a request that carried an idempotency key."""

    agent: str
    key: str
    request_sha256: str
    status: int
    answer: Any
    created_at: datetime
    expires_at: datetime
