"""When a delivery is tried again, when it is given up, and when a webhook is left alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.webhooks import pace

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "attempts, seconds",
    [(1, 5), (2, 30), (3, 120), (4, 600), (5, 1800), (6, 7200), (7, 18_000), (8, 36_000), (9, 50_400)],
)
def test_each_pause_is_longer_than_the_one_before_and_at_most_a_fifth_over(attempts: int, seconds: int) -> None:
    again = pace.again_at(attempts, delivery="d", now=NOW)
    assert again is not None
    assert timedelta(seconds=seconds) <= again - NOW <= timedelta(seconds=seconds * 1.2)


def test_the_last_try_is_the_last() -> None:
    assert pace.TRIES == 10
    assert pace.again_at(10, delivery="d", now=NOW) is None and pace.again_at(11, delivery="d", now=NOW) is None


def test_many_that_failed_together_do_not_come_back_together() -> None:
    again = {pace.again_at(4, delivery=f"d-{number}", now=NOW) for number in range(100)}
    assert len(again) > 50


@given(st.integers(1, 9), st.integers(0, 10**6))
def test_what_the_answer_asks_for_counts_when_it_is_longer(attempts: int, seconds: int) -> None:
    asked = timedelta(seconds=seconds)
    plain = pace.again_at(attempts, delivery="d", now=NOW)
    again = pace.again_at(attempts, delivery="d", now=NOW, asked=asked)
    assert again is not None and plain is not None
    assert again == max(plain, NOW + asked)


@pytest.mark.parametrize("failures, seconds", [(1, 5), (2, 10), (3, 20), (7, 320), (8, 600), (50, 600), (10**6, 600)])
def test_a_webhook_rests_longer_the_more_often_it_failed(failures: int, seconds: int) -> None:
    assert pace.rest_until(failures, NOW) == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize("days, over", [(0, False), (4.99, False), (5, True), (50, True)])
def test_after_five_days_of_nothing_somebody_has_to_look(days: float, over: bool) -> None:
    assert pace.give_up(NOW - timedelta(days=days), NOW) is over
