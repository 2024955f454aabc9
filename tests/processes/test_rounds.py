"""Rounds that the calendar begins, in a house with the shipped processes: on the day, once, and none beside another."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.definitions import catalogue
from tests.processes.life import Life, living

BEGUN = {"SFA-10": "quarter_near", "SFA-11": "monday", "SFA-13": "month_begins"}


@pytest.fixture
def life(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Life]:
    """From Monday, 2 March 2026, 10:00 in Shanghai on."""
    with living(tmp_path, getattr(request, "param", ["SFA-11"])) as one:
        yield one


QUOTAS = pytest.mark.parametrize("life", [["SFA-10", "SFA-10-unit"]], indirect=True)
COMMISSIONS = pytest.mark.parametrize("life", [["SFA-13"]], indirect=True)


def upcoming(life: Life, process: str) -> str:
    (shown,) = catalogue.rounds(life.engine, process=process)
    assert shown.timer.node == BEGUN[process] and shown.next_at is not None
    return shown.next_at.isoformat()


def ends(life: Life, case: str) -> set[str]:
    with life.engine.store.reading() as tx:
        return {getattr(row.fact, "node", "") for row in tx.facts.of_instance(case)}


def test_a_holiday_puts_the_round_off_to_the_next_working_day(life: Life) -> None:
    """Monday, 6 April 2026 is a day off for Qingming."""
    assert upcoming(life, "SFA-11") == "2026-03-09T01:00:00+00:00", "nine o'clock of the company"
    life.until("2026-03-31")
    assert upcoming(life, "SFA-11") == "2026-04-07T01:00:00+00:00"


def test_every_monday_the_forecast_is_pulled_for_the_sales_force(life: Life) -> None:
    for day in ("2026-03-09", "2026-03-16", "2026-03-23"):
        life.until(day)
    with life.engine.store.reading() as tx:
        kept = [tx.forecasts.get(f"FC-2026-W{week}-sales_reps") for week in (11, 12, 13)]
    assert all(one is not None and one.team == "sales_reps" for one in kept)
    assert len(life.instances("SFA-11")) == 3


def test_after_a_stop_of_weeks_only_the_present_week_is_pulled(life: Life) -> None:
    life.until("2026-03-23")
    with life.engine.store.reading() as tx:
        kept = [tx.forecasts.get(f"FC-2026-W{week}-sales_reps") for week in (11, 12, 13)]
    assert [one is not None for one in kept] == [False, False, True]


def test_a_round_that_somebody_began_stays_the_only_one(life: Life) -> None:
    life.until("2026-03-08")
    life.passes(hours=20)  # Monday morning, 8:00
    ours = life.begin("SFA-11", "FC-OURS", customer=None, forecastNo="FC-OURS", team="sales_reps", manager="a")
    life.passes(hours=4)
    first, second = sorted(life.instances("SFA-11"), key=lambda one: one.started_at)
    assert (first.id, second.status) == (ours, "completed")
    assert "round_there" in ends(life, second.id) and "pull" not in ends(life, second.id)
    with life.engine.store.reading() as tx:
        assert tx.forecasts.get("FC-2026-W11-sales_reps") is None


def test_another_team_s_forecast_stands_in_nobody_s_way(life: Life) -> None:
    life.until("2026-03-08")
    life.passes(hours=20)
    life.begin("SFA-11", "FC-EAST", customer=None, forecastNo="FC-EAST", team="team_east", manager="a")
    life.passes(hours=4)
    with life.engine.store.reading() as tx:
        assert tx.forecasts.get("FC-2026-W11-sales_reps") is not None


@COMMISSIONS
def test_a_month_is_settled_once_whoever_begins_it(life: Life) -> None:
    days = {"period": "March", "begins": "2026-03-01", "ends": "2026-03-31", "lock_on": "2026-04-20"}
    assert upcoming(life, "SFA-13") == "2026-04-01T01:00:00+00:00"
    life.until("2026-03-31")
    life.begin("SFA-13", "CM-OURS", customer=None, runNo="CM-OURS", **days)
    life.until("2026-04-02")
    by_hand, by_calendar = sorted(life.instances("SFA-13"), key=lambda one: one.started_at)
    assert "round_there" in ends(life, by_calendar.id) and "collect" not in ends(life, by_calendar.id)
    assert "collect" in ends(life, by_hand.id)


@QUOTAS
def test_before_a_quarter_its_quotas_are_asked_for(life: Life) -> None:
    assert upcoming(life, "SFA-10") == "2026-06-01T01:00:00+00:00"
    life.until("2026-06-02")
    life.does(
        "enter_target",
        parent_target=1000,
        units=[{"unit": "nobody", "manager": "a"}],
        why="去年加一成 / last year and a tenth",
    )
    assert "enter_target" in life.waiting(), "a unit without people cannot have a share"
    (case,) = life.instances("SFA-10")
    with life.engine.store.reading() as tx:
        plan = tx.quotas.plan("QP-2026-Q3")
    assert case.status == "active"
    assert plan is None, "nothing is kept of a target that cannot be split"
