"""When something is due. ``now`` is Monday 2 March 2026, 09:00 UTC, in every example."""

from datetime import UTC, date, datetime, timedelta

import pytest

from engine import errors
from engine.schedule import calendars, cron, due, iso

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("PT4H", "2026-03-02T13:00"),
        ("P1D", "2026-03-03T09:00"),
        ("P1W", "2026-03-09T09:00"),
        ("P1M", "2026-04-02T09:00"),
        ("P1Y2M3DT4H5M6S", "2027-05-05T13:05:06"),
        ("PT0.5H", "2026-03-02T09:30"),
        ("PT1,5S", "2026-03-02T09:00:01.5"),
        ("-PT1H", "2026-03-02T08:00"),
        ("PT0S", "2026-03-02T09:00"),
    ],
)
def test_durations(text: str, moment: str) -> None:
    assert due.after(text, NOW) == at(moment)


def test_a_month_ends_where_the_shorter_one_does() -> None:
    assert iso.add(at("2026-01-31T00:00"), iso.duration("P1M")) == at("2026-02-28T00:00")
    assert iso.add(at("2024-02-29T00:00"), iso.duration("P1Y")) == at("2025-02-28T00:00")


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1H", "1D", "PT1D", "P1.5Y", "PT-1H", "P1D ago", "P" + "9" * 30 + "D"]
)
def test_what_is_no_duration_is_said(text: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        iso.duration(text)
    assert refused.value.code == "duration" and refused.value.text["zh-CN"]


def test_beyond_the_calendar_is_said() -> None:
    with pytest.raises(errors.Invalid) as refused:
        due.after("P999999Y", NOW)
    assert refused.value.code == "moment_out_of_range"


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-03-05T08:00:00Z", "2026-03-05T08:00"),
        ("2026-03-05T08:00:00+08:00", "2026-03-05T00:00"),
        ("2026-03-05T08:00:00+08:00[Asia/Shanghai]", "2026-03-05T00:00"),
        ("2026-03-05T08:00", "2026-03-05T08:00"),
        ("2026-03-05", "2026-03-05T00:00"),
        (date(2026, 3, 5), "2026-03-05T00:00"),
        (datetime(2026, 3, 5, 8), "2026-03-05T08:00"),
        ("P3D", "2026-03-05T09:00"),
        (timedelta(hours=1), "2026-03-02T10:00"),
    ],
)
def test_moments(value: object, moment: str) -> None:
    assert due.moment(value, NOW) == at(moment)


@pytest.mark.parametrize("value", ["soon", "", 5, None, ["P1D"], "2026-13-01", "2026-02-30T00:00:00Z"])
def test_what_is_no_moment_is_said(value: object) -> None:
    with pytest.raises(errors.Invalid):
        due.moment(value, NOW)


def test_a_moment_without_zone_is_meant_in_the_calendars_zone() -> None:
    shanghai = calendars.BUILT_IN["weekdays"]
    assert due.moment("2026-03-05T08:00", NOW, shanghai) == at("2026-03-05T00:00")


@pytest.mark.parametrize(
    ("text", "firings"),
    [
        ("R3/PT1H", ["2026-03-02T10:00", "2026-03-02T11:00", "2026-03-02T12:00"]),
        ("R1/PT1H", ["2026-03-02T10:00"]),
        ("R2/2026-03-02T12:00:00Z/P1D", ["2026-03-02T12:00", "2026-03-03T12:00"]),
        # Began ten hours ago, every four: 23:00, 03:00 and 07:00 are missed, the last of four is at 11:00.
        ("R4/2026-03-01T23:00:00Z/PT4H", ["2026-03-02T11:00"]),
        # All of three are missed: the last one is due now.
        ("R3/2026-03-01T23:00:00Z/PT4H", ["2026-03-02T07:00"]),
        ("R3/PT1H/2026-03-02T11:30:00Z", ["2026-03-02T10:00", "2026-03-02T11:00"]),
        ("0 30 9 * * ?", ["2026-03-02T09:30", "2026-03-03T09:30", "2026-03-04T09:30"]),
        ("P1D", ["2026-03-03T09:00"]),
    ],
)
def test_cycles(text: str, firings: list[str]) -> None:
    found = [due.first("cycle", text, NOW)]
    while len(found) < 3 and (later := due.following(text, found[-1].at, found[-1].left)):
        found.append(later)
    assert [one.at for one in found] == [at(moment) for moment in firings]


def test_an_endless_cycle_has_no_last() -> None:
    first = due.first("cycle", "R/PT1H", NOW)
    assert first.left == due.FOR_EVER
    later = due.following("R/PT1H", first.at, first.left)
    assert later is not None and later.left == due.FOR_EVER


def test_a_cycle_of_nothing_does_not_stand_still() -> None:
    first = due.first("cycle", "R/PT0S", NOW)
    assert first.at > NOW
    later = due.following("R/PT0S", first.at, first.left)
    assert later is not None and later.at > first.at


@pytest.mark.parametrize(
    "text", ["R3", "R3/", "R3/soon", "R3/PT1H/PT2H", "R3/a/b/c", "every day", "* * *", "61 * * * *"]
)
def test_what_is_no_cycle_is_said(text: str) -> None:
    with pytest.raises(errors.Invalid):
        due.first("cycle", text, NOW)


# Cron


