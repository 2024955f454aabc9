"""Who works and who is served."""

from datetime import datetime
from typing import Any, Literal

from engine.model.text import Text
from engine.records.base import Record


class Person(Record, frozen=True, kw_only=True):
    """A member of staff, or an integration. ``key`` is the login name and what facts and work items carry."""

    key: str
    name: str
    email: str = ""
    password_hash: str = ""
    locale: str
    manager: str = ""
    """Key of another person."""
    skills: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    capacity: int = 0
    """Open work items up to which rules of assignment give them more; 0: any number."""
    active: bool = True
    created_at: datetime
    shortcuts: dict[str, str] = {}
    """Keys of the desk that were changed: command -> key; empty: switched off."""


class LoginTries(Record, frozen=True, kw_only=True):
    """What came of passwords for one login name, whether there is such a person or not, from one place."""

    key: str
    source: str
    """An address or a network; ``*``: all of them together."""
    failures: int = 0
    """Wrong ones in a row."""
    untold: int = 0
    """Wrong ones that the person has not been told of."""
    blocked_until: datetime | None = None
    failed_at: datetime | None = None
    good_at: datetime | None = None
    seen_at: datetime | None = None
    """None: nothing is kept of them."""


class Absence(Record, frozen=True, kw_only=True):
    """Somebody is away for a while, and who stands in for them. ``due_at``: when it begins or ends next; None: over."""

    id: str
    person: str
    substitute: str = ""
    """Key of another person; empty: nobody stands in."""
    starts_at: datetime
    ends_at: datetime
    processes: tuple[str, ...] = ()
    """Only work of these processes, and of these customer groups; empty: of all."""
    groups: tuple[str, ...] = ()
    open_too: bool = False
    """What was open before it began goes to the substitute too."""
    note: str = ""
    status: Literal["planned", "running", "over"] = "planned"
    due_at: datetime | None
    set_by: str
    created_at: datetime


class SavedFilter(Record, frozen=True, kw_only=True):
    """A list of the inbox with its conditions, kept under a name; empty conditions count for nothing."""

    id: str
    owner: str
    name: str
    staff_group: str = ""
    """Whose members see it too."""
    shelf: Literal["mine", "claimable", "drafts", "done"] = "mine"
    process: str = ""
    customer_id: str = ""
    group: str = ""
    """Of the customer."""
    node: str = ""
    due: Literal["", "late", "today", "customer"] = ""
    """``customer``: it stands still until the customer answers."""
    created_at: datetime


class StaffGroup(Record, frozen=True, kw_only=True):
    """People who share a queue."""

    key: str
    texts: Text
    manager: str = ""


class Session(Record, frozen=True, kw_only=True):
    """Somebody's browser, signed in. Only the hash of the cookie's token is kept."""

    token_sha256: str
    person: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


class ApiToken(Record, frozen=True, kw_only=True):
    """A program's right to act as ``person``, within ``scopes``."""

    id: str
    token_sha256: str
    person: str
    name: str
    scopes: tuple[str, ...] = ()
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    used_at: datetime | None = None


class Customer(Record, frozen=True, kw_only=True):
    """``group`` and ``decided`` are the last decision of the group rules: which group, by which rule, since when."""

    id: str
    number: str
    name: str
    kind: Literal["customer", "prospect"] = "customer"
    owner: str = ""
    """Key of the person who looks after this customer."""
    language: str = "zh-CN"
    contacts: tuple[dict[str, Any], ...] = ()
    """Each {name, role, phone, email}."""
    attributes: dict[str, Any] = {}
    scores: dict[str, Any] = {}
    """historical, current, potential ... each a number, with the model that said so beside it."""
    group: str = ""
    decided: dict[str, Any] = {}
    group_since: datetime | None = None
    revision: int = 1
    created_at: datetime
    changed_at: datetime
