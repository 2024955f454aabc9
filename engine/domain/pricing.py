"""Prices of a quote: list prices, discounts, totals to the cent, what is left; what they mean for orders, contracts."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Any

from engine import deals, trade

CENT, SHARE = Decimal("0.01"), Decimal("0.0001")
DAYS: Mapping[str, int] = MappingProxyType({"prepaid": 0, "net_15": 15, "net_30": 30, "net_60": 60})
"""So many days after the first day of the term the whole is due; by instalments it is due in quarters of a year."""
QUARTERS = tuple(timedelta(days=round(365 * n / 4)) for n in range(4))
LONGEST = 37
"""Letters of a quote's number that leave room for three more in an order's."""
Lines = Sequence[Mapping[str, Any]]


def at_list_price(line: Mapping[str, Any], listed: float) -> dict[str, Any]:
    """A price below the price list is a discount, and is told and approved as one; the net price stays the same."""
    typed = _decimal(line["list_price"])
    if typed >= _decimal(listed):
        return dict(line)
    net = net_price(line)
    discount = (100 - 100 * net / _decimal(listed)).quantize(SHARE, ROUND_HALF_UP)
    return {**line, "list_price": listed, "discount": float(discount)}


def net_price(line: Mapping[str, Any]) -> Decimal:
    """Of one piece."""
    return _decimal(line["list_price"]) * (100 - _decimal(line.get("discount", 0))) / 100


def total(lines: Lines) -> Decimal:
    whole = sum((int(line["qty"]) * net_price(line) for line in lines), Decimal())
    return whole.quantize(CENT, ROUND_HALF_UP)


def margin(lines: Lines, costs: Mapping[str, float | None]) -> float | None:
    """What is left of the total, in per cent; None where it is nothing or a product's cost is not known."""
    amount, spent = total(lines), Decimal()
    for line in lines:
        cost = costs.get(str(line["product"]))
        if cost is None:
            return None
        spent += int(line["qty"]) * _decimal(cost)
    return round(float(100 * (amount - spent) / amount), 1) if amount else None


def order_lines(quote: deals.Quote) -> list[dict[str, Any]]:
    """What was accepted, as an order has it: a price for each piece."""
    return [
        {"sku": line["product"], "qty": line["qty"], "price": float(round(net_price(line), 6))} for line in quote.lines
    ]


def order_terms(quote: deals.Quote) -> dict[str, Any]:
    """What an accepted quote asks of its order, but where and when it is wanted."""
    return {
        "orderNo": f"SO-{quote.number}" if len(quote.number) <= LONGEST else quote.number,
        "quoteNo": quote.number,
        "payment": "prepaid" if quote.payment_terms == "prepaid" else "on_account",
        "lines": order_lines(quote),
    }


def plan(amount: float, terms: str, begins: date) -> list[dict[str, Any]]:
    """The payments that these terms mean; they add up to the amount to the cent."""
    if terms != "instalments":
        return [{"date": (begins + timedelta(days=DAYS.get(terms, 0))).isoformat(), "amount": amount}]
    part = (_decimal(amount) / len(QUARTERS)).quantize(CENT, ROUND_DOWN)
    parts = [_decimal(amount) - part * (len(QUARTERS) - 1), *[part] * (len(QUARTERS) - 1)]
    return [
        {"date": (begins + later).isoformat(), "amount": float(due)}
        for later, due in zip(QUARTERS, parts, strict=True)
        if due > 0
    ]


def said(quote: deals.Quote, known: Mapping[str, trade.Product | None]) -> str:
    """What is sold, in a line."""
    told = []
    for line in quote.lines:
        product = known.get(line["product"])
        texts = product.texts if product else {}
        named = " / ".join(dict.fromkeys(texts.values())) or str(line["product"])
        told.append(f"{named} × {line['qty']}")
    return "；".join(told)[:2000]


def _decimal(value: Any) -> Decimal:
    return Decimal(str(value))
