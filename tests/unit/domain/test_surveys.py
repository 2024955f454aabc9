"""Opinions: nobody is asked too often, a sample is even, and the answers come to a number that the group rules see."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import errors
from engine.domain import surveys
from engine.store.unit_of_work import Store
from tests.unit.domain.conftest import NOON, Run, a_customer

DAY = timedelta(days=1)


@pytest.fixture
def known(store: Store) -> None:
    with store.transaction() as tx:
        tx.customers.add(a_customer("c-1", attributes={"region": "east"}))
        tx.customers.add(a_customer("c-2"))


def asked(ask: Run, instance: str, *, days: int = 0, **more: Any) -> bool:
    return bool(ask("surveys.plan", instance=instance, now=NOON + days * DAY, topic="t", **more).data["survey"])


# --- who is asked ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "again"), [(1, False), (29, False), (30, True), (400, True)])
def test_nobody_is_asked_twice_within_thirty_days(ask: Run, known: None, days: int, again: bool) -> None:
    assert asked(ask, "i-1")
    assert asked(ask, "i-2", days=days) is again


def test_another_customer_is_asked_and_a_shorter_quiet_time_counts(ask: Run, known: None) -> None:
    assert asked(ask, "i-1") and asked(ask, "i-2", customer="c-2")
    assert asked(ask, "i-3", days=1, quiet="P0D")


def test_the_same_case_is_planned_once_and_says_the_same(ask: Run, known: None, store: Store) -> None:
    assert [asked(ask, "i-1") for _ in range(3)] == [True, True, True]
    with store.reading() as tx:
        assert len(tx.surveys.of_customer("c-1", 10)) == 1


def test_of_cases_that_end_at_the_same_moment_one_asks(ask: Run, known: None) -> None:
    with ThreadPoolExecutor(max_workers=6) as pool:
        assert list(pool.map(lambda number: asked(ask, f"i-{number}"), range(12))).count(True) == 1


def test_without_a_customer_nobody_is_asked(run: Run) -> None:
    assert run("surveys.plan", topic="t").data == {"survey": False}


@pytest.mark.parametrize(("percent", "lowest", "highest"), [(0, 0, 0), (30, 250, 350), (100, 1000, 1000)])
def test_a_sample_is_even_over_many_cases(percent: float, lowest: int, highest: int) -> None:
    assert lowest <= sum(surveys.drawn(f"case {number}", percent) for number in range(1000)) <= highest


@given(st.text(max_size=40), st.floats(0, 100), st.floats(0, 100))
@settings(max_examples=100, deadline=None)
def test_who_is_in_a_small_sample_is_in_every_larger_one(key: str, one: float, other: float) -> None:
    smaller, larger = sorted((one, other))
    assert surveys.drawn(key, smaller) <= surveys.drawn(key, larger)


# --- what the answers come to ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("scores", "expected"), [([], None), ([5], 5.0), ([1, 2, 2], 1.67), ([5, 4], 4.5)])
def test_satisfaction_is_the_mean_of_the_scores(scores: list[int], expected: float | None) -> None:
    assert surveys.mean(scores) == expected


@pytest.mark.parametrize(
    ("marks", "expected"),
    [([], None), ([9, 10], 100), ([6, 0], -100), ([7, 8], 0), ([10, 7, 6], 0), ([9, 9, 3], 33), ([10, 6, 6], -33)],
)
def test_recommendation_is_promoters_less_detractors(marks: list[int], expected: int | None) -> None:
    assert surveys.promoters(marks) == expected


def test_an_answer_changes_the_customer_s_numbers_and_nothing_else(ask: Run, known: None, store: Store) -> None:
    asked(ask, "i-1")
    assert ask("surveys.answer", score=4, nps=9, comment="好").data == {"csat": 4.0, "nps_now": 100}
    with store.reading() as tx:
        customer, kept = tx.customers.get("c-1"), tx.surveys.get("i-1")
    assert customer is not None and customer.attributes == {"region": "east", "csat": 4.0, "nps": 100}
    assert kept is not None and (kept.score, kept.nps, kept.comment, kept.answered_at) == (4, 9, "好", NOON)


def test_the_latest_ten_answers_count(ask: Run, known: None) -> None:
    for number in range(12):
        ask("surveys.answer", instance=f"i-{number}", score=1 if number < 2 else 5, now=NOON + number * DAY)
    assert ask("surveys.answer", instance="i-11", score=5, now=NOON + 12 * DAY).data["csat"] == 5.0


def test_an_answer_that_comes_twice_counts_once(ask: Run, known: None, store: Store) -> None:
    asked(ask, "i-1")
    for score in (2, 3):
        ask("surveys.answer", score=score)
    with store.reading() as tx:
        assert [one.score for one in tx.surveys.of_customer("c-1", 10)] == [3]


def test_no_score_changes_nothing(ask: Run, known: None, store: Store) -> None:
    asked(ask, "i-1")
    assert ask("surveys.answer").data == {"csat": None, "nps_now": None}
    with store.reading() as tx:
        customer = tx.customers.get("c-1")
    assert customer is not None and customer.revision == 1


@pytest.mark.parametrize(
    ("values", "parameter"),
    [
        ({"score": 0}, "score"),
        ({"score": 6}, "score"),
        ({"score": 4.5}, "score"),
        ({"score": "5"}, "score"),
        ({"score": True}, "score"),
        ({"score": 5, "nps": 11}, "nps"),
        ({"score": 5, "nps": -1}, "nps"),
        ({"score": 5, "comment": ["a"]}, "comment"),
    ],
)
def test_a_mark_that_is_none_is_named(ask: Run, known: None, values: dict[str, Any], parameter: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        ask("surveys.answer", **values)
    assert caught.value.ids == {"handler": "surveys.answer", "parameter": parameter}
    assert parameter in caught.value.text["zh-CN"]


@pytest.mark.parametrize(("name", "value"), [("sample_percent", "all"), ("quiet", "a month"), ("quiet", 30)])
def test_a_plan_that_is_none_is_named(ask: Run, known: None, name: str, value: Any) -> None:
    with pytest.raises(errors.Invalid) as caught:
        ask("surveys.plan", **{name: value})
    assert caught.value.ids["parameter"] == name
