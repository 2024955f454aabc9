"""Deals and the outlook through the API."""

import pytest

from engine import deals
from tests.web.api.conftest import Programs


@pytest.fixture
def sold(selling: Programs) -> Programs:
    now = selling.clock.now()
    with selling.engine.store.transaction() as tx:
        customer = tx.customers.by_number("C-1")
        assert customer is not None
        told = {"customer": customer.id, "amount": 1000, "owner": "ivy", "opened_at": now}
        tx.opportunities.put(deals.Opportunity(id="d-1", name="Old", expected_close="2020-01-01", **told))
        tx.opportunities.put(deals.Opportunity(id="d-2", name="New", stage="quote", probability=60, **told))
    return selling


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", ["d-1", "d-2"]),
        ("?limit=1", ["d-1"]),
        ("?after=d-1", ["d-2"]),
        ("?late=true", ["d-1"]),
        ("?stage=quote&owner=ivy", ["d-2"]),
        ("?owner=nobody", []),
    ],
)
def test_open_deals_are_listed(sold: Programs, query: str, ids: list[str]) -> None:
    items = sold.get(f"/deals{query}").json["items"]
    assert [one["deal"]["id"] for one in items] == ids
    assert {one["customer_name"] for one in items} <= {"李雷贸易"}


def test_the_outlook_adds_up(sold: Programs) -> None:
    told = sold.get("/sales/outlook").json
    assert {one["key"]: one["expected"] for one in told["stages"] if one["deals"]} == {"visit": 100, "quote": 600}
    assert told["late"] == 1 and told["aims"] == [] and told["forecasts"] == []
    assert [(one["key"], one["deals"], one["amount"]) for one in told["sellers"]] == [("ivy", 2, 2000)]


@pytest.mark.parametrize("query", ["stage=won", "late=perhaps", "limit=201", "x=1"])
def test_a_bad_question_is_refused(sold: Programs, query: str) -> None:
    assert sold.get(f"/deals?{query}").status_code == 422
