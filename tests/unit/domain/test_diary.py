"""The calendar: clashes are told before a time is booked, and seen once more while it is."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine import agenda, care, errors, records
from engine.domain import diary
from engine.store.unit_of_work import Store
from tests.unit.domain.conftest import NOON, Run, an_absence

TEN = "2026-03-10T10:00:00+08:00"
ELEVEN = "2026-03-10T11:00:00+08:00"


def wish(visit: str = "V-1", begin: str = TEN, end: str = ELEVEN, owner: str = "lina", **more: Any) -> dict[str, Any]:
    return {"visit": visit, "starts_at": begin, "ends_at": end, "owner": owner} | more


def booked(run: Run, **more: Any) -> str:
    return run("diary.book", **wish(**more)).error


def kept(store: Store, visit: str = "V-1") -> agenda.Appointment:
    with store.reading() as tx:
        found = tx.diary.get(visit)
    assert found is not None
    return found


# --- the time itself -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begin", "end", "said"),
    [
        (TEN, ELEVEN, []),
        (ELEVEN, TEN, ["it ends before it begins"]),
        (TEN, TEN, ["it ends before it begins"]),
        (TEN, "2026-03-10T22:00:01+08:00", ["longer than twelve hours"]),
        ("2026-03-02T11:59:59+08:00", "2026-03-02T12:30:00+08:00", ["the time has passed"]),
        ("2026-03-02T12:00:00+08:00", "2026-03-02T12:30:00+08:00", []),
    ],
)
def test_a_time_that_cannot_be_kept_says_why_in_both_languages(run: Run, begin: str, end: str, said: list[str]) -> None:
    problems = run("diary.check", **wish(begin=begin, end=end)).data["problems"]
    assert len(problems) == len(said)
    for problem, words in zip(problems, said, strict=True):
        chinese, english = problem.split(" / ", 1)
        assert words in english and any("一" <= letter <= "鿿" for letter in chinese)


@pytest.mark.parametrize(
    ("begin", "end", "zone", "night"),
    [
        ("2026-03-10T08:00:00+08:00", "2026-03-10T20:00:00+08:00", "Asia/Shanghai", False),
        ("2026-03-10T07:59:00+08:00", "2026-03-10T09:00:00+08:00", "Asia/Shanghai", True),
        ("2026-03-10T19:30:00+08:00", "2026-03-10T20:01:00+08:00", "Asia/Shanghai", True),
        (TEN, ELEVEN, "Europe/Zurich", True),
        ("2026-03-10T16:00:00+08:00", "2026-03-10T17:00:00+08:00", "Europe/Zurich", False),
        ("2026-03-10T23:30:00+08:00", "2026-03-11T00:30:00+08:00", "Europe/Zurich", False),
        ("2026-03-10T23:30:00+08:00", "2026-03-11T00:30:00+08:00", "Asia/Shanghai", True),
    ],
)
def test_nobody_is_met_at_night_in_their_own_zone(begin: str, end: str, zone: str, night: bool) -> None:
    moments = [datetime.fromisoformat(text).astimezone(UTC) for text in (begin, end)]
    asked = diary.Wish(id="v", starts_at=moments[0], ends_at=moments[1], attendees=("a",), zone=zone)
    assert diary.at_night(asked) is night


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "x" * 500])
def test_a_zone_that_nobody_knows_is_named(zone: str) -> None:
    asked = diary.Wish(id="v", starts_at=NOON, ends_at=NOON, attendees=("a",), zone=zone)
    with pytest.raises(errors.Invalid) as caught:
        diary.at_night(asked)
    assert zone[:60] in caught.value.text["zh-CN"] and len(caught.value.text["en"]) < 120


# --- clashes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begin", "end", "clash"),
    [
        ("09:00", "10:00", False),
        ("09:00", "10:01", True),
        ("10:15", "10:30", True),
        ("09:00", "12:00", True),
        ("11:00", "12:00", False),
        ("10:59", "12:00", True),
    ],
)
def test_two_appointments_of_one_person_clash_when_they_touch_the_same_minutes(
    run: Run, begin: str, end: str, clash: bool
) -> None:
    assert booked(run) == ""
    asked = wish("V-2", begin=f"2026-03-10T{begin}:00+08:00", end=f"2026-03-10T{end}:00+08:00")
    clashes = run("diary.check", **asked).data["clashes"]
    assert len(clashes) == clash
    if clash:
        assert "V-1" in clashes[0] and "lina" in clashes[0] and "10:00–11:00" in clashes[0]
    assert run("diary.book", **asked).error == ("slot_taken" if clash else "")


def test_everybody_who_comes_along_is_looked_at_and_nobody_clashes_with_oneself(run: Run) -> None:
    booked(run, owner="priya")
    assert len(run("diary.check", **wish("V-2", attendees=["priya", "priya"])).data["clashes"]) == 1
    assert run("diary.check", **wish("V-2", attendees=["tom"])).data["clashes"] == []
    assert run("diary.check", **wish("V-1", owner="priya")).data["clashes"] == []


def test_service_visits_count_as_well(run: Run, store: Store) -> None:
    begin = datetime.fromisoformat(TEN).astimezone(UTC)
    with store.transaction() as tx:
        tx.visits.put(
            care.Visit(
                id="x", engineer="priya", customer="c", visit_no="FS-7", starts_at=begin,
                ends_at=begin + timedelta(hours=2),
            )
        )  # fmt: skip
    (clash,) = run("diary.check", **wish(attendees=["priya"])).data["clashes"]
    assert "priya" in clash and "FS-7" in clash


def test_who_says_why_may_book_all_the_same_and_the_reason_is_kept_only_then(run: Run, store: Store) -> None:
    booked(run, override_reason="just in case")
    assert kept(store).override_reason == ""
    told = run("diary.book", **wish("V-2", override_reason="the only day")).data
    assert told == {"booked": True, "overridden": True} and kept(store, "V-2").override_reason == "the only day"


def test_of_many_who_book_one_person_at_once_one_does(run: Run) -> None:
    with ThreadPoolExecutor(max_workers=6) as pool:
        errors_ = list(pool.map(lambda n: booked(run, visit=f"V-{n}", attendees=["tom"]), range(12)))
    assert errors_.count("") == 1 and set(errors_) == {"", "slot_taken"}


# --- moved, done -----------------------------------------------------------------------------------------------------


def test_a_freed_time_is_free_and_booking_anew_replaces_what_was(run: Run, store: Store) -> None:
    booked(run)
    for _ in range(2):
        assert run("diary.cancel", visit="V-1").data == {"booked": False}
    assert booked(run, visit="V-2") == ""
    later = {"begin": "2026-03-11T10:00:00+08:00", "end": "2026-03-11T11:00:00+08:00"}
    assert booked(run, visit="V-1", **later) == "" and kept(store).status == "booked"
    assert booked(run, visit="V-1", owner="tom", **later) == ""
    assert booked(run, visit="V-3", **later) == ""


@pytest.mark.parametrize(("visit", "following"), [("V-1", "V-1.1"), ("V-1.1", "V-1.2"), ("V-1.x", "V-1.1")])
def test_what_took_place_is_counted_and_numbers_the_next_one(
    run: Run, store: Store, visit: str, following: str
) -> None:
    booked(run, visit=visit)
    for _ in range(2):
        told = run("diary.settle", visit=visit, outcome="done", result="agreed", purpose="p", owner="lina").data
        assert told["contacts_made"] == 1
        assert told["next_contact"] == {"visitNo": following, "purpose": "p", "owner": "lina"}
    assert (kept(store, visit).status, kept(store, visit).result) == ("done", "agreed")
    assert run("diary.settle", visit=visit, outcome="missed").data["contacts_made"] == 0


@pytest.mark.parametrize("handler", ["diary.cancel", "diary.settle"])
def test_an_appointment_that_nobody_booked_is_named(run: Run, handler: str) -> None:
    with pytest.raises(errors.NotFound) as caught:
        run(handler, visit="V-404", outcome="done")
    assert "V-404" in caught.value.text["zh-CN"] and "V-404" in caught.value.text["en"]


@pytest.mark.parametrize(
    ("handler", "values", "parameter"),
    [
        ("diary.check", {"owner": "lina"}, "visit"),
        ("diary.check", {"visit": "V-1"}, "owner"),
        ("diary.check", {"visit": "V-1", "owner": "lina", "starts_at": "soon"}, "starts_at"),
        ("diary.check", {"visit": "V-1", "owner": "lina", "ends_at": 5}, "ends_at"),
        ("diary.book", {"visit": "V-1", "owner": "lina", "attendees": "all"}, "attendees"),
        ("diary.settle", {"visit": "V-1", "outcome": "perhaps"}, "outcome"),
    ],
)
def test_a_wrong_parameter_is_named(run: Run, handler: str, values: dict[str, Any], parameter: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        run(handler, **values)
    assert caught.value.ids == {"handler": handler, "parameter": parameter}


@pytest.mark.parametrize(
    ("person", "more", "said"),
    [
        ("lina", {}, "李娜 不在：03-09 10:00–03-11 10:00 / 李娜 is away at 03-09 10:00–03-11 10:00"),
        ("tom", {}, None),
        ("lina", {"processes": ("SFA-02",)}, None),
    ],
)
def test_who_is_away_is_told_by_name_before_and_while_it_is_booked(
    run: Run, store: Store, person: str, more: dict[str, Any], said: str | None
) -> None:
    begin, end = (datetime.fromisoformat(f"2026-03-{day}T10:00:00+08:00").astimezone(UTC) for day in ("09", "11"))
    with store.transaction() as tx:
        for key, name in (("lina", "李娜"), ("tom", "Tom")):
            tx.people.put(records.Person(key=key, name=name, locale="zh-CN", created_at=NOON))
        tx.absences.add(an_absence(person, begin, end, **more))
    assert run("diary.check", **wish()).data["clashes"] == ([said] if said else [])
    assert booked(run) == ("slot_taken" if said else "")
    assert booked(run, override_reason="The customer asks for her") == ""
    assert bool(kept(store).override_reason) is bool(said)
