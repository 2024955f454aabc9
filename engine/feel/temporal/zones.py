"""Offsets of zones, also for years that Python's dates do not reach."""

import re
import zoneinfo
from datetime import datetime, timedelta
from functools import lru_cache

from engine.feel.temporal import calendar
from engine.feel.temporal.durations import SECOND

MAX_OFFSET = 18 * 3600
"""Seconds; no place on earth is further from UTC."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+\-]*(?:/[A-Za-z0-9_+\-]+){0,2}", re.ASCII)


@lru_cache(maxsize=1024)
def find(name: str) -> zoneinfo.ZoneInfo | None:
    """The zone of the tz database; None for a name that is none, or that tries to be a path."""
    if len(name) > 64 or not _NAME.fullmatch(name):
        return None
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


def offset(zone: int | str | None, days: int, nanos: int) -> int | None:
    """Seconds east of UTC at a local moment; None where there is no zone."""
    if zone is None or isinstance(zone, int):
        return zone
    found = find(zone)
    year, month, day = calendar.civil(days)
    # Beyond Python's years: the rules repeat every 400 years, and before year 1 there was mean solar time.
    year = 2000 + year % 400 if year > 9998 else max(year, 2)
    local = datetime(year, month, min(day, calendar.month_length(year, month))) + timedelta(seconds=nanos // SECOND)
    shift = local.replace(tzinfo=found).utcoffset()
    return None if shift is None else int(shift.total_seconds())


def suffix(zone: int | str | None) -> str:
    if zone is None:
        return ""
    if isinstance(zone, str):
        return f"@{zone}"
    if zone == 0:
        return "Z"
    minutes, seconds = divmod(abs(zone), 60)
    tail = f":{seconds:02d}" if seconds else ""
    return f"{'-' if zone < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}{tail}"
