"""Partners' deals: looked at for conflicts, protected for one partner only, released."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from engine import deals, errors
from engine.store.unit_of_work import Store
from tests.unit.domain.conftest import NOON, Run


def asked(run: Run, number: str = "R-1", partner: str = "P-1", **more: Any) -> list[str]:
    told = {"end_customer": "上海明锐传感有限公司", "product": "gateway", "amount": 5000} | more
    return list(run("registrations.check", number=number, partner=partner, **told).data["conflicts"])


def protected(run: Run, number: str = "R-1", days: float = 90, **more: Any) -> str:
    return run("registrations.protect", number=number, days=days, **more).error


def kept(store: Store, number: str = "R-1") -> deals.Registration:
    with store.reading() as tx:
        found = tx.registrations.get(number)
    assert found is not None
    return found


def test_a_deal_that_nobody_else_has_is_free_however_often_it_is_asked(run: Run, store: Store) -> None:
    assert [asked(run), asked(run)] == [[], []]
    assert (kept(store).status, kept(store).core) == ("asked", "明锐传感")


@pytest.mark.parametrize(
    ("more", "conflict"),
    [
        ({}, True),
        ({"end_customer": "明锐传感（上海）"}, True),
        ({"end_customer": "明锐传动"}, False),
        ({"product": "analytics"}, False),
        ({"partner": "P-1"}, False),
    ],
)
def test_another_partner_s_protected_deal_with_the_same_customer_and_product_is_a_conflict(
    run: Run, more: dict[str, Any], conflict: bool
) -> None:
    asked(run)
    protected(run)
    found = asked(run, "R-2", **({"partner": "P-2"} | more))
    assert bool(found) is conflict
    if conflict:
        chinese, english = found[0].split(" / ")
        assert "R-1" in chinese and "R-1" in english and "2026-05-31" in english


def test_our_own_open_deals_are_conflicts_until_they_are_closed(run: Run, store: Store) -> None:
    run("parties.register", number="C-1", name="明锐传感", kind="customer", contacts=[])
    with store.transaction() as tx:
        customer = tx.customers.by_number("C-1")
        assert customer is not None
        tx.opportunities.put(deals.Opportunity(id="o", customer=customer.id, name="看板", amount=1, opened_at=NOON))
    (found,) = asked(run)
    assert "看板" in found and "we are talking to them ourselves" in found
    run("opportunities.close", opportunity="o", result="lost")
    assert asked(run) == []


def test_a_protection_runs_out(run: Run) -> None:
    asked(run)
    protected(run, days=10)
    asked(run, "R-2", "P-2")
    assert protected(run, "R-2") == "protected_elsewhere"
    assert protected(run, "R-2", now=NOON + timedelta(days=10)) == "protected_elsewhere"
    assert protected(run, "R-2", now=NOON + timedelta(days=11)) == ""


def test_what_is_released_or_won_is_free_for_others_and_a_won_one_stays_won(run: Run, store: Store) -> None:
    asked(run)
    protected(run)
    run("registrations.settle", number="R-1", result="released")
    asked(run, "R-2", "P-2")
    assert protected(run, "R-2") == ""
    for result in ("won", "released"):
        run("registrations.settle", number="R-2", result=result)
    assert kept(store, "R-2").status == "won"


def test_protecting_again_does_not_lengthen_it(run: Run, store: Store) -> None:
    asked(run)
    protected(run, days=10)
    protected(run, days=180, now=NOON + timedelta(days=5))
    assert kept(store).protected_until == "2026-03-12"


def test_of_many_partners_at_once_one_is_protected(run: Run) -> None:
    for n in range(8):
        asked(run, f"R-{n}", f"P-{n}")
    with ThreadPoolExecutor(max_workers=6) as pool:
        outcomes = list(pool.map(lambda n: protected(run, f"R-{n}"), range(8)))
    assert outcomes.count("") == 1 and set(outcomes) == {"", "protected_elsewhere"}


def test_a_number_belongs_to_the_partner_who_took_it(run: Run) -> None:
    asked(run)
    with pytest.raises(errors.Conflict) as caught:
        asked(run, partner="P-2")
    assert caught.value.code == "registration_taken" and "R-1" in caught.value.text["zh-CN"]


@pytest.mark.parametrize("handler", ["protect", "settle"])
def test_a_registration_that_nobody_made_is_named(run: Run, handler: str) -> None:
    with pytest.raises(errors.NotFound) as caught:
        run(f"registrations.{handler}", number="R-404", days=1, result="won")
    assert "R-404" in caught.value.text["zh-CN"] and "R-404" in caught.value.text["en"]


@pytest.mark.parametrize(
    ("handler", "values", "parameter"),
    [
        ("check", {"number": "R-9"}, "end_customer"),
        ("check", {"number": "R-9", "end_customer": "x"}, "partner"),
        ("check", {"number": "R-9", "end_customer": "x", "partner": "p", "product": "y"}, "amount"),
        ("protect", {"number": "R-1", "days": 0}, "days"),
        ("protect", {"number": "R-1", "days": 181}, "days"),
        ("protect", {"number": "R-1", "days": "90"}, "days"),
        ("settle", {"number": "R-1", "result": "asked"}, "result"),
    ],
)
def test_a_wrong_parameter_is_named(run: Run, handler: str, values: dict[str, Any], parameter: str) -> None:
    asked(run)
    with pytest.raises(errors.Invalid) as caught:
        run(f"registrations.{handler}", **values)
    assert caught.value.ids == {"handler": f"registrations.{handler}", "parameter": parameter}
