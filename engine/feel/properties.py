"""The properties of dates, times, durations and ranges: what may stand behind a dot."""

from collections.abc import Callable

from engine.feel import temporal
from engine.feel.temporal import calendar, durations
from engine.feel.temporal.durations import HOUR, MINUTE, SECOND
from engine.feel.values import Range, Value

_Property = Callable[[Value], Value]

_OF_DAYS: dict[str, _Property] = {
    "year": lambda value: calendar.civil(value.days)[0],
    "month": lambda value: calendar.civil(value.days)[1],
    "day": lambda value: calendar.civil(value.days)[2],
    "weekday": lambda value: calendar.weekday(value.days),
}


def _offset(value: Value) -> Value:
    return None if value.offset is None else temporal.DaysDuration(value.offset * SECOND)


_OF_CLOCKS: dict[str, _Property] = {
    "hour": lambda value: value.nanos // HOUR,
    "minute": lambda value: value.nanos // MINUTE % 60,
    "second": lambda value: value.nanos // SECOND % 60,
    "time offset": _offset,
    "timezone": lambda value: value.zone if isinstance(value.zone, str) else None,
}


def _part(unit: int, limit: int) -> _Property:
    """How many units, below the limit of the next larger one, with the duration's sign."""

    def part(value: Value) -> Value:
        count = abs(value.nanos) // unit
        count = count % limit if limit else count
        return -count if value.nanos < 0 else count

    return part


def _months_part(part: int) -> _Property:
    return lambda value: divmod(abs(value.months), 12)[part] * (-1 if value.months < 0 else 1)


_PROPERTIES: dict[type, dict[str, _Property]] = {
    temporal.Date: _OF_DAYS,
    temporal.Time: _OF_CLOCKS,
    temporal.DateTime: _OF_DAYS | _OF_CLOCKS,
    temporal.MonthsDuration: {"years": _months_part(0), "months": _months_part(1)},
    temporal.DaysDuration: {
        "days": _part(durations.DAY, 0),
        "hours": _part(HOUR, 24),
        "minutes": _part(MINUTE, 60),
        "seconds": _part(SECOND, 60),
    },
    Range: {
        "start": lambda value: value.low,
        "end": lambda value: value.high,
        "start included": lambda value: value.low_included,
        "end included": lambda value: value.high_included,
    },
}


def of(value: Value) -> dict[str, _Property]:
    return _PROPERTIES.get(type(value), {})
