"""What would be due, told day by day: the hours that count add up to the promise."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import errors
from engine.hours import trial
from engine.schedule import calendars

DESK = calendars.BUILT_IN["cn-5x8"]
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def told(start: str, span: str) -> list[str]:
    found = trial.try_out(DESK, start=at(start), span=span)
    return [f"{one.begin:%m-%d %H:%M}-{one.end:%H:%M}" for one in found.stretches]


STORIES = [
    ("2026-03-02 11:00", "PT2H", ["03-02 11:00-12:00", "03-02 13:00-14:00"]),
    ("2026-03-02 12:30", "PT30M", ["03-02 13:00-13:30"]),
    ("2026-03-06 17:00", "PT2H", ["03-06 17:00-18:00", "03-09 09:00-10:00"]),
    ("2026-09-30 17:00", "PT2H", ["09-30 17:00-18:00", "10-08 09:00-10:00"]),
    ("2026-03-02 09:00", "PT0S", []),
]


@pytest.mark.parametrize(("start", "span", "expected"), STORIES)
def test_each_stretch_that_counts_is_told(start: str, span: str, expected: list[str]) -> None:
    assert told(start, span) == expected


def test_the_moments_are_in_the_calendar_s_zone() -> None:
    found = trial.try_out(DESK, start=datetime(2026, 3, 2, 1, 0, tzinfo=UTC), span="PT1H")
    assert (found.start.hour, found.due_at.hour) == (9, 10)
    assert found.due_at.utcoffset() == timedelta(hours=8)


def test_a_working_day_is_a_day_of_the_calendar() -> None:
    found = trial.try_out(DESK, start=at("2026-09-30 10:00"), span="P1D")
    assert found.due_at == at("2026-10-08 10:00")


@pytest.mark.parametrize("span", ["4 hours", "", "P", "PT1X", "2026-03-02"])
def test_what_is_no_duration_is_told_at_its_place(span: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        trial.try_out(DESK, start=at("2026-03-02 09:00"), span=span)
    assert [problem.pointer for problem in caught.value.problems] == ["/span"]


def test_a_promise_does_not_end_before_it_begins() -> None:
    with pytest.raises(errors.Invalid) as caught:
        trial.try_out(DESK, start=at("2026-03-02 09:00"), span="-PT1H")
    assert caught.value.code == "span_negative"


def test_of_a_promise_of_years_only_the_end_is_told() -> None:
    found = trial.try_out(DESK, start=at("2026-03-02 09:00"), span="PT4000H")
    assert found.stretches == () and found.seconds == 4000 * 3600


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 60 * 24 * 300), st.integers(0, 60 * 24 * 20))
def test_the_stretches_add_up_to_the_promise(offset: int, minutes: int) -> None:
    start = at("2026-01-01 00:00") + timedelta(minutes=offset)
    found = trial.try_out(DESK, start=start, span=f"PT{minutes}M")
    assert sum(one.seconds for one in found.stretches) == minutes * 60 == found.seconds
    for before, after in zip(found.stretches, found.stretches[1:], strict=False):
        assert before.end <= after.begin
