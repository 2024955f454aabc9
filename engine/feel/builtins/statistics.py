"""Sums, averages and truths of lists."""

from decimal import Decimal
from functools import reduce

from engine.feel import arithmetic, numbers
from engine.feel.calling import native
from engine.feel.run import Run
from engine.feel.values import Value, is_number


def _numbers(run: Run, name: str, items: list[Value], least: int) -> bool:
    """Whether there are enough elements and all are numbers; the warning otherwise."""
    run.spend(1 + len(items))
    if len(items) >= least and all(is_number(item) for item in items):
        return True
    run.warn("no_result", name=name, reason="too few elements, or some that are no numbers")
    return False


def _sum(run: Run, items: list[Value]) -> Value:
    """Durations are summed as well as numbers."""
    run.spend(1 + len(items))
    if any(isinstance(item, str | bool) or item is None for item in items):
        run.warn("no_result", name="sum", reason="elements that are neither numbers nor durations")
        return None
    return reduce(lambda a, b: arithmetic.apply("+", a, b, run), items) if items else None


def _product(run: Run, items: list[Value]) -> Value:
    if not _numbers(run, "product", items, 1):
        return None
    return reduce(lambda a, b: arithmetic.apply("*", a, b, run), items)


def _mean(run: Run, items: list[Value]) -> Value:
    total = _sum(run, items)
    return None if total is None else arithmetic.apply("/", total, len(items), run)


def _median(run: Run, items: list[Value]) -> Value:
    if not _numbers(run, "median", items, 1):
        return None
    ordered = sorted(items)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return arithmetic.apply("/", arithmetic.apply("+", ordered[middle - 1], ordered[middle], run), 2, run)


def _deviation(run: Run, items: list[Value]) -> Value:
    """Of a sample: divided by one less than the number of elements."""
    if not _numbers(run, "stddev", items, 2):
        return None
    context = numbers.CONTEXT
    try:
        mean = context.divide(reduce(context.add, map(Decimal, items)), Decimal(len(items)))
        differences = [context.subtract(Decimal(item), mean) for item in items]
        squares = reduce(context.add, [context.multiply(difference, difference) for difference in differences])
        return context.sqrt(context.divide(squares, Decimal(len(items) - 1)))
    except numbers.ArithmeticFailure:
        run.warn("no_result", name="stddev", reason="arithmetic")
        return None


def _mode(run: Run, items: list[Value]) -> Value:
    """All values that occur most often, in ascending order."""
    if not _numbers(run, "mode", items, 0):
        return None
    counts: dict[Value, int] = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(item for item, count in counts.items() if count == most)


def _all(run: Run, items: list[Value]) -> bool | None:
    run.spend(1 + len(items))
    if any(item is False for item in items):
        return False
    if all(item is True for item in items):
        return True
    return _warn_of_doubt(run, "all")


def _any(run: Run, items: list[Value]) -> bool | None:
    run.spend(1 + len(items))
    if any(item is True for item in items):
        return True
    if all(item is False for item in items):
        return False
    return _warn_of_doubt(run, "any")


def _warn_of_doubt(run: Run, name: str) -> bool | None:
    run.warn("no_result", name=name, reason="elements that are neither true nor false")
    return None


def _not(run: Run, value: Value) -> bool | None:
    return not value if isinstance(value, bool) else None


FUNCTIONS = (
    native("sum", ("list: list...", _sum)),
    native("product", ("list: list...", _product)),
    native("mean", ("list: list...", _mean)),
    native("median", ("list: list...", _median)),
    native("stddev", ("list: list...", _deviation)),
    native("mode", ("list: list...", _mode)),
    native("all", ("list: list...", _all)),
    native("any", ("list: list...", _any)),
    native("not", ("negand: boolean | null", _not)),
)
