"""Dates, times and durations: from texts and parts, their properties, and the calendar's functions."""

import pytest

from tests.unit.feel.evaluating import codes, shown

DATES = [
    ('date("2020-02-29")', "2020-02-29"),
    ('date("0001-01-01")', "0001-01-01"),
    ('date("0000-01-01")', "0000-01-01"),
    ('date("-0001-12-31")', "-0001-12-31"),
    ('date("12345-01-01")', "12345-01-01"),
    ('date("-999999999-01-01")', "-999999999-01-01"),
    ('date("999999999-12-31")', "999999999-12-31"),
    ('date(from: "2020-01-02")', "2020-01-02"),
    ("date(2020, 1, 2)", "2020-01-02"),
    ("date(-5, 1, 2)", "-0005-01-02"),
    ("date(2020.0, 1, 2)", "2020-01-02"),
    ("date(year: 2020, month: 1, day: 2)", "2020-01-02"),
    ("date(day: 2, year: 2020, month: 1)", "2020-01-02"),
    ('date(@"2020-01-02T23:59:59Z")', "2020-01-02"),
    ('date(@"2020-01-02T23:59:59@Asia/Shanghai")', "2020-01-02"),  # the day on its own clock
    ('date(@"2020-01-02")', "2020-01-02"),
    ('date(["2020-01-02"])', "2020-01-02"),
]
TIMES = [
    ('time("23:59:00")', "23:59:00"),
    ('time("23:59:00Z")', "23:59:00Z"),
    ('time("23:59:00+00:00")', "23:59:00Z"),
    ('time("23:59:00-05:00")', "23:59:00-05:00"),
    ('time("23:59:00+05:30")', "23:59:00+05:30"),
    ('time("23:59:00@Europe/Berlin")', "23:59:00@Europe/Berlin"),
    ('time("10:00:00.5")', "10:00:00.5"),
    ('time("10:00:00.123456789")', "10:00:00.123456789"),
    ('time("24:00:00")', "00:00:00"),
    ('time(from: "10:00:00")', "10:00:00"),
    ("time(1, 2, 3)", "01:02:03"),
    ("time(1, 2, 3.25)", "01:02:03.25"),
    ("time(1, 2, 3, null)", "01:02:03"),
    ('time(1, 2, 3, @"-PT2H")', "01:02:03-02:00"),
    ('time(1, 2, 3, @"PT0S")', "01:02:03Z"),
    ('time(hour: 1, minute: 2, second: 3, offset: @"PT1H")', "01:02:03+01:00"),
    ('time(@"2020-01-02T03:04:05")', "03:04:05"),
    ('time(@"2020-01-02T03:04:05+01:00")', "03:04:05+01:00"),
    ('time(@"2020-01-02T03:04:05@Europe/Paris")', "03:04:05@Europe/Paris"),
    ('time(@"2020-01-02")', "00:00:00Z"),  # a date's midnight is one in UTC
    ('time(@"03:04:05")', "03:04:05"),
]
BOTH = [
    ('date and time("2020-01-02T03:04:05")', "2020-01-02T03:04:05"),
    ('date and time("2020-01-02T03:04:05Z")', "2020-01-02T03:04:05Z"),
    ('date and time("2020-01-02T03:04:05.25+01:00")', "2020-01-02T03:04:05.25+01:00"),
    ('date and time("2020-01-02T03:04:05@Asia/Tokyo")', "2020-01-02T03:04:05@Asia/Tokyo"),
    ('date and time("2020-12-31T24:00:00")', "2021-01-01T00:00:00"),
    ('date and time("-2020-01-02T03:04:05")', "-2020-01-02T03:04:05"),
    ('date and time("2020-01-02")', "2020-01-02T00:00:00"),
    ('date and time(@"2020-01-02", @"03:04:05")', "2020-01-02T03:04:05"),
    ('date and time(@"2020-01-02", @"03:04:05@Asia/Tokyo")', "2020-01-02T03:04:05@Asia/Tokyo"),
    ('date and time(@"2020-01-02T10:00:00Z", @"03:04:05")', "2020-01-02T03:04:05"),  # day of one, clock of the other
    ('date and time(date: @"2020-01-02", time: @"03:04:05Z")', "2020-01-02T03:04:05Z"),
    ('date and time(from: "2020-01-02T03:04:05")', "2020-01-02T03:04:05"),
    ('date and time(@"2020-07-01T12:00:00Z", "Europe/Paris")', "2020-07-01T14:00:00@Europe/Paris"),
]
DURATIONS = [
    ('duration("P1D")', "P1D"),
    ('duration("-P1D")', "-P1D"),
    ('duration("PT36H")', "P1DT12H"),
    ('duration("PT90M")', "PT1H30M"),
    ('duration("PT3661S")', "PT1H1M1S"),
    ('duration("PT0.5S")', "PT0.5S"),
    ('duration("PT0S")', "PT0S"),
    ('duration("P0D")', "PT0S"),
    ('duration("P1DT2H3M4.005S")', "P1DT2H3M4.005S"),
    ('duration("P1Y")', "P1Y"),
    ('duration("P18M")', "P1Y6M"),
    ('duration("-P13M")', "-P1Y1M"),
    ('duration("P0Y")', "P0M"),
    ('duration("P1Y0M")', "P1Y"),
    ('duration(from: "P2D")', "P2D"),
    ('duration(@"P2D")', "P2D"),
    ('years and months duration(@"2020-01-15", @"2021-03-14")', "P1Y1M"),  # the 15th of March is not reached
    ('years and months duration(@"2020-01-15", @"2021-03-15")', "P1Y2M"),
    ('years and months duration(@"2021-03-15", @"2020-01-15")', "-P1Y2M"),
    ('years and months duration(@"2020-01-15", @"2020-01-15")', "P0M"),
    ('years and months duration(@"2020-01-15", @"2020-02-14")', "P0M"),
    ('years and months duration(@"2020-01-15T23:00:00", @"2020-02-15T01:00:00")', "P1M"),
    ('years and months duration(from: @"2019-01-01", to: @"2020-01-01")', "P1Y"),
]
LITERALS = [
    ('@"2020-01-02"', "2020-01-02"),
    ('@"03:04:05"', "03:04:05"),
    ('@"2020-01-02T03:04:05Z"', "2020-01-02T03:04:05Z"),
    ('@"P1Y2M"', "P1Y2M"),
    ('@"-PT1H"', "-PT1H"),
    ('@ "2020-01-02"', "2020-01-02"),
    ('-@"P1D"', "-P1D"),
]
PROPERTIES = [
    ('@"2020-01-02".year', "2020"),
    ('@"2020-01-02".month', "1"),
    ('@"2020-01-02".day', "2"),
    ('@"2020-01-06".weekday', "1"),  # a Monday
    ('@"2020-01-05".weekday', "7"),  # a Sunday
    ('@"-0001-05-02".year', "-1"),
    ('@"2020-01-02T03:04:05".year', "2020"),
    ('@"2020-01-02T03:04:05".weekday', "4"),  # a Thursday
    ('@"2020-01-02T03:04:05".hour', "3"),
    ('@"2020-01-02T03:04:05".minute', "4"),
    ('@"2020-01-02T03:04:05".second', "5"),
    ('@"2020-01-02T03:04:05.75".second', "5"),
    ('@"2020-01-02T03:04:05".time offset', "null"),
    ('@"2020-01-02T03:04:05Z".time offset', "PT0S"),
    ('@"2020-01-02T03:04:05-05:30".time offset', "-PT5H30M"),
    ('@"2020-07-02T03:04:05@Europe/Paris".time offset', "PT2H"),
    ('@"2020-01-02T03:04:05@Europe/Paris".timezone', '"Europe/Paris"'),
    ('@"2020-01-02T03:04:05Z".timezone', "null"),
    ('@"03:04:05".hour', "3"),
    ('@"03:04:05+01:00".time offset', "PT1H"),
    ('@"P1Y2M".years', "1"),
    ('@"P1Y2M".months', "2"),
    ('@"P14M".years', "1"),
    ('@"-P14M".months', "-2"),
    ('@"P1DT2H3M4S".days', "1"),
    ('@"P1DT2H3M4S".hours', "2"),
    ('@"P1DT2H3M4S".minutes', "3"),
    ('@"P1DT2H3M4S".seconds', "4"),
    ('@"PT49H".days', "2"),
    ('@"PT49H".hours', "1"),
    ('@"-PT49H".days', "-2"),
    ('@"-PT90S".seconds', "-30"),
    ('[@"2020-01-02", @"2021-01-02"].year', "[2020, 2021]"),
]
CALENDAR = [
    ('day of year(@"2019-12-31")', "365"),
    ('day of year(@"2020-12-31T10:00:00")', "366"),
    ('day of year(date: @"2020-01-01")', "1"),
    ('day of year(@"2020-03-01")', "61"),  # 31 + 29 + 1
    ('day of week(@"2020-01-06")', '"Monday"'),
    ('day of week(@"2020-01-05")', '"Sunday"'),
    ('day of week(date: @"2020-01-01T00:00:00")', '"Wednesday"'),
    ('month of year(@"2020-01-05")', '"January"'),
    ('month of year(date: @"2020-12-05")', '"December"'),
    ('week of year(@"2020-12-31")', "53"),  # a year with 53 Thursdays
    ('week of year(@"2021-01-03")', "53"),  # still a week of 2020
    ('week of year(@"2021-01-04")', "1"),
    ('week of year(@"2019-12-30")', "1"),  # already a week of 2020
    ('week of year(date: @"2020-06-15")', "25"),
    ('last day of month(@"2023-02-10")', "2023-02-28"),
    ('last day of month(@"2024-02-10T10:00:00Z")', "2024-02-29"),
    ('last day of month(@"2024-12-31")', "2024-12-31"),
    ("now()", "2026-03-04T05:06:07Z"),
    ("today()", "2026-03-04"),
    ('now() - @"2026-03-04T05:06:06Z"', "PT1S"),
    ("today() = date(now())", "true"),
]
IDENTITY = [
    ('is(@"2020-01-02", @"2020-01-02")', "true"),
    ('is(@"10:00:00", @"10:00:00")', "true"),
    ('is(@"10:00:00", @"10:00:00Z")', "false"),
    ('is(@"10:00:00Z", @"11:00:00+01:00")', "false"),  # one instant, written in two ways
    ('is(@"10:00:00.1", @"10:00:00.2")', "false"),
    ('is(@"2020-01-02T10:00:00Z", @"2020-01-02T10:00:00@Etc/UTC")', "false"),
    ('is(@"P1Y", @"P12M")', "true"),
    ('is(@"P1D", @"PT24H")', "true"),
    ('is(@"P0D", @"P0Y")', "false"),
    ("is(1, 1.0)", "true"),
    ('is(1, "1")', "false"),
    ("is(null, null)", "true"),
    ("is(null, 1)", "false"),
    ("is([1], [1])", "true"),
    ("is([1], 1)", "false"),
    ("is({a: 1}, {a: 1})", "true"),
    ("is(true, false)", "false"),
    ("is(value1: 1, value2: 1)", "true"),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [*DATES, *TIMES, *BOTH, *DURATIONS, *LITERALS, *PROPERTIES, *CALENDAR, *IDENTITY],
)
def test_moments_and_durations(text: str, expected: str) -> None:
    assert shown(text) == expected


