"""The calendar and the clock, beside Python's own where that reaches, and beyond it."""

import zoneinfo
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel.temporal import calendar, durations, moments, reading, zones

EPOCH = date(1970, 1, 1).toordinal()
FEW = settings(max_examples=200, deadline=None)


@FEW
@given(st.dates())
def test_the_calendar_agrees_with_pythons(day: date) -> None:
    number = day.toordinal() - EPOCH
    assert calendar.day_number(day.year, day.month, day.day) == number
    assert calendar.civil(number) == (day.year, day.month, day.day)
    assert calendar.weekday(number) == day.isoweekday()
    assert calendar.week_of_year(number) == day.isocalendar().week
    assert calendar.day_of_year(number) == day.timetuple().tm_yday


@FEW
@given(st.integers(calendar.MIN_DAY, calendar.MAX_DAY))
def test_days_of_all_years_come_back_from_their_text(number: int) -> None:
    day = moments.Date(number)
    assert reading.parse_date(str(day)) == day
    assert calendar.day_number(*calendar.civil(number)) == number


@FEW
@given(st.integers(-durations.MAX_NANOS // 10**9, durations.MAX_NANOS // 10**9))
def test_durations_come_back_from_their_text(nanos: int) -> None:
    duration = durations.DaysDuration(nanos)
    assert durations.parse(str(duration)) == duration


@FEW
@given(st.integers(-(10**10), 10**10))
def test_durations_of_months_come_back_from_their_text(months: int) -> None:
    duration = durations.MonthsDuration(months)
    assert durations.parse(str(duration)) == duration


@FEW
@given(
    st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2100, 1, 1)),
    st.sampled_from(["Europe/Paris", "Asia/Shanghai", "America/New_York", "Etc/UTC"]),
)
def test_offsets_of_zones_agree_with_pythons(moment: datetime, zone: str) -> None:
    expected = moment.replace(tzinfo=zoneinfo.ZoneInfo(zone)).utcoffset()
    seconds = (moment - datetime(moment.year, moment.month, moment.day)) // timedelta(seconds=1)
    days = moment.toordinal() - EPOCH
    assert zones.offset(zone, days, seconds * durations.SECOND) == expected // timedelta(seconds=1)


@FEW
@given(st.integers(-(10**6), 10**6), st.integers(-1200, 1200))
def test_months_are_added_to_the_same_day_or_the_months_last(number: int, months: int) -> None:
    year, month, day = calendar.civil(number)
    later = calendar.civil(calendar.add_months(number, months))
    assert later[0] * 12 + later[1] == year * 12 + month + months
    assert later[2] == min(day, calendar.month_length(later[0], later[1]))


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("1970-01-01T00:00:01Z", 1),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1970-01-01T24:00:00Z", 86_400),
        ("2020-07-01T00:00:00@Europe/Paris", int(datetime(2020, 6, 30, 22, tzinfo=UTC).timestamp())),
    ],
)
def test_moments_are_instants(text: str, instant: int) -> None:
    moment = reading.parse_date_time(text)
    assert moment is not None
    assert moments.instant(moment) == instant * durations.SECOND


@pytest.mark.parametrize(
    "text",
    [
        *("2020-1-01", "20200101", "2020-02-30", "02020-01-01", "+2020-01-01", "10000000000-01-01", "998-01-01"),
        *("7:00:00", "10:00", "24:00:01", "10:60:00", "10:00:60", "10:00:00+19:00", "10:00:00+5", "10:00:00@No/Where"),
        *("2020-01-01T", "2020-01-01 10:00:00", "2020-01-01T10:00:00+01:00@Europe/Paris", "10:00:00@/etc/passwd"),
        *("P", "PT", "P1", "1D", "P1H", "P1Y1D", "P1DT", "P-1D", "P1.5D", "P1234567890123456789D", "٢٠٢٠-01-01"),
    ],
)
def test_what_is_no_moment_names_none(text: str) -> None:
    assert reading.parse_any(text) is None


@pytest.mark.parametrize("name", ["Europe/Paris", "Etc/GMT+5", "UTC"])
def test_zones_of_the_database_are_known(name: str) -> None:
    assert zones.find(name) is not None


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/localtime", "Europe", "", "x" * 100, "Europe/../Paris"])
def test_what_is_no_zone_is_not_looked_for_on_the_disk(name: str) -> None:
    assert zones.find(name) is None
