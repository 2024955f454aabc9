"""Values on their way in and out.

The rule for variables of a process: JSON values (None, bool, int, float, str, list, dict with str keys) and, beside
them, ``datetime.date``, ``datetime.time``, ``datetime.datetime``, ``datetime.timedelta`` and ``decimal.Decimal``.
In: a float is the decimal it is written as; a datetime keeps its zone's name when it has one.
Out: what Python cannot hold (years beyond 9999, months, ranges, nanoseconds) leaves as its FEEL text; a whole decimal
below 2**53 leaves as int, other decimals as Decimal. Functions do not leave.
"""

import datetime as dt
import math
import zoneinfo
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.feel import errors, formatting, numbers, temporal
from engine.feel.run import Run
from engine.feel.temporal import calendar, durations, zones
from engine.feel.values import SCALARS, Function, Range, Value

_EPOCH = dt.date(1970, 1, 1).toordinal()
MAX_DEPTH = 100
"""Levels of lists and contexts within each other."""
MAX_NODES = 250_000
"""Values in one result, those that it holds several times counted each time."""


def from_python(value: Any, run: Run | None = None) -> Value:
    """Raises ForeignValue for anything beyond the rule above and BudgetExceeded for too large or deep a value."""
    return _adopt(value, run or Run(), 0)


def _adopt(value: Any, run: Run, depth: int) -> Value:
    kind = type(value)
    if kind in SCALARS:
        return numbers.settle(value) if kind is int and not -numbers.LIMIT < value < numbers.LIMIT else value
    if depth > MAX_DEPTH:
        raise errors.depth(MAX_DEPTH)
    if isinstance(value, list | tuple):
        run.spend(1 + len(value))
        return [_adopt(item, run, depth + 1) for item in value]
    if isinstance(value, Mapping):
        run.spend(1 + len(value))
        if not all(isinstance(key, str) for key in value):
            raise errors.ForeignValue("mapping with keys that are not text")
        return {str(key): _adopt(item, run, depth + 1) for key, item in value.items()}
    return _adopt_scalar(value)


def _adopt_scalar(value: Any) -> Value:
    if isinstance(value, float):
        return numbers.from_float(value)
    if isinstance(value, dt.datetime):
        return temporal.DateTime(value.toordinal() - _EPOCH, _nanos(value), _zone(value))
    if isinstance(value, dt.date):
        return temporal.Date(value.toordinal() - _EPOCH)
    if isinstance(value, dt.time):
        return temporal.Time(_nanos(value), _zone(value))
    if isinstance(value, dt.timedelta):
        micros = (value.days * 86_400 + value.seconds) * 1_000_000 + value.microseconds
        return temporal.DaysDuration(micros * 1000)
    if isinstance(value, str):  # an enumeration or another heir of a plain type
        return str.__str__(value)
    if isinstance(value, int | Decimal):
        return int(value) if isinstance(value, int) else Decimal(value)
    raise errors.ForeignValue(type(value).__qualname__)


def _nanos(value: dt.datetime | dt.time) -> int:
    return ((value.hour * 60 + value.minute) * 60 + value.second) * durations.SECOND + value.microsecond * 1000


def _zone(value: dt.datetime | dt.time) -> int | str | None:
    if isinstance(value.tzinfo, zoneinfo.ZoneInfo) and value.tzinfo.key:
        return 0 if value.tzinfo.key == "UTC" else value.tzinfo.key
    offset = value.utcoffset()
    return None if offset is None else int(offset.total_seconds())


def to_python(value: Value, limit: int = MAX_NODES) -> Any:
    """Raises BudgetExceeded for more than ``limit`` nodes and ForeignValue for a function."""
    return _Exit(limit).leave(value)


class _Exit:
    """Counts on the way out: a small expression can make a value that is huge once nothing is shared any more."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.left = limit

    def leave(self, value: Value, depth: int = 0) -> Any:
        self.left -= 1
        if self.left < 0:
            raise errors.size(self.limit)
        if depth > MAX_DEPTH:
            raise errors.depth(MAX_DEPTH)
        if isinstance(value, list):
            return [self.leave(item, depth + 1) for item in value]
        if isinstance(value, dict):
            return {key: self.leave(item, depth + 1) for key, item in value.items()}
        return _leave_scalar(value)


def _leave_scalar(value: Value) -> Any:
    if isinstance(value, Decimal):
        whole = numbers.integral(value)
        return whole if whole is not None and abs(whole) < 1 << 53 else value
    if isinstance(value, temporal.Date):
        return _python_date(value.days) or str(value)
    if isinstance(value, temporal.Time):
        return _python_time(value.nanos, value.zone) or str(value)
    if isinstance(value, temporal.DateTime):
        date, time = _python_date(value.days), _python_time(value.nanos, value.zone)
        return dt.datetime.combine(date, time) if date and time else str(value)
    if isinstance(value, temporal.DaysDuration):
        return dt.timedelta(microseconds=value.nanos // 1000) if abs(value.nanos) < 10**22 else str(value)
    if isinstance(value, temporal.MonthsDuration | Range):
        return formatting.to_text(value)
    if isinstance(value, Function):
        raise errors.ForeignValue("function")
    return value


def _python_date(days: int) -> dt.date | None:
    year, month, day = calendar.civil(days)
    return dt.date(year, month, day) if 1 <= year <= 9999 else None


def _python_time(nanos: int, zone: int | str | None) -> dt.time | None:
    if nanos % 1000:
        return None
    seconds, rest = divmod(nanos, durations.SECOND)
    tzinfo: dt.tzinfo | None = None
    if isinstance(zone, str):
        tzinfo = zones.find(zone)
    elif zone is not None:
        tzinfo = dt.UTC if zone == 0 else dt.timezone(dt.timedelta(seconds=zone))
    return dt.time(seconds // 3600, seconds // 60 % 60, seconds % 60, rest // 1000, tzinfo)


def to_json(value: Value, limit: int = MAX_NODES) -> Any:
    """Plain JSON: dates and durations as their texts, decimals as the nearest float (as text where
    none is near), ranges as text.

    Functions are shown by name, for this form is read by people.
    """
    return _Plain(limit).leave(value)


class _Plain(_Exit):
    def leave(self, value: Value, depth: int = 0) -> Any:
        if isinstance(value, list | dict):
            return super().leave(value, depth)
        if value is None or isinstance(value, bool | str):
            return value
        if isinstance(value, int | Decimal):
            whole = numbers.integral(value)
            near = float(value) if whole is None else whole
            return near if math.isfinite(near) else formatting.to_text(value)
        return formatting.to_text(value)
