"""The conversions of other languages where they differ from FEEL: what counts as true, how unlike kinds compare."""

from collections.abc import Callable
from decimal import Decimal

from engine.feel import arithmetic, comparison, formatting, numbers
from engine.feel.run import Run
from engine.feel.values import Value, is_number


def _juel_truth(value: Value) -> bool | None:
    """null and "" are false, a text is true when it says so; anything else is an error, here null."""
    if value is None:
        return False
    if isinstance(value, str):
        return value.lower() == "true"
    return value if isinstance(value, bool) else None


def _script_truth(value: Value) -> bool:
    """JavaScript: false, null, 0 and "" are false, all else is true, also empty lists."""
    if isinstance(value, int | Decimal | str):
        return bool(value)
    return value is not None


def _empty_truth(value: Value) -> bool:
    """Python and Groovy: beside false, null, 0 and "" also empty lists and contexts are false."""
    return bool(value) if isinstance(value, list | dict) else _script_truth(value)


TRUTH: dict[str, Callable[[Value], bool | None]] = {
    "juel": _juel_truth,
    "javascript": _script_truth,
    "python": _empty_truth,
    "groovy": _empty_truth,
    "mvel": _juel_truth,
}


def _juel(operator: str, left: Value, right: Value, run: Run, position: int) -> Value:
    """A text beside a number is read as a number, beside a boolean as a boolean; null equals only null."""
    if operator == "+":
        return _number_sum(left, right, run, position)
    if left is not None and right is not None:
        left, right = _towards(left, right), _towards(right, left)
    return _decided(operator, left, right, run, position)


def _script(operator: str, left: Value, right: Value, run: Run, position: int) -> Value:
    if operator == "+":
        if isinstance(left, str) or isinstance(right, str):
            left, right = formatting.to_text(left, run), formatting.to_text(right, run)
        return arithmetic.apply("+", left, right, run, position)
    if left is not None and right is not None:
        left, right = _towards(left, right), _towards(right, left)
    return _decided(operator, left, right, run, position)


def _strict(operator: str, left: Value, right: Value, run: Run, position: int) -> Value:
    """Unlike kinds are unequal: JavaScript's ===, Python's and Groovy's ==."""
    if operator == "+":
        return _script(operator, left, right, run, position)
    return _decided(operator, left, right, run, position)


def _number_sum(left: Value, right: Value, run: Run, position: int) -> Value:
    """JUEL's plus is for numbers only: texts are read as numbers, null is 0."""
    return arithmetic.apply("+", _as_number(left), _as_number(right), run, position)


def _as_number(value: Value) -> Value:
    if value is None or value == "":
        return 0
    if isinstance(value, str):
        number = numbers.from_text(value.strip())
        return value if number is None else number
    return value


def _towards(value: Value, other: Value) -> Value:
    if isinstance(value, str) and is_number(other):
        return _as_number(value)
    if isinstance(value, str) and isinstance(other, bool):
        return value.lower() == "true"
    return value


def _decided(operator: str, left: Value, right: Value, run: Run, position: int) -> Value:
    """Values that do not compare are unequal and in no order."""
    result = comparison.compare(operator, left, right, run, position)
    return operator == "!=" if result is None else result


OPERATORS: dict[str, Callable[[str, Value, Value, Run, int], Value]] = {
    "juel": _juel,
    "javascript": _script,
    "strict": _strict,
    "python": _strict,
    "groovy": _strict,
    "mvel": _script,
}
