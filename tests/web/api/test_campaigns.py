"""What campaigns brought and a customer's one history: through the API and on the pages, the same figures."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine import care, deals, marketing, steering, trade
from engine.analytics import returns
from engine.model.text import EN, ZH
from engine.ports import Transaction
from tests.web.api.conftest import Programs

DAY = timedelta(days=1)


def stage(
    name: str, ref: str, cost: float, revenue: float = 0, at: str = "2026-03-02T04:00:00+00:00"
) -> dict[str, Any]:
    return {"stage": name, "ref": ref, "outcome": "reached", "cost": cost, "revenue": revenue, "at": at}


def fill(tx: Transaction, now: Any, customer: str) -> None:
    """Campaign A with two journeys, an order of 900 and a deal of 500 beside them; B with nothing yet."""
    common = {"job": "j", "changed_at": now}
    tx.campaigns.put(marketing.Campaign(id="A", name="Spring", status="ended", budget=300, **common))
    tx.campaigns.put(marketing.Campaign(id="B", name="Autumn", budget=100, **common))
    won = (stage("lead", "L-1", 60), stage("opportunity", "O-1", 30), stage("order", "SO-1", 10, 900))
    told: dict[str, Any] = {"campaign": "A", "customer": customer, "started_at": now}
    tx.journeys.put(
        steering.Journey(
            id="J-1", group="GR", source="web", stages=won, outcome="served", ended_at=now + 9 * DAY, **told
        )
    )
    tx.journeys.put(steering.Journey(id="J-2", group="KA", source="fair", stages=(stage("lead", "L-2", 20.1),), **told))
    for key, lead, amount in (("O-1", "L-1", 900), ("O-3", "L-3", 500)):
        tx.leads.keep(trade.Lead(id=lead, name=lead, campaign="A", created_at=now))
        tx.opportunities.put(
            deals.Opportunity(
                id=key, customer=customer, lead=lead, name=f"deal {lead}", amount=amount, stage="won",
                opened_at=now, closed_at=now + DAY,
            )
        )  # fmt: skip
    line = ({"sku": "A", "qty": 1, "price": 900},)
    tx.orders.put(
        deals.Order(
            id="SO-1", instance_id="i", customer=customer, lines=line, total=900, payment="prepaid",
            taken_at=now + 2 * DAY, invoice="R-1", invoiced_at=now + 3 * DAY,
        )
    )  # fmt: skip
    tx.surveys.put(
        care.Survey(
            id="s", customer=customer, topic="order", asked_at=now, score=5, comment="好", answered_at=now + 9 * DAY
        )
    )
    tx.surveys.put(care.Survey(id="silent", customer=customer, topic="order", asked_at=now))


@pytest.fixture
def sold(selling: Programs) -> Programs:
    with selling.engine.store.transaction() as tx:
        fill(tx, selling.clock.now(), customer_of(tx))
    return selling


def customer_of(tx: Transaction) -> str:
    found = tx.customers.by_number("C-1")
    assert found is not None
    return found.id


def test_the_return_of_each_campaign_is_exact_and_the_best_comes_first(sold: Programs) -> None:
    spring, autumn = sold.get("/campaigns/returns").json["items"]
    assert (spring["campaign"], spring["cost"], spring["revenue"], spring["roi"]) == ("A", 420.1, 1400, 2.33)
    assert (spring["leads"], spring["won"], spring["status"]) == (2, 2, "ended")
    assert spring["whole"] == {
        "key": "", "journeys": 2, "orders": 1, "cost": 120.1, "revenue": 900, "conversion": 50, "cost_per_order": 120.1,
    }  # fmt: skip
    assert [(one["key"], one["orders"], one["cost_per_order"]) for one in spring["groups"]] == [
        ("GR", 1, 100),
        ("KA", 0, None),
    ]
    assert [(one["key"], one["revenue"]) for one in spring["sources"]] == [("fair", 0), ("web", 900)]
    assert (autumn["campaign"], autumn["cost"], autumn["roi"], autumn["groups"]) == ("B", 100, -1, [])


def test_journeys_of_a_campaign_that_nobody_approved_are_told_too(sold: Programs) -> None:
    with sold.engine.store.transaction() as tx:
        tx.journeys.put(steering.Journey(id="J-9", customer="c-1", campaign="C", started_at=sold.clock.now()))
    last = sold.get("/campaigns/returns").json["items"][-1]
    assert (last["campaign"], last["name"], last["status"], last["roi"]) == ("C", "C", "", None)


@pytest.mark.parametrize(
    ("refs", "beside"), [([], 1400), (["O-1"], 500), (["L-3"], 900), (["O-1", "O-3"], 0), (["L-9"], 1400)]
)
def test_a_deal_that_a_journey_counts_is_not_counted_again(sold: Programs, refs: list[str], beside: float) -> None:
    with sold.engine.store.reading() as tx:
        won = tx.opportunities.of_customer(customer_of(tx))
    told = tuple(stage("opportunity", ref, 0) for ref in refs)
    journey = steering.Journey(id="J", customer="c-1", stages=told, started_at=sold.clock.now())
    assert returns.revenue_beside(won, [journey]) == beside


def test_money_is_added_to_the_cent() -> None:
    stages = tuple(stage("lead", str(place), 0.1) for place in range(3))
    journey = steering.Journey(id="J", customer="c", stages=stages, started_at=datetime(2026, 3, 2, tzinfo=UTC))
    assert returns.part("", [journey]).cost == 0.3


def test_one_customer_has_one_history_newest_first(sold: Programs) -> None:
    told = sold.get("/customers/C-1/history").json["items"]
    assert [one["at"] for one in told] == sorted((one["at"] for one in told), reverse=True)
    assert {(one["kind"], one["ref"]) for one in told} >= {
        ("campaign", "J-1"), ("lead", "L-1"), ("opportunity", "L-3"), ("deal", "L-1"), ("order", "SO-1"),
        ("invoice", "R-1"), ("opinion", "order"), ("end", "J-1"),
    }  # fmt: skip
    assert all(one["text"][ZH] and one["text"][EN] for one in told)
    assert [one["ref"] for one in told if one["kind"] == "opinion"] == ["order"], (
        "who was asked and said nothing is no event"
    )
    (opinion,) = [one for one in told if one["kind"] == "opinion"]
    assert opinion["text"] == {ZH: "满意度 5 分：好", EN: "Satisfaction 5 of 5: 好"}


def test_a_customer_who_is_not_there_has_no_history(sold: Programs) -> None:
    answer = sold.get("/customers/nobody/history")
    assert answer.status_code == 404 and "no such customer" in str(answer.json)


def test_without_a_token_nothing_is_told(sold: Programs) -> None:
    assert sold.client.get("/v1/campaigns/returns").status_code == 401
