"""Contracts: what a draft lacks, whose number it is, when it comes into force, what has been paid."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import deals, errors
from engine.domain import contracts
from engine.store.unit_of_work import Store
from tests.unit.domain.conftest import NOON, Run

PLAN = [{"date": "2026-04-01", "amount": 300}, {"date": "2026-10-01", "amount": 700}]
TERMS: dict[str, Any] = {"amount": 1000, "term_from": "2026-04-01", "term_to": "2027-03-31", "payment_plan": PLAN}


def drawn(run: Run, instance: str = "i-1", **more: Any) -> dict[str, Any]:
    return dict(run("contracts.draft", job=f"j-{instance}", instance=instance, **{**TERMS, **more}).data)


def kept(store: Store, instance: str = "i-1") -> deals.Contract:
    with store.reading() as tx:
        contract = tx.contracts.get(instance)
    assert contract is not None
    return contract


# --- what a draft lacks ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, []),
        ({"term_to": "2026-04-01"}, ["the term ends before it begins"]),
        ({"term_to": "2026-02-30"}, ["the term is no day"]),
        ({"term_from": "soon"}, ["the term is no day"]),
        ({"term_from": "20260401"}, ["the term is no day"]),
        ({"payment_plan": []}, ["the payments add up to 0, not 1000"]),
        ({"payment_plan": PLAN[:1]}, ["the payments add up to 300, not 1000"]),
        ({"payment_plan": [{"date": "x", "amount": 1000}]}, ["payment 1 has no day"]),
        ({"payment_plan": [{"date": "2026-05-01"}]}, ["the payments add up to 0, not 1000"]),
        ({"payment_plan": [{"date": "2026-05-01", "amount": True}]}, ["the payments add up to 0, not 1000"]),
        ({"prepaid_percent": 30}, []),
        ({"prepaid_percent": 31}, ["only 300 is planned"]),
        ({"prepaid_percent": 100, "term_from": "2026-10-01"}, []),
        ({"term_to": "2026-01-01", "payment_plan": []}, ["ends before", "add up to"]),
    ],
)
def test_a_draft_that_cannot_be_agreed_says_why_in_both_languages(
    run: Run, more: dict[str, Any], said: list[str]
) -> None:
    problems = drawn(run, **more)["problems"]
    assert len(problems) == len(said)
    for problem, words in zip(problems, said, strict=True):
        chinese, english = problem.split(" / ", 1)
        assert words in english and any("一" <= letter <= "鿿" for letter in chinese)


CENTS = st.integers(1, 10**9)


@given(st.lists(CENTS, min_size=1, max_size=12))
@settings(max_examples=100, deadline=None)
def test_cents_add_up_to_the_cent(cents: list[int]) -> None:
    plan = [{"date": "2026-04-01", "amount": one / 100} for one in cents]
    draft = contracts.Draft(
        amount=sum(cents) / 100, term_from="2026-04-01", term_to="2026-05-01", payments=plan, prepaid_percent=100
    )
    assert contracts.problems(draft) == []
    one_more = contracts.Draft(
        amount=(sum(cents) + 1) / 100, term_from="2026-04-01", term_to="2026-05-01", payments=plan
    )
    assert len(contracts.problems(one_more)) == 1


@pytest.mark.parametrize(
    ("more", "standard"),
    [
        ({}, True),
        ({"template": "standard", "clauses_changed": []}, True),
        ({"template": "frame"}, False),
        ({"clauses_changed": ["7.2"]}, False),
    ],
)
def test_standard_is_the_house_s_template_without_a_changed_clause(
    run: Run, more: dict[str, Any], standard: bool
) -> None:
    assert drawn(run, **more)["standard"] is standard


def test_a_draft_that_lacks_something_is_not_kept(run: Run, store: Store) -> None:
    drawn(run, payment_plan=[])
    with store.reading() as tx:
        assert tx.contracts.get("i-1") is None


def test_the_house_s_own_terms_can_always_be_agreed(run: Run) -> None:
    terms = run("contracts.standard", amount=1000, **{"from": ""}).data
    assert (terms["term_from"], terms["term_to"]) == ("2026-03-03", "2027-03-03")
    later = run("contracts.standard", amount=1000, **{"from": "2026-06-01"}).data
    assert later["payment_plan"] == [{"date": "2026-06-01", "amount": 1000}]
    for found in (terms, later):
        assert drawn(run, **{**found, "prepaid_percent": 100})["problems"] == []


# --- numbers ---------------------------------------------------------------------------------------------------------


def test_numbers_count_up_within_the_year_and_a_draft_keeps_its_own(run: Run) -> None:
    assert drawn(run)["contract_no"] == "HT-2026-0001"
    assert drawn(run, "i-2")["contract_no"] == "HT-2026-0002"
    assert drawn(run, amount=1000)["contract_no"] == "HT-2026-0001"
    next_year = run("contracts.draft", instance="i-3", now=NOON + timedelta(days=365), **TERMS).data
    assert next_year["contract_no"] == "HT-2027-0001"


def test_numbers_that_people_made_up_do_not_disturb_the_series(run: Run) -> None:
    drawn(run, "i-1", number="HT-2026-ABCD")
    drawn(run, "i-2", number="HT-2026-0041")
    drawn(run, "i-3", number="HT-2026-00999")
    assert drawn(run, "i-4")["contract_no"] == "HT-2026-0042"


def test_a_number_that_is_taken_is_refused(run: Run, store: Store) -> None:
    drawn(run, "i-1", number="K-1")
    told = drawn(run, "i-2", number="K-1")
    assert "the number K-1 is taken" in told["problems"][0] and "K-1 已被使用" in told["problems"][0]
    assert kept(store, "i-1").number == "K-1"
    with store.reading() as tx:
        assert tx.contracts.get("i-2") is None


def test_when_all_numbers_of_a_year_are_used_one_must_be_given(run: Run) -> None:
    drawn(run, "i-1", number="HT-2026-9999")
    with pytest.raises(errors.Conflict) as caught:
        drawn(run, "i-2")
    assert caught.value.code == "contract_numbers_used_up" and "HT-2026-" in caught.value.text["zh-CN"]


def test_drafts_at_the_same_moment_get_different_numbers(run: Run) -> None:
    with ThreadPoolExecutor(max_workers=6) as pool:
        numbers = list(pool.map(lambda n: drawn(run, f"i-{n}")["contract_no"], range(12)))
    assert sorted(numbers) == [f"HT-2026-{n:04d}" for n in range(1, 13)]


# --- in force --------------------------------------------------------------------------------------------------------


def test_a_contract_in_force_tells_what_has_to_be_watched(run: Run, store: Store) -> None:
    drawn(run, owner="lina", auto_renew=True)
    told = run("contracts.enact").data["contract"]
    assert [(one["key"], one["amount"]) for one in told["payments"]] == [
        ("HT-2026-0001/1", 300),
        ("HT-2026-0001/2", 700),
    ]
    assert (told["contractNo"], told["term_to"], told["auto_renew"], told["owner"], told["first"]) == (
        "HT-2026-0001",
        "2027-03-31",
        True,
        "lina",
        True,
    )
    assert (kept(store).status, kept(store).settled_at) == ("effective", NOON)


def test_it_comes_into_force_once_and_a_second_one_is_not_the_first(run: Run, store: Store) -> None:
    drawn(run)
    run("contracts.enact")
    again = run("contracts.enact", now=NOON + timedelta(days=1)).data["contract"]
    assert again["first"] is True and kept(store).settled_at == NOON
    drawn(run, "i-2")
    assert run("contracts.enact", instance="i-2").data["contract"]["first"] is False


def test_what_is_in_force_is_not_drafted_anew(run: Run, store: Store) -> None:
    drawn(run)
    run("contracts.enact")
    assert "is taken" in drawn(run, payment_plan=[{"date": "2026-04-01", "amount": 1000}])["problems"][0]
    assert [one["amount"] for one in kept(store).payments] == [300, 700]


def test_without_a_draft_nothing_comes_into_force(run: Run) -> None:
    with pytest.raises(errors.NotFound) as caught:
        run("contracts.enact", instance="i-9")
    assert caught.value.code == "contract_unknown" and "i-9" in caught.value.text["zh-CN"]


def test_a_withdrawn_draft_keeps_its_number_and_can_be_taken_up_again(run: Run, store: Store) -> None:
    drawn(run)
    for _ in range(2):
        run("contracts.withdraw")
    assert kept(store).status == "withdrawn"
    assert drawn(run, "i-2")["contract_no"] == "HT-2026-0002"
    assert drawn(run)["contract_no"] == "HT-2026-0001" and kept(store).status == "drafted"


def test_withdrawing_touches_neither_nothing_nor_what_is_in_force(run: Run, store: Store) -> None:
    run("contracts.withdraw", instance="i-9")
    drawn(run)
    run("contracts.enact")
    run("contracts.withdraw")
    assert kept(store).status == "effective"


# --- payments --------------------------------------------------------------------------------------------------------


def test_each_payment_is_marked_on_its_day_and_what_is_open_gets_less(run: Run, store: Store) -> None:
    drawn(run)
    assert run("contracts.paid", number="HT-2026-0001", n=2).data == {"unpaid": 300}
    assert run("contracts.paid", number="HT-2026-0001", n=2, now=NOON + timedelta(days=9)).data == {"unpaid": 300}
    assert run("contracts.paid", number="HT-2026-0001", n=1).data == {"unpaid": 0}
    assert [one["paid_on"] for one in kept(store).payments] == ["2026-03-02", "2026-03-02"]


def test_payments_that_come_in_together_are_all_marked(run: Run, store: Store) -> None:
    plan = [{"date": "2026-04-01", "amount": 100}] * 10
    drawn(run, payment_plan=plan)
    with ThreadPoolExecutor(max_workers=5) as pool:
        list(pool.map(lambda n: run("contracts.paid", number="HT-2026-0001", n=n), range(1, 11)))
    assert all("paid_on" in one for one in kept(store).payments)


@pytest.mark.parametrize(("number", "n"), [("HT-2026-0001", 3), ("HT-2026-0001", 0), ("HT-1", 1)])
def test_a_payment_that_nobody_agreed_is_named(run: Run, number: str, n: int) -> None:
    drawn(run)
    with pytest.raises(errors.NotFound) as caught:
        run("contracts.paid", number=number, n=n)
    assert number in caught.value.text["en"] and number in caught.value.text["zh-CN"]


@pytest.mark.parametrize(
    ("handler", "values", "parameter"),
    [
        ("contracts.draft", {}, "amount"),
        ("contracts.draft", {"amount": "1000"}, "amount"),
        ("contracts.draft", {"amount": 1, "payment_plan": "all"}, "payment_plan"),
        ("contracts.draft", {"amount": 1, "payment_plan": [7]}, "payment_plan"),
        ("contracts.draft", {"amount": 1, "term_from": 5}, "term_from"),
        ("contracts.draft", {"amount": 1, "clauses_changed": "7.2"}, "clauses_changed"),
        ("contracts.standard", {}, "amount"),
        ("contracts.paid", {}, "number"),
        ("contracts.paid", {"number": "HT-1"}, "n"),
    ],
)
def test_a_wrong_parameter_is_named(run: Run, handler: str, values: dict[str, Any], parameter: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        run(handler, **values)
    assert caught.value.ids == {"handler": handler, "parameter": parameter}
    assert parameter in caught.value.text["zh-CN"] and handler in caught.value.text["en"]
