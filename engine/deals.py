"""What is agreed with customers and kept: contracts. Moments are in UTC, days are ISO 8601 texts.

Another CRM can stand behind the same protocols.
"""

from datetime import datetime
from typing import Any, Literal, Protocol

from engine.records import Record


class Contract(Record, frozen=True, kw_only=True):
    """``id`` is the instance that drew it up; the number belongs to it from the first draft on."""

    id: str
    number: str
    customer: str
    status: Literal["drafted", "effective", "withdrawn", "ended"] = "drafted"
    amount: float
    term_from: str
    term_to: str
    template: str
    payments: tuple[dict[str, Any], ...] = ()
    """Each {n, date, amount}, and {paid_on} once it has come in."""
    auto_renew: bool = False
    owner: str = ""
    drafted_at: datetime
    settled_at: datetime | None = None
    """When it became effective, was withdrawn or ended."""


class Contracts(Protocol):
    def lock(self, what: str) -> None:
        """Until the transaction ends nobody else draws a number of this series, or changes this contract."""
        ...

    def put(self, record: Contract) -> None:
        """Adds it, or overwrites the one of that id."""
        ...

    def get(self, contract_id: str) -> Contract | None: ...
    def numbered(self, number: str) -> Contract | None: ...
    def last_number(self, series: str) -> str:
        """The highest number that begins with ``series`` and has four digits behind it; empty when none has."""
        ...

    def of_customer(self, customer: str) -> list[Contract]:
        """Newest first, drafts and what was withdrawn among them."""
        ...
