"""Durations and moments of ISO 8601: what is read, what is refused, and that writing and reading are one."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import errors
from engine.schedule import iso

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("text", "months", "days", "rest"),
    [
        ("P1Y", 12, 0, timedelta()),
        ("P1M", 1, 0, timedelta()),
        ("P1Y6M", 18, 0, timedelta()),
        ("P2W", 0, 14, timedelta()),
        ("P0.5W", 0, 3.5, timedelta()),
        ("P1D", 0, 1, timedelta()),
        ("P1.5D", 0, 1.5, timedelta()),
        ("P1,5D", 0, 1.5, timedelta()),
        ("P1W2D", 0, 9, timedelta()),
        ("PT1H", 0, 0, HOUR),
        ("PT1M", 0, 0, MINUTE),
        ("PT1S", 0, 0, SECOND),
        ("PT0.001S", 0, 0, timedelta(milliseconds=1)),
        ("PT36H", 0, 0, 36 * HOUR),
        ("PT90M", 0, 0, 90 * MINUTE),
        ("P1M1DT1M", 1, 1, MINUTE),
        ("P1Y2M3W4DT5H6M7.5S", 14, 25, 5 * HOUR + 6 * MINUTE + 7.5 * SECOND),
        ("-P1DT2H", 0, -1, -2 * HOUR),
        ("+P1M", 1, 0, timedelta()),
        ("  PT5M  ", 0, 0, 5 * MINUTE),
        ("P0D", 0, 0, timedelta()),
        ("PT0S", 0, 0, timedelta()),
        ("P000001D", 0, 1, timedelta()),
    ],
)
def test_a_duration_is_months_days_and_the_rest(text: str, months: int, days: float, rest: timedelta) -> None:
    assert iso.duration(text) == (months, days, rest)


@pytest.mark.parametrize(
    "text",
    [
        "", "P", "PT", "P1", "1D", "P1H", "PT1D", "P1DT", "T1H", "PT1H30", "P-1D", "P+1D", "--P1D", "P1D1Y", "PT1S1M",
        "P1.5Y", "P1.5M", "P1.D", "P.5D", "p1d", "P1d", "P 1D", "P1D ago", "1 day", "P1D/P1D", "R/P1D", "P１D",
        "P1D\x00", "P9999999999D", "P" + "1" * 400 + "D", "PT1e3S", "PTinfS", "P१D", "−P1D",
    ],
)  # fmt: skip
def test_what_is_no_duration_is_refused_and_shown_in_both_languages(text: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        iso.duration(text)
    assert caught.value.code == "duration"
    assert repr(text[:80]) in caught.value.text["en"] and "PT4H" in caught.value.text["en"]
    assert f"“{text[:80]}”" in caught.value.text["zh-CN"]
    assert len(caught.value.text["zh-CN"]) < 200


@pytest.mark.parametrize(("text", "empty"), [("PT0S", True), ("P0D", True), ("P0Y0M", True), ("PT0.1S", False)])
def test_a_duration_of_nothing_is_empty(text: str, empty: bool) -> None:
    assert iso.duration(text).empty is empty


@pytest.mark.parametrize(
    ("begin", "text", "end"),
    [
        ("2026-01-31T00:00:00", "P1M", "2026-02-28T00:00:00"),
        ("2026-01-31T00:00:00", "P1M1D", "2026-03-01T00:00:00"),
        ("2024-01-31T00:00:00", "P1M", "2024-02-29T00:00:00"),
        ("2026-03-31T12:00:00", "-P1M", "2026-02-28T12:00:00"),
        ("2024-02-29T12:00:00", "-P1Y", "2023-02-28T12:00:00"),
        ("2026-12-15T12:00:00", "P1M", "2027-01-15T12:00:00"),
        ("2026-01-15T12:00:00", "-P1M", "2025-12-15T12:00:00"),
        ("2026-01-15T12:00:00", "P24M", "2028-01-15T12:00:00"),
        ("2026-01-15T23:59:59", "PT1S", "2026-01-16T00:00:00"),
        ("2026-01-15T12:00:00", "P0.5D", "2026-01-16T00:00:00"),
    ],
)
def test_months_move_along_the_calendar_and_end_where_the_month_does(begin: str, text: str, end: str) -> None:
    assert iso.add(datetime.fromisoformat(begin), iso.duration(text)) == datetime.fromisoformat(end)


@pytest.mark.parametrize(
    ("begin", "text"),
    [
        ("9999-12-31T00:00:00", "P1D"),
        ("9999-12-01T00:00:00", "P1M"),
        ("0001-01-01T00:00:00", "-PT1S"),
        ("0001-01-31T00:00:00", "-P1M"),
        ("2026-01-01T00:00:00", "P999999Y"),
        ("2026-01-01T00:00:00", "P99999999D"),
        ("2026-01-01T00:00:00", "PT999999999H"),
        ("2026-01-01T00:00:00", "-P999999M"),
    ],
)
def test_what_lies_outside_the_calendar_is_refused(begin: str, text: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        iso.add(datetime.fromisoformat(begin).replace(tzinfo=UTC), iso.duration(text))
    assert caught.value.code == "moment_out_of_range"
    assert caught.value.text == {
        "zh-CN": "时间点超出公元 1 至 9999 年",
        "en": "the moment lies outside the years 1 to 9999",
    }


SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("value", "utc"),
    [
        ("2026-03-05T08:00:00Z", "2026-03-05T08:00:00"),
        ("2026-03-05T08:00Z", "2026-03-05T08:00:00"),
        ("2026-03-05 08:00:00+00:00", "2026-03-05T08:00:00"),
        ("2026-03-05T08:00:00.25Z", "2026-03-05T08:00:00.25"),
        ("2026-03-05T08:00:00+05:30", "2026-03-05T02:30:00"),
        ("2026-03-05T08:00:00-11:00", "2026-03-05T19:00:00"),
        ("2026-03-05T08:00:00", "2026-03-05T00:00:00"),
        ("2026-03-05", "2026-03-04T16:00:00"),
        (" 2026-03-05T08:00:00Z ", "2026-03-05T08:00:00"),
        ("2026-03-05T08:00:00+01:00[Europe/Berlin]", "2026-03-05T07:00:00"),
        ("2026-03-05T08:00:00Z[UTC]", "2026-03-05T08:00:00"),
        (date(2026, 3, 5), "2026-03-04T16:00:00"),
        (datetime(2026, 3, 5, 8, 0), "2026-03-05T00:00:00"),
        (datetime(2026, 3, 5, 8, 0, tzinfo=timezone(-HOUR)), "2026-03-05T09:00:00"),
    ],
)
def test_a_moment_becomes_utc_and_one_without_a_zone_is_meant_in_the_house_s(value: object, utc: str) -> None:
    found = iso.moment(value, SHANGHAI)  # type: ignore[arg-type]
    assert found == datetime.fromisoformat(utc).replace(tzinfo=UTC) and found.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2026-13-01", "2026-02-29", "2026-03-05T25:00:00", "2026-03-05T08:60", "05.03.2026", "2026/03/05",
     "2026-03-05T08:00:00 PM", "10000-01-01", "0000-01-01", "2026-03-05T08:00:00+25:00", "[Europe/Berlin]", "\x00"],
)  # fmt: skip
def test_what_is_no_moment_is_refused_and_shown(text: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        iso.moment(text)
    assert caught.value.code == "moment"
    assert repr(text) in caught.value.text["en"] and f"“{text}”" in caught.value.text["zh-CN"]


@pytest.mark.parametrize("value", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_the_ends_of_the_calendar_stay_moments(value: str) -> None:
    assert iso.moment(value).tzinfo is UTC


def test_a_long_text_is_cut_in_the_message() -> None:
    with pytest.raises(errors.Invalid) as caught:
        iso.moment("x" * 10_000)
    assert len(caught.value.text["en"]) < 200


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(), "PT0S"),
        (SECOND, "PT1S"),
        (MINUTE, "PT1M"),
        (90 * MINUTE, "PT1H30M"),
        (timedelta(days=1), "P1D"),
        (timedelta(days=1, hours=2), "P1DT2H"),
        (timedelta(days=400, seconds=1), "P400DT1S"),
        (timedelta(milliseconds=1500), "PT1.5S"),
        (-HOUR, "-PT1H"),
        (-timedelta(days=1, minutes=1), "-P1DT1M"),
    ],
)
def test_a_span_is_written_as_briefly_as_it_can_be(span: timedelta, text: str) -> None:
    assert iso.write(span) == text


@given(st.timedeltas(timedelta(days=-9999), timedelta(days=9999)))
@settings(max_examples=200, deadline=None)
def test_what_is_written_is_read_back(span: timedelta) -> None:
    span = timedelta(days=span.days, seconds=span.seconds)
    found = iso.duration(iso.write(span))
    assert found.months == 0
    assert timedelta(days=found.days) + found.rest == span


@given(st.text(max_size=30))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (iso.duration, iso.moment):
        try:
            read(text)
        except errors.Invalid as refused:
            assert set(refused.text) == {"zh-CN", "en"}


@given(st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)), st.integers(0, 2000), st.integers(0, 600))
@settings(max_examples=200, deadline=None)
def test_later_by_more_is_never_earlier(begin: datetime, days: int, months: int) -> None:
    step = iso.Duration(months, days, timedelta())
    more = iso.Duration(months, days + 1, timedelta())
    assert begin <= iso.add(begin, step) < iso.add(begin, more)
