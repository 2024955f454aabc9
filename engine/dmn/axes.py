"""The values of one input that matter: every constant its cells speak of, and one value between each two of them.

A cell made of comparisons, ranges and equalities with constants cannot tell two values between the same constants
apart, so one of them stands for all: what holds for these values holds for every value.
"""

import itertools
from collections.abc import Callable, Iterable
from decimal import Decimal
from math import floor
from typing import NamedTuple

from engine.feel import formatting, numbers
from engine.feel.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time
from engine.feel.temporal.durations import DAY, SECOND
from engine.feel.values import Value, is_number, kind

OTHER_TEXT = "…"


class Undecidable(Exception):
    """The constants have no common order: times with and without an offset, lists, contexts."""


class _Scale(NamedTuple):
    """How values of a kind lie on a line of whole numbers."""

    key: Callable[[Value], int]
    make: Callable[[int, Value], Value]
    """From a place on the line, and a value whose zone is kept."""
    step: int
    """The usual distance of neighbours, for values outside the constants."""
    low: int | None = None
    high: int | None = None


_SCALES: dict[str, _Scale] = {
    "date": _Scale(lambda v: v.days, lambda n, _: Date(n), 1),
    "years and months duration": _Scale(lambda v: v.months, lambda n, _: MonthsDuration(n), 1),
    "days and time duration": _Scale(lambda v: v.nanos, lambda n, _: DaysDuration(n), SECOND),
    "time": _Scale(lambda v: v.nanos, lambda n, v: Time(n, v.zone), SECOND, 0, DAY - 1),
    "date and time": _Scale(lambda v: v.days * DAY + v.nanos, lambda n, v: DateTime(n // DAY, n % DAY, v.zone), SECOND),
}

_SAMPLES: dict[str, Value] = {
    "number": 0,
    "string": OTHER_TEXT,
    "date": Date(20_000),
    "time": Time(12 * 3600 * SECOND),
    "date and time": DateTime(20_000, 0),
    "days and time duration": DaysDuration(DAY),
    "years and months duration": MonthsDuration(12),
}
"""A value for an input that no cell and no allowed value speaks of."""


KINDS = frozenset({"boolean", *_SAMPLES})
"""Kinds of which every value can be stood for."""


def in_words(value: Value) -> str:
    """As FEEL writes it; dates by their text."""
    return f'"{value}"' if isinstance(value, str) else formatting.to_text(value)


def places(constants: Iterable[Value], wanted: str = "", *, whole: bool = False) -> list[Value]:
    """Values that stand for all values of the input.

    ``wanted`` is the declared kind (``number``, ``string`` ...), empty where none is; ``whole``: no fractions.
    Null is only among them when a cell speaks of it. Raises Undecidable.
    """
    by_kind: dict[str, list[Value]] = {}
    for constant in constants:
        by_kind.setdefault(kind(constant), []).append(constant)
    found: list[Value] = [None] if by_kind.pop("null", None) else []
    if wanted:
        by_kind.setdefault(wanted, [])
    for name, values in by_kind.items():
        found += _of_kind(name, values, whole)
    return found or [None]


def _of_kind(name: str, constants: list[Value], whole: bool) -> list[Value]:
    if name == "boolean":
        return [True, False]
    if not constants:
        return [_SAMPLES[name]] if name in _SAMPLES else [None]
    if name == "number":
        return _numbers(constants, whole)
    if name == "string":
        return _texts(constants)
    if name in _SCALES:
        return _scaled(constants, _SCALES[name])
    raise Undecidable


def _numbers(constants: list[Value], whole: bool) -> list[Value]:
    ordered = sorted({Decimal(value): value for value in constants if is_number(value)}.values())
    found: list[Value] = [floor(ordered[0]) - 1]
    for low, high in zip(ordered, [*ordered[1:], None], strict=True):
        if not whole or low == floor(low):
            found.append(low)
        if high is not None:
            found += _between(low, high, whole)
    return [*found, floor(ordered[-1]) + 1]


def _between(low: Value, high: Value, whole: bool) -> list[Value]:
    """A whole number if there is one; else the middle, unless only whole numbers count."""
    inner = floor(low) + 1
    if inner < high:
        return [inner]
    if whole:
        return []
    middle = numbers.CONTEXT.divide(numbers.CONTEXT.add(Decimal(low), Decimal(high)), Decimal(2))
    return [middle] if low < middle < high else []


def _texts(constants: list[str]) -> list[Value]:
    """In the order of code points: a text after the last, one before the first, and one between each two."""
    ordered = sorted(set(constants))
    found: list[Value] = [ordered[-1] + OTHER_TEXT] + ([] if ordered[0] == "" else [""])
    for low, high in itertools.pairwise(ordered):
        between = low + (" " if low + " " < high else "\x00")
        found += [low, between] if between < high else [low]
    return [*found, ordered[-1]]


def _scaled(constants: list[Value], scale: _Scale) -> list[Value]:
    if len({getattr(value, "zone", None) for value in constants}) > 1:
        raise Undecidable
    turns = {turn for value in constants for turn in _turns(scale.key(value), value)}
    ordered = sorted(turns)
    found = [ordered[0] - scale.step]
    for low, high in zip(ordered, [*ordered[1:], ordered[-1] + 2 * scale.step], strict=True):
        found.append(low)
        if high - low > 1:
            found.append(low + min(scale.step, (high - low) // 2))
    inside = [n for n in found if (scale.low is None or n >= scale.low) and (scale.high is None or n <= scale.high)]
    return [scale.make(n, constants[0]) for n in inside]


def _turns(key: int, value: Value) -> tuple[int, ...]:
    """Where an answer may change. Two moments within one second are equal though one is earlier."""
    if type(value) not in (Time, DateTime):
        return (key,)
    second = key - key % SECOND
    return (second, key, second + SECOND)
