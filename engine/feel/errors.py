"""What goes wrong with an expression before it has a value. While it has one, an error is null plus a warning."""

from typing import Any

from engine import errors
from engine.model import text as texts
from engine.model.problem import Problem
from engine.model.text import Text


class FeelSyntaxError(errors.Invalid):
    """The text is not an expression. ``line`` and ``column`` are 1-based; ``hint`` says how to mend it."""

    def __init__(self, *, zh: str, en: str, line: int, column: int, hint: Text | None = None) -> None:
        place_zh, place_en = f"第 {line} 行第 {column} 列：", f"line {line}, column {column}: "
        hint = hint or {}
        after = {tag: f"（{words}）" if tag == texts.ZH else f" ({words})" for tag, words in hint.items()}
        zh, en = place_zh + zh + after.get(texts.ZH, ""), place_en + en + after.get(texts.EN, "")
        problem = Problem(code="expression_syntax", text=texts.both(zh=zh, en=en), line=line, mend=hint)
        super().__init__("expression_syntax", zh=zh, en=en, problems=(problem,), line=line, column=column)
        self.line = line
        self.column = column
        self.hint: Text = hint


class Untranslatable(errors.Invalid):
    """A text of another language that has no equal in FEEL; ``reason`` is the stable name of the obstacle."""

    def __init__(self, reason: str, *, zh: str, en: str, **ids: Any) -> None:
        super().__init__("expression_untranslatable", zh=zh, en=en, reason=reason, **ids)
        self.reason = reason


class BudgetExceeded(errors.Invalid):
    """The evaluation wanted more than it was given; ``what`` is steps, depth, size or pattern."""

    def __init__(self, what: str, *, limit: int | float, zh: str, en: str) -> None:
        super().__init__(
            "expression_budget", zh=f"表达式超出限制：{zh}", en=f"the expression exceeds its budget: {en}", limit=limit
        )
        self.what = what


class ForeignValue(errors.Invalid):
    """A variable holds something that is no value of the language, such as an object of a Python class."""

    def __init__(self, kind: str) -> None:
        super().__init__(
            "expression_value",
            zh=f"变量中含有表达式无法使用的值，类型为 {kind}",
            en=f"a variable holds a value of type {kind}, which expressions cannot use",
            kind=kind,
        )


def too_high(limit: int) -> FeelSyntaxError:
    """Operators in a row count as well: each takes the ones before it as its left side."""
    zh, en = f"表达式的层次超过 {limit}", f"the expression is more than {limit} levels high"
    return FeelSyntaxError(zh=zh, en=en, line=1, column=1)


def steps(limit: int) -> BudgetExceeded:
    return BudgetExceeded("steps", limit=limit, zh=f"超过 {limit} 个步骤", en=f"more than {limit} steps")


def depth(limit: int) -> BudgetExceeded:
    return BudgetExceeded("depth", limit=limit, zh=f"嵌套超过 {limit} 层", en=f"nested more than {limit} levels deep")


def size(limit: int) -> BudgetExceeded:
    return BudgetExceeded("size", limit=limit, zh=f"值大于 {limit}", en=f"a value larger than {limit} was made")


def pattern(limit: float) -> BudgetExceeded:
    return BudgetExceeded(
        "pattern",
        limit=limit,
        zh=f"正则表达式运行超过 {limit} 秒",
        en=f"a regular expression ran longer than {limit} seconds",
    )
