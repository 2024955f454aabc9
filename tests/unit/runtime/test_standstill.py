"""While a case is on hold its promises stand still: whenever, and however often, the time left stays the same."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.performer import Performer, Promise
from engine.runtime import standstill, suspend
from engine.schedule import calendars
from engine.schedule.calendars import Calendar
from tests.house import BOSS, House
from tests.kernel.models import literal, node, program

OFFICE = calendars.BUILT_IN["cn-5x8"]
"""9 to 12 and 13 to 18 in Shanghai, with holidays and make-up days."""
BERLIN = Calendar(key="b", zone="Europe/Berlin", weeks=(((8 * 60, 24 * 60),),) * 6 + ((),))
HOUR = timedelta(hours=1)


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


# 2 March 2026 is a Monday; 1 to 8 October is a holiday of China, and 10 October, a Saturday, is worked.
MOVED = [
    ("an afternoon", at(3, 2, 8), at(3, 2, 6), at(3, 2, 8), at(3, 2, 10)),
    ("into the next day", at(3, 2, 9), at(3, 2, 6), at(3, 2, 8), at(3, 3, 2)),
    ("lunch costs nothing", at(3, 2, 8), at(3, 2, 4), at(3, 2, 5), at(3, 2, 8)),
    ("nor does the night", at(3, 3, 8), at(3, 2, 10), at(3, 3, 1), at(3, 3, 8)),
    ("nor does a week-end", at(3, 9, 8), at(3, 6, 10), at(3, 9, 1), at(3, 9, 8)),
    ("a week on hold is five days", at(3, 3, 8), at(3, 2, 8), at(3, 9, 8), at(3, 10, 8)),
    ("a holiday costs nothing", at(9, 30, 10), at(9, 30, 10), at(10, 8, 1), at(9, 30, 10)),
    ("its make-up day does", at(10, 9, 8), at(10, 9, 10), at(10, 11, 1), at(10, 10, 8)),
    ("what was late is no later", at(3, 2, 2), at(3, 2, 8), at(3, 3, 8), at(3, 3, 2)),
    ("a moment outside the hours", at(3, 7, 4), at(3, 2, 1), at(3, 2, 2), at(3, 9, 2)),
    ("the clock went back", at(3, 2, 8), at(3, 2, 6), at(3, 2, 5), at(3, 2, 8)),
]


@pytest.mark.parametrize(("due", "since", "now", "wanted"), [row[1:] for row in MOVED], ids=[row[0] for row in MOVED])
def test_a_promise_moves_by_the_open_hours_that_passed(
    due: datetime, since: datetime, now: datetime, wanted: datetime
) -> None:
    assert standstill.later(due, since=since, now=now, calendar=OFFICE) == wanted


def test_without_a_calendar_every_hour_counts() -> None:
    assert standstill.later(at(3, 2, 8), since=at(3, 2, 9), now=at(3, 7, 9), calendar=None) == at(3, 7, 8)
    assert standstill.later(at(3, 2, 8), since=at(3, 2, 9), now=at(3, 2, 8), calendar=None) == at(3, 2, 8)


def test_what_is_due_at_the_end_of_time_stays_there() -> None:
    end = datetime.max.replace(tzinfo=UTC)
    assert standstill.later(end, since=at(3, 2, 8), now=at(3, 2, 9), calendar=None) == end


def left(calendar: Calendar, due: datetime, now: datetime) -> timedelta:
    return calendars.open_time(calendar, now, due) - calendars.open_time(calendar, due, now)


MINUTES = st.integers(0, 60 * 24 * 400).map(lambda minutes: at(1, 1, 0) + timedelta(minutes=minutes))
PAUSES = st.lists(
    st.tuples(st.integers(0, 60 * 24 * 20), st.integers(0, 60 * 24 * 20)), min_size=1, max_size=3
)  # minutes under way, then minutes on hold


@settings(max_examples=60, deadline=None)
@given(due=MINUTES, begun=MINUTES, pauses=PAUSES, calendar=st.sampled_from([OFFICE, BERLIN]))
def test_held_at_any_moment_the_working_time_left_is_what_it_was(
    due: datetime, begun: datetime, pauses: list[tuple[int, int]], calendar: Calendar
) -> None:
    now = begun
    for under_way, held in pauses:
        since = now + timedelta(minutes=under_way)
        now = since + timedelta(minutes=held)
        before = left(calendar, due, since)
        due = standstill.later(due, since=since, now=now, calendar=calendar)
        assert left(calendar, due, now) == before


def test_what_the_drawing_itself_says_is_no_promise_and_stays(home: House) -> None:
    task = node("user t", performer=Performer(groups=(literal("sales"),)), due=literal("2026-03-05T10:00:00Z"))
    home.release(program("start s", task, "end e", flow=["s > t > e"]))
    case = home.start()
    suspend.suspend(home.engine, instance_id=case, agent=BOSS, now=home.now)
    home.pass_time(days=1)
    suspend.resume(home.engine, instance_id=case, agent=BOSS, now=home.now)
    assert home.item(case, "t").due_at == at(3, 5, 10)


def test_a_promise_whose_calendar_is_gone_moves_by_the_clock(home: House) -> None:
    promise = Promise(duration="PT10H", calendar="weekdays")
    task = node("user t", performer=Performer(groups=(literal("sales"),)), promise=promise)
    home.release(program("start s", task, "end e", flow=["s > t > e"]))
    case = home.start()
    due = home.item(case, "t").due_at
    assert due is not None
    suspend.suspend(home.engine, instance_id=case, agent=BOSS, now=home.now)
    home.pass_time(hours=30)
    without = dataclasses.replace(home.engine, calendars={})
    suspend.resume(without, instance_id=case, agent=BOSS, now=home.now)
    assert home.item(case, "t").due_at == due + 30 * HOUR
