"""Dates, times and durations against Python's own: what datetime can hold, both count alike."""

import calendar
import datetime as dt
import zoneinfo
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import feel

bounded = settings(max_examples=80, deadline=None)
days = st.dates(min_value=dt.date(1700, 1, 1), max_value=dt.date(2400, 12, 31))
clocks = st.times().map(lambda time: time.replace(microsecond=0))
offsets = st.integers(-14 * 4, 14 * 4).map(lambda quarters: dt.timezone(dt.timedelta(minutes=15 * quarters)))
local = st.datetimes(min_value=dt.datetime(1900, 1, 1), max_value=dt.datetime(2200, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0)
)
zoned = st.tuples(local, offsets).map(lambda pair: pair[0].replace(tzinfo=pair[1]))
spans = st.timedeltas(min_value=dt.timedelta(days=-40_000), max_value=dt.timedelta(days=40_000)).map(
    lambda span: dt.timedelta(seconds=int(span.total_seconds()))
)
short = st.timedeltas(min_value=dt.timedelta(days=-3), max_value=dt.timedelta(days=3)).map(
    lambda span: dt.timedelta(seconds=int(span.total_seconds()))
)
months = st.integers(-5_000, 5_000)


def value(text: str, **variables: Any) -> Any:
    return feel.to_python(feel.compile_expression(text).evaluate(variables))


def iso(span: dt.timedelta) -> str:
    """A duration's text, said another way than the engine does."""
    total = int(span.total_seconds())
    return f"{'-' if total < 0 else ''}PT{abs(total)}S"


