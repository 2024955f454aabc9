"""Engineers' visits: free and able first, never two at a time, and a bill that follows from what was done."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import agenda, care, errors, trade
from engine.domain import visits
from engine.schedule import calendars
from engine.store.unit_of_work import Store
from tests.unit.domain.conftest import Run, a_calendar, an_absence

Add = Callable[..., None]
NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Monday, nine in Shanghai: the day is open from nine to twelve and from one to six."""
HOUR, HALF = timedelta(hours=1), timedelta(minutes=30)
OFFICE = calendars.BUILT_IN["cn-5x8"]


def at(hours: float, days: int = 0) -> datetime:
    """So many hours after nine."""
    return NINE + timedelta(days=days, hours=hours)


def booked(begin: float, end: float, engineer: str = "zhu", **more: Any) -> care.Visit:
    told = {"id": f"{engineer} {begin}", "customer": "c-1", "visit_no": f"V-{begin}"} | more
    return care.Visit(engineer=engineer, starts_at=at(begin), ends_at=at(end), **told)


# --- the first free slot ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("busy", "after", "expected"),
    [
        ([], at(0), at(0)),
        ([], at(-3), at(0)),
        ([], at(0.1), at(0.25)),
        ([], at(1.5), at(4)),
        ([booked(0, 1)], at(0), at(4)),
        ([booked(0, 0.5)], at(0), at(1)),
        ([booked(4, 6)], at(3), at(6.5)),
        ([booked(4, 5), booked(5.5, 7)], at(3), at(0, 1)),
        ([], at(9.5), at(0, 1)),
        ([], at(0, 5), at(0, 7)),
    ],
)
def test_the_first_slot_of_two_hours_lies_within_open_hours_with_the_way_before_it(
    busy: list[care.Visit], after: datetime, expected: datetime
) -> None:
    assert visits.first_slot(busy, calendar=OFFICE, after=after, length=2 * HOUR, travel=HALF) == expected


def test_a_visit_longer_than_any_open_span_has_no_slot() -> None:
    assert visits.first_slot([], calendar=OFFICE, after=NINE, length=6 * HOUR, travel=HALF) is None


@given(
    st.lists(st.tuples(st.integers(0, 200), st.integers(1, 12)), max_size=8),
    st.integers(0, 100),
    st.integers(1, 12),
    st.integers(0, 6),
)
@settings(max_examples=150, deadline=None)
def test_a_proposed_slot_never_clashes_and_is_never_before_it_was_asked_for(
    busy: list[tuple[int, int]], after: int, length: int, travel: int
) -> None:
    quarter = timedelta(minutes=15)
    held = [booked(begin / 4, (begin + long) / 4) for begin, long in busy]
    asked = NINE + after * quarter
    start = visits.first_slot(held, calendar=OFFICE, after=asked, length=length * quarter, travel=travel * quarter)
    assert start is not None and start >= asked
    assert visits.clashes(held, (start, start + length * quarter), travel * quarter) == []
    assert calendars.open_time(OFFICE, start, start + length * quarter) == length * quarter


@pytest.mark.parametrize(
    ("begin", "end", "clash"),
    [(0, 1, True), (3, 4, True), (1.5, 2, True), (0, 0.5, False), (3.5, 4, False), (0, 0.51, True), (3.49, 4, True)],
)
def test_the_way_between_two_visits_is_kept_free(begin: float, end: float, clash: bool) -> None:
    assert bool(visits.clashes([booked(1, 3)], (at(begin), at(end)), HALF)) is clash


# --- who -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def team(person: Add) -> None:
    person("zhu", "field", skills=("network", "hardware"))
    person("marek", "field", skills=("hardware",))
    person("gone", "field", active=False, skills=("network", "hardware", "server"))
    person("desk", "office", skills=("network", "server"))


def propose(run: Run, **more: Any) -> dict[str, Any]:
    return dict(run("visits.propose", now=NINE, **{"team": "field", **more}).data)


def test_who_has_all_the_skills_is_proposed(run: Run, team: None) -> None:
    told = propose(run, skills=["network"])
    assert told == {"engineer": "zhu", "slot_start": at(0).isoformat(), "slot_end": at(2).isoformat()}
    assert propose(run, skills=["network"], not_engineers=["zhu"])["engineer"] is None
    assert propose(run, skills=["server"])["engineer"] is None


