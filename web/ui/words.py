"""How things are said on pages: due times, durations, names."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec

from engine import records
from engine.inbox import listing
from engine.inbox.left import Left
from web.ui import language, texts, visitor


@dataclass(frozen=True)
class Due:
    """Words, colour and icon together: colour alone says nothing to some."""

    words: str
    tone: str
    icon: str
    exact: str
    left: str = ""
    """In working time."""
    then: str = ""
    """The deadline, while the goal is counted down to."""


def due(item: records.WorkItem, left: Left | None = None) -> Due:
    """The goal as long as it is ahead, then the deadline. ``left``: the working time until then, negative since, where
    its promise counts in a calendar."""
    if item.held:
        return _timed(_paused(item.due_at), left.deadline if left else None)
    deadline = _due(item.due_at)
    if item.goal_at is None or deadline.tone == "late":
        return _timed(deadline, left.deadline if left else None)
    if item.goal_at > visitor.now():
        goal = _due(item.goal_at)
        words = language.t("due.goal", when=goal.words)
        then = language.t("due.deadline", when=deadline.words) if item.due_at else ""
        found = replace(goal, words=words, tone="goal", icon="target", exact=words if then else goal.exact, then=then)
        return _timed(found, left.goal if left else None, ahead="due.left_to_goal")
    words = language.t("due.goal_missed", when=deadline.words) if item.due_at else language.t("due.goal_over")
    found = replace(deadline, words=words, tone=deadline.tone or "missed")
    return _timed(found, left.deadline if left else None)


def _timed(found: Due, left: timedelta | None, ahead: str = "due.left") -> Due:
    if left is None:
        return found
    key = ahead if left >= timedelta() else "due.over"
    minutes = int(abs(left).total_seconds()) // 60
    # In hours: a working day is no day of the clock.
    span = language.t("time.hours", n=minutes // 60) if minutes >= 60 else language.t("time.minutes", n=minutes)
    return replace(found, left=language.t(key, span=span))


def _paused(moment: datetime | None) -> Due:
    return Due(words=language.t("due.paused"), tone="", icon="pause", exact=language.when(moment) if moment else "")


def _due(moment: datetime | None) -> Due:
    if moment is None:
        return Due(words=language.t("due.none"), tone="", icon="clock", exact="")
    now = visitor.now()
    exact = language.when(moment)
    if moment <= now:
        late = (now - moment).total_seconds()
        words = language.t("due.late", span=language.span(late)) if late >= 60 else language.t("due.late_now")
        return Due(words=words, tone="late", icon="warning", exact=exact)
    there, today = language.local(moment).date(), language.local(now).date()
    if there == today:
        words = language.t("due.today", clock=language.clock(moment))
        return Due(words=words, tone="today", icon="clock", exact=exact)
    if there == today + timedelta(days=1):
        words = language.t("due.tomorrow", clock=language.clock(moment))
        return Due(words=words, tone="", icon="clock", exact=exact)
    return Due(words=exact, tone="", icon="clock", exact=exact)


def ago(moment: datetime) -> str:
    if (visitor.now() - moment).total_seconds() < 60:
        return language.t("time.just_now")
    return language.t("time.ago", span=language.span((visitor.now() - moment).total_seconds()))


def lasting(since: datetime) -> str:
    if (visitor.now() - since).total_seconds() < 60:
        return language.t("time.just_now")
    return language.t("time.for", span=language.span((visitor.now() - since).total_seconds()))


def initials(name: str) -> str:
    """Two letters of a Latin name, the last one of a Chinese one (李雷 -> 雷)."""
    words = name.split()
    if not words:
        return "?"
    if name.isascii():
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()
    return words[-1][-1]


def in_group(people: Iterable[records.Person], group: str) -> list[records.Person]:
    return [person for person in people if group in person.groups]


def plain(value: object) -> str:
    """A value as an administrator reads it: text as it is, everything else as JSON."""
    if isinstance(value, str):
        return value
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def attribute(value: object) -> str:
    """What is known of a customer, in the reader's language: truth values in words, several things in a row."""
    if isinstance(value, bool):
        return language.t("app.yes" if value else "app.no")
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return language.t("app.list_join").join(value)
    return language.number(value) if isinstance(value, int | float) else plain(value)


def score_name(key: str) -> str:
    return language.t(f"score.{key}") if f"score.{key}" in texts.ALL else attribute_name(key)


def score(value: object) -> str:
    """A number as people read it; of a score that says where it comes from, the number."""
    if isinstance(value, dict):
        value = value.get("value")
    return language.number(value) if isinstance(value, int | float) else str(value if value is not None else "")


def attribute_name(key: str) -> str:
    """``annual_revenue`` -> Annual revenue: attributes are named by whoever brought them."""
    return language.t(f"attribute.{key}") if f"attribute.{key}" in texts.ALL else key.replace("_", " ").capitalize()


def stop_reason(reason: str) -> str:
    """Why no advertising goes out: the kind in the reader's language, the number behind it as it is."""
    kind, _, number = reason.partition(" ")
    key = f"papers.stop_{kind}"
    return language.t(key, number=number).strip() if key in texts.ALL else reason


_DURATION = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:\d+S)?)?")
_UNITS = ("time.weeks", "time.days", "time.hours", "time.minutes")


def duration(iso: str) -> str:
    """``P1DT4H`` as 1 day 4 hours; what is no ISO duration as it is."""
    found = _DURATION.fullmatch(iso)
    if not found or not any(found.groups()):
        return iso
    return " ".join(language.t(key, n=int(n)) for key, n in zip(_UNITS, found.groups(), strict=True) if n)


def counted(number: int) -> str:
    """A count as the inbox knows it: 99+ where it was not counted further."""
    return f"{listing.MOST_COUNTED - 1}+" if number >= listing.MOST_COUNTED else str(number)


FILTERS = {
    "counted": counted,
    "duration": duration,
    "stop_reason": stop_reason,
    "score_name": score_name,
    "score": score,
    "attribute_name": attribute_name,
    "attribute": attribute,
    "plain": plain,
    "in_group": in_group,
    "due": due,
    "when": language.when,
    "day": language.day,
    "month": language.month,
    "ago": ago,
    "lasting": lasting,
    "initials": initials,
    "said": language.said,
    "number": language.number,
    "span": language.span,
}
