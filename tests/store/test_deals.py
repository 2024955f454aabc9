"""Orders and opportunities on both databases, and the races that they must win."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from engine import deals
from engine.domain import handlers
from engine.ports import JobCall
from engine.store.unit_of_work import Store
from engine.trade import Product
from tests.store.rows import NOW

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def call(handler: str, job: str, instance: str, **given: object) -> JobCall:
    return JobCall(
        id=job, handler=handler, input=given, headers={}, attempt=1, now=NOON, instance_id=instance, process="TEST",
        business_key=None, customer=None,
    )  # fmt: skip


def order(key: str, **more: Any) -> deals.Order:
    values = {"instance_id": "i", "customer": "c-1", "lines": ({"sku": "a", "qty": 1, "price": 2.5},), "total": 2.5}
    return deals.Order(**{"id": key, "payment": "prepaid", "taken_at": NOW} | values | more)  # type: ignore[arg-type]


def test_an_order_comes_back_as_it_was_put_and_the_last_stays(store: Store) -> None:
    first = order("SO-1", shipments=({"job": "j", "lines": {"a": 1}},))
    last = msgspec.structs.replace(first, status="invoiced", invoice="FP-2026-000001", invoiced_at=NOW)
    for record in (first, last):
        with store.transaction() as tx:
            tx.orders.put(record)
        with store.reading() as tx:
            assert tx.orders.get("SO-1") == record and tx.orders.get("SO-2") is None


def test_a_customer_s_orders_come_newest_first_and_invoices_count_by_series(store: Store) -> None:
    with store.transaction() as tx:
        for day, key in enumerate(("b", "a")):
            tx.orders.put(order(key, taken_at=NOW + timedelta(days=day), invoice=f"FP-2026-00000{day + 1}"))
        tx.orders.put(order("c", customer="c-2", invoice="FP-2025-000009"))
    with store.reading() as tx:
        assert [one.id for one in tx.orders.of_customer("c-1")] == ["a", "b"]
        assert tx.orders.last_invoice("FP-2026-") == "FP-2026-000002"
        assert tx.orders.last_invoice("FP-2024-") == ""


def test_ten_orders_for_the_last_seven_pieces_get_exactly_those(store: Store) -> None:
    run = handlers.of(store)
    with store.transaction() as tx:
        tx.ledger.put_product(Product(key="pump", texts={}, list_price=1, stock=7, lead_days=5))
    line = [{"sku": "pump", "qty": 1, "price": 1}]
    for n in range(10):
        run["orders.take"](call("orders.take", f"t-{n}", f"i-{n}", number=f"SO-{n}", lines=line, payment="prepaid"))

    def hold(n: int) -> bool:
        return bool(run["orders.hold"](call("orders.hold", f"h-{n}", f"i-{n}", number=f"SO-{n}")).data["held"])

    with ThreadPoolExecutor(max_workers=10) as pool:
        held = list(pool.map(hold, range(10)))
    with store.reading() as tx:
        product = tx.ledger.product("pump")
    assert product is not None and (held.count(True), product.stock) == (7, 0)


def test_an_opportunity_keeps_its_stage_and_leaves_the_open_ones_when_it_is_closed(store: Store) -> None:
    one = deals.Opportunity(id="o-1", customer="c-1", name="Pumps", amount=5, opened_at=NOW, history=("asked",))
    two = deals.Opportunity(id="o-2", customer="c-1", name="Hoses", amount=5, opened_at=NOW + timedelta(days=1))
    with store.transaction() as tx:
        tx.opportunities.put(two)
        tx.opportunities.put(one)
    with store.reading() as tx:
        assert tx.opportunities.open() == [one, two]
    closed = msgspec.structs.replace(one, stage="lost", probability=0, closed_at=NOW, reason="price", rival="Acme")
    with store.transaction() as tx:
        tx.opportunities.put(closed)
    with store.reading() as tx:
        assert tx.opportunities.get("o-1") == closed and tx.opportunities.open() == [two]


def test_a_rival_that_many_meet_at_once_is_new_to_one(store: Store) -> None:
    def meet(n: int) -> bool:
        return store.run(lambda tx: tx.opportunities.know_rival("acme", "Acme", f"r-{n}", NOW))

    with ThreadPoolExecutor(max_workers=6) as pool:
        assert list(pool.map(meet, range(12))).count(True) == 1
