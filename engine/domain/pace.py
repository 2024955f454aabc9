"""How fast and when a campaign may speak: so many in a minute, and never in the quiet hours. Pure."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from engine import errors

HOUSE_ZONE = ZoneInfo("Asia/Shanghai")
"""Whose evening is quiet."""
ROUND = timedelta(minutes=1)
_HOURS = re.compile(r"([0-9]{2}:[0-9]{2})-([0-9]{2}:[0-9]{2})")


def quiet(words: str) -> tuple[time, time] | None:
    """``21:00-08:00``; nothing, or a beginning that is the end, means no quiet hours. Raises Invalid."""
    if not words:
        return None
    found = _HOURS.fullmatch(words)
    try:
        begins, ends = (time.fromisoformat(part) for part in (found.groups() if found else ("", "")))
    except ValueError:
        raise errors.Invalid(
            "quiet_hours_wrong",
            zh=f"静默时段“{words[:40]}”有误，例如 21:00-08:00",
            en=f"the quiet hours {words[:40]!r} are wrong, expected such as 21:00-08:00",
        ) from None
    return None if begins == ends else (begins, ends)


def awake(now: datetime, hours: tuple[time, time] | None) -> datetime:
    """``now``, or the end of the quiet hours that it lies in; they may go over midnight."""
    if hours is None:
        return now
    begins, ends = hours
    here = now.astimezone(HOUSE_ZONE)
    clock = here.time()
    inside = begins <= clock < ends if begins < ends else clock >= begins or clock < ends
    if not inside:
        return now
    day = here.date() + timedelta(days=1 if clock >= ends else 0)
    return datetime.combine(day, ends, tzinfo=HOUSE_ZONE)
