"""The order of the lists and the cursor that goes through them: any moment, any priority, any forged cursor."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import errors
from engine.inbox import act, listing
from engine.inbox.rank import rank
from engine.model.performer import Performer
from tests.house import ANNA, BO, MONDAY, House
from tests.kernel.models import feel, literal, node, program

MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(4100, 1, 1), timezones=st.just(UTC))
PRIORITIES = st.integers(0, 127)


@given(MOMENTS, MOMENTS, PRIORITIES, PRIORITIES)
@settings(max_examples=200, deadline=None)
def test_what_is_due_earlier_comes_first_whatever_the_priorities(
    one: datetime, other: datetime, high: int, low: int
) -> None:
    if one < other:
        assert rank(one, low) < rank(other, high) < rank(None, high)


@given(st.none() | MOMENTS, PRIORITIES, PRIORITIES)
@settings(max_examples=200, deadline=None)
def test_of_two_with_one_due_the_higher_priority_comes_first(due: datetime | None, one: int, other: int) -> None:
    assert (rank(due, one) < rank(due, other)) is (one > other)


@given(st.none() | st.datetimes(timezones=st.just(UTC)), st.integers(-(10**9), 10**9))
@settings(max_examples=200, deadline=None)
def test_a_rank_fits_into_the_column(due: datetime | None, priority: int) -> None:
    assert -(2**63) <= rank(due, priority) < 2**63


@pytest.mark.parametrize(
    ("priority", "same"), [(128, 127), (10_000, 127), (-1, 0), (-10_000, 0)], ids=["128", "many", "-1", "few"]
)
def test_a_priority_beyond_the_scale_counts_as_its_end(priority: int, same: int) -> None:
    assert rank(MONDAY, priority) == rank(MONDAY, same)


def test_moments_that_differ_by_a_microsecond_have_an_order() -> None:
    assert rank(MONDAY, 0) < rank(MONDAY + timedelta(microseconds=1), 127)


def tasks(home: House, count: int) -> list[str]:
    task = node("user t", performer=Performer(groups=(literal("sales"),)), due=feel("due"))
    home.release(program("start s", task, "end e", flow=["s > t > e"]))
    return [home.start(due=(home.now + timedelta(hours=number)).isoformat()) for number in range(count)]


def forged(place: Any) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "é",
        "客户",
        "\x00",
        "a" * 5000,
        "%%%",
        forged([]),
        forged([1, "x"]),
        forged([1, "x", 1, 1]),
        forged(["1", "x", 1]),
        forged([1, 2, 3]),
        forged({"a": 1}),
        forged([1.5, "x", 1]),
        forged([None, None, None]),
        base64.urlsafe_b64encode(b"[1" + b"0" * 30 + b', "x", 1]').decode(),
        base64.urlsafe_b64encode(b'[1, "x", -1' + b"0" * 30 + b"]").decode(),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
)
@pytest.mark.parametrize("find", [listing.mine, listing.claimable, listing.done])
def test_a_cursor_that_is_none_is_refused_in_words(home: House, find: Any, cursor: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        find(home.engine, agent=ANNA, now=home.now, after=cursor)
    assert caught.value.code == "cursor_unknown"
    assert caught.value.text == {
        "zh-CN": "翻页标记无效，请从第一页开始。",
        "en": "The page cursor is none; begin at the first page.",
    }


@pytest.mark.parametrize(
    ("place", "expected"),
    [([-(2**63), "", 0], 3), ([0, "zzz", 10**6], 3), ([2**63 - 1, "zzz", 2**31], 0)],
)
def test_a_cursor_of_any_place_shows_what_comes_after_it(home: House, place: list[Any], expected: int) -> None:
    tasks(home, 3)
    page = listing.claimable(home.engine, agent=ANNA, now=home.now, after=forged(place))
    assert len(page.rows) == expected


@pytest.mark.parametrize("limit", [0, -1, -(10**9), 1])
def test_a_page_has_at_least_one_row(home: House, limit: int) -> None:
    tasks(home, 2)
    assert len(listing.claimable(home.engine, agent=ANNA, now=home.now, limit=limit).rows) == 1


def test_a_page_has_at_most_two_hundred_rows(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST", 2)
    tasks(home, 3)
    page = listing.claimable(home.engine, agent=ANNA, now=home.now, limit=10**9)
    assert len(page.rows) == 2 and page.cursor


def test_the_last_full_page_has_no_cursor(home: House) -> None:
    tasks(home, 4)
    page = listing.claimable(home.engine, agent=ANNA, now=home.now, limit=4)
    assert len(page.rows) == 4 and page.cursor == ""


def test_what_is_claimed_between_two_pages_is_neither_doubled_nor_skipped(home: House) -> None:
    cases = tasks(home, 6)
    first = listing.claimable(home.engine, agent=ANNA, now=home.now, limit=2)
    for case in (cases[0], cases[2]):
        act.claim(home.engine, work_item_id=home.item(case, "t").id, agent=BO, now=home.now)
    rest = listing.claimable(home.engine, agent=ANNA, now=home.now, after=first.cursor)
    seen = [row.item.instance_id for row in (*first.rows, *rest.rows)]
    assert seen == [cases[0], cases[1], cases[3], cases[4], cases[5]]


@pytest.mark.parametrize(
    ("hours", "overdue", "before", "found"),
    [
        (0, False, None, [0, 1, 2, 3]),
        (1.5, True, None, [0, 1]),
        (1.5, False, 3, [0, 1, 2]),
        (1.5, True, 3, [0, 1]),
        (2.5, True, 1, [0]),
        (0, True, None, []),
    ],
)
def test_overdue_and_due_before_narrow_to_the_earlier_of_the_two(
    home: House, hours: float, overdue: bool, before: int | None, found: list[int]
) -> None:
    cases = tasks(home, 4)
    due_before = MONDAY + timedelta(hours=before) if before is not None else None
    home.clock.advance(timedelta(hours=hours))
    where = listing.Filter(overdue=overdue, due_before=due_before)
    rows = listing.claimable(home.engine, agent=ANNA, now=home.now, where=where).rows
    assert [row.item.instance_id for row in rows] == [cases[number] for number in found]


@pytest.mark.parametrize("text", ["%", "_", "' OR 1=1 --", "\\", "客户", "p%"])
def test_a_filter_is_a_value_and_never_a_pattern(home: House, text: str) -> None:
    tasks(home, 1)
    for where in (
        listing.Filter(process=text),
        listing.Filter(node=text),
        listing.Filter(group=text),
        listing.Filter(customer_id=text),
    ):
        assert listing.claimable(home.engine, agent=ANNA, now=home.now, where=where).rows == ()


def test_counts_are_the_lengths_of_the_lists(home: House) -> None:
    cases = tasks(home, 5)
    for case in cases[:3]:
        act.claim(home.engine, work_item_id=home.item(case, "t").id, agent=ANNA, now=home.now)
    home.clock.advance(timedelta(hours=1, minutes=30))
    counts = listing.counts(home.engine, agent=ANNA, now=home.now)
    mine = listing.mine(home.engine, agent=ANNA, now=home.now).rows
    assert (counts.mine, counts.claimable, counts.overdue) == (len(mine), len(home.claimable(ANNA)), 2)
    assert sum(row.breached for row in mine) == counts.overdue
