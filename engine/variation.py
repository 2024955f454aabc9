"""What is kept of variants and of the customer groups, version by version. Moments are aware, in UTC."""

from datetime import datetime
from typing import Any, Literal

from engine.model.problem import Problem
from engine.model.text import Text
from engine.records import Record, VersionStatus


class Variant(Record, frozen=True, kw_only=True):
    """What differs for one customer group; ``customer_group`` is empty for one that is chosen by name only."""

    id: str
    """``<process>:<name>``."""
    process: str
    customer_group: str = ""
    owner: str = ""
    texts: Text
    created_at: datetime


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


class GroupRules(Record, frozen=True, kw_only=True):
    """Version ``n`` of the customer groups with the rules that choose among them: schemas/group-rules.json."""

    n: int
    rules: dict[str, Any]
    status: Literal["draft", "released", "retired"]
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    created_at: datetime
    created_by: str


class GroupMove(Record, frozen=True, kw_only=True):
    """A customer changed group."""

    customer_id: str
    at: datetime
    old: str
    new: str
    decided: dict[str, Any] = {}
