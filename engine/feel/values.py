"""What an expression may compute with.

None, bool, str, numbers (int or Decimal, never float), Date, Time, DateTime, DaysDuration, MonthsDuration, Range,
Function, list and dict (a context; its keys are str).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.feel.run import Run
from engine.feel.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time
from engine.feel.types import Type

Value = Any


@dataclass(frozen=True, slots=True)
class Range:
    """An interval. ``form`` tells ``(<10)`` from ``(null..10)``: empty for a pair of ends, else the operator."""

    low: Value
    high: Value
    low_included: bool
    high_included: bool
    form: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    type: Type | None = None
    """Arguments are converted to it; None takes anything."""


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """Something that can be called: a function literal, a business knowledge model, a decision service."""

    name: str
    parameters: tuple[Parameter, ...]
    body: Callable[[Sequence[Value], Run], Value]
    """Called with exactly as many values as there are parameters, already converted."""
    result: Type | None = None
    variants: tuple["Native", ...] = ()
    """A built-in function: the ways to call it, tried in order. Empty for all others."""


@dataclass(frozen=True, slots=True)
class Argument:
    """A parameter of a built-in function."""

    name: str
    kinds: frozenset[type]
    """Python types it takes; empty for any."""
    wanted: str
    """The kinds in words."""
    optional: bool = False
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Native:
    """One way to call a built-in function."""

    arguments: tuple[Argument, ...]
    body: Callable[..., Value]
    """Called with the run and the values; optional ones that were not given are left out."""
    variadic: str = ""
    """``list``: the only parameter is a list, whose elements may be given one by one. ``rest``: the last parameter
    takes all further arguments, as a list."""


SCALARS = frozenset(
    {
        type(None),
        bool,
        str,
        int,
        Decimal,
        Date,
        Time,
        DateTime,
        DaysDuration,
        MonthsDuration,
        Range,
        Function,
    }
)
"""Types of values that need no conversion on the way in."""


def is_number(value: Value) -> bool:
    return type(value) is int or type(value) is Decimal


def kind(value: Value) -> str:
    """The value's type as a modeller knows it."""
    return _KINDS.get(type(value), "function")


_KINDS: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    str: "string",
    int: "number",
    Decimal: "number",
    Date: "date",
    Time: "time",
    DateTime: "date and time",
    DaysDuration: "days and time duration",
    MonthsDuration: "years and months duration",
    Range: "range",
    list: "list",
    dict: "context",
}
