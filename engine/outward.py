"""What is kept of the house's dealings with the world outside: one frozen value for each kind of row, and protocols."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, Protocol

from engine.model.text import Text
from engine.records import Record

HTTP, EMAIL = "http", "email"
CALLING = (HTTP, EMAIL)
CONNECTOR = "connector:"
USUAL_MAIL = "mail"
"""The connector that sends letters where a drawing names none."""
"""Handlers that wait for somebody outside: those two, and whatever begins so. Couriers run their jobs."""

# --- trust ---------------------------------------------------------------------------------------------------------


class Credential(Record, frozen=True, kw_only=True):
    """A secret that connectors use by name. It is never shown again."""

    name: str
    kind: Literal["bearer", "basic", "header"]
    """A token; a user's password, also for mail servers; the value of a header."""
    user: str = ""
    """The user's name (basic) or the header's (header)."""
    hosts: tuple[str, ...]
    """Where it may be sent, and nowhere else: ``api.example.com``, ``*.example.com``."""
    note: str = ""
    sealed: bytes
    revision: int = 1
    created_at: datetime
    created_by: str
    rotated_at: datetime
    """When the secret was last set."""


class Opening(Record, frozen=True, kw_only=True):
    """A place that may be called although it is not on the open internet, or without encryption."""

    place: str
    note: str = ""
    opened_at: datetime
    opened_by: str


class Deed(Record, frozen=True, kw_only=True):
    """What an administrator did to any of these. Never changed."""

    id: str
    at: datetime
    agent: str
    what: str
    """``credential.rotated``, ``webhook.stopped`` ..."""
    about: str
    """The name of the thing."""
    details: dict[str, Any] = {}


class Trust(Protocol):
    def credential(self, name: str) -> Credential | None: ...
    def credentials(self) -> list[Credential]:
        """By name."""
        ...

    def put_credential(self, record: Credential) -> None: ...
    def drop_credential(self, name: str) -> bool:
        """Whether there was one."""
        ...

    def openings(self) -> list[Opening]:
        """By place."""
        ...

    def put_opening(self, record: Opening) -> None: ...
    def drop_opening(self, place: str) -> bool: ...
    def add_deed(self, record: Deed) -> None: ...
    def deeds(self, *, prefix: str = "", about: str = "", after: str = "", limit: int = 100) -> list[Deed]:
        """The newest first, after the deed ``after``; those whose ``what`` begins so."""
        ...


# --- connectors ----------------------------------------------------------------------------------------------------


class Connector(Record, frozen=True, kw_only=True):
    """A call that an administrator has set up; drawings name it ``connector:<name>``."""

    name: str
    kind: Literal["http", "mail"]
    settings: dict[str, Any]
    note: str = ""
    revision: int = 1
    changed_at: datetime
    changed_by: str


class Template(Record, frozen=True, kw_only=True):
    """What a letter says, in each language. ``html`` may be empty."""

    name: str
    subject: Text
    text: Text
    html: Text = {}
    revision: int = 1
    changed_at: datetime
    changed_by: str


class Connectors(Protocol):
    def get(self, name: str) -> Connector | None: ...
    def all(self) -> list[Connector]:
        """By name."""
        ...

    def put(self, record: Connector) -> None: ...
    def drop(self, name: str) -> bool: ...
    def template(self, name: str) -> Template | None: ...
    def templates(self) -> list[Template]: ...
    def put_template(self, record: Template) -> None: ...
    def drop_template(self, name: str) -> bool: ...


# --- webhooks ------------------------------------------------------------------------------------------------------


class Webhook(Record, frozen=True, kw_only=True):
    """Somebody outside who is told what happens."""

    id: str
    name: str
    url: str
    events: tuple[str, ...] = ()
    """Types, or beginnings of types that end in ``*``; none: all."""
    processes: tuple[str, ...] = ()
    """Keys; none: all."""
    groups: tuple[str, ...] = ()
    """Customer groups; none: all, and instances without a customer."""
    with_data: bool = False
    """Whether events carry what was entered: variables, comments, results."""
    sealed: bytes
    """The secret that signs."""
    old_sealed: bytes | None = None
    """The one before, which signs beside it until ``old_until``."""
    old_until: datetime | None = None
    active: bool = True
    stopped: str = ""
    """Why it is not active, when nobody did that: ``failing``, ``gone``."""
    failures: int = 0
    """In a row, over all its deliveries."""
    failing_since: datetime | None = None
    resting_until: datetime | None = None
    """Nothing is sent before: it did not answer well."""
    revision: int = 1
    created_at: datetime
    created_by: str


class Outgoing(Record, frozen=True, kw_only=True):
    """Facts ``first`` to ``last`` of an instance that no webhook was looked up for yet."""

    instance_id: str
    first: int
    last: int


class Delivery(Record, frozen=True, kw_only=True):
    """One event for one webhook. ``body`` stays the same at every try."""

    id: str
    webhook_id: str
    instance_id: str
    """Empty for a test."""
    seq: int
    """The fact's number: what is sent in order."""
    event: str
    """The event's id, the same for all webhooks and tries: what receivers know a twin by."""
    type: str
    body: str
    status: Literal["pending", "delivered", "dead"] = "pending"
    attempts: int = 0
    due_at: datetime
    answered: int = 0
    """Status of the last answer; 0: there was none."""
    error: Text = {}
    created_at: datetime
    ended_at: datetime | None = None


class Webhooks(Protocol):
    def get(self, webhook_id: str) -> Webhook | None: ...
    def all(self) -> list[Webhook]:
        """By name."""
        ...

    def put(self, record: Webhook) -> None: ...
    def change(self, record: Webhook) -> bool:
        """Revision + 1; False when it is not ``record.revision`` any more."""
        ...

    def fared(self, record: Webhook) -> None:
        """Writes how it fares (failures, rest, whether active) and nothing else; the revision stays."""
        ...

    def drop(self, webhook_id: str) -> bool:
        """With its deliveries."""
        ...

    def outgoing(self, limit: int) -> list[Outgoing]:
        """In the order of each instance's facts, for this transaction alone to take."""
        ...

    def taken(self, these: Sequence[Outgoing]) -> None: ...
    def add(self, these: Sequence[Delivery]) -> None:
        """Those that are there already (same webhook and event) are left as they are."""
        ...

    def delivery(self, delivery_id: str) -> Delivery | None: ...
    def deliveries(self, webhook_id: str, *, status: str = "", after: str = "", limit: int = 50) -> list[Delivery]:
        """The newest first, after the delivery ``after``."""
        ...

    def counts(self) -> dict[str, dict[str, int]]:
        """By webhook and status."""
        ...

    def claim(self, *, now: datetime, until: datetime, limit: int) -> list[Delivery]:
        """Due ones of active webhooks that are not resting, each the first of its webhook and instance: attempts + 1,
        due at ``until``."""
        ...

    def settle(self, record: Delivery, *, attempt: int) -> bool:
        """Writes how the ``attempt``-th try went; False when another took it up meanwhile."""
        ...

    def replay(self, webhook_id: str, *, delivery_id: str = "", now: datetime) -> int:
        """Dead ones (or this one, whatever it is) become pending again, with all their tries; how many."""
        ...

    def next(self) -> datetime | None:
        """When there is something to do; the beginning of time when facts are waiting."""
        ...

    def sweep(self, *, delivered_before: datetime, dead_before: datetime) -> int: ...