NO_DATES = ["2020-1-02", "2020-02-30", "2020-13-01", "2020-00-01", "2020-01-00", "20-01-01", "02020-01-01", "2020-01"]
NO_DATES += ["+2020-01-01", "1000000000-01-01", "2020-01-01Z", " 2020-01-01", "2020/01/01", "01.02.2020", "", "x"]
NO_TIMES = [
    "1:00:00",
    "24:00:01",
    "10:60:00",
    "10:00:60",
    "10:00",
    "10",
    "10:00:00.",
    "10:00:00+1:00",
    "10:00:00+19:00",
]
NO_TIMES += ["10:00:00Z+01:00", "10:00:00@", "10:00:00@Nowhere/City", "10:00:00+01:60", "T10:00:00", "10:00:00 Z", ""]
NO_BOTH = ["2020-01-01T", "2020-01-01T10:00", "2020-01-01 10:00:00", "2020-02-30T10:00:00", "2020-01-01T25:00:00"]
NO_BOTH += ["2020-01-01T10:00:00+01:00@Europe/Paris", "10:00:00", "2020-01-01T10:00:00@Europe", "x", ""]
NO_DURATIONS = ["P", "PT", "P1", "1D", "P1H", "PT1D", "P1Y1D", "P1M1Y", "P-1D", "P1.5D", "PT1.5H", "+P1D", "P1W", ""]


