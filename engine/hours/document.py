"""A business calendar as a document that people read, write and carry from one installation to another. Pure.

::

    {"key": "cn-5x8", "names": {"zh-CN": "五天八小时", "en": "Five days of eight hours"}, "zone": "Asia/Shanghai",
     "hours": {"mon": ["09:00-12:00", "13:00-18:00"], ...}, "makeup_hours": ["09:00-18:00"],
     "holidays": {"2026-10-01": {"zh-CN": "国庆节", "en": "National Day"}}, "workdays": {"2026-10-10": "调休上班"}}

A day that is not named is closed. ``24:00`` is the end of a day.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine import errors, records
from engine.model.problem import Problem
from engine.model.text import LOCALES, Text, both
from engine.records.calendars import Span

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_DAYS = 2000
"""Holidays and make-up days together."""
MOST_SPANS = 8
"""Of one day."""
LONGEST_NAME = 100
FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_SPAN = re.compile(r"\s*(\d{1,2})[:：](\d\d)\s*[-–—~至]\s*(\d{1,2})[:：](\d\d)\s*")
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_WORDS = {"key", "names", "zone", "hours", "makeup_hours", "holidays", "workdays"}


_WRONG: dict[str, Text] = {
    "object": both(zh="日历应为对象", en="expected an object"),
    "unknown": both(zh="不认识这个字段", en="this field is not known here"),
    "hours": both(zh=f"应按 {'、'.join(DAYS)} 列出", en=f"expected lists by {', '.join(DAYS)}"),
    "key": both(
        zh="编号由字母、数字和 _ . - 组成，以字母或数字开头，最长 64 个字符",
        en="expected letters, digits and _ . - only, a letter or digit first, at most 64 characters",
    ),
    "name": both(
        zh=f"请填写名称，最长 {LONGEST_NAME} 个字符", en=f"expected a name of at most {LONGEST_NAME} characters"
    ),
    "zone": both(zh="没有此时区，例如 Asia/Shanghai", en="there is no such time zone; Asia/Shanghai is one"),
    "spans": both(zh=f"应为至多 {MOST_SPANS} 段时间", en=f"expected at most {MOST_SPANS} spans of time"),
    "span": both(
        zh="应为先开始后结束的时间段，例如 09:00-12:00",
        en="expected a span that ends after it begins, such as 09:00-12:00",
    ),
    "overlap": both(zh="与前一段重叠，或不在其后", en="overlaps the span before it, or does not follow it"),
    "dates": both(
        zh=f"应为日期到名称的对象，最多 {MOST_DAYS} 天", en=f"expected names by date, at most {MOST_DAYS} days"
    ),
    "date": both(
        zh=f"应为 2026-10-01 这样的日期和不超过 {LONGEST_NAME} 个字符的名称",
        en=f"expected a date such as 2026-10-01 and a name of at most {LONGEST_NAME} characters",
    ),
    "both": both(zh="这一天既是假日又是调休上班日", en="this day is both a holiday and a make-up day"),
    "makeup": both(zh="有调休上班日，请填写其工作时间", en="there are make-up days: say their hours"),
    "closed": both(zh="一周中至少要有一段工作时间", en="at least one span of the week has to be open"),
}


def read(document: object, *, now: datetime, agent: str) -> records.HouseCalendar:
    """Raises Invalid with every place that is wrong."""
    if not isinstance(document, Mapping):
        raise _invalid([_problem("", "object")])
    problems = [_problem(f"/{word}", "unknown") for word in sorted(str(word)[:100] for word in set(document) - _WORDS)]
    hours = document.get("hours", {})
    if not isinstance(hours, Mapping) or set(hours) - set(DAYS):
        problems.append(_problem("/hours", "hours"))
        hours = {}
    made = records.HouseCalendar(
        key=_key(document.get("key"), problems),
        texts=_names(document.get("names"), problems),
        zone=_zone(document.get("zone"), problems),
        weeks=tuple(_spans(hours.get(day, []), f"/hours/{day}", problems) for day in DAYS),
        makeup=_spans(document.get("makeup_hours", []), "/makeup_hours", problems),
        holidays=_dates(document.get("holidays", {}), "/holidays", problems),
        workdays=_dates(document.get("workdays", {}), "/workdays", problems),
        changed_at=now,
        changed_by=agent,
    )
    problems += _together(made)
    if problems:
        raise _invalid(problems)
    return made


def write(calendar: records.HouseCalendar) -> dict[str, Any]:
    """Reads back equal, but for who changed it when."""
    weeks = zip(DAYS, calendar.weeks, strict=True)
    return {
        "key": calendar.key,
        "names": dict(calendar.texts),
        "zone": calendar.zone,
        "hours": {day: [spoken(span) for span in spans] for day, spans in weeks if spans},
        "makeup_hours": [spoken(span) for span in calendar.makeup],
        "holidays": {day.isoformat(): dict(what) for day, what in sorted(calendar.holidays.items())},
        "workdays": {day.isoformat(): dict(what) for day, what in sorted(calendar.workdays.items())},
    }


def spoken(span: Span) -> str:
    """``09:00-12:30``."""
    return "-".join(f"{minutes // 60:02}:{minutes % 60:02}" for minutes in span)


def _key(value: object, problems: list[Problem]) -> str:
    if isinstance(value, str) and _KEY.fullmatch(value):
        return value
    problems.append(_problem("/key", "key"))
    return ""


def _names(value: object, problems: list[Problem]) -> Text:
    found = value if isinstance(value, Mapping) else {}
    for locale in LOCALES:
        name = found.get(locale)
        if not isinstance(name, str) or not 0 < len(name.strip()) <= LONGEST_NAME:
            problems.append(_problem(f"/names/{locale}", "name"))
    return {locale: str(found.get(locale, "")).strip() for locale in LOCALES}


def _zone(value: object, problems: list[Problem]) -> str:
    try:
        if isinstance(value, str) and value:
            return ZoneInfo(value).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass  # told below, as what is no text is
    problems.append(_problem("/zone", "zone"))
    return "UTC"


def _spans(value: object, pointer: str, problems: list[Problem]) -> tuple[Span, ...]:
    if not isinstance(value, list) or len(value) > MOST_SPANS:
        problems.append(_problem(pointer, "spans"))
        return ()
    found: list[Span] = []
    for number, text in enumerate(value):
        span = _span(text)
        if span is None:
            problems.append(_problem(f"{pointer}/{number}", "span"))
        elif found and span[0] < found[-1][1]:
            problems.append(_problem(f"{pointer}/{number}", "overlap"))
        else:
            found.append(span)
    return tuple(found)


def _span(text: object) -> Span | None:
    match = _SPAN.fullmatch(text) if isinstance(text, str) and len(text) < 40 else None
    if match is None:
        return None
    hour, minute, to_hour, to_minute = map(int, match.groups())
    begin, end = hour * 60 + minute, to_hour * 60 + to_minute
    return (begin, end) if minute < 60 and to_minute < 60 and begin < end <= 24 * 60 else None


def _dates(value: object, pointer: str, problems: list[Problem]) -> dict[date, Text]:
    if not isinstance(value, Mapping) or len(value) > MOST_DAYS:
        problems.append(_problem(pointer, "dates"))
        return {}
    found: dict[date, Text] = {}
    for text, what in value.items():
        day, name = _date(text), _name(what)
        if day is None or name is None:
            problems.append(_problem(f"{pointer}/{str(text)[:40]}", "date"))
        else:
            found[day] = name
    return dict(sorted(found.items()))


def _date(text: object) -> date | None:
    if not isinstance(text, str) or not _DATE.fullmatch(text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST <= day <= LAST else None


def _name(what: object) -> Text | None:
    """A plain name is the same in both languages."""
    if isinstance(what, str):
        what = dict.fromkeys(LOCALES, what)
    if not isinstance(what, Mapping) or set(what) - set(LOCALES):
        return None
    if not all(isinstance(name, str) and len(name) <= LONGEST_NAME for name in what.values()):
        return None
    return {locale: name.strip() for locale, name in what.items() if name.strip()}


def _together(calendar: records.HouseCalendar) -> list[Problem]:
    """What is wrong although each part is right."""
    twice = sorted(calendar.holidays.keys() & calendar.workdays.keys())
    found = [_problem(f"/workdays/{day}", "both") for day in twice]
    if calendar.workdays and not calendar.makeup:
        found.append(_problem("/makeup_hours", "makeup"))
    if not any(calendar.weeks):
        found.append(_problem("/hours", "closed"))
    return found


def _problem(pointer: str, what: str) -> Problem:
    return Problem(code=f"calendar_{what}", text=_WRONG[what], pointer=pointer)


def _invalid(problems: list[Problem]) -> errors.Invalid:
    return errors.Invalid(
        "calendar_invalid",
        zh=f"日历有 {len(problems)} 处需要修改。",
        en=f"The calendar has {len(problems)} places to mend.",
        problems=problems,
    )
