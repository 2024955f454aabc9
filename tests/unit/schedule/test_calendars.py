"""Business time where it is awkward: lunch, holidays, make-up days, nights, clocks that change, leap days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.schedule import calendars, due
from engine.schedule.calendars import Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
LUNCH = ((9 * 60, 12 * 60), (13 * 60, 18 * 60))
SPRING = frozenset(date(2026, 2, day) for day in range(16, 24))
"""A Spring Festival: Monday 16 to Monday 23 February 2026, worked off on the Saturdays around it."""
CHINA = Calendar(
    key="china", zone="Asia/Shanghai", weeks=(LUNCH,) * 5 + ((), ()), holidays=SPRING,
    workdays=frozenset({date(2026, 2, 14), date(2026, 2, 28)}), makeup=LUNCH,
)  # fmt: skip


def local(text: str, zone: str = "Asia/Shanghai") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        # Lunch is no working time.
        ("2026-03-02T11:30", "PT1H", "2026-03-02T13:30"),
        ("2026-03-02T11:00", "PT1H", "2026-03-02T12:00"),
        ("2026-03-02T12:00", "PT1M", "2026-03-02T13:01"),
        ("2026-03-02T12:30", "PT0S", "2026-03-02T13:00"),
        ("2026-03-02T09:00", "PT8H", "2026-03-02T18:00"),
        ("2026-03-02T09:00", "PT8H1M", "2026-03-03T09:01"),
        ("2026-03-02T08:00", "PT1H", "2026-03-02T10:00"),
        ("2026-03-02T18:00", "PT1H", "2026-03-03T10:00"),
        ("2026-03-02T17:59:30", "PT1M", "2026-03-03T09:00:30"),
        # A weekend in between.
        ("2026-03-06T17:00", "PT2H", "2026-03-09T10:00"),
        ("2026-03-07T10:00", "PT2H", "2026-03-09T11:00"),
        # Eight days of holiday: Friday the 13th leads to Saturday the 14th (worked), then to Tuesday the 24th.
        ("2026-02-13T17:00", "PT2H", "2026-02-14T10:00"),
        ("2026-02-14T17:00", "PT2H", "2026-02-24T10:00"),
        ("2026-02-20T10:00", "PT1H", "2026-02-24T10:00"),
        ("2026-02-27T17:00", "PT2H", "2026-02-28T10:00"),
        ("2026-02-28T17:00", "PT2H", "2026-03-02T10:00"),
        # Days are working days, with the time of day kept.
        ("2026-02-13T10:00", "P1D", "2026-02-14T10:00"),
        ("2026-02-13T10:00", "P2D", "2026-02-24T10:00"),
        ("2026-02-13T10:00", "P6D", "2026-02-28T10:00"),
        ("2026-02-13T10:00", "P7D", "2026-03-02T10:00"),
        ("2026-02-13T10:00", "P1DT8H", "2026-02-24T10:00"),
        ("2026-02-27T16:00", "P1W", "2026-03-09T16:00"),
        # Months are months of the calendar, then the next open moment.
        ("2026-01-31T10:00", "P1MT1H", "2026-02-28T11:00"),
    ],
)
def test_open_hours_in_china(start: str, span: str, end: str) -> None:
    assert due.after(span, local(start), CHINA) == local(end)


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        ("2026-03-02", LUNCH),
        ("2026-03-07", ()),
        ("2026-02-14", LUNCH),
        ("2026-02-16", ()),
        ("2026-02-28", LUNCH),
    ],
)
def test_the_hours_of_a_day(day: str, hours: tuple[tuple[int, int], ...]) -> None:
    assert calendars.spans(CHINA, date.fromisoformat(day)) == hours


def test_a_make_up_day_wins_over_a_holiday() -> None:
    both = Calendar(key="both", weeks=CHINA.weeks, holidays=SPRING, workdays=SPRING)
    assert calendars.spans(both, date(2026, 2, 16)) == ((9 * 60, 18 * 60),)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-03-02T09:00", "2026-03-02T18:00", 8),
        ("2026-03-02T11:30", "2026-03-02T13:30", 1),
        ("2026-03-02T12:10", "2026-03-02T12:50", 0),
        ("2026-03-02T00:00", "2026-03-03T00:00", 8),
        ("2026-03-06T17:00", "2026-03-09T10:00", 2),
        ("2026-02-13T00:00", "2026-03-02T00:00", 8 * 7),
        ("2026-02-16T00:00", "2026-02-24T00:00", 0),
        ("2026-03-03T10:00", "2026-03-02T10:00", 0),
    ],
)
def test_open_time_between(start: str, end: str, hours: float) -> None:
    assert calendars.open_time(CHINA, local(start), local(end)) == timedelta(hours=hours)


BERLIN = Calendar(key="berlin", zone="Europe/Berlin", weeks=(((0, 24 * 60),),) * 7)
SHOP = Calendar(key="shop", zone="Europe/Berlin", weeks=(((60, 4 * 60),),) * 7)
"""Open from one to four at night, when clocks change."""


@pytest.mark.parametrize(
    ("calendar", "start", "span", "end"),
    [
        # On 29 March 2026 two o'clock does not exist in Berlin, on 25 October it comes twice.
        (BERLIN, "2026-03-29T00:00", "PT23H", "2026-03-30T00:00"),
        (BERLIN, "2026-03-29T01:00", "PT1H", "2026-03-29T03:00"),
        (BERLIN, "2026-10-25T00:00", "PT25H", "2026-10-26T00:00"),
        (BERLIN, "2026-10-25T00:00", "PT4H", "2026-10-25T03:00"),
        (SHOP, "2026-03-29T00:00", "PT2H", "2026-03-29T04:00"),
        (SHOP, "2026-03-29T00:00", "PT3H", "2026-03-30T02:00"),
        (SHOP, "2026-10-25T00:00", "PT4H", "2026-10-25T04:00"),
        (BERLIN, "2026-03-28T12:00", "P1D", "2026-03-29T12:00"),
        (BERLIN, "2026-10-24T12:00", "P1D", "2026-10-25T12:00"),
    ],
)
def test_clocks_that_change(calendar: Calendar, start: str, span: str, end: str) -> None:
    assert due.after(span, local(start, "Europe/Berlin"), calendar) == local(end, "Europe/Berlin")


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        ("2024-02-28T10:00", "P1D", "2024-02-29T10:00"),
        ("2024-02-29T10:00", "P1Y", "2025-02-28T10:00"),
        ("2023-02-28T10:00", "P1Y", "2024-02-28T10:00"),
        ("2024-02-29T10:00", "P4Y", "2028-02-29T10:00"),
        ("2026-01-29T10:00", "P1M", "2026-02-28T10:00"),
        ("2024-01-31T10:00", "P1M", "2024-02-29T10:00"),
        ("2026-03-31T10:00", "P1M", "2026-04-30T10:00"),
        ("2026-12-31T10:00", "P2M", "2027-02-28T10:00"),
        ("2026-08-31T10:00", "P6M", "2027-02-28T10:00"),
        ("2026-02-28T23:59:59", "PT1S", "2026-03-01T00:00"),
        ("2026-12-31T23:00", "PT2H", "2027-01-01T01:00"),
        ("2026-03-31T10:00", "-P1M", "2026-02-28T10:00"),
    ],
)
def test_leap_days_and_the_ends_of_months(start: str, span: str, end: str) -> None:
    assert due.after(span, local(start, "UTC")) == local(end, "UTC")


@pytest.mark.parametrize("key", sorted(calendars.BUILT_IN))
def test_the_shipped_calendars_open_within_a_week(key: str) -> None:
    calendar = calendars.BUILT_IN[key]
    start = datetime(2026, 3, 7, 12, 0, tzinfo=UTC)
    assert calendars.add_time(calendar, start, timedelta(minutes=1)) - start < timedelta(days=7)


MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)
SPANS = st.integers(min_value=0, max_value=60 * 24 * 20).map(lambda minutes: timedelta(minutes=minutes))
SOME = st.sampled_from([CHINA, BERLIN, SHOP, *calendars.BUILT_IN.values()])


@settings(max_examples=150, deadline=None)
@given(calendar=SOME, start=MOMENTS, span=SPANS)
def test_what_is_added_is_what_lies_between(calendar: Calendar, start: datetime, span: timedelta) -> None:
    end = calendars.add_time(calendar, start, span)
    assert end >= start
    assert calendars.open_time(calendar, start, end) == span


@settings(max_examples=100, deadline=None)
@given(calendar=SOME, start=MOMENTS, one=SPANS, other=SPANS)
def test_two_spans_one_after_the_other_are_their_sum(
    calendar: Calendar, start: datetime, one: timedelta, other: timedelta
) -> None:
    apart = calendars.add_time(calendar, calendars.add_time(calendar, start, one), other)
    assert apart == calendars.add_time(calendar, start, one + other) or not other


@settings(max_examples=100, deadline=None)
@given(calendar=SOME, first=MOMENTS, second=MOMENTS, third=MOMENTS)
def test_open_time_adds_up(calendar: Calendar, first: datetime, second: datetime, third: datetime) -> None:
    start, middle, end = sorted([first, second, third])
    start = max(start, end - timedelta(days=40))
    middle = max(start, middle)
    parts = calendars.open_time(calendar, start, middle) + calendars.open_time(calendar, middle, end)
    assert parts == calendars.open_time(calendar, start, end)


@settings(max_examples=60, deadline=None)
@given(start=MOMENTS, days=st.integers(min_value=1, max_value=40))
def test_a_day_later_is_a_working_day_at_the_same_time(start: datetime, days: int) -> None:
    end = calendars.add_days(CHINA, start, days).astimezone(SHANGHAI)
    assert calendars.spans(CHINA, end.date())
    before = start.astimezone(SHANGHAI).date()
    working = sum(
        bool(calendars.spans(CHINA, before + timedelta(days=n))) for n in range(1, (end.date() - before).days + 1)
    )
    assert working >= days
