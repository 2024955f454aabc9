"""Dates and times from their ISO 8601 texts, as strict as XML Schema; anything else is None."""

import re

from engine.feel.temporal import durations, moments, zones
from engine.feel.temporal.durations import HOUR, MINUTE, SECOND
from engine.feel.temporal.moments import Date, DateTime, Time, Zone

_DATE = r"(?P<year>-?(?:[1-9]\d{4,8}|\d{4}))-(?P<month>\d\d)-(?P<day>\d\d)"
_TIME = (
    r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.(?P<fraction>\d+))?"
    r"(?:(?P<utc>Z)|(?P<sign>[+-])(?P<oh>\d\d):(?P<om>\d\d)(?::(?P<os>\d\d))?|@(?P<zone>.+))?"
)
_DATE_ONLY = re.compile(_DATE, re.ASCII)
_TIME_ONLY = re.compile(_TIME, re.ASCII)
_BOTH = re.compile(f"{_DATE}T{_TIME}", re.ASCII)


def parse_date(text: str) -> Date | None:
    found = _DATE_ONLY.fullmatch(text)
    return _date(found) if found else None


def parse_time(text: str) -> Time | None:
    """``24:00:00`` is midnight."""
    found = _TIME_ONLY.fullmatch(text)
    parts = _time(found) if found else None
    return Time(parts[0] % durations.DAY, parts[1]) if parts else None


def parse_date_time(text: str) -> DateTime | None:
    """A date alone is its midnight, without a zone."""
    found = _BOTH.fullmatch(text)
    if found is None:
        alone = parse_date(text)
        return DateTime(alone.days, 0) if alone else None
    date, parts = _date(found), _time(found)
    return moments.moment(date.days, parts[0], parts[1]) if date and parts else None


def parse_any(text: str) -> Date | Time | DateTime | durations.Duration | None:
    """What stands behind an @."""
    return parse_date(text) or parse_date_time(text) or parse_time(text) or durations.parse(text)


def _date(found: re.Match[str]) -> Date | None:
    return moments.make_date(int(found["year"]), int(found["month"]), int(found["day"]))


def _time(found: re.Match[str]) -> tuple[int, Zone] | None:
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"])
    nanos = hour * HOUR + minute * MINUTE + second * SECOND + durations.fraction_nanos(found["fraction"])
    if minute > 59 or second > 59 or nanos > durations.DAY:
        return None
    if found["zone"] is not None:
        return (nanos, found["zone"]) if zones.find(found["zone"]) else None
    if found["utc"]:
        return nanos, 0
    if not found["sign"]:
        return nanos, None
    offset = int(found["oh"]) * 3600 + int(found["om"]) * 60 + int(found["os"] or 0)
    if offset > zones.MAX_OFFSET or int(found["om"]) > 59 or int(found["os"] or 0) > 59:
        return None
    return nanos, -offset if found["sign"] == "-" else offset
