"""Quotes: version by version, nothing sent that is not approved, the first answer counts, nothing typed twice."""

from datetime import timedelta
from itertools import product as every
from typing import Any

import pytest

from engine import deals, errors
from engine.store.unit_of_work import Store
from engine.trade import Product
from tests.unit.domain.conftest import NOON, Run

LINE = {"product": "pump", "options": [], "qty": 2, "list_price": 100, "discount": 5}
TERMS = {"lines": [LINE], "currency": "CNY", "valid_until": "2026-03-31", "payment_terms": "net_30"}


def drafted(ask: Run, number: str = "Q-1", **more: Any) -> dict[str, Any]:
    told = {"number": number, "discount_limit": 10, "owner": "lina", **TERMS} | more
    return dict(ask("quotes.draft", **told).data)


def kept(store: Store, number: str = "Q-1") -> list[deals.Quote]:
    with store.reading() as tx:
        return tx.quotes.versions(number)


def sent(ask: Run, number: str = "Q-1", version: int = 1, **more: Any) -> None:
    drafted(ask, number, **more)
    ask("quotes.approve", number=number, version=version, lines=more.get("lines", [LINE]))
    ask("quotes.send", number=number, version=version, document="您的报价 / your quote", lead_days=3)


def shelf(store: Store, **more: Any) -> None:
    told = {"key": "pump", "texts": {"zh-CN": "水泵", "en": "Pump"}, "list_price": 100, "stock": 9, "lead_days": 5}
    with store.transaction() as tx:
        tx.ledger.put_product(Product(**(told | more)))  # type: ignore[arg-type]


# --- drafted ---------------------------------------------------------------------------------------------------------


def test_a_draft_is_kept_with_its_total_and_its_highest_discount(ask: Run, store: Store) -> None:
    shelf(store, unit_cost=60.0)
    lines = [LINE, {**LINE, "qty": 1, "discount": 12.5}]
    assert drafted(ask, lines=lines) == {"quoteNo": "Q-1", "version": 1, "lines": lines}
    (quote,) = kept(store)
    assert (quote.status, quote.customer, quote.total, quote.discount) == ("draft", "c-1", 277.5, 12.5)
    assert (quote.discount_limit, quote.margin, quote.owner) == (10, 35.1, "lina")
    assert (quote.valid_until, quote.drafted_at, quote.sent_at) == ("2026-03-31", NOON, None)


def test_a_lower_list_price_is_told_as_the_discount_that_it_is(ask: Run, store: Store) -> None:
    shelf(store)
    told = drafted(ask, lines=[{**LINE, "list_price": 60, "discount": 0}])
    assert told["lines"] == [{**LINE, "list_price": 100, "discount": 40}]
    (quote,) = kept(store)
    assert (quote.total, quote.discount) == (120, 40)


@pytest.mark.parametrize("more", [{"currency": "USD"}, {"lines": [{**LINE, "product": "new", "list_price": 60}]}])
def test_without_a_price_list_the_price_is_what_was_typed(ask: Run, store: Store, more: dict[str, Any]) -> None:
    shelf(store, unit_cost=1.0)
    lines = more.get("lines", [{**LINE, "list_price": 60}])
    assert drafted(ask, **{"lines": lines, **more})["lines"] == lines
    assert kept(store)[0].margin is None


def test_decimals_that_an_expression_computed_come_as_digits(ask: Run, store: Store) -> None:
    drafted(ask, lines=[{**LINE, "list_price": "99.90", "discount": "2.5"}])
    assert kept(store)[0].total == 194.81


@pytest.mark.parametrize(
    "wrong",
    [
        {"qty": 0},
        {"qty": 1.5},
        {"qty": True},
        {"qty": "many"},
        {"qty": None},
        {"list_price": -1},
        {"list_price": "dear"},
        {"discount": 101},
        {"discount": -1},
        {"discount": []},
        {"product": ""},
        {"product": 7},
    ],
)
def test_a_line_that_makes_no_sense_is_refused_in_both_languages(ask: Run, store: Store, wrong: dict[str, Any]) -> None:
    with pytest.raises(errors.Invalid) as caught:
        drafted(ask, lines=[{**LINE, **wrong}])
    assert "明细行" in caught.value.text["zh-CN"] and "lines with a product" in caught.value.text["en"]
    assert kept(store) == []


