"""When a campaign may speak."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import errors
from engine.domain import pace

NIGHT = (time(21), time(8))


def here(hour: int, minute: int = 0, day: int = 2) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=pace.HOUSE_ZONE)


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("", None),
        ("21:00-08:00", NIGHT),
        ("12:30-13:15", (time(12, 30), time(13, 15))),
        ("09:00-09:00", None),
        ("00:00-23:59", (time(0), time(23, 59))),
    ],
)
def test_quiet_hours_are_read(words: str, hours: tuple[time, time] | None) -> None:
    assert pace.quiet(words) == hours


@pytest.mark.parametrize(
    "words",
    ["21-8", "24:00-08:00", "21:00-08:60", "21:00", "night", "21:00-08:00 ", "２１:00-08:00", "21:00-08:00-09:00"],
)
def test_quiet_hours_that_are_none_are_refused_with_an_example_in_both_languages(words: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        pace.quiet(words)
    assert refused.value.code == "quiet_hours_wrong"
    assert all("21:00-08:00" in text and words in text for text in refused.value.text.values())


@pytest.mark.parametrize(
    ("now", "hours", "moment"),
    [
        (here(12), NIGHT, here(12)),
        (here(20, 59), NIGHT, here(20, 59)),
        (here(21), NIGHT, here(8, day=3)),
        (here(23, 30), NIGHT, here(8, day=3)),
        (here(0), NIGHT, here(8)),
        (here(7, 59), NIGHT, here(8)),
        (here(8), NIGHT, here(8)),
        (here(12, 45), (time(12, 30), time(13, 15)), here(13, 15)),
        (here(13, 15), (time(12, 30), time(13, 15)), here(13, 15)),
        (here(12, 29), (time(12, 30), time(13, 15)), here(12, 29)),
        (here(3), None, here(3)),
    ],
)
def test_in_the_quiet_hours_a_campaign_waits_for_their_end(
    now: datetime, hours: tuple[time, time] | None, moment: datetime
) -> None:
    assert pace.awake(now, hours) == moment
    assert pace.awake(now.astimezone(UTC), hours) == moment


CLOCK = st.times().map(lambda one: one.replace(second=0, microsecond=0))


@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)), CLOCK, CLOCK)
@settings(max_examples=200, deadline=None)
def test_the_moment_is_never_before_now_never_a_day_away_and_never_quiet(now: datetime, one: time, other: time) -> None:
    if one == other:
        return
    now = now.replace(tzinfo=UTC)
    moment = pace.awake(now, (one, other))
    assert now <= moment < now + timedelta(days=1)
    assert pace.awake(moment, (one, other)) == moment
