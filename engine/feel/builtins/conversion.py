"""Functions that make one kind of value from another."""

import re

from engine.feel import formatting, numbers, temporal
from engine.feel.calling import native
from engine.feel.run import Run
from engine.feel.temporal import calendar, durations, moments, reading, zones
from engine.feel.temporal.durations import HOUR, MINUTE, SECOND
from engine.feel.values import Value

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


def missing(run: Run, name: str, value: Value) -> None:
    """The function's text names nothing: null, with the reason."""
    run.warn("no_result", name=name, reason=str(value)[:80])


def _date_from(run: Run, value: Value) -> Value:
    if isinstance(value, str):
        parsed = reading.parse_date(value)
        return parsed if parsed is not None else missing(run, "date", value)
    return temporal.Date(value.days)


def _date_of_parts(run: Run, year: Value, month: Value, day: Value) -> Value:
    parts = [numbers.integral(part) for part in (year, month, day)]
    if None in parts:
        return missing(run, "date", (year, month, day))
    found = moments.make_date(*(part or 0 for part in parts))
    return found if found is not None else missing(run, "date", parts)


def _time_from(run: Run, value: Value) -> Value:
    if isinstance(value, str):
        parsed = reading.parse_time(value)
        return parsed if parsed is not None else missing(run, "time", value)
    if isinstance(value, temporal.Date):
        return temporal.Time(0, 0)
    return temporal.Time(value.nanos, value.zone)


def _time_of_parts(run: Run, hour: Value, minute: Value, second: Value, offset: Value) -> Value:
    hours, minutes = numbers.integral(hour), numbers.integral(minute)
    if hours is None or minutes is None or not (0 <= hours < 24 and 0 <= minutes < 60 and 0 <= second < 60):
        return missing(run, "time", (hour, minute, second))
    zone = None
    if offset is not None:
        zone, rest = divmod(offset.nanos, SECOND)
        if rest or abs(zone) > zones.MAX_OFFSET:
            return missing(run, "time", offset)
    nanos = int(numbers.CONTEXT.multiply(second, SECOND)) if not isinstance(second, int) else second * SECOND
    return temporal.Time(hours * HOUR + minutes * MINUTE + nanos, zone)


def _date_time_from(run: Run, value: Value) -> Value:
    if isinstance(value, str):
        parsed = reading.parse_date_time(value)
        return parsed if parsed is not None else missing(run, "date and time", value)
    return value if isinstance(value, temporal.DateTime) else temporal.DateTime(value.days, 0, 0)


def _date_time_of_parts(run: Run, date: Value, time: Value) -> Value:
    return temporal.DateTime(date.days, time.nanos, time.zone)


def _date_time_in_zone(run: Run, date: Value, zone: str) -> Value:
    """The same instant on the clock of another zone (Camunda 8)."""
    if zones.find(zone) is None or date.zone is None:
        return missing(run, "date and time", zone)
    utc = moments.instant(date)
    days, nanos = divmod(utc, durations.DAY)
    shift = zones.offset(zone, days, nanos) or 0
    return moments.moment(days, nanos + shift * SECOND, zone)


def _duration(run: Run, text: Value) -> Value:
    if not isinstance(text, str):
        return text
    parsed = durations.parse(text)
    return parsed if parsed is not None else missing(run, "duration", text)


def _months_between(run: Run, start: Value, end: Value) -> Value:
    """Whole months from day to day; the time of day does not count."""
    first, last = start.days, end.days
    months = _whole_months(first, last) if first <= last else -_whole_months(last, first)
    return temporal.MonthsDuration(months)


def _whole_months(first: int, last: int) -> int:
    year, month, day = calendar.civil(first)
    last_year, last_month, last_day = calendar.civil(last)
    return (last_year - year) * 12 + last_month - month - (last_day < day)


def _number(run: Run, text: str) -> Value:
    return _read_number(run, text, text)


def _number_with_separators(run: Run, text: str, grouping: str | None, point: str | None) -> Value:
    """The separators are one of space, comma, point (grouping) and comma, point (decimal), and differ."""
    if grouping not in (None, " ", ",", ".") or point not in (None, ",", ".") or (grouping and grouping == point):
        return missing(run, "number", text)
    plain = text.replace(grouping, "") if grouping else text
    if point and point != ".":
        plain = plain.replace(".", "x").replace(point, ".")
    return _read_number(run, plain, text)


def _read_number(run: Run, plain: str, text: str) -> Value:
    found = _NUMBER.fullmatch(plain)
    number = numbers.from_text(plain) if found else None
    if number is None:
        return missing(run, "number", text)
    return number


def _string(run: Run, value: Value) -> Value:
    return None if value is None else formatting.to_text(value, run)


FUNCTIONS = (
    native(
        "date",
        ("from: string | date | date and time", _date_from),
        ("year: number, month: number, day: number", _date_of_parts),
    ),
    native(
        "time",
        ("from: string | time | date and time | date", _time_from),
        (
            "hour: number, minute: number, second: number, offset: days and time duration | null?",
            _time_of_parts,
        ),
    ),
    native(
        "date and time",
        ("from: string | date and time | date", _date_time_from),
        ("date: date | date and time, time: time", _date_time_of_parts),
        ("date: date and time, timezone: string", _date_time_in_zone),
    ),
    native("duration", ("from: string | days and time duration | years and months duration", _duration)),
    native(
        "years and months duration",
        ("from: date | date and time, to: date | date and time", _months_between),
    ),
    native(
        "number",
        ("from: string", _number),
        ("from: string, grouping separator: string | null, decimal separator: string | null", _number_with_separators),
    ),
    native("string", ("from: Any", _string)),
)
