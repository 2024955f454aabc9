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


def test_articles_are_found_by_their_terms_and_rated_once_for_each_case(store: Store) -> None:
    first = care.Article(key="KB-1", title="漏水", titles={"zh-CN": "漏水", "en": "Leak"}, keywords=("leak", "漏"))
    with store.transaction() as tx:
        tx.articles.put(first, {"漏水": 3, "leak": 6})
        tx.articles.put(care.Article(key="KB-0", title="阀门"), {"阀门": 3, "leak": 1})
        tx.articles.put(first, {"漏水": 4, "leak": 6})
    with store.reading() as tx:
        assert tx.articles.get("KB-1") == first and tx.articles.get("KB-2") is None
        assert [one.key for one in tx.articles.all()] == ["KB-0", "KB-1"] and tx.articles.count() == 2
        assert tx.articles.postings(["leak", "漏水", "none"]) == {"leak": {"KB-0": 1, "KB-1": 6}, "漏水": {"KB-1": 4}}
        assert tx.articles.postings([]) == {}
    with store.transaction() as tx:
        told = [
            tx.articles.rate("KB-1", case, useful) for case, useful in (("i-1", True), ("i-1", False), ("i-2", False))
        ]
        rated = tx.articles.get("KB-1")
    assert told == [True, False, True]
    assert rated is not None and (rated.useful, rated.useless) == (1, 1)


def test_agreements_visits_surveys_and_onboardings_are_kept_and_found(store: Store) -> None:
    terms: dict[str, Any] = {
        "id": "SA-1", "customer": "c-1", "level": "gold", "calendar": "cn-5x8", "first_response_minutes": 60,
        "resolution_minutes": 480, "included_calls": 4, "valid_from": "2026-01-01", "valid_to": "2026-12-31",
        "activated_at": NOW,
    }  # fmt: skip
    old, new = care.Agreement(n=1, status="replaced", **terms), care.Agreement(n=2, monthly_fee=9.5, **terms)
    visit = care.Visit(id="j", engineer="zhu", customer="c-1", visit_no="V-1", starts_at=NOW, ends_at=NOW + DAY)
    surveys = [care.Survey(id=f"i-{n}", customer="c-1", topic="t", asked_at=NOW + n * DAY) for n in range(3)]
    begun = care.Onboarding(
        id="ON-1", customer="c-1", needed=("a", "b"), received=("a",), rounds=("j",), started_at=NOW
    )
    with store.transaction() as tx:
        for agreement in (old, new):
            tx.agreements.put(agreement)
        tx.visits.put(visit)
        for survey in surveys:
            tx.surveys.put(survey)
        tx.onboardings.put(begun)
    with store.reading() as tx:
        assert tx.agreements.versions("SA-1") == [new, old] and tx.agreements.of_customer("c-1") == [new]
        assert tx.visits.get("j") == visit and tx.visits.of_number("V-1") == [visit]
        assert tx.visits.booked(["zhu"], NOW - DAY, NOW) == [] == tx.visits.booked(["bo"], NOW, NOW + DAY)
        assert tx.visits.booked(["zhu", "bo"], NOW - DAY, NOW + DAY) == [visit]
        assert tx.surveys.of_customer("c-1", 2) == [surveys[2], surveys[1]] and tx.surveys.get("i-0") == surveys[0]
        assert tx.onboardings.get("ON-1") == begun and tx.onboardings.get("ON-2") is None
