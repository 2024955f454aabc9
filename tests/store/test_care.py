"""Delivered goods, returns and held stock, on both databases."""

from datetime import timedelta
from typing import Any

from engine import care, trade
from engine.store.unit_of_work import Store
from tests.store.rows import NOW

DAY = timedelta(days=1)


def line(order: str, sku: str, **more: Any) -> care.DeliveredLine:
    told = {"customer": "c-1", "qty": 2, "unit_price": 9.5, "category": "device", "delivered_at": NOW} | more
    return care.DeliveredLine(order_no=order, sku=sku, **told)


def goods(number: str, **more: Any) -> care.Return:
    told = {"customer": "c-1", "order_no": "O-1", "lines": (care.ReturnedLine(sku="A", qty=1),), "opened_at": NOW}
    return care.Return(**{"id": number} | told | more)


def test_delivered_lines_are_kept_by_order_and_sku_and_replaced(store: Store) -> None:
    with store.transaction() as tx:
        for one in (line("O-1", "B"), line("O-1", "A"), line("O-2", "A"), line("O-1", "A", qty=7)):
            tx.returns.deliver(one)
    with store.reading() as tx:
        assert tx.returns.delivered("O-1") == [line("O-1", "A", qty=7), line("O-1", "B")]
        assert tx.returns.delivered("O-3") == []


def test_a_return_keeps_its_lines_payments_and_end(store: Store) -> None:
    first = goods("R-1")
    ended = goods("R-1", status="settled", refund=9.5, state="intact", payments=("j-1", "j-2"), ended_at=NOW + DAY)
    with store.transaction() as tx:
        tx.returns.put(first)
        tx.returns.put(goods("R-2", order_no="O-2", opened_at=NOW - DAY))
    with store.reading() as tx:
        assert tx.returns.get("R-1") == first and tx.returns.get("R-3") is None
    with store.transaction() as tx:
        tx.returns.lock("O-1")
        tx.returns.put(ended)
    with store.reading() as tx:
        assert tx.returns.of_order("O-1") == [ended]
        assert [one.id for one in tx.returns.of_customer("c-1", NOW)] == ["R-1"]
        assert [one.id for one in tx.returns.of_customer("c-1", NOW - DAY)] == ["R-2", "R-1"]
        assert tx.returns.of_customer("c-2", NOW - DAY) == []


def test_stock_is_taken_only_where_it_suffices_and_goes_back(store: Store) -> None:
    with store.transaction() as tx:
        tx.ledger.put_product(trade.Product(key="A", texts={"en": "a"}, list_price=1, stock=3, lead_days=1))
        table = [("A", 2, True), ("A", 2, False), ("A", 1, True), ("A", 1, False), ("Z", 1, False)]
        assert [tx.stock.take(sku, qty) for sku, qty, _ in table] == [taken for _, _, taken in table]
        tx.stock.give_back("A", 2)
    with store.reading() as tx:
        product = tx.ledger.product("A")
    assert product is not None and product.stock == 2


def test_holds_are_found_by_their_purpose_and_change_their_status(store: Store) -> None:
    hold = care.StockHold(id="j-1:A", product="A", qty=2, purpose="V-1", held_at=NOW)
    used = care.StockHold(id="j-1:A", product="A", qty=2, purpose="V-1", status="used", held_at=NOW)
    with store.transaction() as tx:
        tx.stock.hold(hold)
        tx.stock.hold(care.StockHold(id="j-1:B", product="B", qty=1, purpose="V-2", held_at=NOW))
    with store.reading() as tx:
        assert list(tx.stock.holds("V-1")) == [hold]
    with store.transaction() as tx:
        tx.stock.hold(used)
    with store.reading() as tx:
        assert list(tx.stock.holds("V-1")) == [used] and list(tx.stock.holds("V-3")) == []
