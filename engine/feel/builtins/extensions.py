"""Functions that Camunda 8 and other engines add to DMN and that real models use."""

from engine.feel import numbers, patterns, temporal
from engine.feel.builtins import lists
from engine.feel.calling import native
from engine.feel.run import Run
from engine.feel.temporal import calendar
from engine.feel.values import Function, Value


def _or_else(run: Run, value: Value, default: Value) -> Value:
    return default if value is None else value


def _last_day(run: Run, date: Value) -> Value:
    year, month, _ = calendar.civil(date.days)
    return temporal.Date(calendar.day_number(year, month, calendar.month_length(year, month)))


def _is_blank(run: Run, text: str) -> bool:
    return not text.strip()


def _is_empty(run: Run, items: list[Value]) -> bool:
    return not items


def _duplicates(run: Run, items: list[Value]) -> Value:
    """What occurs more than once, in the order in which it occurs first."""
    still = reversed([number for _, number in lists.occurrences(run, items[::-1])])
    return [
        item
        for (item, number), left in zip(lists.occurrences(run, items), still, strict=True)
        if number == 1 and left > 1
    ]


def _partition(run: Run, items: list[Value], size: Value) -> Value:
    step = numbers.integral(size)
    if step is None or step < 1:
        run.warn("no_result", name="partition", reason=f"size {size}")
        return None
    run.spend_size(len(items))
    return [items[start : start + step] for start in range(0, len(items), step)]


def _extract(run: Run, text: str, pattern: str) -> Value:
    return patterns.extract(run, text, pattern)


FUNCTIONS: tuple[Function, ...] = (
    native("get or else", ("value: Any, default: Any", _or_else)),
    native("is defined", ("value: Any", lambda run, value: value is not None)),
    native("is blank", ("string: string", _is_blank)),
    native("is empty", ("list: list", _is_empty)),
    native("trim", ("string: string", lambda run, text: text.strip())),
    native("extract", ("string: string, pattern: string", _extract)),
    native("last day of month", ("date: date | date and time", _last_day)),
    native("duplicate values", ("list: list", _duplicates)),
    native("partition", ("list: list, size: number", _partition)),
)
