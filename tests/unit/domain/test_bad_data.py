"""Wrong data of one customer or one line: named, and never in the way of the others."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import errors, records
from engine.domain import audience, casebook, contacts, requests
from engine.store.unit_of_work import Store
from engine.trade import Product, Reservation
from tests.unit.domain.conftest import NOON, Run


def customer(store: Store, key: str, group: str = "ST", **attributes: Any) -> records.Customer:
    record = records.Customer(
        id=key, number=key.upper(), name=key, group=group, attributes=attributes, created_at=NOON, changed_at=NOON
    )
    with store.transaction() as tx:
        tx.customers.add(record)
    return record


@pytest.mark.parametrize(
    ("churn_risk", "at_risk"),
    [(0.5, True), (0.49, False), (1, True), ("0.7", True), ("high", False), (None, False), ([], False), ({}, False)],
)
def test_a_customer_whose_risk_is_no_number_is_in_the_list_all_the_same(
    run: Run, store: Store, churn_risk: Any, at_risk: bool
) -> None:
    customer(store, "c-1", churn_risk=churn_risk)
    customer(store, "c-2")
    found = run("lists.select", groups=[], selector=[]).data["candidates"]
    assert [(one["customer_id"], one["at_risk"]) for one in found] == [("c-1", at_risk), ("c-2", False)]


@pytest.mark.parametrize(
    ("groups", "found"),
    [
        ([], ["c-1", "c-2", "c-3", "c-4"]),
        (["PR"], ["c-2", "c-3"]),
        (["PR-R"], ["c-3"]),
        (["ST", "PR-R"], ["c-1", "c-3"]),
        (["KA"], []),
        (["P"], []),
        (["PR-"], []),
        ([""], ["c-4"]),
    ],
)
def test_a_group_means_its_customers_and_those_of_its_sub_groups(
    run: Run, store: Store, groups: list[str], found: list[str]
) -> None:
    for key, group in (("c-1", "ST"), ("c-2", "PR"), ("c-3", "PR-R"), ("c-4", "")):
        customer(store, key, group)
    chosen = run("lists.select", groups=groups, selector=[]).data["candidates"]
    assert [one["customer_id"] for one in chosen] == found


@pytest.mark.parametrize("score", [80, {"value": 80, "model": "m-1"}])
def test_a_score_is_compared_by_its_number_whoever_said_it(run: Run, store: Store, score: Any) -> None:
    record = records.Customer(
        id="c-1", number="C-1", name="c", scores={"current": score}, created_at=NOON, changed_at=NOON
    )
    with store.transaction() as tx:
        tx.customers.add(record)
    for limit, found in (("80", 1), ("81", 0)):
        selector = [{"attribute": "current", "operator": "ge", "value": limit}]
        assert len(run("lists.select", groups=[], selector=selector).data["candidates"]) == found


@pytest.mark.parametrize(
    ("fact", "operator", "wanted", "expected"),
    [
        (None, "eq", "", False),
        (None, "ne", "", True),
        (None, "ge", "0", False),
        (None, "contains", "", False),
        (5, "eq", "5", True),
        (5, "eq", "5.0", False),
        (5, "ne", "6", True),
        (5, "ge", "5", True),
        (5, "ge", "5.1", False),
        (5, "le", "-1", False),
        ("5", "ge", "4", True),
        ("five", "ge", "4", False),
        (5, "ge", "four", False),
        (5, "ge", "", False),
        (True, "eq", "true", True),
        (False, "eq", "false", True),
        (True, "eq", "True", False),
        ("上海", "contains", "海", True),
        ("上海", "contains", "", True),
        (["a", "b"], "contains", "a", True),
        (["ab"], "contains", "a", False),
        (12345, "contains", "234", True),
        ({"value": 5}, "ge", "4", False),
        (5, "like", "5", False),
        (5, "", "5", False),
        (5, None, "5", False),
    ],
)
def test_a_line_of_a_selector_of_any_fact_holds_or_does_not(
    fact: Any, operator: Any, wanted: str, expected: bool
) -> None:
    line = {"attribute": "x", "operator": operator, "value": wanted}
    assert audience.holds(line, {} if fact is None else {"x": fact}) is expected


@given(
    st.dictionaries(st.sampled_from(["attribute", "operator", "value", "more"]), st.text(max_size=5) | st.none()),
    st.dictionaries(st.text(max_size=3), st.text(max_size=3) | st.integers() | st.booleans() | st.none(), max_size=3),
)
@settings(max_examples=200, deadline=None)
def test_any_line_over_any_facts_gives_an_answer(line: dict[str, Any], facts: dict[str, Any]) -> None:
    assert audience.holds(line, facts) in (True, False)


@pytest.mark.parametrize("quantity", ["2", None, True, [], {}])
def test_a_quantity_that_is_no_number_is_named(run: Run, quantity: Any) -> None:
    with pytest.raises(errors.Invalid) as caught:
        run("products.stock", lines=[{"product": "a", "qty": 1}, {"product": "b", "qty": quantity}])
    assert caught.value.code == "parameter_wrong" and caught.value.ids["parameter"] == "lines"
    assert "qty" in caught.value.text["en"] and "qty" in caught.value.text["zh-CN"]


def test_a_line_without_a_quantity_needs_nothing(run: Run, store: Store) -> None:
    with store.transaction() as tx:
        tx.ledger.put_product(Product(key="a", texts={}, list_price=1, stock=0, lead_days=60))
    assert run("products.stock", lines=[{"product": "a"}]).data["in_stock"] is True
    assert run("products.stock", lines=[]).data == {"in_stock": True, "lead_time_days": 0, "shortages": []}


@pytest.mark.parametrize(
    ("until", "covered"),
    [("2026-03-02", True), ("2026-03-01", False), ("", True), (None, True), (20260302, True), ("20260303", True)],
)
def test_a_term_covers_up_to_its_day(store: Store, until: Any, covered: bool) -> None:
    assert requests.entitled(customer(store, "c-1", service_until=until), date(2026, 3, 2)) is covered


@pytest.mark.parametrize("until", ["soon", "2026-02-30", "2026/03/01", "2026-03-01T00:00:00Z", "x" * 500])
def test_a_term_that_is_no_day_names_the_customer_and_the_attribute(store: Store, until: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        requests.entitled(customer(store, "c-1", service_until=until), date(2026, 3, 2))
    assert caught.value.code == "service_until_wrong" and caught.value.ids == {"customer": "c-1"}
    for words in caught.value.text.values():
        assert "C-1" in words and "service_until" in words and until[:40] in words and len(words) < 160


@pytest.mark.parametrize("began_at", ["yesterday", 5, [], "2026-02-30T00:00:00Z"])
def test_a_beginning_that_is_no_moment_is_named(run: Run, began_at: Any) -> None:
    with pytest.raises(errors.Invalid) as caught:
        run("casebook.record", began_at=began_at)
    assert caught.value.ids == {"handler": "casebook.record", "parameter": "began_at"}


@pytest.mark.parametrize(
    ("began_at", "seconds"),
    [("2026-03-02T03:00:00Z", 3600), ("2026-03-02T11:00:00+08:00", 3600), ("2026-03-02T03:59:59", 1), ("", 0)],
)
def test_a_case_lasted_from_its_beginning_until_now(run: Run, began_at: str, seconds: int) -> None:
    assert run("casebook.record", began_at=began_at).data == {"case_cost": 0.0, "case_seconds": seconds}


def test_recording_twice_keeps_one_record(run: Run, store: Store) -> None:
    for outcome in ("lost", "won"):
        run("casebook.record", instance="i-9", outcome=outcome)
    with store.reading() as tx:
        kept = tx.ledger.case("i-9")
    assert kept is not None and (kept.outcome, kept.process) == ("won", "TEST")


def test_a_case_of_many_facts_is_read_page_by_page(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(casebook, "PAGE", 2)
    with store.reading() as tx:
        assert list(casebook._facts(tx, "nobody")) == []


HOURS = st.lists(st.floats(0, 300), max_size=12).map(sorted)


@given(HOURS, st.integers(0, 6), st.none() | st.integers(0, 4), st.integers(0, 72))
@settings(max_examples=200, deadline=None)
def test_the_next_contact_keeps_every_limit(
    hours: list[float], most: int, per_channel: int | None, gap_hours: int
) -> None:
    """Counted anew at the moment that was named: within the period there is room, and the gap has passed."""
    limits = contacts.Limits(contacts=most, per_channel=per_channel, gap=timedelta(hours=gap_hours))
    held = [
        Reservation(
            id=str(number), customer="c", campaign="A", channel="email" if number % 2 else "sms", priority=1,
            reserved_at=NOON - timedelta(hours=ago), expires_at=NOON + timedelta(days=30),
        )
        for number, ago in enumerate(hours)
        if timedelta(hours=ago) < limits.period
    ]  # fmt: skip
    moment = contacts.next_allowed(held, channel="email", limits=limits, now=NOON)
    assert moment >= NOON
    still = [one for one in held if moment - one.reserved_at < limits.period]
    if most:
        assert len(still) < most
    if per_channel:
        assert len([one for one in still if one.channel == "email"]) < per_channel
    assert all(moment - one.reserved_at >= limits.gap for one in held)


@given(HOURS, st.integers(1, 6))
@settings(max_examples=100, deadline=None)
def test_nobody_waits_longer_than_a_period(hours: list[float], most: int) -> None:
    held = [
        Reservation(
            id=str(number), customer="c", campaign="A", channel="email", priority=1,
            reserved_at=NOON - timedelta(hours=ago), expires_at=NOON + timedelta(days=30),
        )
        for number, ago in enumerate(hours)
    ]  # fmt: skip
    moment = contacts.next_allowed(held, channel="email", limits=contacts.Limits(contacts=most), now=NOON)
    assert moment <= NOON + contacts.WEEK


@pytest.mark.parametrize(
    ("handler", "values", "parameter"),
    [
        ("contacts.reserve", {}, "max_contacts"),
        ("contacts.reserve", {"max_contacts": "2"}, "max_contacts"),
        ("contacts.reserve", {"max_contacts": 2, "candidates": "all"}, "candidates"),
        ("contacts.reserve", {"max_contacts": 2, "candidates": ["c-1"]}, "candidates"),
        ("contacts.reserve", {"max_contacts": 2, "period_days": "7"}, "period_days"),
        ("contacts.reserve", {"max_contacts": 2, "candidates": [{"customer_id": "c"}]}, "channel"),
        ("contacts.use", {}, "campaign"),
        ("contacts.suppress", {}, "customer"),
        ("leads.search", {}, "name"),
        ("leads.keep", {"name": "x"}, "lead"),
        ("leads.join", {}, "into"),
        ("leads.pool", {"lead": "L"}, "pool"),
        ("leads.claim", {"lead": "L"}, "person"),
        ("leads.pick", {"team": 5}, "team"),
        ("lending.credit", {}, "id_no"),
        ("lending.income", {"id_no": "x"}, "declared"),
        ("lending.valuation", {"address": "x"}, "declared"),
        ("lending.receive", {"documents": "all"}, "documents"),
        ("lists.freeze", {"candidates": [1]}, "candidates"),
        ("lists.freeze", {}, "campaign"),
        ("lists.select", {"groups": "KA"}, "groups"),
        ("opportunities.open", {"name": "x"}, "amount"),
        ("opportunities.open", {"amount": 1}, "name"),
        ("complaints.count", {"cause": "x"}, "category"),
        ("knowledge.link", {}, "problem"),
        ("articles.suggest", {}, "text"),
        ("service.identify", {}, "subject"),
    ],
)
def test_each_service_names_the_parameter_that_it_lacks(
    run: Run, handler: str, values: dict[str, Any], parameter: str
) -> None:
    with pytest.raises(errors.Invalid) as caught:
        run(handler, **values)
    assert caught.value.ids == {"handler": handler, "parameter": parameter}
    assert parameter in caught.value.text["zh-CN"] and handler in caught.value.text["zh-CN"]
