"""Prices of a quote: what is a discount, totals to the cent, what is left, when it is paid."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import deals, dmn
from engine.domain import orders, pricing
from engine.trade import Product
from tests.processes import shipped
from tests.unit.domain.conftest import NOON

BEGINS = date(2026, 4, 1)
FILE = shipped.PROCESSES / "SFA-03/decisions/discount_level.dmn"
DECISION = dmn.read(FILE.read_bytes(), file=FILE.name)


def line(qty: int = 1, price: float = 100, discount: float = 0, product: str = "pump") -> dict[str, Any]:
    return {"product": product, "qty": qty, "list_price": price, "discount": discount}


LINES = st.lists(
    st.builds(
        line,
        qty=st.integers(1, 10**4),
        price=st.integers(0, 10**7).map(lambda cents: cents / 100),
        discount=st.integers(0, 1000).map(lambda tenths: tenths / 10),
    ),
    min_size=1,
    max_size=6,
)


def quote(*lines: dict[str, Any], **more: Any) -> deals.Quote:
    told = {"id": "Q-1/1", "number": "Q-1", "version": 1, "instance_id": "i-1", "customer": "c-1", "total": 0}
    dates = {"valid_until": "2026-04-30", "drafted_at": NOON}
    return deals.Quote(**told, **dates, lines=lines, discount=0, discount_limit=10, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "listed", "price", "discount"),
    [
        (line(price=100), 100, 100, 0),
        (line(price=120, discount=5), 100, 120, 5),
        (line(price=80), 100, 100, 20),
        (line(price=80, discount=50), 100, 100, 60),
        (line(price=0), 100, 100, 100),
        (line(price=0), 0, 0, 0),
        (line(price=200, discount=10), 300, 300, 40),
        (line(price=1, discount=0), 3, 3, 66.6667),
    ],
)
def test_a_price_below_the_price_list_is_a_discount(
    typed: dict[str, Any], listed: float, price: float, discount: float
) -> None:
    at_list = pricing.at_list_price(typed, listed)
    assert (at_list["list_price"], at_list["discount"]) == (price, discount)
    assert abs(pricing.net_price(at_list) - pricing.net_price(typed)) <= Decimal(str(listed)) / 10**6


def test_what_is_at_the_price_list_already_stays_as_it_is() -> None:
    once = pricing.at_list_price({**line(price=80), "options": ["recording"]}, 100)
    assert pricing.at_list_price(once, 100) == once and once["options"] == ["recording"]


@given(LINES)
@settings(max_examples=60, deadline=None)
def test_the_total_is_what_the_shipped_decision_says(lines: list[dict[str, Any]]) -> None:
    told = dmn.evaluate(DECISION, "discount_level", {"lines": lines, "discount_limit": 10}, now=NOON).value
    assert abs(Decimal(str(told["total"])) - pricing.total(lines)) <= Decimal("0.01")


@given(LINES)
@settings(max_examples=60, deadline=None)
def test_an_order_of_it_costs_the_same(lines: list[dict[str, Any]]) -> None:
    ordered = pricing.order_lines(quote(*lines))
    assert [(one["sku"], one["qty"]) for one in ordered] == [(one["product"], one["qty"]) for one in lines]
    assert abs(orders.total(ordered) - pricing.total(lines)) <= Decimal("0.05")
    assert orders.problems(ordered, requested="", today="2026-03-02") == []


@pytest.mark.parametrize(
    ("costs", "left"),
    [({"pump": 60.0}, 40.0), ({"pump": 0.0}, 100.0), ({"pump": 130.0}, -30.0), ({"pump": None}, None), ({}, None)],
)
def test_what_is_left_is_told_where_every_cost_is_known(costs: dict[str, float | None], left: float | None) -> None:
    assert pricing.margin([line(qty=3)], costs) == left


def test_nothing_is_left_of_nothing() -> None:
    assert pricing.margin([line(discount=100)], {"pump": 1.0}) is None


@pytest.mark.parametrize(
    ("terms", "days"),
    [
        ("prepaid", ["2026-04-01"]),
        ("net_15", ["2026-04-16"]),
        ("net_30", ["2026-05-01"]),
        ("net_60", ["2026-05-31"]),
        ("", ["2026-04-01"]),
        ("instalments", ["2026-04-01", "2026-07-01", "2026-09-30", "2026-12-31"]),
    ],
)
def test_terms_say_when_it_is_paid(terms: str, days: list[str]) -> None:
    assert [one["date"] for one in pricing.plan(1000, terms, BEGINS)] == days


@given(st.integers(1, 10**9), st.sampled_from(["prepaid", "net_30", "instalments"]))
@settings(max_examples=80, deadline=None)
def test_payments_add_up_to_the_cent(cents: int, terms: str) -> None:
    paid = pricing.plan(cents / 100, terms, BEGINS)
    assert sum(Decimal(str(one["amount"])) for one in paid) == Decimal(str(cents / 100))
    assert all(one["amount"] > 0 for one in paid)


def test_what_is_sold_is_said_in_both_languages_once() -> None:
    product = Product(key="pump", texts={"zh-CN": "水泵", "en": "Pump"}, list_price=1, stock=1, lead_days=1)
    same = Product(key="crm", texts={"zh-CN": "CRM", "en": "CRM"}, list_price=1, stock=1, lead_days=1)
    told = pricing.said(quote(line(2), line(1, product="crm"), line(3, product="new")), {"pump": product, "crm": same})
    assert told == "水泵 / Pump × 2；CRM × 1；new × 3"
