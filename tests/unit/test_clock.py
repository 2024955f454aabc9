"""Time has a zone, and a clock in a test goes only when a hand moves it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from engine.clock import HandClock, SystemClock, aware

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_the_systems_clock_is_aware_and_does_not_go_back() -> None:
    clock = SystemClock()
    first, second = clock.now(), clock.now()
    assert first.tzinfo is UTC
    assert first <= second


def test_a_hand_clock_stands_still() -> None:
    clock = HandClock(NOON)
    assert clock.now() == clock.now() == NOON


def test_a_hand_clock_goes_by_what_it_is_told() -> None:
    clock = HandClock(NOON)
    assert clock.advance(timedelta(hours=2)) == NOON + timedelta(hours=2) == clock.now()
    clock.set(NOON)
    assert clock.now() == NOON


@pytest.mark.parametrize(
    "moment, utc",
    [
        (NOON, NOON),
        (datetime(2026, 3, 2, 20, 0, tzinfo=timezone(timedelta(hours=8))), NOON),
        (datetime(2026, 3, 2, 6, 30, tzinfo=timezone(timedelta(hours=-5, minutes=-30))), NOON),
    ],
)
def test_an_aware_moment_becomes_utc(moment: datetime, utc: datetime) -> None:
    assert aware(moment) == utc
    assert aware(moment).tzinfo is UTC


def test_a_naive_moment_is_refused_at_every_door() -> None:
    naive = datetime(2026, 3, 2, 12, 0)
    for door in (aware, HandClock, HandClock(NOON).set):
        with pytest.raises(ValueError, match="naive 2026-03-02T12:00:00"):
            door(naive)
