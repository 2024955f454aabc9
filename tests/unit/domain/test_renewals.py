"""Contracts near their end: what is known of the customer, another year, or the end."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import deals, errors
from engine.domain import renewals
from engine.store.unit_of_work import Store
from tests.unit.domain.conftest import NOON, Run

PLAN = [{"date": "2026-02-01", "amount": 300}, {"date": "2026-10-01", "amount": 700}]


@pytest.fixture
def number(run: Run) -> str:
    terms = {"amount": 1000, "term_from": "2025-06-01", "term_to": "2026-05-31", "payment_plan": PLAN, "owner": "lina"}
    told = run("contracts.draft", auto_renew=True, **terms).data
    run("contracts.enact")
    return str(told["contract_no"])


def kept(store: Store, number: str) -> deals.Contract:
    with store.reading() as tx:
        found = tx.contracts.numbered(number)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("day", "later"),
    [
        ("2026-05-31", "2027-05-31"),
        ("2028-02-29", "2029-02-28"),
        ("2027-02-28", "2028-02-28"),
        ("2026-12-31", "2027-12-31"),
    ],
)
def test_a_year_later_is_the_same_day_or_the_last_of_february(day: str, later: str) -> None:
    assert renewals.next_year(date.fromisoformat(day)).isoformat() == later


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
@settings(max_examples=100, deadline=None)
def test_a_year_is_365_or_366_days(day: date) -> None:
    assert (renewals.next_year(day) - day) in (timedelta(days=365), timedelta(days=366))


def test_the_summary_counts_what_is_left_and_what_is_overdue(run: Run, number: str) -> None:
    told = run("renewals.summary", number=number).data
    assert (told["days_left"], told["overdue"], told["contracts_held"]) == (90, 300, 1)
    assert (told["open_requests"], told["open_complaints"], told["last_met_on"]) == (0, 0, None)
    run("contracts.paid", number=number, n=1)
    assert run("renewals.summary", number=number).data["overdue"] == 0
    late = NOON + timedelta(days=230)
    assert run("renewals.summary", number=number, now=late).data["overdue"] == 700


def test_the_summary_knows_when_they_were_last_met(run: Run, number: str) -> None:
    for day in (5, 6):
        when = {"starts_at": f"2026-03-0{day}T10:00:00+08:00", "ends_at": f"2026-03-0{day}T11:00:00+08:00"}
        run("diary.book", visit=f"V-{day}", owner="lina", **when)
    run("diary.settle", visit="V-5", outcome="done")
    run("diary.settle", visit="V-6", outcome="missed")
    assert run("renewals.summary", number=number).data["last_met_on"] == "2026-03-05"


def test_a_contract_is_prolonged_by_a_year_once_for_each_end(run: Run, store: Store, number: str) -> None:
    for _ in range(2):
        told = run("renewals.prolong", number=number, term_to="2026-05-31").data
        assert told["new_term_to"] == "2027-05-31"
        assert told["contract"]["payments"] == [{"n": 3, "date": "2026-05-31", "amount": 1000, "key": f"{number}/3"}]
        assert (told["contract"]["first"], told["contract"]["auto_renew"]) == (False, True)
    assert (kept(store, number).term_to, len(kept(store, number).payments)) == ("2027-05-31", 3)
    run("renewals.prolong", number=number, term_to="2027-05-31")
    assert kept(store, number).term_to == "2028-05-31"


def test_a_contract_ends_once_and_is_held_no_more(run: Run, store: Store, number: str) -> None:
    for later in (NOON, NOON + timedelta(days=1)):
        run("renewals.end", number=number, now=later)
    assert (kept(store, number).status, kept(store, number).settled_at) == ("ended", NOON)
    assert run("renewals.summary", number=number).data["contracts_held"] == 0


@pytest.mark.parametrize("handler", ["summary", "prolong", "end"])
def test_a_contract_that_nobody_knows_is_named(run: Run, handler: str) -> None:
    with pytest.raises(errors.NotFound) as caught:
        run(f"renewals.{handler}", number="HT-404", term_to="2026-05-31")
    assert "HT-404" in caught.value.text["zh-CN"] and "HT-404" in caught.value.text["en"]


@pytest.mark.parametrize(
    ("values", "parameter"),
    [({}, "number"), ({"number": 5}, "number"), ({"number": "HT-2026-0001"}, "term_to")],
)
def test_a_wrong_parameter_is_named(run: Run, number: str, values: dict[str, Any], parameter: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        run("renewals.prolong", **values)
    assert caught.value.ids == {"handler": "renewals.prolong", "parameter": parameter}
