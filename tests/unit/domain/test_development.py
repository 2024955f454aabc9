"""Referrals are rewarded once they came to something, and the potential follows what the customer says."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from engine import errors, marketing
from engine.domain import development
from engine.store.unit_of_work import Store
from tests.unit.domain.conftest import NOON, Run
from tests.unit.domain.test_bad_data import customer
from tests.unit.domain.test_outcomes import deal


def valued(store: Store, potential: float) -> None:
    customer(store, "c-1")
    with store.transaction() as tx:
        tx.scores.put_value(
            marketing.CustomerValue(
                id="v-1",
                customer="c-1",
                historical=5,
                current=6,
                potential=potential,
                tier="ST",
                model="npv-1",
                at=NOON,
            )
        )


@pytest.mark.parametrize(
    ("potential", "answer", "amount", "found"),
    [
        (1000, "accept", 400, 600),
        (1000, "accept", 4000, 0),
        (1000, "reject", 400, 800),
        (1000, "referral", 400, 1400),
        (1000, "no_answer", 400, 1000),
        (0, "reject", 1, 0),
    ],
)
def test_the_potential_follows_the_answer(potential: float, answer: str, amount: float, found: float) -> None:
    assert development.corrected(potential, answer, amount) == found


def test_the_new_potential_is_kept_once_and_is_the_customer_s_score(ask: Run, store: Store) -> None:
    valued(store, 500_000)
    for _ in range(2):
        assert ask("values.develop", answer="accept", amount=200_000).data == {"potential": 300_000}
    with store.reading() as tx:
        values, found = tx.scores.values("c-1", 9), tx.customers.get("c-1")
    assert [(one.id, one.historical, one.potential) for one in values if one.id == "j-1"] == [("j-1", 5, 300_000)]
    assert len(values) == 2 and found is not None
    assert found.scores["potential"] == {"value": 30, "model": "npv-1"}


def test_who_was_never_valued_has_no_potential_to_correct(ask: Run, store: Store) -> None:
    customer(store, "c-1")
    assert ask("values.develop", answer="accept", amount=5).data == {"potential": 0}


@pytest.mark.parametrize(("stage", "converted"), [("quote", True), ("won", True), ("lost", False), (None, False)])
def test_a_referral_is_converted_when_a_deal_came_of_it(run: Run, store: Store, stage: Any, converted: bool) -> None:
    if stage:
        deal(store, "L-1", stage)
    assert run("referrals.check", lead="L-1").data == {"converted": converted, "checks": 1}
    assert run("referrals.check", lead="L-1", checks=3).data["checks"] == 4


def test_one_referral_is_rewarded_once_whoever_asks(ask: Run, store: Store) -> None:
    customer(store, "c-1")
    with ThreadPoolExecutor(max_workers=4) as pool:
        booked = list(
            pool.map(
                lambda n: ask("rewards.book", job=f"j-{n}", reason="L-1", amount=100 + n, limit=200).data, range(6)
            )
        )
    with store.reading() as tx:
        kept = tx.scores.rewards("c-1")
    assert len(kept) == 1 and {one["reward_booked"] for one in booked} == {kept[0].amount}
    ask("rewards.book", job="j-9", reason="L-2", amount=50, limit=200)
    with store.reading() as tx:
        assert sorted(one.reason for one in tx.scores.rewards("c-1")) == ["L-1", "L-2"]


@pytest.mark.parametrize("amount", [201, -1, "much", None])
def test_a_reward_is_an_amount_within_its_limit(ask: Run, store: Store, amount: Any) -> None:
    customer(store, "c-1")
    with pytest.raises(errors.Invalid) as refused:
        ask("rewards.book", reason="L-1", amount=amount, limit=200)
    assert refused.value.ids == {"handler": "rewards.book", "parameter": "amount"}
    with store.reading() as tx:
        assert tx.scores.rewards("c-1") == []


@pytest.mark.parametrize("handler", ["rewards.book", "values.develop"])
def test_there_must_be_a_customer(run: Run, handler: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        run(handler, reason="L-1", amount=1, limit=2)
    assert refused.value.code == "customer_needed" and set(refused.value.text) == {"zh-CN", "en"}
