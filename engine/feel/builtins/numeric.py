"""Functions on numbers."""

import decimal
from collections.abc import Callable
from decimal import Decimal

from engine.feel import numbers, temporal
from engine.feel.calling import native
from engine.feel.run import Run
from engine.feel.values import Value

MIN_SCALE, MAX_SCALE = -6111, 6176
"""Scales of decimal128."""


def _rounding(name: str, rounding: str) -> Callable[[Run, Value, Value], Value]:
    def rounded(run: Run, number: Value, scale: Value) -> Value:
        digits = 0 if scale is None else int(scale)
        if not MIN_SCALE <= digits <= MAX_SCALE:
            run.warn("no_result", name=name, reason=f"scale {digits}")
            return None
        return numbers.rescale(number, digits, rounding)

    return rounded


def _absolute(run: Run, value: Value) -> Value:
    if isinstance(value, temporal.MonthsDuration):
        return temporal.MonthsDuration(abs(value.months))
    if isinstance(value, temporal.DaysDuration):
        return temporal.DaysDuration(abs(value.nanos))
    return abs(value) if isinstance(value, int) else numbers.CONTEXT.abs(value)


def _modulo(run: Run, dividend: Value, divisor: Value) -> Value:
    return _computed(run, "modulo", lambda: numbers.floor_mod(dividend, divisor))


def _square_root(run: Run, number: Value) -> Value:
    return _computed(run, "sqrt", lambda: _whole_if_exact(numbers.CONTEXT.sqrt(Decimal(number))))


def _logarithm(run: Run, number: Value) -> Value:
    if number <= 0:
        run.warn("no_result", name="log", reason=str(number))
        return None
    return _computed(run, "log", lambda: numbers.CONTEXT.ln(Decimal(number)))


def _exponential(run: Run, number: Value) -> Value:
    return _computed(run, "exp", lambda: numbers.CONTEXT.exp(Decimal(number)))


def _whole_if_exact(value: Decimal) -> Value:
    whole = numbers.integral(value)
    return value if whole is None else whole


def _computed(run: Run, name: str, work: Callable[[], Value]) -> Value:
    try:
        return work()
    except numbers.ArithmeticFailure:
        run.warn("no_result", name=name, reason="arithmetic")
        return None


def _parity(name: str, rest: int) -> Callable[[Run, Value], bool | None]:
    def parity(run: Run, number: Value) -> bool | None:
        whole = numbers.integral(number)
        if whole is None:
            run.warn("no_result", name=name, reason=f"{number} is no whole number")
            return None
        return whole % 2 == rest

    return parity


FUNCTIONS = (
    native("decimal", ("n: number, scale: number", _rounding("decimal", decimal.ROUND_HALF_EVEN))),
    *(
        native(name, ("n: number, scale: number?", _rounding(name, rounding)))
        for name, rounding in (("floor", decimal.ROUND_FLOOR), ("ceiling", decimal.ROUND_CEILING))
    ),
    *(
        native(name, ("n: number, scale: number", _rounding(name, rounding)))
        for name, rounding in (
            ("round up", decimal.ROUND_UP),
            ("round down", decimal.ROUND_DOWN),
            ("round half up", decimal.ROUND_HALF_UP),
            ("round half down", decimal.ROUND_HALF_DOWN),
        )
    ),
    native("abs", ("n: number | days and time duration | years and months duration", _absolute)),
    native("modulo", ("dividend: number, divisor: number", _modulo)),
    native("sqrt", ("number: number", _square_root)),
    native("log", ("number: number", _logarithm)),
    native("exp", ("number: number", _exponential)),
    native("odd", ("number: number", _parity("odd", 1))),
    native("even", ("number: number", _parity("even", 0))),
)
