"""Rollout programmes, journeys and reviews, on both databases."""

from datetime import timedelta
from typing import Any

import msgspec

from engine import steering
from engine.store.unit_of_work import Store
from tests.store.rows import NOW

DAY = timedelta(days=1)


def programme(number: str = "P-1", **more: Any) -> steering.Programme:
    told = {"instance_id": "i-1", "unit": "east", "sponsor": "director", "phases": (1, 2), "opened_at": NOW} | more
    return steering.Programme(id=number, **told)


def journey(key: str, **more: Any) -> steering.Journey:
    return steering.Journey(**{"id": key, "customer": "c-1", "campaign": "A", "started_at": NOW} | more)


def test_a_programme_is_overwritten_and_listed_newest_first(store: Store) -> None:
    lines = ({"kind": "software", "what": "a", "planned": 9},)
    with store.transaction() as tx:
        tx.programmes.lock("P-1")
        tx.programmes.put(programme())
        tx.programmes.put(programme("P-2", opened_at=NOW + DAY))
        tx.programmes.put(programme(lines=lines, baseline={"cost": 1.5}, ended_at=NOW + DAY, outcome="adopted"))
    with store.reading() as tx:
        first = tx.programmes.get("P-1")
        assert first == programme(lines=lines, baseline={"cost": 1.5}, ended_at=NOW + DAY, outcome="adopted")
        assert [one.id for one in tx.programmes.all(9)] == ["P-2", "P-1"] and len(tx.programmes.all(1)) == 1
        assert tx.programmes.get("P-3") is None


def test_gates_come_in_the_order_in_which_they_were_decided(store: Store) -> None:
    later = steering.Gate(
        id="j-1.2", programme="P-1", phase=2, outcome="passed", evidence=({"what": "a", "proof": "b"},), at=NOW + DAY
    )
    first = steering.Gate(id="j-2.3", programme="P-1", phase=3, outcome="returned", return_to=2, by="li", at=NOW)
    with store.transaction() as tx:
        for one in (later, first, later, msgspec.structs.replace(first, id="j-3.1", programme="P-2")):
            tx.programmes.decide(one)
    with store.reading() as tx:
        assert tx.programmes.gates("P-1") == [first, later]
        assert [one.id for one in tx.programmes.gates("P-2")] == ["j-3.1"] and tx.programmes.gates("P-3") == []


def test_journeys_are_found_by_campaign_and_by_customer(store: Store) -> None:
    stages = ({"stage": "lead", "ref": "L-1", "cost": 10, "revenue": 0},)
    with store.transaction() as tx:
        tx.journeys.lock("J-1")
        for one in (
            journey("J-1", stages=stages, outcome="served", ended_at=NOW + DAY),
            journey("J-2", started_at=NOW - DAY),
            journey("J-3", campaign="", customer="c-2"),
            journey("J-4", campaign="B", started_at=NOW + DAY),
        ):
            tx.journeys.put(one)
    with store.reading() as tx:
        assert tx.journeys.get("J-1") == journey("J-1", stages=stages, outcome="served", ended_at=NOW + DAY)
        assert [one.id for one in tx.journeys.of_campaign("A")] == ["J-2", "J-1"]
        assert [one.id for one in tx.journeys.of_customer("c-1", 9)] == ["J-4", "J-1", "J-2"]
        assert len(tx.journeys.of_customer("c-1", 1)) == 1
        assert tx.journeys.campaigns() == ["A", "B"]


def test_reviews_of_a_process_come_newest_first(store: Store) -> None:
    def review(key: str, **more: Any) -> steering.ProcessReview:
        told = {"process": "CSS-02", "since": NOW - DAY, "until": NOW, "figures": {"cases": 3}} | more
        return steering.ProcessReview(id=key, **told)

    decided = review("r-1", decision="improve", target="t", decided_by="li", decided_at=NOW)
    with store.transaction() as tx:
        for one in (review("r-1"), decided, review("r-2", until=NOW + DAY), review("r-3", process="CSS-03")):
            tx.reviews.put(one)
    with store.reading() as tx:
        assert tx.reviews.get("r-1") == decided and tx.reviews.get("r-9") is None
        assert [one.id for one in tx.reviews.of_process("CSS-02", 9)] == ["r-2", "r-1"]
