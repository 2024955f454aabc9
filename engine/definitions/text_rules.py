"""Rules of texts: every expression is readable in its language, every timer says a time."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from engine import errors, feel
from engine.definitions.finding import finding
from engine.definitions.graph import Graph
from engine.model import nodes, program, text, triggers
from engine.model.expression import Expression
from engine.model.problem import Problem
from engine.schedule import due


def expressions(graph: Graph) -> Iterator[Problem]:
    filled = frozenset(errand.work.result for node in graph.program.nodes for errand in node.errands)
    for place in (*graph.program.nodes, *graph.program.flows):
        for path, expression in written(place):
            reason = unreadable(expression, filled)
            if reason is None:
                continue
            prose = isinstance(place, program.Flow) and _PROSE.fullmatch(expression.text.strip())
            zh, en = text.pick(reason, text.ZH), text.pick(reason, text.EN)
            yield finding(
                "expression_unreadable",
                place,
                zh=f"{path} 的表达式“{short(expression.text)}”（{expression.language}）无法使用：{zh}",
                en=f"{path}: the {expression.language} expression {short(expression.text)} cannot be used: {en}",
                mend=("改正表达式，或改写为 FEEL", "Correct the expression, or rewrite it in FEEL"),
                fix="condition_to_outcome" if prose else "",
            )


_PROSE = re.compile(r"[^\W\d_][\w'’,.?！？，。-]*(?:\s+[\w'’,.?！？，。-]+)+(?:\s*[=!<>]=?\s*\S.{0,80})?")
"""Several words, at most compared to something: a condition that was written for people."""


def short(words: str) -> str:
    """The start of a long text, on one line."""
    line = " ".join(words.split())
    return line if len(line) <= 60 else line[:57] + "..."


def written(place: nodes.Node | program.Flow) -> Iterator[tuple[str, Expression]]:
    """Every expression of a node or flow with the name of the part it stands in."""
    for name in place.__struct_fields__:
        yield from _within(name, getattr(place, name))


def _within(path: str, value: Any) -> Iterator[tuple[str, Expression]]:
    if isinstance(value, Expression):
        yield path, value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _within(f"{path}.{name}", getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from _within(path, item)


def unreadable(expression: Expression, filled: frozenset[str] = frozenset()) -> text.Text | None:
    """Why it cannot be evaluated, in each language; None when it can. ``filled``: calls of code that errands make."""
    if expression.language == "literal":
        return None
    try:
        compiled = feel.compile_dialect(expression.text, expression.language, errands=True)
    except errors.Invalid as fault:
        return fault.text
    asked = next((call.name for call in compiled.calls if call.variable not in filled), "")
    if asked:
        return text.both(
            zh=f"这里不能调用 {asked}：此处的表达式随时会重新求值，请先用服务任务取得结果",
            en=f"{asked} cannot be called here, where nobody can be asked in time: let a service task fetch the value",
        )
    return None


SOME_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
"""From which literal timers are tried; any would do."""


def timers(graph: Graph) -> Iterator[Problem]:
    for node in graph.of(nodes.Event):
        assert isinstance(node, nodes.Event)
        for trigger in node.triggers:
            if not isinstance(trigger, triggers.Timer) or trigger.text.language != "literal":
                continue
            if not trigger.text.text:
                yield finding(
                    "timer_without_time",
                    node,
                    zh="定时事件没有给出时间",
                    en="The timer event says no time",
                    mend=("填写日期、时长或周期，例如 PT2H", "Give a date, a duration or a cycle, for example PT2H"),
                )
                continue
            try:
                due.first(trigger.kind, trigger.text.text, SOME_MOMENT)
            except errors.Invalid as fault:
                yield finding(
                    "timer_unreadable",
                    node,
                    zh=f"定时器的时间无法理解：{text.pick(fault.text, text.ZH)}",
                    en=f"The timer's time cannot be read: {text.pick(fault.text, text.EN)}",
                    mend=("例如 2026-03-01T09:00、PT2H、R3/P1D 或 0 9 * * 1", "Such as PT2H, R3/P1D or 0 9 * * 1"),
                )


RULES = (expressions, timers)
