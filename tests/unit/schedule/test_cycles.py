"""Timers that repeat: by interval with count, start or end, and by cron; in clock time and in business time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import errors
from engine.schedule import calendars, due

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WEEKDAYS = calendars.BUILT_IN["weekdays"]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def firings(text: str, most: int, now: datetime = NOW, calendar: Any = None) -> list[datetime]:
    """The first ``most`` firings of the cycle."""
    found = due.first("cycle", text, now, calendar)
    moments = [found.at]
    while len(moments) < most:
        following = due.following(text, found.at, found.left, calendar)
        if following is None:
            break
        found = following
        moments.append(found.at)
    return moments


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("R/PT1H", ["10:00", "11:00", "12:00", "13:00"]),
        ("R3/PT1H", ["10:00", "11:00", "12:00"]),
        ("R1/PT1H", ["10:00"]),
        ("R0/PT1H", ["10:00"]),
        ("R2/PT0.5H", ["09:30", "10:00"]),
        (" R2/PT1H ", ["10:00", "11:00"]),
        ("R2/2026-03-02T09:15:00Z/PT10M", ["09:15", "09:25"]),
        ("R3/2026-03-02T08:00:00Z/PT30M", ["09:00"]),
        ("R/2026-03-02T08:05:00Z/PT30M", ["09:05", "09:35", "10:05", "10:35"]),
        ("R9/2026-03-02T08:05:00Z/PT30M", ["09:05", "09:35", "10:05", "10:35"]),
        ("R/PT1H/2026-03-02T11:30:00Z", ["10:00", "11:00"]),
        ("R9/PT1H/2026-03-02T10:00:00Z", ["10:00"]),
        ("R/PT1H/2026-03-02T09:30:00Z", ["10:00"]),
        ("0 10-12 * * *", ["10:00", "11:00", "12:00"]),
    ],
)
def test_when_a_cycle_fires(text: str, expected: list[str]) -> None:
    wanted = [at(f"2026-03-02T{clock}") for clock in expected]
    most = 3 if text.startswith("0 ") else 4
    assert firings(text, most) == wanted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("R/P1D", ["03-03", "03-04", "03-05"]),
        ("R/P1W", ["03-09", "03-16", "03-23"]),
        ("R/P1M", ["04-02", "05-02", "06-02"]),
        ("R/2026-01-31T09:00:00Z/P1M", ["03-28", "04-28", "05-28"]),
        ("R/2025-03-02T09:00:00Z/P1Y", ["03-02"]),
    ],
)
def test_cycles_of_days_weeks_and_months(text: str, expected: list[str]) -> None:
    found = firings(text, len(expected))
    assert [moment.strftime("%m-%d") for moment in found] == expected


@pytest.mark.parametrize("text", ["R/PT0S", "R5/PT0S", "R/P0D", "R/-PT1H", "R/PT0.000001S"])
def test_a_cycle_of_nothing_still_lets_time_pass(text: str) -> None:
    found = firings(text, 4)
    assert all(later - earlier >= timedelta(seconds=1) for earlier, later in zip([NOW, *found], found, strict=False))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("R3", "cron"),
        ("R3/", "cron"),
        ("R/x", "cycle"),
        ("R3/2026-03-02T09:00:00Z", "cycle"),
        ("R3/PT1H/PT2H", "cycle"),
        ("R3/2026-01-01/2026-02-01", "cycle"),
        ("R3/PT1H/2026-01-01T00:00:00Z/x", "cycle"),
        ("R-1/PT1H", "cron"),
        ("R1234567890/PT1H", "cron"),
        ("R3/P1X", "duration"),
        ("R3/soon/PT1H", "moment"),
        ("R3/PT1H/soon", "moment"),
        ("every hour", "cron"),
        ("", "cron"),
        ("0 0 30 2 *", "cron"),
    ],
)
def test_what_is_no_cycle_is_refused_in_both_languages(text: str, code: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        due.first("cycle", text, NOW)
    assert caught.value.code == code
    assert set(caught.value.text) == {"zh-CN", "en"} and all(caught.value.text.values())


@pytest.mark.parametrize("value", [None, 5, 1.5, True, [], {}, object()])
@pytest.mark.parametrize("kind", ["date", "duration", "cycle"])
def test_what_is_neither_a_moment_nor_a_span_is_refused_by_its_kind(kind: str, value: object) -> None:
    with pytest.raises(errors.Invalid) as caught:
        due.first(kind, value, NOW)
    assert caught.value.code == "moment" and type(value).__name__ in caught.value.text["en"]


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("duration", "PT1H", "2026-03-02T10:00"),
        ("duration", timedelta(hours=2), "2026-03-02T11:00"),
        ("date", "PT1H", "2026-03-02T10:00"),
        ("date", "2026-03-02T10:30:00Z", "2026-03-02T10:30"),
        ("date", "2020-01-01T00:00:00Z", "2020-01-01T00:00"),
        ("date", datetime(2026, 5, 1, tzinfo=UTC), "2026-05-01T00:00"),
        ("duration", "2026-03-02T10:30:00Z", "2026-03-02T10:30"),
        ("cycle", "PT1H", "2026-03-02T10:00"),
        ("cycle", timedelta(hours=1), "2026-03-02T10:00"),
    ],
)
def test_a_date_and_a_duration_fire_once(kind: str, value: object, expected: str) -> None:
    found = due.first(kind, value, NOW)
    assert found == (at(expected), 0)
    assert due.following("R/PT1H", found.at, found.left) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Monday 9:00 UTC is 17:00 in Shanghai; the office closes at 18:00.
        ("R/PT1H", ["2026-03-02T10:00", "2026-03-03T02:00", "2026-03-03T03:00"]),
        ("R/P1D", ["2026-03-03T09:00", "2026-03-04T09:00", "2026-03-05T09:00"]),
        ("R2/PT9H", ["2026-03-03T09:00", "2026-03-04T09:00"]),
    ],
)
def test_a_cycle_in_business_time_counts_open_hours(text: str, expected: list[str]) -> None:
    assert firings(text, 3, calendar=WEEKDAYS) == [at(one) for one in expected]


def test_a_cron_line_is_meant_in_the_calendar_s_zone() -> None:
    assert firings("0 9 * * *", 2, calendar=WEEKDAYS) == [at("2026-03-03T01:00"), at("2026-03-04T01:00")]


def test_a_cron_line_that_falls_on_a_closed_day_waits_for_the_next_open_one() -> None:
    """Saturdays and Sundays are Mondays; what comes meanwhile comes once."""
    assert firings("0 9 * * 6", 2, calendar=WEEKDAYS) == [at("2026-03-09T01:00"), at("2026-03-16T01:00")]
    assert firings("0 9 6-8 * *", 2, calendar=WEEKDAYS) == [at("2026-03-06T01:00"), at("2026-03-09T01:00")]
    assert firings("30 20 * * 1", 2, calendar=WEEKDAYS) == [at("2026-03-03T01:00"), at("2026-03-10T01:00")]


def test_a_clock_that_is_late_does_not_shift_the_rest() -> None:
    first = due.first("cycle", "R/PT1H", NOW)
    later = due.following("R/PT1H", first.at, first.left)
    assert later is not None and later.at == NOW + timedelta(hours=2)


@pytest.mark.parametrize("left", [0])
def test_after_the_last_there_is_none(left: int) -> None:
    for text in ("R3/PT1H", "0 9 * * *", "R/P1D"):
        assert due.following(text, NOW, left) is None


@given(st.integers(1, 40), st.integers(1, 10**6))
@settings(max_examples=60, deadline=None)
def test_a_counted_cycle_fires_as_often_as_it_says_and_evenly(times: int, seconds: int) -> None:
    found = firings(f"R{times}/PT{seconds}S", 50)
    assert len(found) == times
    assert found == [NOW + timedelta(seconds=seconds * number) for number in range(1, times + 1)]


@given(st.integers(1, 400), st.integers(1, 10**5))
@settings(max_examples=60, deadline=None)
def test_a_cycle_that_began_long_ago_goes_on_in_its_beat(days: int, seconds: int) -> None:
    begin = NOW - timedelta(days=days)
    first = firings(f"R/{begin.isoformat()}/PT{seconds}S", 1)[0]
    assert first >= NOW
    assert first - NOW < timedelta(seconds=seconds)
    assert (first - begin) % timedelta(seconds=seconds) == timedelta()


@given(st.text(alphabet="RPTHMSDWY0123456789/-:Z *,?L#", max_size=25))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_cycle_or_refused(text: str) -> None:
    try:
        found = due.first("cycle", text, NOW)
    except errors.Invalid:
        return
    assert found.at.tzinfo is UTC
