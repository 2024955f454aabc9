"""Equality, order and membership, each true, false or null.

Rules: values of different kinds do not compare (null, with a warning); null equals only null; dates and times compare
as instants, equality looks at whole seconds only (the compatibility kit requires it), a value with a zone and one
without do not compare; two ranges are equal when they are written with the same ends.
"""

from collections.abc import Callable
from decimal import Decimal

from engine.feel import temporal
from engine.feel.run import Run
from engine.feel.temporal import moments
from engine.feel.temporal.durations import SECOND
from engine.feel.values import Function, Range, Value, kind

Truth = bool | None
_LONG = 1_000
"""Characters; comparing longer texts costs steps."""


def equal(left: Value, right: Value, run: Run, position: int = -1) -> Truth:
    if left is None or right is None:
        return left is right
    left_kind, right_kind = type(left), type(right)
    if left_kind is not right_kind:
        if left_kind in _NUMBERS and right_kind in _NUMBERS:
            return bool(left == right)
        run.warn("not_comparable", position, left=kind(left), right=kind(right))
        return None
    result = _equal_alike(left, right, run)
    if result is None:
        run.warn("not_comparable", position, left=_zoned(left), right=_zoned(right))
    return result


def _equal_alike(left: Value, right: Value, run: Run) -> Truth:
    """Of two values of one kind."""
    kind_ = type(left)
    if kind_ is str and len(left) > _LONG:
        run.spend(len(left) // 64)
    special = _EQUALITIES.get(kind_)
    return bool(left == right) if special is None else special(left, right, run)


def _zoned(value: Value) -> str:
    """The value's kind, with what keeps two times apart."""
    if type(value) not in (temporal.Time, temporal.DateTime):
        return kind(value)
    return f"{kind(value)} without zone" if value.zone is None else f"{kind(value)} with zone"


def same(left: Value, right: Value, run: Run) -> bool:
    """Equal beyond doubt: what lists and functions ask, where null counts as no."""
    return _quiet_equal(left, right, run) is True


def _quiet_equal(left: Value, right: Value, run: Run) -> Truth:
    if left is None or right is None:
        return left is right
    if type(left) is not type(right) and not (type(left) in _NUMBERS and type(right) in _NUMBERS):
        return None
    return _equal_alike(left, right, run)


def _equal_lists(left: list[Value], right: list[Value], run: Run) -> bool:
    run.spend(1 + min(len(left), len(right)))
    return len(left) == len(right) and all(same(a, b, run) for a, b in zip(left, right, strict=True))


def _equal_contexts(left: dict[str, Value], right: dict[str, Value], run: Run) -> bool:
    run.spend(1 + min(len(left), len(right)))
    return left.keys() == right.keys() and all(same(value, right[key], run) for key, value in left.items())


def _equal_ranges(left: Range, right: Range, run: Run) -> bool:
    shape = (left.low_included, left.high_included, left.form) == (right.low_included, right.high_included, right.form)
    return shape and same(left.low, right.low, run) and same(left.high, right.high, run)


def _equal_moments(left: temporal.Time | temporal.DateTime, right: temporal.Time | temporal.DateTime, _: Run) -> Truth:
    if (left.zone is None) != (right.zone is None):
        return None
    return moments.instant(left) // SECOND == moments.instant(right) // SECOND


def _equal_functions(left: Function, right: Function, _: Run) -> bool:
    return left is right


_NUMBERS = frozenset({int, Decimal})
_EQUALITIES: dict[type, Callable[[Value, Value, Run], Truth]] = {
    list: _equal_lists,
    dict: _equal_contexts,
    Range: _equal_ranges,
    temporal.Time: _equal_moments,
    temporal.DateTime: _equal_moments,
    Function: _equal_functions,
}

_ORDER_KEYS: dict[type, Callable[[Value], Value]] = {
    str: lambda value: value,
    temporal.Date: lambda value: value.days,
    temporal.MonthsDuration: lambda value: value.months,
    temporal.DaysDuration: lambda value: value.nanos,
    temporal.Time: moments.instant,
    temporal.DateTime: moments.instant,
}


def order(left: Value, right: Value) -> int | None:
    """-1, 0 or 1; None for values that have no order among each other."""
    left_kind, right_kind = type(left), type(right)
    if left_kind in _NUMBERS and right_kind in _NUMBERS:
        return int(left > right) - int(left < right)
    if left_kind is not right_kind or left_kind not in _ORDER_KEYS:
        return None
    if left_kind in (temporal.Time, temporal.DateTime) and (left.zone is None) != (right.zone is None):
        return None
    key = _ORDER_KEYS[left_kind]
    first, second = key(left), key(right)
    return int(first > second) - int(first < second)


_TESTS: dict[str, Callable[[int], bool]] = {
    "<": lambda sign: sign < 0,
    "<=": lambda sign: sign <= 0,
    ">": lambda sign: sign > 0,
    ">=": lambda sign: sign >= 0,
}


def compare(operator: str, left: Value, right: Value, run: Run, position: int = -1) -> Truth:
    """``left operator right`` for the operators = != < <= > >=."""
    if operator == "=":
        return equal(left, right, run, position)
    if operator == "!=":
        result = equal(left, right, run, position)
        return None if result is None else not result
    if type(left) is str and len(left) > _LONG:
        run.spend(len(left) // 64)
    sign = order(left, right)
    if sign is None:
        words = _zoned if type(left) is type(right) else kind
        run.warn("not_comparable", position, left=words(left), right=words(right))
        return None
    return _TESTS[operator](sign)


def between(value: Value, low: Value, high: Value, run: Run, position: int = -1) -> Truth:
    return conjunction(compare(">=", value, low, run, position), compare("<=", value, high, run, position))


def in_range(value: Value, interval: Range, run: Run, position: int = -1) -> Truth:
    if interval.form in ("=", "!="):
        return compare(interval.form, value, interval.low, run, position)
    if interval.form in ("<", "<="):
        return compare(interval.form, value, interval.high, run, position)
    if interval.form in (">", ">="):
        return compare(interval.form, value, interval.low, run, position)
    low = compare(">=" if interval.low_included else ">", value, interval.low, run, position)
    high = compare("<=" if interval.high_included else "<", value, interval.high, run, position)
    return conjunction(low, high) if low is not None and high is not None else None


def contained(value: Value, test: Value, run: Run, position: int = -1) -> Truth:
    """``value in test``: inside a range, among a list's elements or inside one of its ranges, else equal."""
    if type(test) is Range and type(value) is not Range:
        return in_range(value, test, run, position)
    if type(test) is not list:
        return equal(value, test, run, position)
    run.spend(1 + len(test))
    if type(value) is list and same(value, test, run):
        return True
    return any(_meets(value, item, run) for item in test)


def _meets(value: Value, item: Value, run: Run) -> bool:
    if type(item) is Range and type(value) is not Range:
        return (
            order(value, item.high if item.low is None else item.low) is not None and in_range(value, item, run) is True
        )
    return same(value, item, run)


def conjunction(left: Value, right: Value) -> Truth:
    if left is False or right is False:
        return False
    return True if left is True and right is True else None


def disjunction(left: Value, right: Value) -> Truth:
    if left is True or right is True:
        return True
    return False if left is False and right is False else None
