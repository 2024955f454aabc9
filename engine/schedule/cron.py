"""Cron lines: five fields as crontab writes them, six or seven with seconds (and years) as Quartz and Spring do.

Each field is ``*``, ``?``, a list of values, ranges and steps (``1-5``, ``*/15``, ``MON-FRI``); the day of the month
also ``L``, ``15W`` and ``LW``, the day of the week ``5L`` and ``5#2``. Days of the week count 0-7 from Sunday in five
fields and 1-7 from Sunday in six or more, which is what each family does. ``@daily`` and its like are known.
"""

import calendar
import re
from datetime import datetime, timedelta
from typing import NamedTuple

from engine import errors

_MONTHS = {"JAN": 1, "FEB": 2, "MAR": 3, "APR": 4, "MAY": 5, "JUN": 6, "JUL": 7, "AUG": 8, "SEP": 9} | {
    "OCT": 10,
    "NOV": 11,
    "DEC": 12,
}
_DAYS = {name: number for number, name in enumerate(["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"])}
_NAMED = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_HORIZON_YEARS = 12
"""A leap day is at most 8 years away, around a century without one; beyond 12 a line never comes."""


class Cron(NamedTuple):
    seconds: frozenset[int]
    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    """0 is Sunday."""
    years: frozenset[int]
    """Empty: any."""
    either_day: bool
    """Both day fields are given: a day that fits one of them fits (crontab's rule)."""
    special: tuple[tuple[str, int, int], ...]
    """``("L", 0, 0)`` last day, ``("LW", 0, 0)``, ``("W", day, 0)``, ``("DL", weekday, 0)``, ``("#", weekday, n)``."""


def parse(text: str) -> Cron:
    """Raises Invalid ``cron`` with the field that cannot be read."""
    line = _NAMED.get(text.strip().lower(), text.strip())
    fields = line.upper().split()
    if not 5 <= len(fields) <= 7 or len(line) > 200:
        raise _wrong(text, "fields")
    quartz = len(fields) > 5
    if not quartz:
        fields.insert(0, "0")
    special: list[tuple[str, int, int]] = []
    days = _days(fields[3], special, text)
    weekdays = _weekdays(fields[5], special, text, first=1 if quartz else 0)
    years = _field(fields[6], 1970, 2199, {}, text) if len(fields) == 7 and fields[6] not in "*?" else frozenset()
    given = [field not in ("*", "?") for field in (fields[3], fields[5])]
    return Cron(
        seconds=_field(fields[0], 0, 59, {}, text),
        minutes=_field(fields[1], 0, 59, {}, text),
        hours=_field(fields[2], 0, 23, {}, text),
        days=days,
        months=_field(fields[4], 1, 12, _MONTHS, text),
        weekdays=weekdays,
        years=years,
        either_day=all(given),
        special=tuple(special),
    )


def following(cron: Cron, after: datetime) -> datetime | None:
    """The first moment later than ``after`` that fits, in ``after``'s zone; None when there is none within years."""
    moment = (after + timedelta(seconds=1)).replace(microsecond=0)
    last_year = moment.year + _HORIZON_YEARS
    while moment.year <= last_year:
        if cron.years and moment.year not in cron.years:
            later = [year for year in cron.years if year > moment.year]
            if not later:
                return None
            moment = moment.replace(year=min(later), month=1, day=1, hour=0, minute=0, second=0)
            last_year = max(last_year, moment.year + _HORIZON_YEARS)
        elif moment.month not in cron.months:
            moment = _next_month(moment)
        elif not _day_fits(cron, moment):
            moment = _midnight(moment + timedelta(days=1))
        elif moment.hour not in cron.hours:
            moment = moment.replace(minute=0, second=0) + timedelta(hours=1)
        elif moment.minute not in cron.minutes:
            moment = moment.replace(second=0) + timedelta(minutes=1)
        elif moment.second not in cron.seconds:
            moment += timedelta(seconds=1)
        else:
            return moment
        if moment.year >= 9998:
            return None
    return None


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0)


def _next_month(moment: datetime) -> datetime:
    year, month = (moment.year + 1, 1) if moment.month == 12 else (moment.year, moment.month + 1)
    return _midnight(moment.replace(year=year, month=month, day=1))


