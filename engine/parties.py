"""Who belongs together among customers, and which records were one and the same. Moments are in UTC.

Another CRM can stand behind the same protocol.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, Protocol

from engine.records import Record

Kind = Literal["parent", "partner", "agent", "supplier"]


class Relation(Record, frozen=True, kw_only=True):
    """``other`` is the parent, partner, agent or supplier of ``party``; both are ids of customers."""

    party: str
    other: str
    kind: Kind
    since: datetime


class Merge(Record, frozen=True, kw_only=True):
    """What came in under another name was joined to a record that was there. ``id`` is the instance that did it."""

    id: str
    into: str
    taken: Sequence[str] = ()
    """The fields that were taken from what came in."""
    before: dict[str, Any] = {}
    """What stood in them."""
    merged_at: datetime


class Parties(Protocol):
    def relate(self, relation: Relation) -> None:
        """Again for the same two and kind it changes nothing."""
        ...

    def relations(self, party: str) -> list[Relation]:
        """Of whom ``party`` is one side, oldest first."""
        ...

    def merged(self, merge_id: str) -> Merge | None: ...
    def merge(self, record: Merge) -> None: ...