@pytest.mark.parametrize("lines", [[], [LINE] * 201, "all", [1]])
def test_a_quote_has_from_one_to_two_hundred_lines(ask: Run, lines: Any) -> None:
    with pytest.raises(errors.Invalid):
        drafted(ask, lines=lines)


def test_without_a_number_the_next_of_the_year_is_drawn(ask: Run) -> None:
    assert drafted(ask, "")["quoteNo"] == "BJ-2026-0001"
    assert drafted(ask, "", instance="i-2")["quoteNo"] == "BJ-2026-0002"
    drafted(ask, "BJ-2026-0041", instance="i-3")
    drafted(ask, "BJ-2026-ABCD", instance="i-4")
    assert drafted(ask, "", instance="i-5")["quoteNo"] == "BJ-2026-0042"
    assert drafted(ask, "", instance="i-6", now=NOON + timedelta(days=365))["quoteNo"] == "BJ-2027-0001"


def test_when_all_numbers_of_a_year_are_used_one_must_be_given(ask: Run) -> None:
    drafted(ask, "BJ-2026-9999")
    with pytest.raises(errors.Conflict) as caught:
        drafted(ask, "", instance="i-2")
    assert caught.value.code == "quote_numbers_used_up"


def test_a_number_belongs_to_one_customer(ask: Run, store: Store) -> None:
    drafted(ask)
    with pytest.raises(errors.Conflict) as caught:
        drafted(ask, customer="c-2", instance="i-2")
    assert "另一位客户" in caught.value.text["zh-CN"] and "another customer's" in caught.value.text["en"]
    assert [one.customer for one in kept(store)] == ["c-1"]


# --- versions --------------------------------------------------------------------------------------------------------


def test_a_draft_is_mended_and_stays_the_same_version(ask: Run, store: Store) -> None:
    drafted(ask)
    ask("quotes.approve", number="Q-1", version=1, lines=[LINE])
    assert drafted(ask, lines=[{**LINE, "qty": 3}])["version"] == 1
    assert [(one.version, one.status, one.total) for one in kept(store)] == [(1, "draft", 285)]


def test_what_was_sent_is_never_changed_the_next_version_takes_its_place(ask: Run, store: Store) -> None:
    sent(ask)
    ask("quotes.answer", number="Q-1", version=1, reply="change", reason="二十个 / twenty")
    assert drafted(ask, lines=[{**LINE, "qty": 20}])["version"] == 2
    assert [(one.version, one.status, one.reason) for one in kept(store)] == [
        (2, "draft", ""),
        (1, "superseded", "二十个 / twenty"),
    ]


def test_another_case_of_the_same_number_takes_the_next_version(ask: Run, store: Store) -> None:
    sent(ask)
    assert drafted(ask, instance="i-2")["version"] == 2
    assert [(one.version, one.status) for one in kept(store)] == [(2, "draft"), (1, "superseded")]


def test_what_a_customer_has_accepted_stays_accepted_beside_a_new_version(ask: Run, store: Store) -> None:
    sent(ask)
    ask("quotes.answer", number="Q-1", version=1, reply="accept")
    drafted(ask, instance="i-2")
    assert [(one.version, one.status) for one in kept(store)] == [(2, "draft"), (1, "accepted")]


# --- from state to state ---------------------------------------------------------------------------------------------

DEEDS: dict[str, dict[str, Any]] = {
    "quotes.approve": {"lines": [LINE]},
    "quotes.send": {"document": "d"},
    "quotes.answer": {"reply": "accept"},
    "quotes.expire": {},
}


