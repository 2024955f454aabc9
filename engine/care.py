"""What service keeps of goods that went out and came back. Moments are in UTC.

Another system can stand behind the same protocols.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol

from engine.records import Record


class DeliveredLine(Record, frozen=True, kw_only=True):
    """One line of an order that the customer has got."""

    order_no: str
    sku: str
    customer: str
    qty: int
    unit_price: float
    category: str = ""
    delivered_at: datetime


class ReturnedLine(Record, frozen=True, kw_only=True):
    sku: str
    qty: int


class Return(Record, frozen=True, kw_only=True):
    """Goods that may come back: their number is taken from what was bought as soon as it is authorised."""

    id: str
    """The return's number."""
    customer: str
    order_no: str
    lines: tuple[ReturnedLine, ...]
    status: Literal["authorised", "settled", "closed"] = "authorised"
    """``closed``: nothing came, or it went back to the customer; what was taken is free again."""
    state: str = ""
    """What the inspection found."""
    refund: float = 0.0
    payments: tuple[str, ...] = ()
    """The jobs that ordered the payment, one after the other failed."""
    opened_at: datetime
    ended_at: datetime | None = None


class StockHold(Record, frozen=True, kw_only=True):
    """Pieces of a product kept for one purpose; they have left the stock until they are released."""

    id: str
    """``<job>:<product>``."""
    product: str
    qty: int
    purpose: str
    status: Literal["held", "used", "released"] = "held"
    held_at: datetime


class Returns(Protocol):
    def deliver(self, line: DeliveredLine) -> None:
        """Again for the same order and sku it replaces what was known."""
        ...

    def delivered(self, order_no: str) -> list[DeliveredLine]: ...
    def lock(self, order_no: str) -> None:
        """Until the transaction ends nobody else authorises or settles a return of this order."""
        ...

    def get(self, return_no: str) -> Return | None: ...
    def put(self, record: Return) -> None: ...
    def of_order(self, order_no: str) -> list[Return]: ...
    def of_customer(self, customer: str, since: datetime) -> list[Return]:
        """Opened from ``since`` on."""
        ...


class Stock(Protocol):
    def take(self, product: str, qty: int) -> bool:
        """Atomic; False when there are not so many, and nothing is taken."""
        ...

    def give_back(self, product: str, qty: int) -> None: ...
    def hold(self, hold: StockHold) -> None: ...
    def holds(self, purpose: str) -> Sequence[StockHold]: ...
