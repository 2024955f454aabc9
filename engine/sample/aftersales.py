"""What customers have got, and what came of it: returns."""

from datetime import datetime, timedelta
from typing import Any

from engine import care
from engine.ports import Transaction
from engine.sample.case import Case, Deed

DELIVERED = (
    ("SO-5001", "C-1503", "gateway", 4, 1500, "device", 5),
    ("SO-5002", "C-3006", "gateway", 1, 1500, "device", 20),
    ("SO-5003", "C-3003", "analytics", 1, 8000, "software", 3),
    ("SO-5004", "C-1002", "crm_server", 2, 48000, "device", 60),
)
"""Order, customer's number, sku, pieces, price, category, days ago."""


def deliver(tx: Transaction, now: datetime) -> None:
    for order, number, sku, qty, price, category, days in DELIVERED:
        customer = tx.customers.by_number(number)
        if customer is not None:
            line = care.DeliveredLine(
                order_no=order,
                sku=sku,
                customer=customer.id,
                qty=qty,
                unit_price=price,
                category=category,
                delivered_at=now - timedelta(days=days),
            )
            tx.returns.deliver(line)


def _return(no: str, order: str, sku: str, reason: str, wish: str = "refund") -> dict[str, Any]:
    told = {"returnNo": no, "orderNo": order, "lines": [{"sku": sku, "qty": 1}], "reason": reason, "wish": wish}
    return {**told, "channel": "web", "language": "zh-CN"}


RETURNS = (
    Case("CSS-04", "C-1503", "RT-9101", 30, _return("RT-9101", "SO-5001", "gateway", "changed_mind")),
    Case("CSS-04", "C-3006", "RT-9102", 6, _return("RT-9102", "SO-5002", "gateway", "changed_mind")),
    Case("CSS-04", "C-3003", "RT-9103", 2, _return("RT-9103", "SO-5003", "analytics", "other")),
    Case(
        "CSS-04",
        "C-1002",
        "RT-9104",
        50,
        _return("RT-9104", "SO-5004", "crm_server", "defective", "exchange"),
        (Deed("replace_goods", {"replacement_waybill": "SF1002003001"}, 90),),
    ),
)