@pytest.mark.parametrize(("status", "deed"), list(every(("accepted", "declined", "expired", "superseded"), DEEDS)))
def test_nothing_leaves_a_final_state(ask: Run, store: Store, status: str, deed: str) -> None:
    sent(ask)
    with store.transaction() as tx:
        (quote,) = tx.quotes.versions("Q-1")
        over = deals.Quote(**{name: getattr(quote, name) for name in quote.__struct_fields__} | {"status": status})
        tx.quotes.put(over)
    ask(deed, number="Q-1", version=1, **DEEDS[deed])
    assert kept(store) == [over]


def test_nothing_is_sent_that_is_not_approved(ask: Run, store: Store) -> None:
    drafted(ask)
    with pytest.raises(errors.Conflict) as caught:
        ask("quotes.send", number="Q-1", version=1, document="d")
    assert "还没有批准" in caught.value.text["zh-CN"] and "not approved" in caught.value.text["en"]
    assert kept(store)[0].status == "draft"


def test_an_alternative_is_priced_when_it_is_approved(ask: Run, store: Store) -> None:
    shelf(store)
    drafted(ask)
    ask("quotes.approve", number="Q-1", version=1, lines=[{**LINE, "list_price": 50, "discount": 0, "qty": 4}])
    (quote,) = kept(store)
    assert (quote.status, quote.total, quote.discount) == ("approved", 200, 50)


def test_what_was_sent_is_kept_with_its_document(ask: Run, store: Store) -> None:
    sent(ask)
    for again in ("第二次 / again", "第三次 / once more"):
        ask("quotes.send", number="Q-1", version=1, document=again, now=NOON + timedelta(hours=1))
    (quote,) = kept(store)
    assert (quote.status, quote.document, quote.lead_days) == ("sent", "您的报价 / your quote", 3)
    assert quote.sent_at == NOON


@pytest.mark.parametrize(
    ("reply", "status"), [("accept", "accepted"), ("reject", "declined"), ("change", "superseded")]
)
def test_the_customer_s_first_word_counts(ask: Run, store: Store, reply: str, status: str) -> None:
    sent(ask)
    ask("quotes.answer", number="Q-1", version=1, reply=reply, reason="说过 / said")
    ask("quotes.answer", number="Q-1", version=1, reply="accept", now=NOON + timedelta(days=1))
    ask("quotes.expire", number="Q-1", version=1)
    (quote,) = kept(store)
    assert (quote.status, quote.reason, quote.settled_at) == (status, "说过 / said", NOON)


@pytest.mark.parametrize("handler", list(DEEDS))
def test_a_version_that_is_not_there_is_named(ask: Run, handler: str) -> None:
    sent(ask)
    with pytest.raises(errors.NotFound) as caught:
        ask(handler, number="Q-1", version=2, **DEEDS[handler])
    assert "Q-1 第 2 版" in caught.value.text["zh-CN"] and "version 2" in caught.value.text["en"]


def test_an_answer_is_one_of_three(ask: Run) -> None:
    sent(ask)
    with pytest.raises(errors.Invalid):
        ask("quotes.answer", number="Q-1", version=1, reply="perhaps")


@pytest.mark.parametrize(
    ("status", "today", "standing"),
    [
        ("sent", "2026-03-31", "sent"),
        ("sent", "2026-04-01", "expired"),
        ("accepted", "2026-04-01", "accepted"),
        ("draft", "2026-04-01", "draft"),
    ],
)
def test_what_was_sent_and_is_valid_no_longer_has_expired(
    ask: Run, store: Store, status: str, today: str, standing: str
) -> None:
    drafted(ask)
    (quote,) = kept(store)
    told = {name: getattr(quote, name) for name in quote.__struct_fields__} | {"status": status}
    assert deals.Quote(**told).standing(today) == standing


# --- what comes of it ------------------------------------------------------------------------------------------------


def test_an_accepted_quote_says_all_that_a_contract_needs(ask: Run, store: Store) -> None:
    shelf(store)
    sent(ask)
    ask("quotes.answer", number="Q-1", version=1, reply="accept")
    terms = dict(ask("quotes.terms", quote="Q-1").data)
    assert terms == {
        "amount": 190,
        "contract_subject": "水泵 / Pump × 2",
        "term_from": "2026-03-03",
        "term_to": "2027-03-03",
        "template": "standard",
        "payment_plan": [{"date": "2026-04-02", "amount": 190}],
    }
    drawn = ask("contracts.draft", instance="i-9", quote="Q-1", **terms).data
    assert drawn["problems"] == []
    with store.reading() as tx:
        contract = tx.contracts.get("i-9")
    assert contract is not None and (contract.quote, contract.amount) == ("Q-1", 190)


