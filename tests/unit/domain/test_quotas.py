"""Quotas: broken down to the cent, agreed or decided, and locked for good."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from engine import deals, errors, selling
from engine.store.unit_of_work import Store
from tests.unit.domain.conftest import NOON, Run

PLAN: dict[str, Any] = {
    "plan": "Q-1",
    "period": "2026-Q2",
    "begins": "2026-04-01",
    "ends": "2026-06-30",
    "target": 1000,
    "units": [{"unit": "east", "manager": "boss"}, {"unit": "west", "manager": "boss"}],
    "history": 0.6,
    "potential": 0.4,
}


@pytest.fixture(autouse=True)
def team(store: Store, person: Callable[..., None]) -> None:
    for key, group in (("ann", "east"), ("bob", "east"), ("eve", "west"), ("boss", "east")):
        person(key, group)
    won = {"ann": 300, "bob": 100, "eve": 100}
    with store.transaction() as tx:
        for owner, amount in won.items():
            tx.opportunities.put(deal(owner, amount, "won", closed_at=NOON - timedelta(days=30)))
            tx.opportunities.put(deal(owner, 999, "lost", closed_at=NOON - timedelta(days=30)))
            tx.opportunities.put(deal(owner, 5000, "won", closed_at=NOON - timedelta(days=800)))
        tx.opportunities.put(deal("eve", 200, "negotiation", probability=50))


def deal(owner: str, amount: float, stage: Any, **more: Any) -> deals.Opportunity:
    key = f"{owner}-{amount}-{stage}"
    return deals.Opportunity(
        id=key, customer="c", name="x", owner=owner, amount=amount, stage=stage, opened_at=NOON, **more
    )


def kept(store: Store, unit: str = "") -> dict[str, tuple[float, str]]:
    with store.reading() as tx:
        return {one.holder: (one.amount, one.answer) for one in tx.quotas.of_plan("Q-1", unit)}


def suggested(run: Run, **more: Any) -> dict[str, Any]:
    return dict(run("quotas.suggest", **{**PLAN, **more}).data)


def test_the_split_follows_what_was_sold_in_the_year_before_and_may_be_sold(run: Run, store: Store) -> None:
    told = suggested(run)
    assert told["problems"] == []
    assert [(one["unit"], one["target"]) for one in told["shares"]] == [("east", 480.0), ("west", 520.0)]
    people = [child for one in told["shares"] for child in one["children"]]
    assert [(one["holder"], one["amount"]) for one in people] == [("ann", 360), ("bob", 120), ("eve", 520)]
    assert kept(store) == {"ann": (360, ""), "bob": (120, ""), "eve": (520, "")}, "the manager has none"


def test_growth_counts_where_the_plan_says_so(run: Run, store: Store) -> None:
    with store.transaction() as tx:
        tx.opportunities.put(deal("ann", 300, "won", closed_at=NOON - timedelta(days=500)))
        tx.opportunities.put(deal("ann", 301, "won", closed_at=NOON - timedelta(days=501)))
    suggested(run, history=0, potential=0, growth=1)
    assert kept(store)["ann"][0] == 0 and kept(store)["bob"] == kept(store)["eve"] == (500, "")


@pytest.mark.parametrize(
    ("more", "zh", "en"),
    [
        ({"units": []}, "没有单元", "there is no unit"),
        ({"units": [{"unit": "moon", "manager": "boss"}]}, "单元 moon 没有人", "nobody is in moon"),
        ({"ends": "2026-03-01"}, "止期早于起期", "ends before it begins"),
    ],
)
def test_a_plan_that_cannot_be_is_told_in_both_languages(run: Run, more: dict[str, Any], zh: str, en: str) -> None:
    (problem,) = suggested(run, **more)["problems"]
    assert zh in problem and en in problem


def test_nobody_gets_two_quotas_in_one_plan(run: Run, person: Callable[..., None]) -> None:
    person("two", "east", "west")
    (problem,) = suggested(run)["problems"]
    assert "two 在两个单元里" in problem and "two is in two units" in problem


def split(run: Run, *amounts: Any, holders: str = "ann bob", **more: Any) -> list[str]:
    rows = [{"holder": key, "amount": amount} for key, amount in zip(holders.split(), amounts, strict=False)]
    return list(run("quotas.split", plan="Q-1", unit="east", children=rows, **more).data["problems"])


@pytest.mark.parametrize(
    ("amounts", "holders", "words"),
    [
        ((240, 240), "ann bob", None),
        ((240, 239.99), "ann bob", "the sum is 479.99, not 480.00"),
        ((480,), "ann", "the people are ann, bob"),
        ((160, 160, 160), "ann bob eve", "the people are ann, bob"),
        ((500, -20), "ann bob", "below nothing"),
        (("480", 0), "ann bob", "an amount is none"),
        ((True, 479), "ann bob", "an amount is none"),
    ],
)
def test_a_unit_s_quotas_add_up_or_nothing_is_changed(
    run: Run, store: Store, amounts: tuple[Any, ...], holders: str, words: str | None
) -> None:
    suggested(run)
    found = split(run, *amounts, holders=holders)
    assert (found == []) if words is None else words in found[0]
    assert kept(store)["ann"][0] == (amounts[0] if words is None else 360)


def test_a_split_carries_what_is_asked_beside_money(run: Run, store: Store) -> None:
    suggested(run)
    split(run, 240, 240, calls=200, new_customers=20)
    with store.reading() as tx:
        assert [(one.calls, one.new_customers) for one in tx.quotas.of_plan("Q-1", "east")] == [(200, 20)] * 2


def answer(run: Run, holder: str, word: str, **more: Any) -> None:
    run("quotas.answer", plan="Q-1", unit="east", holder=holder, answer=word, **more)


def test_appeals_are_gathered_with_their_reasons_and_a_new_split_asks_anew(run: Run, store: Store) -> None:
    suggested(run)
    answer(run, "ann", "accepted")
    answer(run, "bob", "appealed", reason="lost it")
    answer(run, "bob", "accepted")
    told = run("quotas.tally", plan="Q-1", unit="east").data
    assert told == {"appeals": [{"holder": "bob", "amount": 120, "reason": "lost it"}], "rounds": 1}, "the first stays"
    split(run, 380, 100)
    assert kept(store, "east") == {"ann": (380, ""), "bob": (100, "")}
    assert run("quotas.tally", plan="Q-1", unit="east", rounds=1).data == {"appeals": [], "rounds": 2}


def test_locked_is_locked_and_silence_is_an_acceptance(run: Run, store: Store) -> None:
    suggested(run)
    answer(run, "ann", "accepted")
    assert run("quotas.lock", plan="Q-1").data == {"quota_total": 1000, "quota_holders": 3, "quota_silent": 2}
    assert kept(store) == {"ann": (360, "accepted"), "bob": (120, "silent"), "eve": (520, "silent")}
    for deed in (lambda: split(run, 1, 479), lambda: answer(run, "ann", "appealed"), lambda: suggested(run)):
        with pytest.raises(errors.Conflict) as caught:
            deed()
        assert "Q-1" in caught.value.text["zh-CN"] and "locked" in caught.value.text["en"]
    assert run("quotas.lock", plan="Q-1").data["quota_total"] == 1000


def test_a_team_may_have_its_quota_together(run: Run, store: Store) -> None:
    suggested(run)
    run("quotas.lock", plan="Q-1", team=True)
    assert kept(store)["team:east"] == (480, "accepted")
    assert run("quotas.lock", plan="Q-1", team=True).data["quota_total"] == 1000, "counted once"


@pytest.mark.parametrize(
    ("day", "stands"), [("2026-03-31", 0), ("2026-04-01", 1), ("2026-06-30", 1), ("2026-07-01", 0)]
)
def test_a_quota_stands_in_the_days_of_its_period_once_it_is_locked(
    run: Run, store: Store, day: str, stands: int
) -> None:
    suggested(run)
    with store.reading() as tx:
        assert tx.quotas.standing(["ann"], day) == []
    run("quotas.lock", plan="Q-1")
    with store.reading() as tx:
        assert len(tx.quotas.standing(["ann"], day)) == stands


def test_many_answers_at_once_all_count(run: Run, store: Store) -> None:
    suggested(run)
    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(lambda key: answer(run, key, "accepted"), ["ann", "bob"] * 3))
    assert {word for _, word in kept(store, "east").values()} == {"accepted"}


def test_quotas_that_do_not_add_up_are_never_locked(run: Run, store: Store) -> None:
    suggested(run)
    with store.transaction() as tx:
        tx.quotas.put(selling.Quota(plan="Q-1", unit="east", holder="ann", amount=1))
    with pytest.raises(errors.Conflict) as caught:
        run("quotas.lock", plan="Q-1")
    assert "641.00" in caught.value.text["zh-CN"] and "641.00" in caught.value.text["en"]


@pytest.mark.parametrize(
    ("handler", "values"),
    [
        ("lock", {"plan": "Q-404"}),
        ("split", {"plan": "Q-1", "unit": "moon"}),
        ("answer", {"plan": "Q-1", "unit": "east", "holder": "nobody", "answer": "accepted"}),
    ],
)
def test_what_is_not_there_is_named(run: Run, handler: str, values: dict[str, Any]) -> None:
    suggested(run)
    with pytest.raises(errors.NotFound) as caught:
        run(f"quotas.{handler}", **values)
    assert any(str(one) in caught.value.text["zh-CN"] for one in values.values())


@pytest.mark.parametrize(
    ("handler", "more", "parameter"),
    [
        ("suggest", {"target": "1000"}, "target"),
        ("suggest", {"begins": "1 April"}, "begins"),
        ("suggest", {"units": "east"}, "units"),
        ("answer", {"unit": "east", "holder": "ann", "answer": "perhaps"}, "answer"),
    ],
)
def test_a_wrong_parameter_is_named(run: Run, handler: str, more: dict[str, Any], parameter: str) -> None:
    suggested(run)
    with pytest.raises(errors.Invalid) as caught:
        run(f"quotas.{handler}", **{**PLAN, **more})
    assert caught.value.ids == {"handler": f"quotas.{handler}", "parameter": parameter}
