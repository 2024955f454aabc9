"""ISO 8601 dates and durations as timers write them.

``PnYnMnDTnHnMnS`` and ``PnW`` with an optional sign, each number whole but the seconds (and any last number, which may
have a fraction); moments in extended form, with ``Z`` or an offset or neither. A moment that names no zone is meant in
``zone`` (UTC unless a calendar says otherwise).
"""

import calendar
import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple

from engine import errors

_DURATION = re.compile(
    r"([+-])?P(?=[\dT])(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6}(?:[.,]\d{1,9})?)W)?(?:(\d{1,8}(?:[.,]\d{1,9})?)D)?"
    r"(?:T(?=\d)(?:(\d{1,9}(?:[.,]\d{1,9})?)H)?(?:(\d{1,9}(?:[.,]\d{1,9})?)M)?(?:(\d{1,12}(?:[.,]\d{1,9})?)S)?)?",
    re.ASCII,
)


class Duration(NamedTuple):
    """``months`` move along the calendar, ``days`` along its days, ``rest`` is exact; all of one sign."""

    months: int
    days: float
    rest: timedelta

    @property
    def empty(self) -> bool:
        return not (self.months or self.days or self.rest)


@lru_cache(maxsize=1024)
def duration(text: str) -> Duration:
    """Raises Invalid ``duration`` for anything that is no ISO 8601 duration."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise errors.Invalid(
            "duration",
            zh=f"“{text[:80]}”不是 ISO 8601 时长，例如 PT4H 或 P1D",
            en=f"expected an ISO 8601 duration such as PT4H or P1D, got {text[:80]!r}",
        )
    sign = -1 if match[1] == "-" else 1
    years, months = int(match[2] or 0), int(match[3] or 0)
    weeks, days, hours, minutes, seconds = (float((part or "0").replace(",", ".")) for part in match.groups()[3:])
    rest = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return Duration(sign * (years * 12 + months), sign * (weeks * 7 + days), sign * rest)


def add(moment: datetime, step: Duration) -> datetime:
    """``moment`` moved by ``step``: months first (the day cut to the month's last), then days, then the rest.

    Raises Invalid ``moment_out_of_range`` outside the years 1 to 9999.
    """
    try:
        if step.months:
            months = moment.year * 12 + moment.month - 1 + step.months
            year, month = divmod(months, 12)
            day = min(moment.day, calendar.monthrange(year, month + 1)[1])
            moment = moment.replace(year=year, month=month + 1, day=day)
        return moment + timedelta(days=step.days) + step.rest
    except (ValueError, OverflowError):
        raise out_of_range() from None


def out_of_range() -> errors.Invalid:
    return errors.Invalid(
        "moment_out_of_range",
        zh="时间点超出公元 1 至 9999 年",
        en="the moment lies outside the years 1 to 9999",
    )


def moment(value: str | date | datetime, zone: tzinfo = UTC) -> datetime:
    """An aware moment in UTC. A date alone means its midnight. Raises Invalid ``moment``."""
    if isinstance(value, str):
        text = value.strip()
        try:
            # Modellers write the zone's name in brackets behind the offset; the offset says it already.
            value = datetime.fromisoformat(re.sub(r"\[[\w/+-]{1,40}\]$", "", text))
        except ValueError:
            raise errors.Invalid(
                "moment",
                zh=f"“{text[:80]}”不是 ISO 8601 时间点，例如 2026-03-01T09:00:00Z",
                en=f"expected an ISO 8601 moment such as 2026-03-01T09:00:00Z, got {text[:80]!r}",
            ) from None
    if not isinstance(value, datetime):
        value = datetime.combine(value, time.min)
    if value.tzinfo is None:
        value = value.replace(tzinfo=zone)
    try:
        return value.astimezone(UTC)
    except OverflowError:
        return value.replace(tzinfo=UTC)


def write(step: timedelta) -> str:
    """``P1DT2H`` for a day and two hours; ``PT0S`` for nothing."""
    seconds = abs(step).total_seconds()
    days, seconds = divmod(seconds, 86400)
    hours, seconds = divmod(seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    clock = "".join(
        f"{value:g}{unit}" for value, unit in ((hours, "H"), (minutes, "M"), (round(seconds, 6), "S")) if value
    )
    text = (f"{days:g}D" if days else "") + (f"T{clock}" if clock else "")
    return ("-" if step < timedelta(0) else "") + "P" + (text or "T0S")