def test_what_was_negotiated_since_counts(ask: Run) -> None:
    sent(ask)
    ask("quotes.answer", number="Q-1", version=1, reply="accept")
    told = {"amount": 180.5, "subject": "两台泵 / two pumps", "from": "2026-06-01"}
    terms = ask("quotes.terms", quote="Q-1", **told).data
    assert (terms["amount"], terms["contract_subject"], terms["term_from"]) == (180.5, told["subject"], "2026-06-01")
    assert terms["payment_plan"] == [{"date": "2026-07-01", "amount": 180.5}]


def test_a_contract_may_come_without_a_quote(ask: Run) -> None:
    assert ask("quotes.terms", amount=5).data == {}


@pytest.mark.parametrize(("reply", "customer"), [("reject", "c-1"), ("change", "c-1"), ("accept", "c-2"), ("", "c-1")])
def test_only_what_this_customer_accepted_is_taken_over(ask: Run, store: Store, reply: str, customer: str) -> None:
    sent(ask)
    if reply:
        ask("quotes.answer", number="Q-1", version=1, reply=reply)
    terms = ask("quotes.terms", quote="Q-1", customer=customer).data
    assert terms["quoteNo"] is None and terms["problems"] == [
        "客户没有接受报价 Q-1 / the customer has accepted no quote Q-1"
    ]
    order = {"number": "SO-1", "quote": "Q-1", "payment": "prepaid", "requested_date": ""}
    told = ask("orders.take", customer=customer, **order).data
    assert terms["problems"][0] in told["problems"]
    with store.reading() as tx:
        assert tx.orders.get("SO-1") is None


def test_an_order_without_lines_is_what_was_accepted(ask: Run, store: Store) -> None:
    sent(ask)
    ask("quotes.answer", number="Q-1", version=1, reply="accept")
    told = ask("orders.take", instance="i-9", number="SO-1", quote="Q-1", payment="prepaid", requested_date="").data
    assert (told["problems"], told["total"]) == ([], 190)
    assert told["lines"] == [{"sku": "pump", "qty": 2, "price": 95.0}]
    with store.reading() as tx:
        order = tx.orders.get("SO-1")
    assert order is not None and order.quote == "Q-1"


@pytest.mark.parametrize(("terms", "payment"), [("prepaid", "prepaid"), ("net_30", "on_account"), ("", "on_account")])
@pytest.mark.parametrize(("number", "order"), [("Q-1", "SO-Q-1"), ("Q" * 37, "SO-" + "Q" * 37), ("Q" * 38, "Q" * 38)])
def test_an_accepted_quote_says_what_its_order_is(ask: Run, number: str, order: str, terms: str, payment: str) -> None:
    sent(ask, number, payment_terms=terms)
    ask("quotes.answer", number=number, version=1, reply="accept")
    told = dict(ask("quotes.order", quote=number).data)
    lines = [{"sku": "pump", "qty": 2, "price": 95.0}]
    assert told == {"orderNo": order, "quoteNo": number, "payment": payment, "lines": lines}
    taken = ask("orders.take", number=order, quote=number, payment=payment, lines=told["lines"], requested_date="").data
    assert (taken["problems"], taken["total"]) == ([], 190)


@pytest.mark.parametrize(("reply", "customer"), [("reject", "c-1"), ("change", "c-1"), ("accept", "c-2"), ("", "c-1")])
def test_no_order_is_told_of_what_this_customer_did_not_accept(ask: Run, reply: str, customer: str) -> None:
    sent(ask)
    if reply:
        ask("quotes.answer", number="Q-1", version=1, reply=reply)
    assert ask("quotes.order", quote="Q-1", customer=customer).data == {"quoteNo": None}