def test_who_is_free_first_is_proposed_and_who_has_less_to_do_where_both_are(
    run: Run, team: None, store: Store
) -> None:
    with store.transaction() as tx:
        tx.visits.put(booked(0, 2, "marek"))
    assert propose(run, skills=["hardware"])["engineer"] == "zhu"
    assert propose(run, skills=["hardware"], earliest="2026-03-03T09:00:00+08:00")["engineer"] == "zhu"
    with store.transaction() as tx:
        for begin in (4, 6):
            tx.visits.put(booked(begin, begin + 1, "zhu"))
    assert propose(run, skills=["hardware"], earliest="2026-03-03T09:00:00+08:00")["engineer"] == "marek"


def test_a_wish_in_the_past_is_a_wish_for_now(run: Run, team: None) -> None:
    assert propose(run, earliest="2020-01-01T00:00:00Z")["slot_start"] == at(0).isoformat()


# --- booked once -----------------------------------------------------------------------------------------------------


def book(run: Run, visit: str, begin: float, *, engineer: str = "zhu", job: str = "") -> str:
    return run(
        "visits.book", job=job or f"{visit} {begin}", visit=visit, engineer=engineer,
        starts_at=at(begin).isoformat(), ends_at=at(begin + 2).isoformat(),
    ).error  # fmt: skip


@pytest.mark.parametrize(("begin", "error"), [(0, "slot_taken"), (2.25, "slot_taken"), (2.5, ""), (4, "")])
def test_a_slot_that_is_taken_is_refused(run: Run, begin: float, error: str) -> None:
    assert book(run, "V-1", 0) == ""
    assert book(run, "V-2", begin) == error
    assert book(run, "V-3", begin, engineer="marek") == ""


def test_the_same_job_books_once_and_another_time_lets_the_first_go(run: Run, store: Store) -> None:
    assert [book(run, "V-1", 0, job="j"), book(run, "V-1", 0, job="j"), book(run, "V-1", 1)] == ["", "", ""]
    with store.reading() as tx:
        assert [(one.starts_at, one.status) for one in tx.visits.of_number("V-1")] == [
            (at(0), "cancelled"),
            (at(1), "booked"),
        ]
    assert book(run, "V-2", -1.25) == "slot_taken"
    assert book(run, "V-2", -1.5) == ""


def test_a_cancelled_visit_leaves_its_slot(run: Run) -> None:
    book(run, "V-1", 0)
    run("visits.cancel", visit="V-1")
    assert book(run, "V-2", 0) == ""


def test_of_many_who_book_the_same_slot_one_gets_it(run: Run) -> None:
    with ThreadPoolExecutor(max_workers=6) as pool:
        assert list(pool.map(lambda number: book(run, f"V-{number}", 0), range(10))).count("") == 1


# --- settled ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def shelf(store: Store) -> None:
    with store.transaction() as tx:
        tx.ledger.put_product(trade.Product(key="gateway", texts={}, list_price=1500, stock=5, lead_days=1))


@pytest.mark.parametrize(
    ("minutes", "parts", "warranty", "expected"),
    [
        (90, 1, False, {"labour": 450.0, "parts_cost": 1500.0, "bill": 1950.0}),
        (90, 1, True, {"labour": 450.0, "parts_cost": 1500.0, "bill": 0.0}),
        (20, 0, False, {"labour": 100.0, "parts_cost": 0.0, "bill": 100.0}),
        (0, 2, False, {"labour": 0.0, "parts_cost": 3000.0, "bill": 3000.0}),
    ],
)
def test_time_and_parts_make_the_bill_and_a_warranty_makes_it_nothing(
    run: Run, shelf: None, store: Store, minutes: int, parts: int, warranty: bool, expected: dict[str, float]
) -> None:
    book(run, "V-1", 0)
    used = [{"sku": "gateway", "qty": parts}] if parts else []
    told = run("visits.settle", visit="V-1", minutes=minutes, rate=300, parts=used, warranty=warranty)
    assert told.data == expected
    with store.reading() as tx:
        assert [one.status for one in tx.visits.of_number("V-1")] == ["done"]


def test_a_part_that_nobody_knows_is_told_in_both_languages(run: Run) -> None:
    with pytest.raises(errors.NotFound) as caught:
        run("visits.settle", visit="V-1", minutes=1, rate=1, parts=[{"sku": "flux", "qty": 1}])
    assert len([words for words in caught.value.text.values() if "flux" in words]) == 2


