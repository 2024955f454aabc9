"""Cron lines of both families, field by field, against a clock that ticks minute by minute."""

import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import errors
from engine.schedule import cron, due

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday."""


def firings(line: str, count: int, start: datetime = START) -> list[str]:
    parsed, found, moment = cron.parse(line), [], start
    for _ in range(count):
        later = cron.following(parsed, moment)
        if later is None:
            break
        found.append(f"{later:%m-%d %H:%M}" + (f":{later:%S}" if later.second else ""))
        moment = later
    return found


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("0 * * * *", ["03-02 10:00", "03-02 11:00", "03-02 12:00"]),
        ("*/20 * * * *", ["03-02 09:20", "03-02 09:40", "03-02 10:00"]),
        ("5/20 * * * *", ["03-02 09:05", "03-02 09:25", "03-02 09:45"]),
        ("10-12 9 * * *", ["03-02 09:10", "03-02 09:11", "03-02 09:12", "03-03 09:10"]),
        ("0 8-18/5 * * *", ["03-02 13:00", "03-02 18:00", "03-03 08:00"]),
        ("0,30 9 * * *", ["03-02 09:30", "03-03 09:00", "03-03 09:30"]),
        ("0 9 1,15 * *", ["03-15 09:00", "04-01 09:00", "04-15 09:00"]),
        ("0 9 31 * *", ["03-31 09:00", "05-31 09:00", "07-31 09:00"]),
        ("0 9 * JAN,JUL *", ["07-01 09:00", "07-02 09:00"]),
        ("0 9 * * SUN", ["03-08 09:00", "03-15 09:00"]),
        ("0 9 * * 0,7", ["03-08 09:00", "03-15 09:00"]),
        ("0 9 * * FRI-MON", ["03-06 09:00", "03-07 09:00", "03-08 09:00", "03-09 09:00"]),
        ("0 0 * * MON#1", ["04-06 00:00", "05-04 00:00"]),
        # Both day fields given: either will do, as crontab has it.
        ("0 9 13 * FRI", ["03-06 09:00", "03-13 09:00", "03-20 09:00"]),
        # Six fields begin with seconds and count days from Sunday = 1.
        ("30 * * * * ?", ["03-02 09:00:30", "03-02 09:01:30"]),
        ("0/30 0 9 * * ?", ["03-02 09:00:30", "03-03 09:00", "03-03 09:00:30"]),
        ("0 0 9 ? * 2", ["03-09 09:00", "03-16 09:00"]),
        ("0 0 9 ? * 7", ["03-07 09:00", "03-14 09:00"]),
        ("0 0 9 ? * MON-WED", ["03-03 09:00", "03-04 09:00", "03-09 09:00"]),
        ("0 0 9 L * ?", ["03-31 09:00", "04-30 09:00", "05-31 09:00"]),
        ("0 0 9 L-2 * ?", ["03-29 09:00", "04-28 09:00"]),
        ("0 0 9 LW * ?", ["03-31 09:00", "04-30 09:00", "05-29 09:00"]),
        ("0 0 9 1W * ?", ["04-01 09:00", "05-01 09:00", "06-01 09:00"]),
        ("0 0 9 1W 8 ?", ["08-03 09:00"]),
        ("0 0 9 31W 5 ?", ["05-29 09:00"]),
        ("0 0 9 ? * 6L", ["03-27 09:00", "04-24 09:00"]),
        ("0 0 9 ? * L", ["03-07 09:00", "03-14 09:00"]),
        ("0 0 9 ? * 2#5", ["03-30 09:00", "06-29 09:00"]),
        ("0 0 0 1 1 ? 2027-2028", ["01-01 00:00", "01-01 00:00"]),
        ("@hourly", ["03-02 10:00", "03-02 11:00"]),
        ("@weekly", ["03-08 00:00", "03-15 00:00"]),
        ("@monthly", ["04-01 00:00", "05-01 00:00"]),
        ("@yearly", ["01-01 00:00"]),
        ("  @Daily ", ["03-03 00:00"]),
        ("0 9 * * mon", ["03-09 09:00"]),
    ],
)
def test_when_a_line_comes(line: str, expected: list[str]) -> None:
    assert firings(line, len(expected)) == expected


@pytest.mark.parametrize("year", [2026, 2027, 2028, 2096])
def test_leap_days_are_found_however_far(year: int) -> None:
    found = cron.following(cron.parse("0 0 29 2 *"), datetime(year, 3, 1, tzinfo=UTC))
    assert found is not None and (found.month, found.day) == (2, 29)
    assert found.year == {2026: 2028, 2027: 2028, 2028: 2032, 2096: 2104}[year]


@pytest.mark.parametrize("line", ["0 0 31 2 *", "0 0 31 4,6,9,11 *", "0 0 0 1 1 ? 1999", "0 0 0 30W 2 ? 1990"])
def test_a_line_that_never_comes_is_no_endless_search(line: str) -> None:
    assert cron.following(cron.parse(line), START) is None


def test_a_line_is_meant_in_the_zone_that_it_is_asked_in() -> None:
    shanghai = START.astimezone(ZoneInfo("Asia/Shanghai"))
    found = cron.following(cron.parse("0 9 * * *"), shanghai)
    assert found is not None and found.astimezone(UTC) == datetime(2026, 3, 3, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("", "fields"),
        ("* * * * * * * *", "fields"),
        ("* " * 150, "fields"),
        ("-1 * * * *", "-1"),
        ("60 * * * *", "60"),
        ("* 24 * * *", "24"),
        ("* * 0 * *", "0"),
        ("* * 32 * *", "32"),
        ("* * * 13 *", "13"),
        ("* * * FOO *", "FOO"),
        ("* * * * 8", "8"),
        ("* * * * FOO", "FOO"),
        ("*/0 * * * *", "*/0"),
        ("1,,2 * * * *", ""),
        ("1- * * * *", "1-"),
        ("1-2-3 * * * *", "1-2-3"),
        ("0 0 0 ? * 2#6", "2#6"),
        ("0 0 0 ? * 9L", "9L"),
        ("0 0 0 ? * ABC#1", "ABC#1"),
        ("0 0 0 XW * ?", "XW"),
        ("0 0 0 1 1 ? 1900", "1900"),
        ("@fortnightly", "fields"),
    ],
)
def test_what_cannot_be_read_is_named(line: str, part: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        cron.parse(line)
    assert refused.value.code == "cron"
    assert refused.value.text["en"].endswith(f"cannot be read at {part}")


def field(low: int, high: int) -> st.SearchStrategy[str]:
    value = st.integers(low, high)
    return st.one_of(
        st.just("*"),
        value.map(str),
        st.tuples(value, value).map(lambda pair: f"{min(pair)}-{max(pair)}"),
        st.tuples(value, st.integers(1, 9)).map(lambda pair: f"{pair[0]}/{pair[1]}"),
        st.lists(value, min_size=2, max_size=3).map(lambda values: ",".join(map(str, values))),
    )


def fits(text: str, value: int, high: int) -> bool:
    """One field by the book."""
    for part in text.split(","):
        span, _, step = part.partition("/")
        low, _, last = span.partition("-")
        if span == "*":
            return True
        end = int(last) if last else high if step else int(low)
        if int(low) <= value <= end and (value - int(low)) % int(step or 1) == 0:
            return True
    return False


@settings(max_examples=60, deadline=None)
@given(minute=field(0, 59), hour=field(0, 23), day=field(1, 31), offset=st.integers(0, 60 * 24 * 60))
def test_it_is_the_first_minute_that_fits(minute: str, hour: str, day: str, offset: int) -> None:
    """Looked for by hand, one minute after the other, over three days."""
    start = START + timedelta(minutes=offset)
    found = cron.following(cron.parse(f"{minute} {hour} {day} * *"), start)
    moment = start
    for _ in range(60 * 24 * 3):
        moment += timedelta(minutes=1)
        if fits(minute, moment.minute, 59) and fits(hour, moment.hour, 23) and fits(day, moment.day, 31):
            assert found == moment
            return
    assert found is None or found > moment


@pytest.mark.parametrize(
    ("text", "left", "count"),
    [("R5/PT1H", 4, 5), ("R1/PT1H", 0, 1), ("R2/2026-03-02T10:00:00Z/PT1H", 1, 2), ("PT1H", 0, 1)],
)
def test_a_cycle_counts_down_to_nothing(text: str, left: int, count: int) -> None:
    found: list[due.Due] = [due.first("cycle", text, START)]
    assert found[0].left == left
    while (later := due.following(text, found[-1].at, found[-1].left)) is not None:
        found.append(later)
    assert [one.left for one in found] == list(range(left, -1, -1))
    assert len(found) == count
    gaps = {later.at - earlier.at for earlier, later in itertools.pairwise(found)}
    assert gaps <= {timedelta(hours=1)}


@pytest.mark.parametrize("text", ["R/PT10M", "*/10 * * * *", "0 0/10 * * * ?"])
def test_an_endless_cycle_keeps_its_beat(text: str) -> None:
    found = due.first("cycle", text, START)
    for number in range(1, 40):
        assert found.at == START + timedelta(minutes=10 * number)
        later = due.following(text, found.at, found.left)
        assert later is not None and later.left == due.FOR_EVER
        found = later
