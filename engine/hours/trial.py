"""What would be due: a promise counted by a calendar, told day by day. Pure but for finding the calendar."""

from datetime import date, datetime, timedelta

import msgspec

from engine import errors
from engine.model.problem import Problem
from engine.model.text import both
from engine.schedule import calendars, due, iso
from engine.schedule.calendars import Calendar

MOST_DAYS = 400
"""Days that are told one by one; of a longer promise only the end."""


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """What counts of one day."""

    day: date
    begin: datetime
    """In the calendar's zone."""
    end: datetime
    seconds: int


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    start: datetime
    due_at: datetime
    """Both in the calendar's zone."""
    seconds: int
    """Open time between them."""
    stretches: tuple[Stretch, ...]


def try_out(calendar: Calendar, *, start: datetime, span: str) -> Trial:
    """``span`` as an ISO 8601 duration; in business time a day is a working day. Raises Invalid with its place."""
    try:
        iso.duration(span)
        end = due.after(span, start, calendar)
    except errors.Invalid as error:
        place = Problem(code=error.code, text=error.text, pointer="/span")
        raise errors.Invalid(error.code, zh=error.text["zh-CN"], en=error.text["en"], problems=[place]) from error
    if end < start:
        raise _backwards()
    zone = calendar.tz
    first, last = start.astimezone(zone), end.astimezone(zone)
    return Trial(
        start=first,
        due_at=last,
        seconds=int(calendars.open_time(calendar, start, end).total_seconds()),
        stretches=_stretches(calendar, start, end) if (last.date() - first.date()).days <= MOST_DAYS else (),
    )


def _stretches(calendar: Calendar, start: datetime, end: datetime) -> tuple[Stretch, ...]:
    zone = calendar.tz
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    found = []
    while day <= last:
        for begin, close in calendars.opened(calendar, day):
            since, until = max(begin, start), min(close, end)
            if until > since:
                seconds = int((until - since).total_seconds())
                found.append(
                    Stretch(day=day, begin=since.astimezone(zone), end=until.astimezone(zone), seconds=seconds)
                )
        day += timedelta(days=1)
    return tuple(found)


def _backwards() -> errors.Invalid:
    text = both(zh="时长不能为负。", en="A promise cannot end before it begins.")
    place = Problem(code="span_negative", text=text, pointer="/span")
    return errors.Invalid("span_negative", zh=text["zh-CN"], en=text["en"], problems=[place])
