"""Quotes on both databases: found by standing, number and customer, newest first, and one version to each number."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from engine import deals, records
from engine.domain import handlers
from engine.ports import JobCall
from engine.store.unit_of_work import Store
from tests.store.rows import NOW

TODAY = "2026-03-15"


def quote(number: str, version: int = 1, **more: Any) -> deals.Quote:
    told = {"instance_id": "i", "customer": "c-1", "total": 9.5, "discount": 5, "discount_limit": 10}
    dates = {"valid_until": "2026-03-31", "drafted_at": NOW}
    lines = ({"product": "pump", "qty": 1, "list_price": 10, "discount": 5},)
    values = {"id": f"{number}/{version}", "number": number, "version": version, "lines": lines}
    return deals.Quote(**{**values, **told, **dates, **more})


@pytest.fixture
def shelf(store: Store) -> Store:
    with store.transaction() as tx:
        for key, name in (("c-1", "青禾科技"), ("c-2", "Acme 100%")):
            tx.customers.add(records.Customer(id=key, number=key, name=name, created_at=NOW, changed_at=NOW))
        for n, one in enumerate(
            (
                quote("Q-1", status="superseded", sent_at=NOW),
                quote("Q-1", 2, status="sent", sent_at=NOW + timedelta(days=2), margin=12.5),
                quote("Q-2", status="sent", sent_at=NOW + timedelta(days=1), valid_until="2026-03-14"),
                quote("Q-3", status="accepted", customer="c-2", sent_at=NOW - timedelta(days=9)),
                quote("Q-4", status="expired"),
            )
        ):
            moved = {name: getattr(one, name) for name in one.__struct_fields__}
            tx.quotes.put(deals.Quote(**moved | {"drafted_at": NOW + timedelta(hours=n // 2)}))
    return store


@pytest.mark.parametrize(
    ("text", "status", "found"),
    [
        ("", None, ["Q-4/1", "Q-3/1", "Q-2/1", "Q-1/2"]),
        ("", "superseded", ["Q-1/1"]),
        ("", "sent", ["Q-1/2"]),
        ("", "expired", ["Q-4/1", "Q-2/1"]),
        ("", "accepted", ["Q-3/1"]),
        ("q-1", None, ["Q-1/2"]),
        ("禾科", None, ["Q-4/1", "Q-2/1", "Q-1/2"]),
        ("100%", None, ["Q-3/1"]),
        ("%", None, ["Q-3/1"]),
        ("acme", "sent", []),
    ],
)
def test_quotes_are_found_by_standing_number_and_customer(
    shelf: Store, text: str, status: deals.Standing | None, found: list[str]
) -> None:
    with shelf.reading() as tx:
        assert [one.id for one in tx.quotes.find(text, status=status, today=TODAY, after="", limit=9)] == found


def test_a_list_goes_on_behind_the_last_one_shown(shelf: Store) -> None:
    seen: list[str] = []
    for _ in range(4):
        with shelf.reading() as tx:
            (one,) = tx.quotes.find("", status=None, today=TODAY, after=seen[-1] if seen else "", limit=1)
        seen.append(one.id)
    with shelf.reading() as tx:
        assert tx.quotes.find("", status=None, today=TODAY, after=seen[-1], limit=1) == []
    assert seen == ["Q-4/1", "Q-3/1", "Q-2/1", "Q-1/2"]


def test_versions_customers_and_what_was_sent_are_told(shelf: Store) -> None:
    with shelf.reading() as tx:
        assert [one.id for one in tx.quotes.versions("Q-1")] == ["Q-1/2", "Q-1/1"]
        assert [one.id for one in tx.quotes.of_customer("c-1")] == ["Q-4/1", "Q-2/1", "Q-1/2", "Q-1/1"]
        assert [one.id for one in tx.quotes.sent(NOW)] == ["Q-2/1", "Q-1/2"]
        again = tx.quotes.get("Q-1/2")
    assert again is not None and (again.margin, again.lines[0]["qty"]) == (12.5, 1)


def test_numbers_are_drawn_once_each_however_many_draw(store: Store) -> None:
    run = handlers.of(store)
    line = {"product": "pump", "qty": 1, "list_price": 10, "discount": 0}

    def draw(n: int) -> str:
        job = JobCall(
            id=f"j-{n}", handler="quotes.draft", input={"lines": [line], "valid_until": "2026-03-31"}, headers={},
            attempt=1, now=NOW, instance_id=f"i-{n}", process="TEST", business_key=None, customer=None,
        )  # fmt: skip
        return str(run["quotes.draft"](job).data["quoteNo"])

    with ThreadPoolExecutor(8) as threads:
        drawn = list(threads.map(draw, range(8)))
    assert sorted(drawn) == [f"BJ-{NOW.year}-{n:04d}" for n in range(1, 9)]