@pytest.mark.parametrize(
    ("handler", "values", "parameter"),
    [
        ("visits.propose", {}, "team"),
        ("visits.propose", {"team": "field", "skills": "network"}, "skills"),
        ("visits.propose", {"team": "field", "calendar": "mars"}, "calendar"),
        ("visits.propose", {"team": "field", "length": "PT13H"}, "length"),
        ("visits.propose", {"team": "field", "length": "PT0S"}, "length"),
        ("visits.propose", {"team": "field", "earliest": "soon"}, "earliest"),
        ("visits.book", {"visit": "V"}, "engineer"),
        ("visits.book", {"visit": "V", "engineer": "zhu", "ends_at": "2020-01-01T00:00:00Z"}, "ends_at"),
        ("visits.cancel", {}, "visit"),
        ("visits.settle", {"visit": "V", "minutes": -1}, "minutes"),
        ("visits.settle", {"visit": "V", "minutes": 1}, "rate"),
        ("visits.settle", {"visit": "V", "minutes": 1, "rate": 1, "parts": [{"sku": "a", "qty": 0}]}, "parts"),
    ],
)
def test_what_is_none_is_named(run: Run, handler: str, values: dict[str, Any], parameter: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        run(handler, **values)
    assert caught.value.ids == {"handler": handler, "parameter": parameter}
    assert parameter in caught.value.text["zh-CN"]


# --- what else engineers have to do ----------------------------------------------------------------------------------

WANTED = {"team": "field", "length": "PT2H", "earliest": at(0).isoformat()}


@pytest.mark.parametrize(
    ("absent", "meets", "expected"),
    [
        ({}, None, at(0)),
        ({"begin": at(-1), "end": at(3)}, None, at(4)),
        ({"begin": at(-1), "end": at(30)}, None, at(6.5, 1)),
        ({"begin": at(-1), "end": at(30), "processes": ("SFA-02",)}, None, at(0)),
        ({"begin": at(-1), "end": at(30), "groups": ("KA",)}, None, at(0)),
        ({}, (0, 1), at(4)),
        ({"begin": at(4), "end": at(9)}, (0, 1), at(0, 1)),
    ],
)
def test_who_is_away_or_in_a_meeting_is_not_proposed_for_that_time(
    run: Run, store: Store, person: Add, absent: dict[str, Any], meets: tuple[float, float] | None, expected: datetime
) -> None:
    person("zhu", "field")
    busy(store, absent, meets)
    assert run("visits.propose", now=at(0), **WANTED).data["slot_start"] == expected.isoformat()


def busy(store: Store, absent: dict[str, Any], meets: tuple[float, float] | None) -> None:
    with store.transaction() as tx:
        if absent:
            tx.absences.add(an_absence("zhu", **absent))
        if meets:
            begin, end = (at(hours) for hours in meets)
            tx.diary.put(
                agenda.Appointment(
                    id="M-1",
                    customer="",
                    kind="visit",
                    starts_at=begin,
                    ends_at=end,
                    attendees=("zhu",),
                    booked_at=begin,
                )
            )


@pytest.mark.parametrize(
    ("absent", "meets", "error"),
    [
        ({}, None, ""),
        ({"begin": at(1), "end": at(3)}, None, "slot_taken"),
        ({"begin": at(2.5), "end": at(3)}, None, ""),
        ({}, (-1, -0.25), "slot_taken"),
        ({}, (3, 4), ""),
    ],
)
def test_who_is_away_or_in_a_meeting_is_not_booked(
    run: Run, store: Store, person: Add, absent: dict[str, Any], meets: tuple[float, float] | None, error: str
) -> None:
    person("zhu", "field")
    busy(store, absent, meets)
    asked = {"engineer": "zhu", "visit": "V-1", "starts_at": at(0).isoformat(), "ends_at": at(2).isoformat()}
    assert run("visits.book", **asked).error == error


def test_a_visit_and_a_meeting_at_the_same_moment_are_not_both_booked(run: Run, store: Store, person: Add) -> None:
    person("zhu", "field")
    span = {"starts_at": at(30).isoformat(), "ends_at": at(31).isoformat()}

    def book(n: int) -> str:
        if n % 2:
            return run("visits.book", job=f"v-{n}", engineer="zhu", visit=f"V-{n}", **span).error
        return run("diary.book", job=f"d-{n}", owner="zhu", visit=f"D-{n}", **span).error

    with ThreadPoolExecutor(max_workers=4) as pool:
        assert sorted(pool.map(book, range(8))) == ["", *["slot_taken"] * 7]


def test_the_house_s_holiday_has_no_visit(run: Run, store: Store, person: Add) -> None:
    person("zhu", "field")
    with store.transaction() as tx:
        tx.calendars.put(a_calendar("cn-5x8", holidays={NINE.date(): {"zh-CN": "店庆", "en": "Fair"}}))
    assert run("visits.propose", now=at(0), **WANTED).data["slot_start"] == at(0, 1).isoformat()
