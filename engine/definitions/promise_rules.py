"""Rules of promises: deadline and goal can be read, the goal comes first, each level of the ladder happens once."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import get_args

from engine import errors
from engine.definitions.finding import finding
from engine.definitions.graph import Graph
from engine.definitions.text_rules import SOME_MOMENT
from engine.model import nodes, text
from engine.model.performer import Action, Clock, Escalation, Promise
from engine.model.problem import Problem
from engine.schedule import calendars, due

AT_WORK = datetime(2026, 3, 4, 6, tzinfo=UTC)
"""A Wednesday afternoon in China: goal and deadline are compared from a moment when all shipped calendars are open."""
PERCENTS = range(1, 1001)


def times(graph: Graph) -> Iterator[Problem]:
    for node, promise in _promised(graph):
        fault = _unreadable(promise.duration) or (_unreadable(promise.goal) if promise.goal else None)
        if fault is not None:
            yield finding(
                "promise_unreadable",
                node,
                zh=f"服务承诺的时长无法理解：{text.pick(fault, text.ZH)}",
                en=f"The promise's duration cannot be read: {text.pick(fault, text.EN)}",
                mend=("例如 PT4H 或 P2D", "Such as PT4H or P2D"),
            )
        elif promise.goal and not AT_WORK < _end(promise.goal, promise) < _end(promise.duration, promise):
            yield finding(
                "goal_too_long",
                node,
                zh=f"目标时间 {promise.goal} 必须短于时限 {promise.duration}",
                en=f"The goal {promise.goal} must be shorter than the deadline {promise.duration}",
                mend=("缩短目标或去掉目标", "Shorten the goal, or leave it out"),
            )


def ladders(graph: Graph) -> Iterator[Problem]:
    for node, promise in _promised(graph):
        seen: set[tuple[str, int, str]] = set()
        for number, rung in enumerate(promise.ladder, 1):
            said = _wrong(rung, promise)
            if not said and (rung.of, rung.at_percent, rung.action) in seen:
                said = ("与前面的一级完全相同", "is there already")
            seen.add((rung.of, rung.at_percent, rung.action))
            if said:
                zh, en = f"第 {number} 级{said[0]}", f"Level {number} of the ladder {said[1]}"
                yield finding("ladder_wrong", node, zh=zh, en=en)


def _wrong(rung: Escalation, promise: Promise) -> tuple[str, str] | None:
    if rung.at_percent not in PERCENTS:
        return ("的百分比应在 1 到 1000 之间", "needs a percentage from 1 to 1000")
    if rung.action not in get_args(Action):
        listed = ", ".join(get_args(Action))
        return (f"的动作“{rung.action}”不存在，可用：{listed}", f"has no action {rung.action!r}; there are {listed}")
    if rung.of not in get_args(Clock):
        return (f"的“{rung.of}”应为 deadline 或 goal", f"counts by deadline or goal, not by {rung.of!r}")
    if rung.of == "goal" and not promise.goal:
        return ("按目标计算，但没有设定目标", "counts by the goal, and there is none")
    return None


def _promised(graph: Graph) -> Iterator[tuple[nodes.Activity, Promise]]:
    for node in graph.of(nodes.Activity):
        assert isinstance(node, nodes.Activity)
        if node.promise is not None:
            yield node, node.promise


def _unreadable(span: str) -> text.Text | None:
    try:
        due.after(span, SOME_MOMENT)
    except errors.Invalid as fault:
        return fault.text
    return None


def _end(span: str, promise: Promise) -> datetime:
    """In business time where the calendar is a shipped one: a working day may be eight hours."""
    return due.after(span, AT_WORK, calendars.BUILT_IN.get(promise.calendar))


RULES = (times, ladders)
