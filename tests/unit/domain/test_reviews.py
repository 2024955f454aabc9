"""Processes measured, decided about and compared."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from engine import care, errors, records
from engine.domain import reviews
from engine.model import nodes
from engine.model.performer import Worth
from engine.model.program import Program
from engine.store.unit_of_work import Store
from tests.store import rows
from tests.unit.domain.conftest import NOON, Run

HOUR = timedelta(hours=1)
BOTH = {"zh-CN": "值", "en": "worth"}
WORTH = Worth(value=BOTH, tag="VA", touch_minutes=30, cost_rate_per_hour=60, fixed_cost=1)
CHECKED = Program(
    key="SFA-03",
    nodes=(
        nodes.UserTask(id="Check", name="Check", texts={"zh-CN": "检查", "en": "Check"}, worth=WORTH),
        nodes.UserTask(id="File", name="File", worth=Worth(tag="NVA")),
    ),
)


def item(
    node: str = "Check", hours: float = 2, due: float | None = None, wait: int = 1, **more: Any
) -> records.WorkItem:
    told = {"node": node, "name": node, "status": "completed", "created_at": NOON, "ended_at": NOON + hours * HOUR}
    return rows.work_item(wait=wait, **{**told, "due_at": None if due is None else NOON + due * HOUR, **more})


def moved(one: records.WorkItem, by: timedelta, case: str, wait: int) -> records.WorkItem:
    there = {"id": f"{case}.{wait}", "instance_id": case, "wait": wait, "program": CHECKED.sha256}
    when = {name: at + by for name in ("created_at", "ended_at", "due_at") if (at := getattr(one, name)) is not None}
    return msgspec.structs.replace(one, **there, **when)


@pytest.fixture
def ended(store: Store) -> Callable[..., None]:
    """Cases of SFA-03 that took so long, each with work on the way."""
    count = [0]

    def add(hours: float, *items: records.WorkItem, at: datetime = NOON) -> None:
        count[0] += 1
        key = f"i-{count[0]}"
        with store.transaction() as tx:
            if tx.processes.get("SFA-03") is None:
                rows.ground(tx)
                tx.programs.add(CHECKED, process="SFA-03", now=NOON)
            case = msgspec.structs.replace(
                rows.instance(tx, key), status="completed", started_at=at, ended_at=at + hours * HOUR
            )
            done = tuple(moved(one, at - NOON, key, place) for place, one in enumerate(items, 1))
            tx.steps.begin(case, b"", rows.written(work_items=done))

    return add


def test_the_step_that_takes_most_time_of_all_comes_first() -> None:
    known = {one.id: one for one in CHECKED.nodes}
    found = reviews.steps([item(hours=1), item(hours=3), item("File", hours=9), item("Gone", hours=0)], known)
    assert [(one.step, one.done, one.hours, one.cost, one.tag, one.value_missing) for one in found] == [
        ("File", 1, 9, 0, "NVA", True),
        ("Check", 2, 2, 62, "VA", False),
        ("Gone", 1, 0, 0, "", True),
    ]


@pytest.mark.parametrize(("hours", "due", "is_late"), [(2, None, False), (2, 3, False), (2, 2, False), (2, 1.9, True)])
def test_late_is_what_ended_after_it_was_due(hours: float, due: float | None, is_late: bool) -> None:
    assert reviews.late(item(hours=hours, due=due)) is is_late


@pytest.mark.parametrize(("promised", "broken", "found"), [(0, 0, None), (4, 1, 250_000), (3, 1, 333_333), (5, 5, 1e6)])
def test_broken_promises_of_a_million(promised: int, broken: int, found: float | None) -> None:
    assert reviews.dpmo(promised, broken) == found


@pytest.mark.parametrize(
    ("before", "now", "found"), [(None, 3, None), (0, 3, None), (4, None, None), (4, 3, -25), (3, 4, 33.3), (4, 4, 0)]
)
def test_change_in_per_cent(before: float | None, now: float | None, found: float | None) -> None:
    assert reviews.change(before, now) == found


def test_the_share_within_the_goal_is_of_those_that_have_one(run: Run, ended: Callable[..., None]) -> None:
    for hours in (1, 2, 3, 30):
        ended(hours, item(hours=hours, due=4, goal_at=NOON + 2 * HOUR), item("File", hours=1))
    figures = run("reviews.compute", process="SFA-03", span="P30D", now=NOON + 40 * HOUR).data["figures"]
    assert (figures["in_goal_percent"], figures["in_time_percent"]) == (50, 75)


def test_a_process_is_measured_by_what_its_cases_and_their_work_came_to(run: Run, ended: Callable[..., None]) -> None:
    for hours in (1, 2, 30):
        ended(hours, item(hours=hours, due=4, texts={"zh-CN": "检查", "en": "Check"}), item("File", hours=1))
    answer = run("reviews.compute", process="SFA-03", span="P30D", cases_at_least=3, now=NOON + 40 * HOUR).data
    assert answer["figures"] == {
        "cases": 3,
        "median_hours": 2,
        "in_time_percent": 66.7,
        "in_goal_percent": None,
        "dpmo": 333_333,
        "cost_per_case": 31,
        "value_coverage_percent": 50,
    }
    assert answer["enough"] and answer["bottlenecks"] == ["检查 / Check", "File"] and answer["value_gaps"] == ["File"]
    few = run("reviews.compute", process="SFA-03", span="P30D", cases_at_least=4, now=NOON + 40 * HOUR).data
    assert few["enough"] is False
    early = run("reviews.compute", process="SFA-03", span="PT10H", cases_at_least=1, now=NOON + 40 * HOUR).data
    assert early["figures"]["cases"] == 1


def test_without_a_name_the_process_that_is_late_most_often_is_taken(run: Run, ended: Callable[..., None]) -> None:
    nothing = run("reviews.compute", span="P30D").data
    assert (nothing["process"], nothing["figures"], nothing["enough"]) == ("", {"cases": 0}, False)
    ended(1, item(hours=1, due=4, process="CSS-02"), item(hours=9, due=4))
    assert run("reviews.compute", span="P30D", now=NOON + 10 * HOUR).data["process"] == "SFA-03"


def test_a_decision_is_kept_with_the_figures_and_its_effect_is_compared(
    run: Run, store: Store, ended: Callable[..., None]
) -> None:
    for hours in (10, 20):
        ended(hours, item(hours=hours, due=5))
    now = NOON + 30 * HOUR
    run("reviews.compute", process="SFA-03", now=now)
    decided = run("reviews.decide", decision="improve", target="二线两小时 / two hours", owner="lina", now=now)
    assert decided.data == {"review_decision": "improve"}
    assert run("reviews.compare", now=now + HOUR).data["proved"] is False, "nothing has ended since"
    ended(6, item(hours=4, due=5), at=now)
    later = run("reviews.compare", now=now + 100 * HOUR).data
    assert later["proved"] is True
    assert later["compared"]["change_percent"] == {"median_hours": -60, "cost_per_case": 0, "dpmo": -100}
    with store.reading() as tx:
        (kept,) = tx.reviews.of_process("SFA-03", 5)
    assert (kept.decision, kept.decided_by, kept.figures["cases"]) == ("improve", "lina", 2)


def test_what_got_dearer_is_no_proof(run: Run, ended: Callable[..., None]) -> None:
    ended(10, item(hours=10))
    now = NOON + 30 * HOUR
    run("reviews.compute", process="SFA-03", now=now)
    run("reviews.decide", decision="improve", now=now)
    ended(5, item(hours=2), item(hours=2), at=now)
    later = run("reviews.compare", now=now + 50 * HOUR).data
    assert later["compared"]["change_percent"] == {"median_hours": -50, "cost_per_case": 100, "dpmo": None}
    assert later["proved"] is False


def test_customers_words_come_the_worst_first(run: Run, store: Store) -> None:
    with store.transaction() as tx:
        for key, score, comment in (("a", 5, "好"), ("b", 1, "等太久"), ("c", None, ""), ("d", 3, "")):
            tx.surveys.put(
                care.Survey(
                    id=key,
                    customer=f"c-{key}",
                    topic="t",
                    asked_at=NOON,
                    score=score,
                    comment=comment,
                    answered_at=NOON,
                )
            )
        old = care.Survey(id="z", customer="c-z", topic="t", asked_at=NOON, score=1, answered_at=NOON - 999 * HOUR)
        tx.surveys.put(old)
    answer = run("reviews.feedback", span="P7D", now=NOON + HOUR).data
    assert answer == {"customer_feedback": {"count": 3, "csat": 3, "words": ["等太久", "好"]}}


@pytest.mark.parametrize("handler", ["reviews.decide", "reviews.compare"])
def test_what_was_never_measured_cannot_be_decided_about(run: Run, handler: str) -> None:
    with pytest.raises(errors.NotFound) as none:
        run(handler, decision="keep")
    assert none.value.text == {"zh-CN": "本案还没有计算过指标", "en": "nothing was measured in this case"}


def test_there_are_four_decisions(run: Run, ended: Callable[..., None]) -> None:
    ended(1)
    run("reviews.compute", process="SFA-03", now=NOON + 5 * HOUR)
    with pytest.raises(errors.Invalid) as wrong:
        run("reviews.decide", decision="abolish")
    assert "keep, improve, redesign, retire" in wrong.value.text["en"] and "以下之一" in wrong.value.text["zh-CN"]
