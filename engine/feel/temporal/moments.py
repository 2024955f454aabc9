"""Date, time, and date and time: small frozen values that know how they were written."""

from dataclasses import dataclass

from engine.feel.temporal import calendar, zones
from engine.feel.temporal.durations import DAY, HOUR, MINUTE, SECOND

Zone = int | str | None
"""An offset from UTC in seconds, a zone's name, or nothing (local time)."""


@dataclass(frozen=True, slots=True)
class Date:
    days: int
    """Day number, 0 is 1970-01-01."""

    def __str__(self) -> str:
        return _date_text(self.days)


@dataclass(frozen=True, slots=True)
class Time:
    nanos: int
    """Since midnight, on the clock of its own zone."""
    zone: Zone = None

    def __str__(self) -> str:
        return _time_text(self.nanos) + zones.suffix(self.zone)

    @property
    def offset(self) -> int | None:
        """Seconds east of UTC. A zone's name is taken as of 1970-01-01, for a time knows no day."""
        return zones.offset(self.zone, 0, self.nanos)


@dataclass(frozen=True, slots=True)
class DateTime:
    days: int
    nanos: int
    zone: Zone = None

    def __str__(self) -> str:
        return f"{_date_text(self.days)}T{_time_text(self.nanos)}{zones.suffix(self.zone)}"

    @property
    def offset(self) -> int | None:
        """Seconds east of UTC at this moment."""
        return zones.offset(self.zone, self.days, self.nanos)


def make_date(year: int, month: int, day: int) -> Date | None:
    """None for a day that no calendar has."""
    if not (-calendar.MAX_YEAR <= year <= calendar.MAX_YEAR and 1 <= month <= 12):
        return None
    return Date(calendar.day_number(year, month, day)) if 1 <= day <= calendar.month_length(year, month) else None


def date_of(days: int) -> Date | None:
    """None beyond the years of DMN."""
    return Date(days) if calendar.MIN_DAY <= days <= calendar.MAX_DAY else None


def moment(days: int, nanos: int, zone: Zone) -> DateTime | None:
    """``nanos`` may lie outside the day; None beyond the years of DMN."""
    more, nanos = divmod(nanos, DAY)
    days += more
    return DateTime(days, nanos, zone) if calendar.MIN_DAY <= days <= calendar.MAX_DAY else None


def instant(value: DateTime | Time) -> int:
    """Nanoseconds since 1970-01-01T00:00 in UTC, or in local time for a value without a zone."""
    days = value.days if isinstance(value, DateTime) else 0
    return days * DAY + value.nanos - (value.offset or 0) * SECOND


def _date_text(days: int) -> str:
    year, month, day = calendar.civil(days)
    return f"{'-' if year < 0 else ''}{abs(year):04d}-{month:02d}-{day:02d}"


def _time_text(nanos: int) -> str:
    fraction = nanos % SECOND
    tail = f".{fraction:09d}".rstrip("0") if fraction else ""
    return f"{nanos // HOUR:02d}:{nanos // MINUTE % 60:02d}:{nanos // SECOND % 60:02d}{tail}"