@pytest.mark.parametrize(
    ("function", "argument"),
    [
        *(("date", text) for text in NO_DATES),
        *(("time", text) for text in NO_TIMES),
        *(("date and time", text) for text in NO_BOTH),
        *(("duration", text) for text in NO_DURATIONS),
    ],
)
def test_a_text_that_names_no_moment_gives_null_and_a_warning(function: str, argument: str) -> None:
    text = f'{function}("{argument}")'
    assert shown(text) == "null"
    assert codes(text) == ["no_result"]


@pytest.mark.parametrize(
    "text",
    [
        "date(2020, 2, 30)",
        "date(2020, 13, 1)",
        "date(2020, 0, 1)",
        "date(2020, 1, 0)",
        "date(1000000000, 1, 1)",
        "date(2020, 1.5, 1)",
        "time(24, 0, 0)",
        "time(-1, 0, 0)",
        "time(0, 60, 0)",
        "time(0, 0, 60)",
        "time(0, 0, -1)",
        "time(0.5, 0, 0)",
        'time(0, 0, 0, @"PT19H")',
        'time(0, 0, 0, @"PT0.5S")',
        'date and time(@"2020-01-01T00:00:00", "Europe/Paris")',  # no instant to show there
        'date and time(@"2020-01-01T00:00:00Z", "Nowhere")',
    ],
)
def test_parts_that_make_no_moment_give_null_and_a_warning(text: str) -> None:
    assert shown(text) == "null"
    assert codes(text) == ["no_result"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("date()", "wrong_arguments"),
        ("date(null)", "wrong_type"),
        ("date(1)", "wrong_type"),
        ('date(@"10:00:00")', "wrong_type"),
        ("date(2020, 1)", "wrong_arguments"),
        ("date(2020, 1, null)", "wrong_type"),
        ('date(2020, "1", 1)', "wrong_type"),
        ('date(text: "2020-01-01")', "wrong_arguments"),
        ("time()", "wrong_arguments"),
        ("time(null)", "wrong_type"),
        ("time(1)", "wrong_type"),
        ("time(1, 2)", "wrong_arguments"),
        ('time(1, 2, "3")', "wrong_type"),
        ("time(1, 2, 3, 1)", "wrong_type"),
        ('time(1, 2, 3, @"P1M")', "wrong_type"),
        ("date and time()", "wrong_arguments"),
        ("date and time(null)", "wrong_type"),
        ("date and time(1)", "wrong_type"),
        ('date and time(@"2020-01-01", null)', "wrong_type"),
        ('date and time(@"10:00:00", @"10:00:00")', "wrong_type"),
        ('date and time("2020-01-01", "10:00:00")', "wrong_type"),
        ("duration()", "wrong_arguments"),
        ("duration(null)", "wrong_type"),
        ("duration(1)", "wrong_type"),
        ('years and months duration(@"2020-01-01")', "wrong_arguments"),
        ('years and months duration(@"2020-01-01", null)', "wrong_type"),
        ('years and months duration("2020-01-01", "2020-01-01")', "wrong_type"),
        ('day of year("2020-01-01")', "wrong_type"),
        ("day of week(null)", "wrong_type"),
        ("month of year()", "wrong_arguments"),
        ('week of year(@"10:00:00")', "wrong_type"),
        ("now(1)", "wrong_arguments"),
        ("today(1)", "wrong_arguments"),
        ("is(1, 2, 3)", "wrong_arguments"),
    ],
)
def test_wrong_arguments_give_null_and_a_warning(text: str, code: str) -> None:
    assert shown(text) == "null"
    assert codes(text) == [code]


@pytest.mark.parametrize("text", ["now()", "today()"])
def test_without_a_given_moment_there_is_no_now(text: str) -> None:
    assert codes(text) == ["no_clock"]


@pytest.mark.parametrize(
    ("text", "property_"),
    [
        ('@"2020-01-02"', "hour"),
        ('@"2020-01-02"', "time offset"),
        ('@"10:00:00"', "year"),
        ('@"P1Y"', "days"),
        ('@"P1D"', "months"),
        ('@"P1D"', "day"),
        ("1", "year"),
        ('"2020-01-02"', "year"),
        ("[1..2]", "length"),
        ("null", "year"),
    ],
)
def test_other_properties_there_are_none(text: str, property_: str) -> None:
    assert shown(f"({text}).{property_}") == "null"
    assert codes(f"({text}).{property_}") == ["unknown_property"]


@pytest.mark.parametrize("body", ["", "x", "2020-02-30", "25:00:00", "P1Y1D", "2020-01-01T10:00:00+25:00"])
def test_what_stands_behind_an_at_sign_must_be_a_moment(body: str) -> None:
    assert shown(f'@"{body}"') == "null"
    assert codes(f'@"{body}"') == ["bad_literal"]
