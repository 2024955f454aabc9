"""What is kept of variants and of the customer groups, version by version. Moments are aware, in UTC."""

from datetime import datetime
from typing import Any, Literal

from engine.model.problem import Problem
from engine.model.text import Text
from engine.records import Record, VersionStatus


class Circumstance(Record, frozen=True, kw_only=True):
    """What must hold of a start beside the customer's group: a FEEL unary test of one of its data."""

    name: str
    """Of the variable that the start brings: ``channel``."""
    type: Literal["number", "string", "boolean", "date"]
    test: str
    names: Text = {}


class Variant(Record, frozen=True, kw_only=True):
    """What differs for one customer group, for starts under certain circumstances, or for both together; without any
    of them it is chosen by name only."""

    id: str
    """``<process>:<name>``."""
    process: str
    customer_group: str = ""
    context: tuple[Circumstance, ...] = ()
    """All must hold; empty: whatever the circumstances."""
    priority: int = 0
    """Among variants whose circumstances hold the highest wins."""
    owner: str = ""
    texts: Text
    created_at: datetime


Did = Literal[
    "saved",
    "rebased",
    "submitted",
    "approved",
    "sent_back",
    "scheduled",
    "unscheduled",
    "refused",
    "released",
    "retired",
    "recomposed",
    "discarded",
]


class Deed(Record, frozen=True, kw_only=True):
    """Who did what to a version, when, and what they said about it."""

    at: datetime
    by: str
    did: Did
    note: str = ""


class VariantVersion(Record, frozen=True, kw_only=True):
    """Number ``n`` of a variant's own operations. ``program`` is empty until it was composed without a problem."""

    variant_id: str
    n: int
    process: str
    base_n: int
    operations: tuple[dict[str, Any], ...] = ()
    chain: tuple[dict[str, Any], ...] = ()
    """What it was composed of, from the root to the leaf: base, variants above, itself; each {kind, id, n}."""
    sha256: str = ""
    """Of the operations."""
    program: str = ""
    status: VersionStatus
    problems: tuple[Problem, ...] = ()
    reason: Text = {}
    created_at: datetime
    created_by: str
    released_at: datetime | None = None
    released_by: str = ""
    valid_from: datetime | None = None
    """From when an approved version is to be the released one."""
    history: tuple[Deed, ...] = ()
    """Oldest first."""

    @property
    def open(self) -> bool:
        """Still being written: a change goes into it and not into a new version."""
        return self.status in ("draft", "checked")

    @property
    def submitted(self) -> bool:
        """Waits for somebody else's approval."""
        return self.status == "checked" and bool(self.history) and self.history[-1].did == "submitted"

    @property
    def authors(self) -> frozenset[str]:
        """Everybody who wrote at it, by hand or by carrying it to another base."""
        return frozenset(deed.by for deed in self.history if deed.did in ("saved", "rebased")) | {self.created_by}


Choice = Literal["keep", "drop", "reanchor"]


class ConflictDecision(Record, frozen=True, kw_only=True):
    """What was decided about one conflict of a variant with base ``base_n``; proposed again to its siblings."""

    process: str
    variant_id: str
    base_n: int
    signature: str
    kind: str
    operation: str
    choice: Choice
    by: str
    at: datetime
    note: str = ""


class GroupRules(Record, frozen=True, kw_only=True):
    """Version ``n`` of the customer groups with the rules that choose among them: schemas/group-rules.json."""

    n: int
    rules: dict[str, Any]
    status: Literal["draft", "released", "retired"]
    valid_from: datetime | None = None
    """Of a released version; a moment to come: it waits for it."""
    valid_to: datetime | None = None
    created_at: datetime
    created_by: str
    history: tuple[Deed, ...] = ()
    """Oldest first."""
    regrouped_at: datetime | None = None
    """When all customers had been looked at anew because of it; None of a draft, and while they are."""
    regrouped_to: str = ""
    """Id of the customer that was looked at last."""

    @property
    def submitted(self) -> bool:
        """Waits for somebody else, who releases it or sends it back."""
        return self.status == "draft" and bool(self.history) and self.history[-1].did == "submitted"

    @property
    def authors(self) -> frozenset[str]:
        """Everybody who wrote at it."""
        return frozenset(deed.by for deed in self.history if deed.did == "saved") | {self.created_by}


class GroupMove(Record, frozen=True, kw_only=True):
    """A customer changed group."""

    customer_id: str
    at: datetime
    old: str
    new: str
    decided: dict[str, Any] = {}
