"""The operators + - * / ** and the sign, for every pair of kinds that DMN defines; null and a warning otherwise."""

from collections.abc import Callable
from decimal import Decimal

from engine.feel import numbers, temporal
from engine.feel.run import Run
from engine.feel.temporal import calendar, durations, moments
from engine.feel.temporal.durations import DAY
from engine.feel.values import Value, is_number, kind

CONTEXT = numbers.CONTEXT
Date, Time, DateTime = temporal.Date, temporal.Time, temporal.DateTime
Months, Days = temporal.MonthsDuration, temporal.DaysDuration


def apply(operator: str, left: Value, right: Value, run: Run, position: int = -1) -> Value:
    """The value of ``left operator right``; null where there is none."""
    if is_number(left) and is_number(right):
        try:
            return _ON_NUMBERS[operator](left, right)
        except numbers.ArithmeticFailure:
            run.warn("no_number", position, operation=operator)
            return None
    if type(left) is str and type(right) is str and operator == "+":
        run.spend_size(len(left) + len(right))
        return left + right
    rule = _ON_MOMENTS.get((operator, type(left), type(right)))
    result = rule(left, right) if rule else None
    if result is None:
        run.warn("no_operator", position, operator=operator, left=kind(left), right=kind(right))
    return result


def negate(value: Value, run: Run, position: int = -1) -> Value:
    if is_number(value):
        return -value if type(value) is int else CONTEXT.minus(value)
    if type(value) is Months:
        return Months(-value.months)
    if type(value) is Days:
        return Days(-value.nanos)
    run.warn("not_negatable", position, kind=kind(value))
    return None


def _add(left: numbers.Number, right: numbers.Number) -> numbers.Number:
    if type(left) is int and type(right) is int:
        return numbers.settle(left + right)
    return CONTEXT.add(Decimal(left), Decimal(right))


def _subtract(left: numbers.Number, right: numbers.Number) -> numbers.Number:
    if type(left) is int and type(right) is int:
        return numbers.settle(left - right)
    return CONTEXT.subtract(Decimal(left), Decimal(right))


def _multiply(left: numbers.Number, right: numbers.Number) -> numbers.Number:
    if type(left) is int and type(right) is int:
        return numbers.settle(left * right)
    return CONTEXT.multiply(Decimal(left), Decimal(right))


_ON_NUMBERS: dict[str, Callable[[Value, Value], Value]] = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": numbers.divide,
    "**": numbers.power,
}


def _shift_months(value: Value, months: int) -> Value:
    if abs(months) > 12 * 2 * calendar.MAX_YEAR:
        return None
    days = calendar.add_months(value.days, months)
    return moments.date_of(days) if type(value) is Date else moments.moment(days, value.nanos, value.zone)


def _shift(value: Value, nanos: int) -> Value:
    if type(value) is Date:  # a date is its midnight, and what remains of the day is dropped
        return moments.date_of(value.days + nanos // DAY)
    if type(value) is Time:
        return Time((value.nanos + nanos) % DAY, value.zone)
    return moments.moment(value.days, value.nanos + nanos, value.zone)


def _distance(left: Value, right: Value) -> Value:
    """From ``right`` to ``left``; a date counts as its midnight in UTC beside a date and time."""
    if type(left) is Date:
        left = DateTime(left.days, 0, 0)
    if type(right) is Date:
        right = DateTime(right.days, 0, 0)
    if (left.zone is None) != (right.zone is None):
        return None
    return durations.days_duration(moments.instant(left) - moments.instant(right))


def _scale(duration: Value, factor: Value, operation: Callable[[Decimal, Decimal], Decimal]) -> Value:
    """A duration times or divided by a number, cut to whole months or nanoseconds."""
    size = duration.months if type(duration) is Months else duration.nanos
    try:
        scaled = operation(Decimal(size), Decimal(factor))
    except numbers.ArithmeticFailure:
        return None
    if scaled.adjusted() >= numbers.DIGITS:
        return None
    return durations.months_duration(int(scaled)) if type(duration) is Months else durations.days_duration(int(scaled))


def _quotient(left: int, right: int) -> Value:
    return numbers.divide(left, right) if right else None


_Rule = Callable[[Value, Value], Value]


def _moment_rules() -> dict[tuple[str, type, type], _Rule]:
    rules: dict[tuple[str, type, type], _Rule] = {
        ("+", Months, Months): lambda a, b: durations.months_duration(a.months + b.months),
        ("+", Days, Days): lambda a, b: durations.days_duration(a.nanos + b.nanos),
        ("-", Months, Months): lambda a, b: durations.months_duration(a.months - b.months),
        ("-", Days, Days): lambda a, b: durations.days_duration(a.nanos - b.nanos),
        ("-", Time, Time): _distance,
        ("/", Months, Months): lambda a, b: _quotient(a.months, b.months),
        ("/", Days, Days): lambda a, b: _quotient(a.nanos, b.nanos),
    }
    for day in (Date, DateTime):
        rules["+", day, Months] = lambda a, b: _shift_months(a, b.months)
        rules["+", Months, day] = lambda a, b: _shift_months(b, a.months)
        rules["-", day, Months] = lambda a, b: _shift_months(a, -b.months)
        rules["-", day, Date] = rules["-", day, DateTime] = _distance
    for moment in (Date, Time, DateTime):
        rules["+", moment, Days] = lambda a, b: _shift(a, b.nanos)
        rules["+", Days, moment] = lambda a, b: _shift(b, a.nanos)
        rules["-", moment, Days] = lambda a, b: _shift(a, -b.nanos)
    for number in (int, Decimal):
        for duration in (Months, Days):
            rules["*", duration, number] = lambda a, b: _scale(a, b, CONTEXT.multiply)
            rules["*", number, duration] = lambda a, b: _scale(b, a, CONTEXT.multiply)
            rules["/", duration, number] = lambda a, b: _scale(a, b, CONTEXT.divide)
    return rules


_ON_MOMENTS = _moment_rules()
