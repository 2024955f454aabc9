"""Rules of texts: every expression is readable in its language, every timer says a time."""

from collections.abc import Iterator
from typing import Any

import msgspec

from engine import errors, feel
from engine.definitions.finding import finding
from engine.definitions.graph import Graph
from engine.model import nodes, program, text
from engine.model.expression import Expression
from engine.model.problem import Problem


def expressions(graph: Graph) -> Iterator[Problem]:
    for place in (*graph.program.nodes, *graph.program.flows):
        for path, expression in written(place):
            reason = unreadable(expression)
            if reason is None:
                continue
            zh, en = text.pick(reason, text.ZH), text.pick(reason, text.EN)
            yield finding(
                "expression_unreadable",
                place,
                zh=f"{path} 的表达式“{short(expression.text)}”（{expression.language}）无法使用：{zh}",
                en=f"{path}: the {expression.language} expression {short(expression.text)} cannot be used: {en}",
                mend=("改正表达式，或改写为 FEEL", "Correct the expression, or rewrite it in FEEL"),
            )


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


def unreadable(expression: Expression) -> text.Text | None:
    """Why it cannot be evaluated, in each language; None when it can."""
    if expression.language not in ("feel", "camunda8"):
        return None
    try:
        feel.compile_expression(expression.text.strip().removeprefix("="))
    except errors.Invalid as fault:
        return fault.text
    return None


RULES = (expressions,)
