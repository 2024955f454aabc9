"""A promise that cannot be kept track of is refused at its step, in both languages, before anything runs."""

from typing import Any

import pytest

from engine.definitions import checks
from engine.model.performer import Escalation, Promise
from tests.unit.definitions.build import end, program, start, task


def told(promise: Promise) -> list[tuple[str, str, str, str]]:
    found = checks.check(program(start(), task(promise=promise), end(), "start > task > end"))
    return [(one.code, one.element, one.text["zh-CN"], one.text["en"]) for one in found]


def rung(percent: int = 100, action: Any = "warn", of: Any = "deadline") -> Escalation:
    return Escalation(at_percent=percent, action=action, of=of)


GOOD = [
    Promise(duration="P1D"),
    Promise(duration="P1D", goal="PT4H"),
    Promise(duration="P2D", goal="P1D", calendar="cn-5x8"),
    # A working day of cn-5x8 has eight hours; of a calendar that nobody ships, nobody knows here.
    Promise(duration="P1D", goal="PT7H59M", calendar="cn-5x8"),
    Promise(duration="P1D", goal="PT9H", calendar="ours"),
    Promise(duration="P1M", goal="P3W"),
    Promise(duration="P1D", goal="PT4H", ladder=(rung(of="goal"), rung(), rung(action="breach"), rung(80))),
]


@pytest.mark.parametrize("promise", GOOD)
def test_a_goal_before_its_deadline_is_a_promise(promise: Promise) -> None:
    assert told(promise) == []


LONG = [
    Promise(duration="PT4H", goal="PT4H"),
    Promise(duration="PT4H", goal="PT240M"),
    Promise(duration="PT4H", goal="PT5H"),
    Promise(duration="P1D", goal="PT8H", calendar="cn-5x8"),
    Promise(duration="P1D", goal="PT25H", calendar="ours"),
    Promise(duration="P4W", goal="P1M"),
    Promise(duration="PT4H", goal="PT0S"),
    Promise(duration="PT4H", goal="-PT1H"),
]


@pytest.mark.parametrize("promise", LONG)
def test_a_goal_that_is_not_before_its_deadline_is_refused_at_its_step(promise: Promise) -> None:
    assert told(promise) == [
        (
            "goal_too_long",
            "task",
            f"目标时间 {promise.goal} 必须短于时限 {promise.duration}",
            f"The goal {promise.goal} must be shorter than the deadline {promise.duration}",
        )
    ]


@pytest.mark.parametrize("promise", [Promise(duration="soon"), Promise(duration="P1D", goal="soon")])
def test_what_is_no_duration_is_named(promise: Promise) -> None:
    ((code, element, zh, en),) = told(promise)
    assert (code, element) == ("promise_unreadable", "task")
    assert "soon" in zh and "soon" in en


LADDERS = [
    ((rung(0),), "第 1 级的百分比应在 1 到 1000 之间", "Level 1 of the ladder needs a percentage from 1 to 1000"),
    (
        (rung(), rung(1001)),
        "第 2 级的百分比应在 1 到 1000 之间",
        "Level 2 of the ladder needs a percentage from 1 to 1000",
    ),
    (
        (rung(action="sing"),),
        "第 1 级的动作“sing”不存在，可用：warn, notify_manager, raise_priority, reassign, breach",
        "Level 1 of the ladder has no action 'sing'; there are warn, notify_manager, raise_priority, reassign, breach",
    ),
    (
        (rung(of="lunch"),),
        "第 1 级的“lunch”应为 deadline 或 goal",
        "Level 1 of the ladder counts by deadline or goal, not by 'lunch'",
    ),
    (
        (rung(of="goal"),),
        "第 1 级按目标计算，但没有设定目标",
        "Level 1 of the ladder counts by the goal, and there is none",
    ),
    ((rung(), rung()), "第 2 级与前面的一级完全相同", "Level 2 of the ladder is there already"),
]


@pytest.mark.parametrize(("ladder", "zh", "en"), LADDERS)
def test_a_level_that_nobody_can_climb_is_refused_by_its_number(
    ladder: tuple[Escalation, ...], zh: str, en: str
) -> None:
    assert told(Promise(duration="P1D", ladder=ladder)) == [("ladder_wrong", "task", zh, en)]
