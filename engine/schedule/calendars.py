"""Business calendars: which hours count, in which zone, on which days not."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from engine import errors
from engine.schedule import holidays

NEVER_CHANGED = datetime(2025, 11, 4, tzinfo=UTC)
"""When the newest of the shipped holidays were announced."""
_LIMIT_DAYS = 366 * 30
"""A promise further away than this has a calendar without open hours behind it."""


class Calendar(msgspec.Struct, frozen=True, kw_only=True):
    """``weeks`` has seven entries, Monday first: the open spans of a day as (from, to) in minutes."""

    key: str
    zone: str = "UTC"
    weeks: tuple[tuple[tuple[int, int], ...], ...] = ()
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    """Days worked although they are a weekend (make-up days); they have the hours of ``makeup``."""
    makeup: tuple[tuple[int, int], ...] = ((9 * 60, 18 * 60),)

    @property
    def tz(self) -> ZoneInfo:
        """Raises Invalid ``zone`` for a zone nobody knows."""
        try:
            return ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise errors.Invalid(
                "zone",
                zh=f"日历 {self.key} 的时区“{self.zone}”不存在",
                en=f"calendar {self.key} names the unknown time zone {self.zone!r}",
            ) from None


_OFFICE = ((9 * 60, 18 * 60),)
_EIGHT_HOURS = ((9 * 60, 12 * 60), (13 * 60, 18 * 60))
_TEN_HOURS = ((8 * 60, 12 * 60), (13 * 60, 19 * 60))


def _china(key: str, hours: tuple[tuple[int, int], ...]) -> Calendar:
    """Monday to Friday but for the holidays of China; make-up days have the same hours."""
    years = holidays.years("CN")
    return Calendar(
        key=key,
        zone="Asia/Shanghai",
        weeks=(hours,) * 5 + ((), ()),
        holidays=frozenset(day for year in years for day in holidays.of("CN", year)),
        workdays=frozenset(day for year in years for day in holidays.makeup("CN", year)),
        makeup=hours,
    )


BUILT_IN = {
    "24x7": Calendar(key="24x7", weeks=(((0, 24 * 60),),) * 7),
    "weekdays": _china("weekdays", _OFFICE),
    "cn-24x7": Calendar(key="cn-24x7", zone="Asia/Shanghai", weeks=(((0, 24 * 60),),) * 7),
    "cn-5x8": _china("cn-5x8", _EIGHT_HOURS),
    "cn-5x10": _china("cn-5x10", _TEN_HOURS),
}
"""Calendars that exist without anybody defining them; the house may put its own in their place."""


def spans(calendar: Calendar, day: date) -> tuple[tuple[int, int], ...]:
    """The open spans of ``day`` in minutes, in order."""
    if day in calendar.workdays:
        return calendar.makeup
    if day in calendar.holidays or not calendar.weeks:
        return ()
    return calendar.weeks[day.weekday()]


def opened(calendar: Calendar, day: date) -> Iterator[tuple[datetime, datetime]]:
    """The same as moments in UTC."""
    zone = calendar.tz
    for opens, closes in spans(calendar, day):
        yield _at(day, opens, zone), _at(day, closes, zone)


def add_time(calendar: Calendar, start: datetime, span: timedelta) -> datetime:
    """The moment in UTC when ``span`` of open time has passed since ``start``.

    A span of nothing ends at the next open moment. Raises Invalid ``calendar_closed`` when it never comes.
    """
    zone = calendar.tz
    local = start.astimezone(zone)
    day, left = local.date(), span
    for _ in range(_LIMIT_DAYS):
        for opens, end in opened(calendar, day):
            begin = max(opens, start)
            if end > begin:
                if end - begin >= left:
                    return (begin + left).astimezone(UTC)
                left -= end - begin
        day += timedelta(days=1)
    raise _closed(calendar)


def add_days(calendar: Calendar, start: datetime, days: float) -> datetime:
    """The same time of day ``days`` working days later (a part of a day counts as that part of its open hours)."""
    zone = calendar.tz
    local = start.astimezone(zone)
    whole, part = int(days), days - int(days)
    day, left = local.date(), whole
    for _ in range(_LIMIT_DAYS):
        if left == 0:
            break
        day += timedelta(days=1)
        if spans(calendar, day):
            left -= 1
    else:
        raise _closed(calendar)
    moment = local.replace(year=day.year, month=day.month, day=day.day).astimezone(UTC)
    return add_time(calendar, moment, part * _open_hours(calendar, day) if part else timedelta())


def _open_hours(calendar: Calendar, day: date) -> timedelta:
    """Of ``day``; of the next day that is open when it is closed."""
    for _ in range(_LIMIT_DAYS):
        found = spans(calendar, day)
        if found:
            return timedelta(minutes=sum(closes - opens for opens, closes in found))
        day += timedelta(days=1)
    raise _closed(calendar)


def open_time(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """How much open time lies between two moments; nothing when ``end`` is not later."""
    zone = calendar.tz
    day, last, total = start.astimezone(zone).date(), end.astimezone(zone).date(), timedelta()
    while day <= last:
        for opens, closes in opened(calendar, day):
            total += max(min(closes, end) - max(opens, start), timedelta())
        day += timedelta(days=1)
    return total


def _at(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    # In UTC at once: two moments of one zone would be subtracted as wall time, wrong where clocks change.
    if minutes >= 24 * 60:
        return datetime.combine(day + timedelta(days=1), time.min, zone).astimezone(UTC)
    return datetime.combine(day, time(minutes // 60, minutes % 60), zone).astimezone(UTC)


def _closed(calendar: Calendar) -> errors.Invalid:
    return errors.Invalid(
        "calendar_closed",
        zh=f"日历 {calendar.key} 没有开放时间",
        en=f"calendar {calendar.key} has no open hours in the next thirty years",
    )
