"""Goods that come back: never more than was bought, never more money than was paid."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import care, errors, trade
from engine.domain import returns
from engine.store.unit_of_work import Store
from tests.unit.domain.conftest import NOON, Run

DAY = timedelta(days=1)


def line(sku: str, qty: int = 1, price: float = 100.0, **more: Any) -> care.DeliveredLine:
    told = {"order_no": "O-1", "customer": "c-1", "delivered_at": NOON} | more
    return care.DeliveredLine(sku=sku, qty=qty, unit_price=price, **told)


def back(number: str, qty: int, status: Any = "authorised", **more: Any) -> care.Return:
    lines = (care.ReturnedLine(sku="A", qty=qty),)
    told = {"customer": "c-1", "order_no": "O-1", "lines": lines, "status": status, "opened_at": NOON} | more
    return care.Return(id=number, **told)


@pytest.fixture
def bought(ask: Run) -> None:
    rows = [
        {"sku": "A", "qty": 3, "unit_price": 100, "category": "device"},
        {"sku": "B", "qty": 1, "unit_price": 19.99, "category": "software"},
    ]
    ask("returns.deliver", order="O-1", lines=rows)


def wish(**pieces: int) -> list[dict[str, Any]]:
    return [{"sku": sku, "qty": qty} for sku, qty in pieces.items()]


# --- what may come back ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("past", "free"),
    [
        ([], 3),
        ([back("R-1", 1)], 2),
        ([back("R-1", 1, "settled"), back("R-2", 2)], 0),
        ([back("R-1", 3, "closed")], 3),
    ],
)
def test_what_is_under_way_or_settled_is_taken_and_what_was_closed_is_free(past: list[care.Return], free: int) -> None:
    assert returns.left([line("A", 3)], past)["A"] == free


@pytest.mark.parametrize(
    ("states", "expected"),
    [([], True), (["intact"] * 3, True), (["intact"] * 4, False), (["damaged"], False), (["", "intact"], True)],
)
def test_who_returned_little_and_intact_is_taken_at_their_word(states: list[str], expected: bool) -> None:
    assert returns.trusted([back(f"R-{n}", 1, state=state) for n, state in enumerate(states)]) is expected


@given(st.lists(st.tuples(st.integers(1, 5), st.sampled_from(["authorised", "settled", "closed"])), max_size=6))
@settings(max_examples=60, deadline=None)
def test_free_and_taken_together_are_what_was_delivered(past: list[tuple[int, str]]) -> None:
    given_back = [back(f"R-{n}", qty, status) for n, (qty, status) in enumerate(past)]
    taken = sum(qty for qty, status in past if status != "closed")
    assert returns.left([line("A", 9)], given_back)["A"] == 9 - taken


def test_the_order_is_looked_up_with_age_categories_and_price(ask: Run, bought: None) -> None:
    answer = ask(
        "returns.look_up",
        order="O-1",
        lines=wish(A=2, B=1),
        now=NOON + 8 * DAY - timedelta(minutes=1),
        **{"return": "R-1"},
    )
    assert answer.data == {
        "order_known": True,
        "days_since_delivery": 7,
        "categories": ["device", "software"],
        "value_paid": 219.99,
        "refund": 219.99,
        "received_state": "intact",
        "accepted": False,
        "trusted": True,
    }


@pytest.mark.parametrize(
    ("customer", "order", "pieces"),
    [("c-2", "O-1", {"A": 1}), ("c-1", "O-9", {"A": 1}), ("c-1", "O-1", {"A": 1, "Z": 1})],
)
def test_another_s_order_an_unknown_one_and_an_unknown_line_are_not_known(
    ask: Run, bought: None, customer: str, order: str, pieces: dict[str, int]
) -> None:
    answer = ask("returns.look_up", customer=customer, order=order, lines=wish(**pieces), **{"return": "R-1"})
    assert (answer.data["order_known"], answer.data["days_since_delivery"]) == (False, None)


# --- authorised, settled, closed -------------------------------------------------------------------------------------


def test_an_authorised_return_has_a_number_and_the_same_job_gets_the_same(ask: Run, bought: None) -> None:
    first = ask("returns.authorise", order="O-1", lines=wish(A=3), **{"return": "R-1"})
    assert first.data == {"rma": "RMA-R-1"}
    assert ask("returns.authorise", order="O-1", lines=wish(A=3), **{"return": "R-1"}).data == first.data


def test_more_than_was_bought_does_not_come_back_in_two_returns_either(ask: Run, bought: None) -> None:
    ask("returns.authorise", order="O-1", lines=wish(A=2), **{"return": "R-1"})
    refused = ask("returns.authorise", order="O-1", lines=wish(A=2, B=1), **{"return": "R-2"})
    assert (refused.error, refused.message) == ("more_than_bought", "A")
    assert ask("returns.authorise", order="O-1", lines=wish(A=1, B=1), **{"return": "R-2"}).error == ""


def test_what_was_closed_may_be_returned_another_time(ask: Run, bought: None) -> None:
    ask("returns.authorise", order="O-1", lines=wish(A=3), **{"return": "R-1"})
    ask("returns.close", **{"return": "R-1"})
    assert ask("returns.authorise", order="O-1", lines=wish(A=3), **{"return": "R-2"}).error == ""


def test_an_order_that_nobody_knows_is_authorised_by_whoever_said_yes(ask: Run) -> None:
    assert ask("returns.authorise", order="O-9", lines=wish(A=30), **{"return": "R-1"}).error == ""


def test_of_many_returns_at_once_no_more_than_the_line_is_authorised(ask: Run, bought: None) -> None:
    def one(number: int) -> bool:
        answer = ask("returns.authorise", job=f"j-{number}", order="O-1", lines=wish(A=1), **{"return": f"R-{number}"})
        return answer.error == ""

    with ThreadPoolExecutor(max_workers=6) as pool:
        assert list(pool.map(one, range(10))).count(True) == 3


@pytest.mark.parametrize(
    ("amount", "error"), [(200, ""), (0, ""), (150.004, ""), (200.01, "more_than_paid"), (-1, "more_than_paid")]
)
def test_no_more_is_paid_back_than_was_paid(ask: Run, bought: None, store: Store, amount: float, error: str) -> None:
    ask("returns.authorise", order="O-1", lines=wish(A=2), **{"return": "R-1"})
    assert ask("returns.settle", amount=amount, state="damaged", **{"return": "R-1"}).error == error
    with store.reading() as tx:
        kept = tx.returns.get("R-1")
    assert kept is not None
    assert (kept.status, kept.refund) == (("settled", round(amount, 2)) if not error else ("authorised", 0.0))


def test_settling_twice_keeps_the_first_moment_and_a_settled_return_is_not_closed(
    ask: Run, bought: None, store: Store
) -> None:
    ask("returns.authorise", order="O-1", lines=wish(A=1), **{"return": "R-1"})
    for later in (timedelta(0), DAY):
        ask("returns.settle", amount=90, now=NOON + later, **{"return": "R-1"})
    ask("returns.close", now=NOON + 2 * DAY, **{"return": "R-1"})
    with store.reading() as tx:
        kept = tx.returns.get("R-1")
    assert kept is not None and (kept.status, kept.ended_at, kept.refund) == ("settled", NOON, 90)


def test_each_try_of_a_payment_has_its_own_number_and_a_job_one_try(ask: Run, bought: None) -> None:
    ask("returns.authorise", order="O-1", lines=wish(A=1), **{"return": "R-1"})
    tries = [ask("returns.pay", job=job, **{"return": "R-1"}).data for job in ("p-1", "p-1", "p-2", "p-1")]
    assert [one["payment_try"] for one in tries] == [1, 1, 2, 1]
    assert tries[2]["payment_no"] == "R-1/2"


@pytest.mark.parametrize("handler", ["returns.settle", "returns.close", "returns.pay"])
def test_a_return_that_nobody_opened_is_told_in_both_languages(ask: Run, handler: str) -> None:
    with pytest.raises(errors.NotFound) as caught:
        ask(handler, **{"return": "R-404"})
    assert all("R-404" in words for words in caught.value.text.values()) and len(caught.value.text) == 2


@pytest.mark.parametrize(
    "lines",
    [[], None, "A", [5], [{"sku": "A"}], [{"qty": 1}], [{"sku": "", "qty": 1}], [{"sku": "A", "qty": 0}],
     [{"sku": "A", "qty": 1.5}], [{"sku": "A", "qty": True}], [{"sku": "A", "qty": "2"}], [{"sku": 7, "qty": 1}]],
)  # fmt: skip
@pytest.mark.parametrize("handler", ["returns.look_up", "returns.authorise"])
def test_lines_that_are_none_are_named(ask: Run, handler: str, lines: Any) -> None:
    with pytest.raises(errors.Invalid) as caught:
        ask(handler, order="O-1", lines=lines, **{"return": "R-1"})
    assert caught.value.ids == {"handler": handler, "parameter": "lines"}


@pytest.mark.parametrize("price", [-1, "100", True, None])
def test_a_price_that_is_none_is_named(ask: Run, price: Any) -> None:
    with pytest.raises(errors.Invalid) as caught:
        ask("returns.deliver", order="O-1", lines=[{"sku": "A", "qty": 1, "unit_price": price}])
    assert caught.value.ids["parameter"] == "lines" and "unit_price" in caught.value.text["zh-CN"]


def test_a_delivery_told_again_replaces_what_was_known(ask: Run, bought: None, store: Store) -> None:
    ask(
        "returns.deliver", order="O-1", lines=[{"sku": "A", "qty": 5, "unit_price": 80}], at="2026-03-01T08:00:00+08:00"
    )
    with store.reading() as tx:
        found = tx.returns.delivered("O-1")
    assert [(one.sku, one.qty, one.unit_price) for one in found] == [("A", 5, 80.0), ("B", 1, 19.99)]
    assert found[0].delivered_at.isoformat() == "2026-03-01T00:00:00+00:00"


def test_returns_of_a_customer_count_from_a_day_on(store: Store) -> None:
    with store.transaction() as tx:
        tx.returns.put(back("R-1", 1, opened_at=NOON - 400 * DAY))
        tx.returns.put(back("R-2", 1, opened_at=NOON - DAY, state="damaged"))
        tx.returns.put(back("R-3", 1, customer="c-2"))
    with store.reading() as tx:
        assert [one.id for one in tx.returns.of_customer("c-1", NOON - returns.YEAR)] == ["R-2"]
        assert [one.id for one in tx.returns.of_order("O-1")] == ["R-1", "R-2", "R-3"]


# --- stock -----------------------------------------------------------------------------------------------------------


def on_shelf(store: Store, sku: str) -> int:
    with store.reading() as tx:
        product = tx.ledger.product(sku)
    assert product is not None
    return product.stock


@pytest.fixture
def shelf(store: Store) -> None:
    with store.transaction() as tx:
        tx.ledger.put_product(trade.Product(key="A", stock=3, texts={}, list_price=1, lead_days=1))
        tx.ledger.put_product(trade.Product(key="B", stock=1, texts={}, list_price=1, lead_days=1))


def test_held_pieces_leave_the_shelf_once(run: Run, store: Store, shelf: None) -> None:
    for _ in range(2):
        assert run("stock.hold", purpose="V-1", lines=wish(A=2)).data == {"held": True, "shortages": []}
    assert on_shelf(store, "A") == 1


def test_all_is_held_or_nothing(run: Run, store: Store, shelf: None) -> None:
    assert run("stock.hold", purpose="V-1", lines=wish(A=2, B=2, C=1)).data == {"held": False, "shortages": ["B", "C"]}
    assert (on_shelf(store, "A"), on_shelf(store, "B")) == (3, 1)


def test_no_lines_hold_nothing(run: Run, store: Store) -> None:
    assert run("stock.hold", purpose="V-1", lines=[]).data == {"held": True, "shortages": []}


@pytest.mark.parametrize(("end", "left"), [("stock.use", 1), ("stock.release", 3)])
def test_what_was_held_is_gone_or_back_and_only_once(run: Run, store: Store, shelf: None, end: str, left: int) -> None:
    run("stock.hold", purpose="V-1", lines=wish(A=2))
    assert run(end, purpose="V-1").data == {"pieces": 2}
    assert run(end, purpose="V-1").data == {"pieces": 0}
    assert on_shelf(store, "A") == left


def test_of_many_who_want_the_last_piece_one_gets_it(run: Run, store: Store, shelf: None) -> None:
    def hold(number: int) -> bool:
        return bool(run("stock.hold", job=f"j-{number}", purpose=f"V-{number}", lines=wish(B=1)).data["held"])

    with ThreadPoolExecutor(max_workers=6) as pool:
        assert list(pool.map(hold, range(8))).count(True) == 1
    assert on_shelf(store, "B") == 0
