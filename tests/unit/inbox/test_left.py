"""The countdown of a promise in working time: nights and week-ends do not count."""

from datetime import UTC, datetime, timedelta

import pytest

from engine import records
from engine.inbox import left
from engine.model.performer import Performer, Promise
from tests.house import House
from tests.kernel.models import literal, node, program

SALES = Performer(groups=(literal("sales"),))


def task(home: House, promise: Promise | None) -> records.WorkItem:
    home.release(program("start s", node("user t", performer=SALES, promise=promise), "end e", flow=["s > t > e"]))
    return home.item(home.start(), "t")


def at(day: int, hour: int) -> datetime:
    """March 2026; the 2nd is a Monday."""
    return datetime(2026, 3, day, hour, tzinfo=UTC)


# ``weekdays`` is open from 9 to 18 in Shanghai, 1 to 10 in UTC, Monday to Friday; started on Monday at 9, due on
# Thursday at 9: 27 open hours.
LEFT = [
    (at(2, 9), 27),
    (at(3, 9), 18),
    (at(4, 17), 8),
    (at(5, 8), 1),
    (at(5, 9), 0),
    (at(5, 12), -1),
    (at(6, 9), -9),
    (at(7, 9), -10),  # one hour of Thursday, nine of Friday; Saturday counts nothing
    (at(8, 23), -10),
    (at(9, 10), -19),
]


@pytest.mark.parametrize(("now", "hours"), LEFT)
def test_only_open_hours_count(home: House, now: datetime, hours: int) -> None:
    item = task(home, Promise(duration="P3D", calendar="weekdays"))
    assert item.due_at == at(5, 9)
    assert left.of_items(home.engine, [item], now) == {item.id: left.Left(deadline=timedelta(hours=hours))}


# The goal is on Wednesday at 9: 18 open hours.
BOTH = [(at(2, 9), 27, 18), (at(4, 8), 10, 1), (at(4, 9), 9, 0), (at(5, 8), 1, -8), (at(5, 12), -1, -10)]


@pytest.mark.parametrize(("now", "deadline", "goal"), BOTH)
def test_the_goal_is_counted_in_the_same_hours(home: House, now: datetime, deadline: int, goal: int) -> None:
    item = task(home, Promise(duration="P3D", goal="P2D", calendar="weekdays"))
    assert (item.goal_at, item.due_at) == (at(4, 9), at(5, 9))
    wanted = left.Left(deadline=timedelta(hours=deadline), goal=timedelta(hours=goal))
    assert left.of_items(home.engine, [item], now) == {item.id: wanted}


@pytest.mark.parametrize("promise", [None, Promise(duration="PT4H")])
def test_without_a_calendar_there_is_no_working_time(home: House, promise: Promise | None) -> None:
    item = task(home, promise)
    assert left.of_items(home.engine, [item], at(2, 10)) == {}


def test_what_is_over_counts_no_more(home: House) -> None:
    item = task(home, Promise(duration="P3D", calendar="weekdays"))
    over = records.WorkItem(**{**{name: getattr(item, name) for name in item.__struct_fields__}, "status": "completed"})
    assert left.of_items(home.engine, [over], at(2, 10)) == {}