def _day_fits(cron: Cron, moment: datetime) -> bool:
    if any(_special_fits(rule, moment) for rule in cron.special):
        return True
    weekday = (moment.weekday() + 1) % 7
    by_day, by_weekday = moment.day in cron.days, weekday in cron.weekdays
    if cron.special and not (cron.either_day and (by_day or by_weekday)):
        return False
    return (by_day or by_weekday) if cron.either_day else (by_day and by_weekday)


def _special_fits(rule: tuple[str, int, int], moment: datetime) -> bool:
    kind, value, number = rule
    last = calendar.monthrange(moment.year, moment.month)[1]
    weekday = (moment.weekday() + 1) % 7
    if kind == "L":
        return moment.day == last - value
    if kind in ("W", "LW"):
        return moment.day == _nearest_weekday(moment, last if kind == "LW" else min(value, last), last)
    if kind == "DL":
        return weekday == value and moment.day > last - 7
    return weekday == value and (moment.day - 1) // 7 + 1 == number


def _nearest_weekday(moment: datetime, day: int, last: int) -> int:
    at = moment.replace(day=day).weekday()
    if at == 5:
        return day - 1 if day > 1 else day + 2
    if at == 6:
        return day + 1 if day < last else day - 2
    return day


def _days(field: str, special: list[tuple[str, int, int]], text: str) -> frozenset[int]:
    plain = []
    for part in field.split(","):
        if part == "LW":
            special.append(("LW", 0, 0))
        elif match := re.fullmatch(r"L(?:-(\d{1,2}))?", part):
            special.append(("L", int(match[1] or 0), 0))
        elif match := re.fullmatch(r"(\d{1,2})W", part):
            special.append(("W", int(match[1]), 0))
        else:
            plain.append(part)
    return _field(",".join(plain), 1, 31, {}, text) if plain else frozenset()


def _weekdays(field: str, special: list[tuple[str, int, int]], text: str, *, first: int) -> frozenset[int]:
    plain = []
    for part in field.split(","):
        match = re.fullmatch(r"(\d|[A-Z]{3})(?:(L)|#(\d))", part)
        if match is None:
            plain.append("7" if part == "L" and first else part)
            continue
        day = _DAYS[match[1]] if match[1] in _DAYS else int(match[1]) - first if match[1].isdigit() else -1
        if not -1 < day < 8 or (match[3] and not 1 <= int(match[3]) <= 5):
            raise _wrong(text, part)
        special.append(("DL", day % 7, 0) if match[2] else ("#", day % 7, int(match[3])))
    if not plain:
        return frozenset()
    names = {name: number + first for name, number in _DAYS.items()}
    return frozenset((day - first) % 7 for day in _field(",".join(plain), first, 7, names, text))


def _field(field: str, low: int, high: int, names: dict[str, int], text: str) -> frozenset[int]:
    values: set[int] = set()
    for part in field.split(","):
        match = re.fullmatch(r"(\*|\?|\d{1,4}|[A-Z]{3})(?:-(\d{1,4}|[A-Z]{3}))?(?:/(\d{1,4}))?", part)
        if match is None:
            raise _wrong(text, part)
        start = low if match[1] in "*?" else _number(match[1], names, text)
        end = high if match[1] in "*?" or (match[3] and not match[2]) else start
        if match[2]:
            end = _number(match[2], names, text)
        step = int(match[3] or 1)
        if step < 1 or not low <= start <= high or not low <= end <= high:
            raise _wrong(text, part)
        if end < start:  # FRI-MON runs over the end
            values.update(range(start, high + 1, step))
            start = low
        values.update(range(start, end + 1, step))
    return frozenset(values)


def _number(text: str, names: dict[str, int], line: str) -> int:
    if text.isdigit():
        return int(text)
    if text not in names:
        raise _wrong(line, text)
    return names[text]


def _wrong(text: str, part: str) -> errors.Invalid:
    return errors.Invalid(
        "cron",
        zh=f"cron 表达式“{text[:80]}”读不懂：{part}",
        en=f"the cron line {text[:80]!r} cannot be read at {part}",
    )
