"""What ``for``, ``some`` and ``every`` may iterate over: lists, single values, and ranges of whole numbers or dates."""

from collections.abc import Iterable

from engine.feel import numbers, temporal
from engine.feel.run import Run
from engine.feel.values import Range, Value, kind


def over(value: Value, run: Run, at: int) -> Iterable[Value] | None:
    """The elements; a range runs upwards only."""
    if type(value) is list:
        return value
    if value is None:
        run.warn("not_iterable", at, kind="null")
        return None
    if type(value) is not Range:
        return [value]
    found = None if value.form else _ends(value.low, value.high)
    if found is None or found[0] > found[1]:
        run.warn("not_iterable", at, kind="range")
        return None
    low, high, dated = found
    return _counted(range(low + (not value.low_included), high + value.high_included), dated)


def span(low: Value, high: Value, run: Run, at: int) -> Iterable[Value] | None:
    """``low..high`` behind ``in``, upwards or downwards."""
    found = _ends(low, high)
    if found is None:
        run.warn("not_iterable", at, kind=f"{kind(low)}..{kind(high)}")
        return None
    first, last, dated = found
    return _counted(range(first, last + 1) if first <= last else range(first, last - 1, -1), dated)


def _ends(low: Value, high: Value) -> tuple[int, int, bool] | None:
    if type(low) is temporal.Date and type(high) is temporal.Date:
        return low.days, high.days, True
    first, last = numbers.integral(low), numbers.integral(high)
    return None if first is None or last is None else (first, last, False)


def _counted(whole: range, dated: bool) -> Iterable[Value]:
    return map(temporal.Date, whole) if dated else whole
