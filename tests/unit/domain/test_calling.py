"""Telephone lists: who is called by whom and when, what came of it, and who is never called again."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import errors
from engine.domain import calling
from engine.store.unit_of_work import Store
from tests.unit.domain.conftest import NOON, Run

Add = Callable[..., None]
SHANGHAI = ZoneInfo("Asia/Shanghai")


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+08:00")


def build(run: Run, *phones: str, **more: Any) -> dict[str, Any]:
    rows = [{"name": f"P{n}", "phone": phone} for n, phone in enumerate(phones)]
    return dict(run("calls.build", candidates=rows, team="telesales", **more).data)


def record(run: Run, outcome: str, *, attempt: int = 1, phone: str = "13800000001", **more: Any) -> dict[str, Any]:
    job = f"c-{phone}-{attempt}-{outcome}"
    told = {"list": "L", "phone": phone, "agent": "ann", "attempt": attempt, "outcome": outcome}
    return dict(run("calls.record", job=job, **told | more).data)


# --- hours -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "moment"),
    [
        ("2026-03-02T08:59", "2026-03-02T09:00"),
        ("2026-03-02T09:00", "2026-03-02T09:00"),
        ("2026-03-02T19:59", "2026-03-02T19:59"),
        ("2026-03-02T20:00", "2026-03-03T09:00"),
        ("2026-03-02T23:30", "2026-03-03T09:00"),
        ("2026-12-31T21:00", "2027-01-01T09:00"),
    ],
)
def test_nobody_is_called_in_the_quiet_hours(asked: str, moment: str) -> None:
    assert calling.allowed(shanghai(asked)) == shanghai(moment)


@pytest.mark.parametrize(
    ("called", "again"),
    [
        ("2026-03-02T10:00", "2026-03-03T17:00"),
        ("2026-03-02T12:59", "2026-03-03T17:00"),
        ("2026-03-02T13:00", "2026-03-03T10:00"),
        ("2026-03-02T19:00", "2026-03-03T10:00"),
    ],
)
def test_who_does_not_answer_is_called_the_next_day_at_another_hour(called: str, again: str) -> None:
    assert calling.another_hour(shanghai(called)) == shanghai(again)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)))
@settings(max_examples=150, deadline=None)
def test_every_next_call_is_later_and_within_the_hours(moment: datetime) -> None:
    for found in (calling.allowed(moment), calling.allowed(calling.another_hour(moment))):
        assert found >= moment
        assert calling.OPENS <= found.astimezone(SHANGHAI).time() < calling.CLOSES


# --- the list --------------------------------------------------------------------------------------------------------


def test_each_number_is_called_once_by_agents_in_turn(run: Run, person: Add) -> None:
    person("ann", "telesales")
    person("bob", "telesales")
    person("cy", "telesales", active=False)
    told = build(run, "138 0000-0001", "+86 13800000001", "13800000002", "13800000003", "12", "")
    assert [(one["n"], one["phone"], one["agent"]) for one in told["targets"]] == [
        (1, "13800000001", "ann"),
        (2, "13800000002", "bob"),
        (3, "13800000003", "ann"),
    ]
    assert (told["removed"], told["wrong_numbers"]) == (0, 2)
    assert told["targets"][0]["first_at"] == NOON.isoformat()


def test_without_an_agent_the_numbers_are_for_whoever_takes_them(run: Run) -> None:
    assert build(run, "13800000001")["targets"][0]["agent"] is None


@pytest.mark.parametrize("consent", [True, False, None, "yes"])
def test_where_consent_is_needed_only_who_gave_it_is_called(run: Run, consent: Any) -> None:
    rows = [{"name": "x", "phone": "13800000001", "consent": consent}]
    for needed, found in ((True, consent is True), (False, True)):
        told = run("calls.build", candidates=rows, team="telesales", consent_needed=needed).data
        assert bool(told["targets"]) is found


def test_a_list_begins_when_calling_is_allowed(run: Run) -> None:
    late = NOON + timedelta(hours=9)
    assert (
        build(run, "13800000001", now=late)["targets"][0]["first_at"]
        == shanghai("2026-03-03T09:00").astimezone(UTC).isoformat()
    )


def test_a_list_longer_than_the_bound_is_refused(run: Run) -> None:
    with pytest.raises(errors.Invalid) as caught:
        build(run, *(f"138{n:08d}" for n in range(calling.MOST + 1)))
    assert caught.value.ids["parameter"] == "candidates" and "200" in caught.value.text["zh-CN"]


# --- outcomes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "more", "again"),
    [
        ("no_answer", {}, "2026-03-03T17:00"),
        ("call_back", {"callback_at": "2026-03-05T15:30:00+08:00"}, "2026-03-05T15:30"),
        ("call_back", {"callback_at": "2026-03-05T22:00:00+08:00"}, "2026-03-06T09:00"),
        ("call_back", {"callback_at": "2026-03-01T10:00:00+08:00"}, "2026-03-02T12:00"),
        ("no_answer", {"callback_at": "2026-03-05T15:30:00+08:00"}, "2026-03-03T17:00"),
    ],
)
def test_the_next_call_is_when_it_was_asked_for_or_at_another_hour(
    run: Run, outcome: str, more: dict[str, Any], again: str
) -> None:
    told = record(run, outcome, **more)
    assert datetime.fromisoformat(told["next_at"]) == shanghai(again) and told["attempt"] == 2


def test_who_is_not_to_be_called_is_left_out_of_every_list_and_marked_everywhere(run: Run, store: Store) -> None:
    for number, phone in (("C-1", "13800000001"), ("C-2", "13800000002")):
        run("parties.register", instance=number, number=number, name=number, kind="customer",
            contacts=[{"name": "x", "phone": phone}])  # fmt: skip
    for attempt in (1, 2):
        record(run, "do_not_call", attempt=attempt)
    assert [one["phone"] for one in build(run, "13800000001", "13800000002")["targets"]] == ["13800000002"]
    assert build(run, "13800000001")["removed"] == 1
    with store.reading() as tx:
        marked = {
            one.number: one.attributes.get("do_not_contact")
            for one in tx.customers.search(text="", group="", after="", limit=9)
        }
    assert marked == {"C-1": True, "C-2": None}


def test_statistics_count_the_last_outcome_of_each_number(run: Run) -> None:
    record(run, "no_answer")
    record(run, "reached", attempt=2)
    record(run, "refused", phone="13800000002")
    record(run, "no_answer", phone="13800000003")
    record(run, "wrong_number", phone="13800000004")
    assert run("calls.statistics", list="L").data == {
        "calls_made": 5,
        "numbers_called": 4,
        "contact_percent": 50.0,
        "success_percent": 25.0,
    }
    assert run("calls.statistics", list="other").data["contact_percent"] == 0.0


def test_an_attempt_that_is_written_down_twice_counts_once(run: Run) -> None:
    for _ in range(2):
        record(run, "reached")
    assert run("calls.statistics", list="L").data["calls_made"] == 1


@pytest.mark.parametrize(
    ("handler", "values", "parameter"),
    [
        ("calls.build", {}, "team"),
        ("calls.build", {"candidates": "all"}, "candidates"),
        ("calls.record", {"outcome": "maybe"}, "outcome"),
        ("calls.record", {"outcome": "reached"}, "phone"),
        ("calls.record", {"outcome": "reached", "phone": "1", "list": "L"}, "attempt"),
        (
            "calls.record",
            {"outcome": "call_back", "phone": "1", "list": "L", "attempt": 1, "callback_at": "soon"},
            "callback_at",
        ),
        ("calls.statistics", {}, "list"),
    ],
)
def test_a_wrong_parameter_is_named(run: Run, handler: str, values: dict[str, Any], parameter: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        run(handler, **values)
    assert caught.value.ids == {"handler": handler, "parameter": parameter}
