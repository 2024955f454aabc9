"""Public holidays that travel with the program, against the announcements and against each country's own rules."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import errors
from engine.schedule import calendars, holidays

SHANGHAI = ZoneInfo("Asia/Shanghai")


def days(*texts: str) -> list[date]:
    return [date.fromisoformat(text) for text in texts]


OFF = [
    (2025, "元旦", ("2025-01-01", "2025-01-01")),
    (2025, "春节", ("2025-01-28", "2025-02-04")),
    (2025, "清明节", ("2025-04-04", "2025-04-06")),
    (2025, "劳动节", ("2025-05-01", "2025-05-05")),
    (2025, "端午节", ("2025-05-31", "2025-06-02")),
    (2025, "国庆节、中秋节", ("2025-10-01", "2025-10-08")),
    (2026, "元旦", ("2026-01-01", "2026-01-03")),
    (2026, "春节", ("2026-02-15", "2026-02-23")),
    (2026, "清明节", ("2026-04-04", "2026-04-06")),
    (2026, "劳动节", ("2026-05-01", "2026-05-05")),
    (2026, "端午节", ("2026-06-19", "2026-06-21")),
    (2026, "中秋节", ("2026-09-25", "2026-09-27")),
    (2026, "国庆节", ("2026-10-01", "2026-10-07")),
    (2027, "春节", ("2027-02-05", "2027-02-08")),
    (2027, "端午节", ("2027-06-09", "2027-06-09")),
    (2027, "中秋节", ("2027-09-15", "2027-09-15")),
]


@pytest.mark.parametrize(("year", "name", "ends"), OFF)
def test_a_festival_of_china_is_off_from_to(year: int, name: str, ends: tuple[str, str]) -> None:
    off = sorted(day for day, what in holidays.of("CN", year).items() if what["zh-CN"] == name)
    assert [off[0], off[-1]] == days(*ends)
    assert len(off) == (off[-1] - off[0]).days + 1


@pytest.mark.parametrize("year", holidays.ANNOUNCED)
def test_make_up_days_are_weekends_near_a_festival_and_never_off(year: int) -> None:
    off, worked = holidays.of("CN", year), holidays.makeup("CN", year)
    assert worked
    for day in worked:
        assert day.weekday() > 4 and day not in off
        assert min(abs((day - free).days) for free in off) <= 10


@pytest.mark.parametrize("year", holidays.ANNOUNCED)
def test_after_the_make_up_days_as_many_working_days_are_off_as_the_law_gives(year: int) -> None:
    """New Year 1, Spring Festival 4, Tombs 1, Labour 2, Boats 1, Moon 1, Nation 3: thirteen."""
    off = [day for day in holidays.of("CN", year) if day.weekday() < 5]
    assert len(off) - len(holidays.makeup("CN", year)) == 13


COUNTRIES = [
    ("DE", 2026, ("2026-01-01", "2026-04-03", "2026-04-06", "2026-05-01", "2026-05-14", "2026-05-25", "2026-10-03",
                  "2026-12-25", "2026-12-26")),
    ("FR", 2027, ("2027-01-01", "2027-03-29", "2027-05-01", "2027-05-06", "2027-05-08", "2027-05-17", "2027-07-14",
                  "2027-08-15", "2027-11-01", "2027-11-11", "2027-12-25")),
    ("GB", 2026, ("2026-01-01", "2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25", "2026-08-31", "2026-12-25",
                  "2026-12-28")),
    ("GB", 2027, ("2027-01-01", "2027-03-26", "2027-03-29", "2027-05-03", "2027-05-31", "2027-08-30", "2027-12-27",
                  "2027-12-28")),
    ("US", 2026, ("2026-01-01", "2026-01-19", "2026-02-16", "2026-05-25", "2026-06-19", "2026-07-03", "2026-09-07",
                  "2026-10-12", "2026-11-11", "2026-11-26", "2026-12-25")),
    ("US", 2027, ("2027-01-01", "2027-01-18", "2027-02-15", "2027-05-31", "2027-06-18", "2027-07-05", "2027-09-06",
                  "2027-10-11", "2027-11-11", "2027-11-25", "2027-12-24", "2027-12-31")),
]  # fmt: skip


@pytest.mark.parametrize(("country", "year", "expected"), COUNTRIES)
def test_other_countries_by_their_own_rules(country: str, year: int, expected: tuple[str, ...]) -> None:
    assert list(holidays.of(country, year)) == days(*expected)


EASTERS = {2024: "2024-03-31", 2025: "2025-04-20", 2026: "2026-04-05", 2027: "2027-03-28", 2028: "2028-04-16",
           2038: "2038-04-25", 1818: "1818-03-22", 2285: "2285-03-22"}  # fmt: skip


@pytest.mark.parametrize(("year", "day"), EASTERS.items())
def test_easter(year: int, day: str) -> None:
    assert holidays.easter(year) == date.fromisoformat(day)


@settings(max_examples=60, deadline=None)
@given(st.integers(1600, 2400))
def test_easter_is_a_sunday_between_the_twenty_second_of_march_and_the_twenty_fifth_of_april(year: int) -> None:
    found = holidays.easter(year)
    assert found.weekday() == 6 and date(year, 3, 22) <= found <= date(year, 4, 25)


@pytest.mark.parametrize("country", sorted(holidays.COUNTRIES))
def test_every_year_lies_in_its_year_in_order_and_has_names_in_both_languages(country: str) -> None:
    for year in holidays.years(country):
        found = holidays.of(country, year)
        assert list(found) == sorted(found) and {day.year for day in found} == {year}
        assert all(what.get("zh-CN") and what.get("en") for what in found.values())


def test_a_year_that_nobody_knows_has_none() -> None:
    assert holidays.of("CN", 2040) == {} and holidays.makeup("CN", 2040) == {} and holidays.of("US", 1999) == {}


@pytest.mark.parametrize("ask", [holidays.of, holidays.makeup])
def test_a_country_that_nobody_knows_is_told_with_those_that_are_known(ask: object) -> None:
    with pytest.raises(errors.Invalid) as caught:
        ask("XX", 2026)  # type: ignore[operator]
    assert "CN" in caught.value.text["zh-CN"] and "XX" in caught.value.text["en"]


BUSINESS = [
    # 2026-09-30 is a Wednesday; 1 to 7 October are off, Saturday the 10th is worked.
    ("2026-09-30 17:00", 2, "2026-10-08 10:00"),
    ("2026-10-09 17:00", 2, "2026-10-10 10:00"),
    ("2026-10-10 17:00", 2, "2026-10-12 10:00"),
    ("2026-02-13 17:30", 1, "2026-02-14 09:30"),
    ("2026-02-14 17:30", 1, "2026-02-24 09:30"),
]


@pytest.mark.parametrize(("start", "hours", "end"), BUSINESS)
def test_built_in_calendars_of_china_close_on_holidays_and_open_on_make_up_days(
    start: str, hours: int, end: str
) -> None:
    begin = datetime.fromisoformat(start).replace(tzinfo=SHANGHAI)
    found = calendars.add_time(calendars.BUILT_IN["cn-5x8"], begin, timedelta(hours=hours))
    assert found == datetime.fromisoformat(end).replace(tzinfo=SHANGHAI)


def test_round_the_clock_knows_no_holiday() -> None:
    begin = datetime(2026, 10, 1, 12, tzinfo=SHANGHAI)
    assert calendars.add_time(calendars.BUILT_IN["cn-24x7"], begin, timedelta(hours=3)) == begin + timedelta(hours=3)
