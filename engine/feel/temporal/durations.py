"""The two kinds of duration. They never mix: a month has no fixed number of days."""

import re
from dataclasses import dataclass

SECOND = 1_000_000_000
"""Nanoseconds; the unit of all times within a day and of days and time durations."""
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

MAX_NANOS = 10**30
MAX_MONTHS = 10**12

_MONTHS = re.compile(r"(-)?P(?:(\d{1,18})Y)?(?:(\d{1,18})M)?", re.ASCII)
_DAYS = re.compile(
    r"(-)?P(?:(\d{1,18})D)?(?:(T)(?:(\d{1,18})H)?(?:(\d{1,18})M)?(?:(\d{1,18})(?:\.(\d*))?S)?)?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class MonthsDuration:
    """Years and months."""

    months: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        sign = "-" if self.months < 0 else ""
        return f"{sign}P{f'{years}Y' if years else ''}{f'{months}M' if months or not years else ''}"


@dataclass(frozen=True, slots=True)
class DaysDuration:
    """Days and time, in nanoseconds."""

    nanos: int

    def __str__(self) -> str:
        days, rest = divmod(abs(self.nanos), DAY)
        hours, rest = divmod(rest, HOUR)
        minutes, rest = divmod(rest, MINUTE)
        seconds, fraction = divmod(rest, SECOND)
        tail = f".{fraction:09d}".rstrip("0") if fraction else ""
        time = f"{f'{hours}H' if hours else ''}{f'{minutes}M' if minutes else ''}"
        time += f"{seconds}{tail}S" if seconds or tail or not (days or time) else ""
        return f"{'-' if self.nanos < 0 else ''}P{f'{days}D' if days else ''}{'T' + time if time else ''}"


Duration = MonthsDuration | DaysDuration


def fraction_nanos(digits: str | None) -> int:
    """The nanoseconds of the digits after a decimal point; more than nine are cut off."""
    return int((digits or "").ljust(9, "0")[:9])


def parse(text: str) -> Duration | None:
    """The duration that an ISO 8601 text names: years and months, or days and time; None for anything else."""
    months = _MONTHS.fullmatch(text)
    if months and (months[2] or months[3]):
        total = int(months[2] or 0) * 12 + int(months[3] or 0)
        return months_duration(-total if months[1] else total)
    days = _DAYS.fullmatch(text)
    if days is None or not any(days.group(2, 4, 5, 6)) or (days[3] and not any(days.group(4, 5, 6))):
        return None
    total = int(days[2] or 0) * DAY + int(days[4] or 0) * HOUR + int(days[5] or 0) * MINUTE
    total += int(days[6] or 0) * SECOND + fraction_nanos(days[7])
    return days_duration(-total if days[1] else total)


def months_duration(months: int) -> MonthsDuration | None:
    """None where it is longer than any date could use."""
    return MonthsDuration(months) if -MAX_MONTHS <= months <= MAX_MONTHS else None


def days_duration(nanos: int) -> DaysDuration | None:
    return DaysDuration(nanos) if -MAX_NANOS <= nanos <= MAX_NANOS else None
