"""Orders: taken once, stock never promised twice, shipped in parts, invoiced, cancelled."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import care, deals, errors
from engine.domain import orders
from engine.store.unit_of_work import Store
from engine.trade import Product
from tests.unit.domain.conftest import NOON, Run

LINES = [{"sku": "pump", "qty": 4, "price": 99.5}, {"sku": "hose", "qty": 10, "price": 3}]
Stocked = Callable[..., None]


@pytest.fixture
def stocked(store: Store) -> Stocked:
    def put(**stock: int) -> None:
        with store.transaction() as tx:
            for key, pieces in stock.items():
                tx.ledger.put_product(Product(key=key, texts={}, list_price=1, stock=pieces, lead_days=5))

    return put


def there(store: Store, key: str) -> int:
    with store.reading() as tx:
        product = tx.ledger.product(key)
    assert product is not None
    return product.stock


def kept(store: Store, number: str = "SO-1") -> deals.Order:
    with store.reading() as tx:
        order = tx.orders.get(number)
    assert order is not None
    return order


def taken(run: Run, number: str = "SO-1", instance: str = "i-1", **more: Any) -> dict[str, Any]:
    told = {"number": number, "lines": LINES, "payment": "on_account", "requested_date": "2026-03-20"} | more
    return dict(run("orders.take", job=f"t-{number}", instance=instance, **told).data)


# --- taken -----------------------------------------------------------------------------------------------------------


def test_an_order_is_taken_with_its_total_to_the_cent(run: Run, store: Store) -> None:
    told = {"duplicate": False, "problems": [], "total": 428.0, "credit_used": 0.0, "lines": LINES}
    assert taken(run) == told
    assert (kept(store).status, kept(store).taken_at) == ("taken", NOON)
    cents = [{"sku": "a", "qty": 3, "price": 0.1}]
    assert taken(run, "SO-2", lines=cents)["total"] == 0.3


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"lines": []}, ["no lines"]),
        ({"lines": [{"sku": "", "qty": 1, "price": 1}]}, ["line 1 names no product"]),
        ({"lines": [{"sku": "a", "qty": 0, "price": 1}]}, ["quantity of line 1"]),
        ({"lines": [{"sku": "a", "qty": 1.5, "price": 1}]}, ["quantity of line 1"]),
        ({"lines": [{"sku": "a", "qty": True, "price": 1}]}, ["quantity of line 1"]),
        ({"lines": [{"sku": "a", "qty": 1, "price": -1}]}, ["price of line 1"]),
        ({"lines": [{"sku": "a", "qty": 1, "price": "free"}]}, ["price of line 1"]),
        ({"lines": [*LINES, {}]}, ["line 3 names no product", "quantity of line 3", "price of line 3"]),
        ({"lines": LINES * 101}, ["more than 200 lines"]),
        ({"requested_date": "2026-03-01"}, ["has passed"]),
        ({"requested_date": "2026-03-02"}, []),
        ({"requested_date": ""}, []),
    ],
)
def test_what_is_wrong_with_an_order_is_told_in_both_languages_and_it_is_not_kept(
    run: Run, store: Store, more: dict[str, Any], said: list[str]
) -> None:
    problems = taken(run, **more)["problems"]
    assert len(problems) == len(said)
    for problem, words in zip(problems, said, strict=True):
        chinese, english = problem.split(" / ", 1)
        assert words in english and any("一" <= letter <= "鿿" for letter in chinese)
    with store.reading() as tx:
        assert (tx.orders.get("SO-1") is None) is bool(said)


def test_an_order_number_belongs_to_the_case_that_took_it_first(run: Run, store: Store) -> None:
    taken(run)
    again = taken(run, lines=[{"sku": "hose", "qty": 1, "price": 3}])
    assert (again["duplicate"], again["total"]) == (False, 3)
    other = taken(run, instance="i-2")
    assert (other["duplicate"], other["total"]) == (True, 3)
    assert kept(store).instance_id == "i-1"


def test_one_order_sent_by_many_at_once_is_taken_by_one(run: Run) -> None:
    with ThreadPoolExecutor(max_workers=6) as pool:
        duplicates = list(pool.map(lambda n: taken(run, instance=f"i-{n}")["duplicate"], range(12)))
    assert duplicates.count(False) == 1


def test_what_is_on_account_counts_for_thirty_days_after_its_invoice(run: Run, stocked: Stocked) -> None:
    stocked(pump=100, hose=100)
    taken(run)
    taken(run, "SO-2", payment="prepaid")
    assert taken(run, "SO-3", "i-3")["credit_used"] == 428
    run("orders.invoice", number="SO-1")
    assert taken(run, "SO-3", "i-3")["credit_used"] == 428
    late = run("orders.take", now=NOON + timedelta(days=30), instance="i-4", number="SO-4", lines=LINES,
               payment="on_account").data  # fmt: skip
    assert late["credit_used"] == 428  # SO-3, which is not invoiced
    run("orders.cancel", number="SO-3")
    late = run("orders.take", now=NOON + timedelta(days=30), instance="i-4", number="SO-4", lines=LINES,
               payment="on_account").data  # fmt: skip
    assert late["credit_used"] == 0


# --- held ------------------------------------------------------------------------------------------------------------


def test_stock_is_held_for_every_line_or_for_none(run: Run, store: Store, stocked: Stocked) -> None:
    stocked(pump=10, hose=9)
    taken(run)
    told = run("orders.hold", number="SO-1").data
    assert told == {"held": False, "shortages": [{"sku": "hose", "wanted": 10, "there": 9}]}
    assert (there(store, "pump"), there(store, "hose")) == (10, 9)
    stocked(hose=10)
    assert run("orders.hold", job="h-2", number="SO-1").data == {"held": True, "shortages": []}
    assert (there(store, "pump"), there(store, "hose")) == (6, 0)


def test_holding_again_holds_nothing_twice(run: Run, store: Store, stocked: Stocked) -> None:
    stocked(pump=10, hose=10)
    taken(run)
    for job in ("h-1", "h-1", "h-2"):
        assert run("orders.hold", job=job, number="SO-1").data["held"] is True
    assert there(store, "pump") == 6


def test_in_parts_whatever_is_there_is_held(run: Run, store: Store, stocked: Stocked) -> None:
    stocked(pump=1, hose=0)
    taken(run)
    told = run("orders.hold", number="SO-1", partly=True).data
    assert told["held"] is True and [one["sku"] for one in told["shortages"]] == ["hose", "pump"]
    assert there(store, "pump") == 0
    stocked(pump=7, hose=50)
    run("orders.hold", job="h-2", number="SO-1")
    assert (there(store, "pump"), there(store, "hose")) == (4, 40)


def test_a_product_that_the_table_does_not_know_is_for_a_person_and_takes_nothing(
    run: Run, store: Store, stocked: Stocked
) -> None:
    stocked(hose=10)
    taken(run)
    answer = run("orders.hold", number="SO-1")
    assert (answer.error, answer.message) == ("erp_failed", "pump")
    assert there(store, "hose") == 10


def test_the_last_pieces_are_promised_to_one_of_many(run: Run, store: Store, stocked: Stocked) -> None:
    stocked(pump=8)
    for n in range(8):
        taken(run, f"SO-{n}", f"i-{n}", lines=[{"sku": "pump", "qty": 3, "price": 1}])
    with ThreadPoolExecutor(max_workers=6) as pool:
        held = list(pool.map(lambda n: run("orders.hold", job=f"h-{n}", number=f"SO-{n}").data["held"], range(8)))
    assert held.count(True) == 2 and there(store, "pump") == 2


def test_what_is_held_goes_back_once(run: Run, store: Store, stocked: Stocked) -> None:
    stocked(pump=10, hose=10)
    taken(run)
    run("orders.hold", number="SO-1")
    for job in ("g-1", "g-2"):
        assert run("orders.give_back", job=job, number="SO-1").data == {"anything_shipped": False}
    assert (there(store, "pump"), there(store, "hose")) == (10, 10)


# --- shipped ---------------------------------------------------------------------------------------------------------


def test_an_order_is_complete_when_nothing_is_left_to_ship(run: Run, store: Store, stocked: Stocked) -> None:
    stocked(pump=10, hose=10)
    taken(run)
    run("orders.hold", number="SO-1")
    first = [{"sku": "pump", "qty": 1}, {"sku": "hose", "qty": 10}]
    for _ in range(2):
        told = run("orders.ship", job="s-1", number="SO-1", shipped=first, tracking="SF-1").data
        assert told == {"complete": False, "remaining": 3, "parcels": 1}
    assert run("orders.ship", job="s-2", number="SO-1").data == {"complete": True, "remaining": 0, "parcels": 2}
    assert [one["lines"] for one in kept(store).shipments] == [{"pump": 1, "hose": 10}, {"pump": 3}]
    run("orders.give_back", number="SO-1")
    assert (there(store, "pump"), there(store, "hose")) == (6, 0)


def test_of_a_hold_that_was_larger_the_rest_goes_back(run: Run, store: Store, stocked: Stocked) -> None:
    stocked(pump=10, hose=10)
    taken(run)
    run("orders.hold", number="SO-1")
    run("orders.ship", job="s-1", number="SO-1", shipped=[{"sku": "pump", "qty": 1}])
    assert run("orders.give_back", number="SO-1").data == {"anything_shipped": True}
    assert (there(store, "pump"), there(store, "hose")) == (9, 10)


@pytest.mark.parametrize("shipped", [[{"sku": "pump", "qty": 5}], [{"sku": "belt", "qty": 1}]])
def test_more_than_was_ordered_cannot_be_shipped(run: Run, shipped: list[dict[str, Any]]) -> None:
    taken(run)
    with pytest.raises(errors.Invalid) as caught:
        run("orders.ship", number="SO-1", shipped=shipped)
    assert caught.value.code == "shipped_too_much"
    for words in caught.value.text.values():
        assert "SO-1" in words and shipped[0]["sku"] in words


QUANTITIES = st.lists(st.integers(1, 9), min_size=1, max_size=6)


@given(QUANTITIES, QUANTITIES)
@settings(max_examples=60, deadline=None)
def test_what_is_left_and_what_was_shipped_are_what_was_ordered(wanted: list[int], sent: list[int]) -> None:
    lines = tuple({"sku": f"p{n % 3}", "qty": quantity, "price": 1} for n, quantity in enumerate(wanted))
    shipments = tuple({"lines": {f"p{n % 3}": quantity}} for n, quantity in enumerate(sent))
    order = deals.Order(
        id="x", instance_id="i", customer="c", lines=lines, total=1, payment="prepaid", shipments=shipments,
        taken_at=NOON,
    )  # fmt: skip
    left = orders._left(order)
    for sku in ("p0", "p1", "p2"):
        ordered = sum(line["qty"] for line in lines if line["sku"] == sku)
        gone = sum(one["lines"].get(sku, 0) for one in shipments)
        assert left[sku] == max(ordered - gone, 0)


# --- invoiced, cancelled ---------------------------------------------------------------------------------------------


def test_invoices_count_up_within_the_year_and_an_order_has_one(run: Run) -> None:
    for n in (1, 2):
        taken(run, f"SO-{n}", f"i-{n}")
        for _ in range(2):
            assert run("orders.invoice", number=f"SO-{n}").data["invoice_no"] == f"FP-2026-{n:06d}"
    taken(run, "SO-3", "i-3")
    later = NOON + timedelta(days=400)
    assert run("orders.invoice", number="SO-3", now=later).data["invoice_no"] == "FP-2027-000001"


def test_a_customer_s_first_order_brings_them_in_unless_somebody_does_so_already(ask: Run, store: Store) -> None:
    def invoiced(number: str, customer: str) -> bool:
        told = {"number": number, "lines": LINES, "payment": "on_account", "requested_date": "2026-03-20"}
        ask("orders.take", customer=customer, job=f"t-{number}", **told)
        return bool(ask("orders.invoice", customer=customer, number=number).data["bring_in"])

    with store.transaction() as tx:
        for number, customer, outcome in (("ON-2", "c-2", ""), ("ON-3", "c-3", "live"), ("ON-4", "c-4", "dropped")):
            ended = NOON if outcome else None
            tx.onboardings.put(
                care.Onboarding(id=number, customer=customer, started_at=NOON, ended_at=ended, outcome=outcome)
            )
    assert [invoiced("SO-1", "c-1"), invoiced("SO-2", "c-1")] == [True, False]
    assert [invoiced(f"SO-{n}", f"c-{n}") for n in (20, 3, 4)] == [True, False, True]
    assert invoiced("SO-5", "c-2") is False, "under way"


def test_invoices_at_once_get_different_numbers(run: Run) -> None:
    for n in range(8):
        taken(run, f"SO-{n}", f"i-{n}")
    with ThreadPoolExecutor(max_workers=4) as pool:
        numbers = list(pool.map(lambda n: run("orders.invoice", number=f"SO-{n}").data["invoice_no"], range(8)))
    assert sorted(numbers) == [f"FP-2026-{n:06d}" for n in range(1, 9)]


def test_what_was_delivered_is_known_to_whoever_takes_it_back(run: Run, store: Store, stocked: Stocked) -> None:
    stocked(pump=10, hose=10)
    taken(run)
    run("orders.ship", job="s-1", number="SO-1", shipped=[{"sku": "pump", "qty": 3}])
    run("orders.invoice", number="SO-1")
    with store.reading() as tx:
        delivered = tx.returns.delivered("SO-1")
    assert [(one.sku, one.qty, one.unit_price) for one in delivered] == [("pump", 3, 99.5)]


@pytest.mark.parametrize(("payment", "refund"), [("prepaid", 428), ("on_account", 0), ("on_delivery", 0)])
def test_a_cancelled_order_holds_nothing_and_refunds_what_was_prepaid(
    run: Run, store: Store, stocked: Stocked, payment: str, refund: float
) -> None:
    stocked(pump=10, hose=10)
    taken(run, payment=payment)
    run("orders.hold", number="SO-1")
    for job in ("c-1", "c-2"):
        assert run("orders.cancel", job=job, number="SO-1", reason="no need").data == {"refund": refund}
    assert (kept(store).status, kept(store).reason, there(store, "pump")) == ("cancelled", "no need", 10)


@pytest.mark.parametrize("handler", ["hold", "give_back", "ship", "invoice", "cancel"])
def test_an_order_that_nobody_took_is_named(run: Run, handler: str) -> None:
    with pytest.raises(errors.NotFound) as caught:
        run(f"orders.{handler}", number="SO-404")
    assert "SO-404" in caught.value.text["zh-CN"] and "SO-404" in caught.value.text["en"]


@pytest.mark.parametrize(
    ("handler", "values", "parameter"),
    [
        ("orders.take", {}, "number"),
        ("orders.take", {"number": "x", "lines": "all"}, "lines"),
        ("orders.take", {"number": "x", "payment": "gold"}, "payment"),
        ("orders.hold", {}, "number"),
        ("orders.ship", {"number": "SO-1", "shipped": [{"sku": "pump", "qty": 0}]}, "shipped"),
        ("orders.ship", {"number": "SO-1", "shipped": [{"sku": "pump", "qty": "2"}]}, "shipped"),
    ],
)
def test_a_wrong_parameter_is_named(run: Run, handler: str, values: dict[str, Any], parameter: str) -> None:
    taken(run)
    with pytest.raises(errors.Invalid) as caught:
        run(handler, **values)
    assert caught.value.ids == {"handler": handler, "parameter": parameter}


QUOTE = deals.Quote(
    id="Q-1/1", number="Q-1", version=1, instance_id="i", customer="c-1", total=20, discount=0, discount_limit=0,
    lines=({"product": "pump", "options": [], "qty": 2, "list_price": 10, "discount": 0},),
    valid_until="2026-12-31", drafted_at=NOON, status="accepted",
)  # fmt: skip
"""Two pumps, accepted."""


@pytest.fixture
def quoted(store: Store, ask: Run) -> Callable[..., dict[str, Any]]:
    with store.transaction() as tx:
        tx.quotes.put(QUOTE)

    def take(number: str, instance: str, **more: Any) -> dict[str, Any]:
        told = {"number": number, "quote": "Q-1", "lines": [], "payment": "on_account", "requested_date": "2026-03-20"}
        return dict(ask("orders.take", job=f"t-{number}-{instance}", instance=instance, **{**told, **more}).data)

    return take


def test_a_quote_is_ordered_once_under_whatever_number(quoted: Callable[..., dict[str, Any]], store: Store) -> None:
    assert quoted("SO-1", "i-1")["duplicate"] is False
    assert quoted("SO-1", "i-1")["duplicate"] is False, "the same case asks again"
    for number in ("SO-1", "SO-2"):
        other = quoted(number, "i-2")
        assert (other["duplicate"], other["orderNo"], other["order_result"]) == (True, "SO-1", "taken")
    with store.reading() as tx:
        assert [one.id for one in tx.orders.of_customer("c-1")] == ["SO-1"]


def test_a_part_of_a_quote_may_be_ordered_by_itself(quoted: Callable[..., dict[str, Any]]) -> None:
    quoted("SO-1", "i-1")
    assert quoted("SO-2", "i-2", lines=[{"sku": "pump", "qty": 1, "price": 10}])["duplicate"] is False


def test_a_cancelled_order_makes_room_for_another(
    quoted: Callable[..., dict[str, Any]], store: Store, ask: Run
) -> None:
    quoted("SO-1", "i-1")
    ask("orders.cancel", job="x", instance="i-1", number="SO-1", reason="-")
    assert quoted("SO-1", "i-2")["order_result"] == "cancelled", "its number is spent"
    assert quoted("SO-2", "i-2")["duplicate"] is False


def test_whose_number_another_customer_has_learns_nothing_of_that_order(
    quoted: Callable[..., dict[str, Any]], ask: Run
) -> None:
    quoted("SO-1", "i-1")
    told = {"number": "SO-1", "lines": LINES, "payment": "on_account"}
    other = ask("orders.take", job="t", instance="i-2", customer="c-2", **told).data
    assert other["duplicate"] is True and "orderNo" not in other
