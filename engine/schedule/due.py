"""When a timer is due: dates, durations and cycles, in clock time or in a calendar's business time."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from engine import errors
from engine.schedule import calendars, cron, iso

FOR_EVER = -1
_SPAN = re.compile(r"\s*[+-]?P")
_CYCLE = re.compile(r"R(\d{0,9})/(.+)", re.DOTALL)
_LEAST = timedelta(seconds=1)
"""A cycle of nothing would fire for ever in one moment."""


class Due(NamedTuple):
    at: datetime
    """In UTC."""
    left: int
    """Firings still to come after this one; FOR_EVER without end."""


def after(span: str | timedelta, start: datetime, calendar: calendars.Calendar | None = None) -> datetime:
    """``span`` later than ``start``; in business time a day is a working day and hours are open hours.

    Raises Invalid for a text that is no duration, and outside the years 1 to 9999.
    """
    step = iso.duration(span) if isinstance(span, str) else iso.Duration(0, 0, span)
    if calendar is None or step.rest < timedelta(0) or step.days < 0:
        found = iso.add(start, step)
        return found if found.tzinfo is UTC else found.astimezone(UTC)
    moment = iso.add(start, iso.Duration(step.months, 0, timedelta()))
    try:
        if step.days:
            moment = calendars.add_days(calendar, moment, step.days)
        if step.rest or not step.days:
            moment = calendars.add_time(calendar, moment, step.rest)
    except OverflowError:
        raise iso.out_of_range() from None
    return moment.astimezone(UTC)


def moment(value: object, now: datetime, calendar: calendars.Calendar | None = None) -> datetime:
    """What an author means by a due date: a moment, a date, or a duration from ``now``. Raises Invalid."""
    if isinstance(value, timedelta):
        return after(value, now, calendar)
    if isinstance(value, str) and _SPAN.match(value):
        return after(value.strip(), now, calendar)
    if isinstance(value, str | date):
        return iso.moment(value, calendar.tz if calendar else UTC)
    raise errors.Invalid(
        "moment",
        zh=f"期望一个时间点或时长，得到 {type(value).__name__}",
        en=f"expected a moment or a duration, got {type(value).__name__}",
    )


def first(kind: str, value: object, now: datetime, calendar: calendars.Calendar | None = None) -> Due:
    """The first firing of a timer of ``kind`` ``date``, ``duration`` or ``cycle``. A date in the past is due now."""
    if kind == "cycle" and isinstance(value, str) and not _SPAN.match(value):
        return _first_of_cycle(value.strip(), now, calendar)
    return Due(moment(value, now, calendar), 0)


def following(text: str, due: datetime, left: int, calendar: calendars.Calendar | None = None) -> Due | None:
    """The firing of the cycle ``text`` after the one that was due at ``due``; None when that was the last.

    Counted from ``due``, not from the moment it was handled: a late clock does not shift the rest.
    """
    if left == 0:
        return None
    still = left - 1 if left > 0 else FOR_EVER
    match = _CYCLE.fullmatch(text.strip())
    if match is None:
        return _next_by_cron(text, due, still, calendar)
    parts = match[2].split("/")
    span = next((part for part in parts if _SPAN.match(part)), parts[-1])
    later = max(after(span, due, calendar), due + _LEAST)
    if len(parts) == 2 and parts[0] == span and later > iso.moment(parts[1], calendar.tz if calendar else UTC):
        return None
    return Due(later, still)


def _first_of_cycle(text: str, now: datetime, calendar: calendars.Calendar | None) -> Due:
    match = _CYCLE.fullmatch(text)
    if match is None:
        due = _next_by_cron(text, now, FOR_EVER, calendar)
        if due is None:
            raise errors.Invalid("cron", zh=f"“{text}”永远不会到期", en=f"the cron line {text!r} never comes")
        return due
    times = int(match[1]) if match[1] else None
    left = FOR_EVER if times is None else max(times - 1, 0)
    parts = [part.strip() for part in match[2].split("/")]
    spans = [part for part in parts if _SPAN.match(part)]
    if len(parts) > 2 or (len(parts) == 2 and len(spans) != 1) or not spans:
        raise errors.Invalid(
            "cycle",
            zh=f"“{text[:80]}”不是 ISO 8601 重复周期，例如 R3/PT1H",
            en=f"expected an ISO 8601 cycle such as R3/PT1H, got {text[:80]!r}",
        )
    if len(parts) == 1:
        return Due(max(after(spans[0], now, calendar), now + _LEAST), left)
    zone = calendar.tz if calendar else UTC
    if parts[0] == spans[0]:  # R3/PT1H/2026-01-01T00:00:00Z ends there
        begin = max(after(spans[0], now, calendar), now + _LEAST)
        return Due(begin, left if begin <= iso.moment(parts[1], zone) else 0)
    return _from_start(iso.moment(parts[0], zone), spans[0], left, now)


def _from_start(start: datetime, span: str, left: int, now: datetime) -> Due:
    """The first firing not before ``now`` of a cycle that began at ``start``; missed ones are not made up for."""
    step = iso.duration(span)
    if start < now and not step.months:
        length = timedelta(days=step.days) + step.rest
        if length < _LEAST:
            length = _LEAST
        missed = -((start - now) // length)
        missed = missed if left < 0 else min(missed, left)
        return Due(start + length * missed, left - missed if left > 0 else left)
    while start < now and left != 0 and not step.empty:
        start, left = iso.add(start, step), left - 1 if left > 0 else left
    return Due(start, left)


def _next_by_cron(text: str, moment: datetime, left: int, calendar: calendars.Calendar | None) -> Due | None:
    """In a calendar: by its zone, and at the next open moment where it is closed then (a holiday)."""
    zone = calendar.tz if calendar else UTC
    found = cron.following(cron.parse(text), moment.astimezone(zone))
    if found is None:
        return None
    return Due(calendars.add_time(calendar, found, timedelta()) if calendar else found.astimezone(UTC), left)