@pytest.mark.parametrize(
    ("line", "moment"),
    [
        ("*/15 * * * *", "2026-03-02T09:15"),
        ("0 9 * * MON-FRI", "2026-03-03T09:00"),
        ("0 0 1 * *", "2026-04-01T00:00"),
        ("0 0 29 2 *", "2028-02-29T00:00"),
        ("0 12 * * 0", "2026-03-08T12:00"),
        ("0 12 * * 7", "2026-03-08T12:00"),
        ("0 0 12 ? * 1", "2026-03-08T12:00"),
        ("0 0 12 ? * 2", "2026-03-02T12:00"),
        ("0 0/5 * * * ?", "2026-03-02T09:05"),
        ("0 0 0 L * ?", "2026-03-31T00:00"),
        ("0 0 0 LW * ?", "2026-03-31T00:00"),
        ("0 0 0 15W * ?", "2026-03-16T00:00"),
        ("0 0 0 ? * 6L", "2026-03-27T00:00"),
        ("0 0 0 ? * 6#2", "2026-03-13T00:00"),
        ("0 0 0 ? * MON#1", "2026-04-06T00:00"),
        ("0 0 0 1 1 ? 2030", "2030-01-01T00:00"),
        ("0 0 13 * 5", "2026-03-06T00:00"),
        ("@daily", "2026-03-03T00:00"),
        ("0 22-2 * * *", "2026-03-02T22:00"),
    ],
)
def test_cron_lines(line: str, moment: str) -> None:
    assert cron.following(cron.parse(line), NOW) == at(moment)


def test_a_line_that_never_comes() -> None:
    assert cron.following(cron.parse("0 0 30 2 *"), NOW) is None
    assert cron.following(cron.parse("0 0 0 1 1 ? 2020"), NOW) is None


@pytest.mark.parametrize(
    "line", ["", "* * * *", "a b c d e", "60 * * * *", "* 24 * * *", "*/0 * * * *", "1-99 * * * *", "0 0 0 ? * 6#9"]
)
def test_what_is_no_cron_line_is_said(line: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        cron.parse(line)
    assert refused.value.code == "cron"


# Business calendars: Shanghai is eight hours ahead, open 09:00-18:00 there, 01:00-10:00 UTC.

OFFICE = calendars.BUILT_IN["weekdays"]


@pytest.mark.parametrize(
    ("span", "moment"),
    [
        ("PT1H", "2026-03-02T10:00"),
        ("PT2H", "2026-03-03T02:00"),
        ("PT10H", "2026-03-03T10:00"),
        ("P1D", "2026-03-03T09:00"),
        ("P5D", "2026-03-09T09:00"),
        ("P4DT2H", "2026-03-09T02:00"),
        ("PT0S", "2026-03-02T09:00"),
    ],
)
def test_business_time(span: str, moment: str) -> None:
    assert due.after(span, NOW, OFFICE) == at(moment)


def test_a_promise_made_at_night_begins_in_the_morning() -> None:
    assert due.after("PT1H", at("2026-03-06T20:00"), OFFICE) == at("2026-03-09T02:00")


def test_holidays_are_closed_and_make_up_days_open() -> None:
    calendar = calendars.Calendar(
        key="cn", zone="Asia/Shanghai", weeks=OFFICE.weeks,
        holidays=frozenset({date(2026, 3, 3)}), workdays=frozenset({date(2026, 3, 7)}),
    )  # fmt: skip
    assert due.after("PT2H", NOW, calendar) == at("2026-03-04T02:00")
    assert due.after("P1D", at("2026-03-06T05:00"), calendar) == at("2026-03-07T05:00")


def test_open_time_between_two_moments() -> None:
    assert calendars.open_time(OFFICE, NOW, at("2026-03-03T02:00")) == timedelta(hours=2)
    assert calendars.open_time(OFFICE, NOW, NOW) == timedelta(0)
    assert calendars.open_time(OFFICE, at("2026-03-07T00:00"), at("2026-03-08T23:00")) == timedelta(0)


def test_clocks_that_change_count_real_hours() -> None:
    """In Berlin the night of 29 March 2026 has 23 hours; eight of them lie between 00:00 and 09:00."""
    berlin = calendars.Calendar(key="de", zone="Europe/Berlin", weeks=(((0, 24 * 60),),) * 7)
    midnight = datetime(2026, 3, 28, 23, 0, tzinfo=UTC)
    assert calendars.add_time(berlin, midnight, timedelta(hours=8)) == at("2026-03-29T07:00")
    assert calendars.open_time(berlin, midnight, midnight + timedelta(hours=23)) == timedelta(hours=23)


def test_a_calendar_that_never_opens_is_said() -> None:
    with pytest.raises(errors.Invalid) as refused:
        due.after("PT1H", NOW, calendars.Calendar(key="shut", weeks=((),) * 7))
    assert refused.value.code == "calendar_closed"


def test_an_unknown_zone_is_said() -> None:
    with pytest.raises(errors.Invalid) as refused:
        due.after("PT1H", NOW, calendars.Calendar(key="moon", zone="Moon/Base", weeks=OFFICE.weeks))
    assert refused.value.code == "zone"


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(days=1, hours=2), "P1DT2H"),
        (timedelta(), "PT0S"),
        (timedelta(seconds=90), "PT1M30S"),
        (-timedelta(hours=1), "-PT1H"),
    ],
)
def test_durations_are_written(span: timedelta, text: str) -> None:
    assert iso.write(span) == text
    assert due.after(text, NOW) - NOW == span