def months_later(day: dt.date, count: int) -> dt.date | None:
    """The same day of another month, or that month's last; None outside what Python holds."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    if not 1 <= year <= 9999:
        return None
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


OF_A_DAY = {
    "d.year": lambda d: d.year,
    "d.month": lambda d: d.month,
    "d.day": lambda d: d.day,
    "d.weekday": lambda d: d.isoweekday(),
    "day of year(d)": lambda d: d.timetuple().tm_yday,
    "day of week(d)": lambda d: calendar.day_name[d.weekday()],
    "month of year(d)": lambda d: calendar.month_name[d.month],
    "week of year(d)": lambda d: d.isocalendar().week,
    "last day of month(d)": lambda d: d.replace(day=calendar.monthrange(d.year, d.month)[1]),
    "string(d)": str,
    "date(string(d))": lambda d: d,
    "date(d.year, d.month, d.day)": lambda d: d,
    "date(d)": lambda d: d,
    'd + duration("P1D")': lambda d: d + dt.timedelta(days=1),
    'd - duration("P1D")': lambda d: d - dt.timedelta(days=1),
    'd + duration("PT23H59M")': lambda d: d,
    'd + duration("P1M")': lambda d: months_later(d, 1),
    'd - duration("P1M")': lambda d: months_later(d, -1),
    'd + duration("P4Y")': lambda d: months_later(d, 48),
    "d - d": lambda d: dt.timedelta(0),
    "d = d": lambda d: True,
    "d < d": lambda d: False,
    "d in [d..d]": lambda d: True,
    "d in (d..d]": lambda d: False,
    "years and months duration(d, d)": lambda d: "P0M",
    'd.weekday in [1..5] = (day of week(d) in ("Saturday", "Sunday") = false)': lambda d: True,
}


@pytest.mark.parametrize("text", OF_A_DAY)
@given(d=days)
@bounded
def test_a_day(text: str, d: dt.date) -> None:
    assert value(text, d=d) == OF_A_DAY[text](d)


@given(days, days)
@bounded
def test_two_days(one: dt.date, other: dt.date) -> None:
    assert value("a - b", a=one, b=other) == one - other
    assert value("b + (a - b) = a", a=one, b=other) is True
    assert value("a < b", a=one, b=other) is (one < other)
    assert value("a = b", a=one, b=other) is (one == other)
    assert value("max(a, b)", a=one, b=other) == max(one, other)
    assert value("a between b and b", a=one, b=other) is (one == other)


@given(days, days)
@bounded
def test_the_months_between_two_days_are_the_most_that_fit(one: dt.date, other: dt.date) -> None:
    start, end = min(one, other), max(one, other)
    expected = (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
    assert value(
        "years and months duration(a, b).months + 12 * years and months duration(a, b).years", a=start, b=end
    ) == (expected)
    backward = value("years and months duration(b, a)", a=start, b=end)
    assert backward in (f"-{value('string(years and months duration(a, b))', a=start, b=end)}", "P0M")


@given(days, months)
@bounded
def test_months_are_added_to_the_same_day_or_the_month_s_last(day: dt.date, count: int) -> None:
    expected = months_later(day, count)
    if expected is not None:
        text = f"{'-' if count < 0 else ''}P{abs(count)}M"
        assert value("d + duration(m)", d=day, m=text) == expected
        assert value("d - -duration(m)", d=day, m=text) == expected


@given(local, spans)
@bounded
def test_a_moment_without_a_zone_and_a_span(moment: dt.datetime, span: dt.timedelta) -> None:
    assert value("m + duration(s)", m=moment, s=iso(span)) == moment + span
    assert value("m - duration(s)", m=moment, s=iso(span)) == moment - span
    assert value("(m + s) - m", m=moment, s=span) == span


@given(zoned, spans)
@bounded
def test_a_moment_with_an_offset_keeps_it(moment: dt.datetime, span: dt.timedelta) -> None:
    found = value("m + s", m=moment, s=span)
    assert found == moment + span
    assert found.utcoffset() == moment.utcoffset()


@given(zoned, zoned)
@bounded
def test_moments_with_offsets_are_instants(one: dt.datetime, other: dt.datetime) -> None:
    assert value("a < b", a=one, b=other) is (one < other)
    assert value("a >= b", a=one, b=other) is (one >= other)
    assert value("a - b", a=one, b=other) == one - other
    assert value("a = b", a=one, b=other) is (one == other)


@given(zoned)
@bounded
def test_the_parts_of_a_moment(moment: dt.datetime) -> None:
    parts = ("year", "month", "day", "hour", "minute", "second")
    assert value("[m.year, m.month, m.day, m.hour, m.minute, m.second]", m=moment) == [
        getattr(moment, part) for part in parts
    ]
    assert value("m.time offset", m=moment) == moment.utcoffset()
    assert value("date(m)", m=moment) == moment.date()
    assert value("time(m)", m=moment) == moment.timetz()
    assert value("date and time(date(m), time(m))", m=moment) == moment
    assert value("date and time(string(m))", m=moment) == moment


@given(clocks, short)
@bounded
def test_a_time_of_day_goes_round_midnight(clock: dt.time, span: dt.timedelta) -> None:
    day = dt.datetime(2026, 5, 1)
    assert value("t + s", t=clock, s=span) == (dt.datetime.combine(day, clock) + span).time()
    assert value("t - s", t=clock, s=span) == (dt.datetime.combine(day, clock) - span).time()


@given(clocks, clocks)
@bounded
def test_two_times_of_day(one: dt.time, other: dt.time) -> None:
    day = dt.date(2026, 5, 1)
    assert value("a - b", a=one, b=other) == dt.datetime.combine(day, one) - dt.datetime.combine(day, other)
    assert value("a < b", a=one, b=other) is (one < other)
    assert value("time(a.hour, a.minute, a.second)", a=one) == one


@given(spans)
@bounded
def test_a_span_tells_its_parts_and_its_text_is_read_as_itself(span: dt.timedelta) -> None:
    total = abs(int(span.total_seconds()))
    sign = -1 if span < dt.timedelta(0) else 1
    parts = [total // 86_400, total // 3600 % 24, total // 60 % 60, total % 60]
    assert value("[s.days, s.hours, s.minutes, s.seconds]", s=span) == [sign * part for part in parts]
    assert value("duration(string(s))", s=span) == span
    assert value("duration(t)", t=iso(span)) == span


@given(spans, spans)
@bounded
def test_two_spans(one: dt.timedelta, other: dt.timedelta) -> None:
    assert value("a + b", a=one, b=other) == one + other
    assert value("a - b", a=one, b=other) == one - other
    assert value("-a", a=one) == -one
    assert value("abs(a)", a=one) == abs(one)
    assert value("a < b", a=one, b=other) is (one < other)
    assert value("sum(a, b, a)", a=one, b=other) == one + other + one
    if other:
        assert float(value("a / b", a=one, b=other)) == pytest.approx(one / other)


@given(spans, st.integers(-50, 50))
@bounded
def test_a_span_times_a_number(span: dt.timedelta, number: int) -> None:
    assert value("s * n", s=span, n=number) == value("n * s", s=span, n=number) == span * number
    if number:
        assert value("(s * n) / n", s=span, n=number) == span


@given(months, months)
@bounded
def test_months_are_counted_like_numbers(one: int, other: int) -> None:
    def text(count: int) -> str:
        return f"{'-' if count < 0 else ''}P{abs(count)}M"

    def counted(expression: str) -> int:
        years, rest = value(f"[({expression}).years, ({expression}).months]", a=text(one), b=text(other))
        return years * 12 + rest

    assert counted("duration(a) + duration(b)") == one + other
    assert counted("duration(a) - duration(b)") == one - other
    assert counted("-duration(a)") == -one
    assert counted("duration(a) * 3") == one * 3
    assert value("duration(a) < duration(b)", a=text(one), b=text(other)) is (one < other)


ZONES = ["Europe/Paris", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Etc/UTC"]


@pytest.mark.parametrize("zone", ZONES)
@given(moment=st.datetimes(min_value=dt.datetime(1975, 1, 1), max_value=dt.datetime(2035, 1, 1)))
@settings(max_examples=40, deadline=None)
def test_a_named_zone_has_the_offset_of_its_moment(zone: str, moment: dt.datetime) -> None:
    there = moment.replace(microsecond=0, tzinfo=zoneinfo.ZoneInfo(zone))
    assert value("m.time offset", m=there) == there.utcoffset()
    assert value("m.timezone", m=there) == zone
    assert value("m = u", m=there, u=there.astimezone(dt.UTC)) is True


@given(st.lists(days, min_size=1, max_size=6))
@bounded
def test_days_are_sorted_and_found_in_a_range(many: list[dt.date]) -> None:
    assert value("sort(many)", many=many) == sorted(many)
    assert value("every d in many satisfies d in [min(many)..max(many)]", many=many) is True
    assert value("count(distinct values(many))", many=many) == len(set(many))


@given(days, st.integers(0, 40))
@bounded
def test_days_are_walked_through_one_by_one(first: dt.date, count: int) -> None:
    last = first + dt.timedelta(days=count)
    assert value("for d in a..b return d", a=first, b=last) == [first + dt.timedelta(days=n) for n in range(count + 1)]
    assert value("for d in b..a return d", a=first, b=last) == [last - dt.timedelta(days=n) for n in range(count + 1)]
