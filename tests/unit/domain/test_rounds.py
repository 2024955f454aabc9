"""Rounds of a week, month, quarter or year: what they are called, when they are, and that none is begun twice."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine import errors
from engine.domain import rounds
from engine.people.agent import SYSTEM
from engine.ports import JobCall
from engine.runtime import cancel, start
from tests.house import House, house
from tests.kernel.models import program
from tests.unit.domain.conftest import Run


@pytest.mark.parametrize(
    ("span", "day", "apart", "expected"),
    [
        ("week", "2026-11-22", 0, ("2026-W47", "2026-11-16", "2026-11-22")),
        ("week", "2026-11-23", 0, ("2026-W48", "2026-11-23", "2026-11-29")),
        ("week", "2027-01-01", 0, ("2026-W53", "2026-12-28", "2027-01-03")),
        ("week", "2026-11-23", -1, ("2026-W47", "2026-11-16", "2026-11-22")),
        ("month", "2026-03-01", -1, ("2026-02", "2026-02-01", "2026-02-28")),
        ("month", "2028-03-31", -1, ("2028-02", "2028-02-01", "2028-02-29")),
        ("month", "2026-01-02", -1, ("2025-12", "2025-12-01", "2025-12-31")),
        ("quarter", "2026-12-01", 1, ("2027-Q1", "2027-01-01", "2027-03-31")),
        ("quarter", "2026-05-31", 0, ("2026-Q2", "2026-04-01", "2026-06-30")),
        ("year", "2026-12-01", 1, ("2027", "2027-01-01", "2027-12-31")),
    ],
)
def test_a_period_has_a_name_and_its_days(span: str, day: str, apart: int, expected: tuple[str, str, str]) -> None:
    found = rounds.period(span, date.fromisoformat(day), apart)
    assert (found.name, found.begins.isoformat(), found.ends.isoformat()) == expected


@pytest.mark.parametrize("span", rounds.SPANS)
def test_periods_follow_each_other_without_a_gap(span: str) -> None:
    day = date(2024, 1, 1)
    for _ in range(60):
        found = rounds.period(span, day)
        assert found.begins <= day <= found.ends
        assert rounds.period(span, found.ends) == found
        assert rounds.period(span, day, 1).begins == found.ends + timedelta(days=1)
        day = found.ends + timedelta(days=1)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        yield made


MONTH = {
    "span": "month",
    "which": "last",
    "prefix": "CM",
    "names": {"number": "runNo", "period": "period", "begins": "begins", "ends": "ends"},
    "same": {"segment": None},
    "sets": {"lock_on": "2026-03-20"},
}


def test_a_round_gets_its_number_its_days_and_what_is_set(run: Run) -> None:
    answer = run("rounds.begin", **MONTH)
    assert answer.data == {
        "under_way": "",
        "lock_on": "2026-03-20",
        "runNo": "CM-2026-02",
        "period": "2026-02",
        "begins": "2026-02-01",
        "ends": "2026-02-28",
    }


def test_its_number_names_what_sets_it_apart(run: Run) -> None:
    told = {**MONTH, "span": "week", "which": "this", "names": {"number": "forecastNo"}, "sets": None}
    answer = run("rounds.begin", **{**told, "same": {"team": "sales_reps", "segment": "KA"}})
    assert answer.data == {"under_way": "", "forecastNo": "CM-2026-W10-sales_reps-KA"}


def test_the_day_is_the_company_s(run: Run) -> None:
    """Sunday evening in London is Monday in Shanghai."""
    late = datetime.fromisoformat("2026-03-01T17:00:00+00:00")
    answer = run("rounds.begin", now=late, **{**MONTH, "span": "week", "which": "this", "names": {"number": "no"}})
    assert answer.data["no"] == "CM-2026-W10"


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"span": "fortnight"}, "span"),
        ({"which": "first"}, "which"),
        ({"prefix": ""}, "prefix"),
        ({"names": ["runNo"]}, "names"),
        ({"same": "segment"}, "same"),
        ({"sets": 7}, "sets"),
    ],
)
def test_what_is_wrong_is_named_in_both_languages(run: Run, wrong: dict[str, Any], name: str) -> None:
    with pytest.raises(errors.Invalid) as told:
        run("rounds.begin", **{**MONTH, **wrong})
    assert all(name in text for text in told.value.text.values())


@pytest.mark.parametrize(
    ("said", "days", "under_way"),
    [
        ({"runNo": "X", "begins": "2026-02-01", "ends": "2026-02-28"}, 0, True),
        ({"runNo": "X", "begins": "2026-01-15", "ends": "2026-02-03"}, 5, True),
        ({"runNo": "X", "begins": "2026-01-01", "ends": "2026-12-31"}, 20, True),
        ({"runNo": "X", "begins": "2026-01-01", "ends": "2026-01-31"}, 0, False),
        ({"runNo": "X", "begins": "2026-03-01", "ends": "2026-03-31"}, 0, False),
        ({"runNo": "X", "begins": "2026-02-01", "ends": "2026-02-28", "segment": "KA"}, 0, False),
        ({"orderNo": "O-1", "begins": "2026-02-01", "ends": "2026-02-28"}, 0, False),
        ({"runNo": "X"}, 10, True),
        ({"runNo": "X"}, 0, False),
    ],
)
def test_a_round_for_the_period_is_found_whatever_its_number(
    home: House, said: dict[str, Any], days: int, under_way: bool
) -> None:
    """On 2 March, of February; ``days`` before then it was begun."""
    assert bool(asked(home, said, days)) is under_way


def test_a_round_that_was_withdrawn_does_not_count(home: House) -> None:
    said = {"runNo": "X", "begins": "2026-02-01", "ends": "2026-02-28"}
    assert asked(home, said, 0, withdrawn=True) == ""


def test_a_round_that_is_over_counts(home: House) -> None:
    said = {"runNo": "X", "begins": "2026-02-01", "ends": "2026-02-28"}
    assert asked(home, said, 3, over=True) == "B-1"


def asked(home: House, said: dict[str, Any], days: int, *, withdrawn: bool = False, over: bool = False) -> str:
    between = [] if over else ["user work"]
    way = " > ".join(["s", *(["work"] if between else []), "e"])
    model = program("start s", *between, "end e", flow=[way], key="TEST")
    home.release(model, start={"customer_required": False})
    now = home.now
    begun = start.start(
        home.engine, process="TEST", customer_id=None, business_key="B-1", data=said, agent=SYSTEM,
        now=now - timedelta(days=days),
    ).instance  # fmt: skip
    assert begun.status == ("completed" if over else "active")
    if withdrawn:
        cancel.cancel(home.engine, instance_id=begun.id, reason="-", agent=SYSTEM, now=now)
    call = JobCall(
        id="j-1", handler="rounds.begin", input=MONTH, headers={}, attempt=1, now=now, instance_id="i-1",
        process="TEST", business_key=None, customer=None,
    )  # fmt: skip
    return str(rounds.handlers(home.engine.store)["rounds.begin"](call).data["under_way"])
