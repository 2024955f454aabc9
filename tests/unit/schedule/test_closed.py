"""Calendars at their edges: closed for ever, unknown zones, the ends of time, days with several spans."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import errors
from engine.schedule import due
from engine.schedule.calendars import BUILT_IN, Calendar, add_days, add_time, open_time, spans

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NEVER = Calendar(key="never", weeks=((),) * 7)
EMPTY = Calendar(key="empty")
SUNDAYS = Calendar(key="sundays", weeks=((),) * 6 + (((600, 660),),))
ONE_DAY = Calendar(key="one", weeks=((),) * 7, workdays=frozenset({date(2026, 3, 4)}), makeup=((0, 60),))


@pytest.mark.parametrize("calendar", [NEVER, EMPTY], ids=lambda calendar: calendar.key)
@pytest.mark.parametrize("span", ["PT1S", "PT0S", "P1D", "P1M", "PT100H"])
def test_a_calendar_that_never_opens_is_told_by_its_key(calendar: Calendar, span: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        due.after(span, NOW, calendar)
    assert caught.value.code == "calendar_closed"
    assert caught.value.text == {
        "zh-CN": f"日历 {calendar.key} 没有开放时间",
        "en": f"calendar {calendar.key} has no open hours in the next thirty years",
    }


def test_more_open_time_than_there_is_never_comes() -> None:
    assert add_time(ONE_DAY, NOW, timedelta(hours=1)) == datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
    with pytest.raises(errors.Invalid) as caught:
        add_time(ONE_DAY, NOW, timedelta(hours=1, seconds=1))
    assert caught.value.code == "calendar_closed"


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../../etc/passwd", "Asia/Shanghai\x00", "é", "UTC+8"])
def test_a_zone_that_nobody_knows_is_told(zone: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        add_time(Calendar(key="k", zone=zone, weeks=(((0, 60),),) * 7), NOW, timedelta(minutes=1))
    assert caught.value.code == "zone"
    assert repr(zone) in caught.value.text["en"] and f"“{zone}”" in caught.value.text["zh-CN"]


@pytest.mark.parametrize("span", ["P1D", "PT1H", "P1M", "P1DT1H"])
@pytest.mark.parametrize("key", sorted(BUILT_IN))
def test_at_the_end_of_time_it_is_told_and_nothing_breaks(key: str, span: str) -> None:
    last = datetime(9999, 12, 31, 23, 0, tzinfo=UTC)
    with pytest.raises(errors.Invalid) as caught:
        due.after(span, last, BUILT_IN[key])
    assert caught.value.code in ("moment_out_of_range", "calendar_closed")


@pytest.mark.parametrize(
    ("days", "end"),
    [(1, "2026-03-08T10:00"), (2, "2026-03-15T10:00"), (0.5, "2026-03-08T10:30"), (1.5, "2026-03-08T10:30")],
)
def test_a_working_day_of_a_house_that_opens_once_a_week(days: float, end: str) -> None:
    assert add_days(SUNDAYS, NOW, days) == datetime.fromisoformat(end).replace(tzinfo=UTC)


@pytest.mark.parametrize("key", sorted(BUILT_IN))
def test_the_spans_of_every_day_are_in_order_and_within_the_day(key: str) -> None:
    day = date(2026, 1, 1)
    for _ in range(370):
        found = spans(BUILT_IN[key], day)
        flat = [minute for span in found for minute in span]
        assert flat == sorted(flat) and all(0 <= minute <= 1440 for minute in flat)
        assert all(opens < closes for opens, closes in found)
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("key", "hours"), [("24x7", 168), ("cn-24x7", 168), ("weekdays", 45), ("cn-5x8", 40), ("cn-5x10", 50)]
)
def test_a_built_in_calendar_is_open_as_long_as_its_name_says(key: str, hours: int) -> None:
    assert open_time(BUILT_IN[key], NOW, NOW + timedelta(days=7)) == timedelta(hours=hours)


@pytest.mark.parametrize("key", sorted(BUILT_IN))
def test_open_time_is_additive_and_never_negative(key: str) -> None:
    moments = [NOW + timedelta(hours=7 * number, minutes=13 * number) for number in range(12)]
    total = open_time(BUILT_IN[key], moments[0], moments[-1])
    parts = [open_time(BUILT_IN[key], one, other) for one, other in itertools.pairwise(moments)]
    assert total == sum(parts, timedelta())
    assert open_time(BUILT_IN[key], moments[-1], moments[0]) == timedelta()


MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))


@given(MOMENTS, st.integers(0, 10_000), st.sampled_from(sorted(BUILT_IN)))
@settings(max_examples=100, deadline=None)
def test_exactly_so_much_open_time_passes(start: datetime, minutes: int, key: str) -> None:
    span = timedelta(minutes=minutes)
    end = add_time(BUILT_IN[key], start, span)
    assert end >= start
    assert open_time(BUILT_IN[key], start, end) == span


@given(MOMENTS, st.integers(0, 5000), st.integers(1, 5000), st.sampled_from(sorted(BUILT_IN)))
@settings(max_examples=100, deadline=None)
def test_more_work_never_ends_earlier(start: datetime, minutes: int, more: int, key: str) -> None:
    calendar = BUILT_IN[key]
    assert add_time(calendar, start, timedelta(minutes=minutes)) < add_time(
        calendar, start, timedelta(minutes=minutes + more)
    )


@given(MOMENTS, st.integers(0, 20_000), st.integers(0, 2000))
@settings(max_examples=100, deadline=None)
def test_who_starts_later_is_never_done_earlier(start: datetime, delay: int, minutes: int) -> None:
    calendar, span = BUILT_IN["cn-5x8"], timedelta(minutes=minutes)
    assert add_time(calendar, start, span) <= add_time(calendar, start + timedelta(minutes=delay), span)
