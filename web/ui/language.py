"""The language of a page, its words, dates and numbers.

Words stand in ``web/ui/texts``, Chinese and English side by side; ``t("nav.inbox")`` says them in the reader's
language. An unknown key is an error, so a text cannot be forgotten: tests/web/test_texts.py lists what is missing.
"""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import babel.dates
import babel.numbers
import flask
import markupsafe

from engine.model.text import EN, LOCALES, ZH, pick
from web.ui import texts, visitor

_BABEL = {ZH: "zh_Hans_CN", EN: "en_GB"}


def locale() -> str:
    """The signed-in person's, else the one chosen on this browser, else what the browser asks for."""
    agent = visitor.agent()
    if agent is not None:
        return agent.locale
    chosen = flask.session.get("locale")
    if chosen in LOCALES:
        return str(chosen)
    best = flask.request.accept_languages.best_match(["zh", ZH, EN], "")
    return EN if best == EN else ZH if best else house_locale()


def house_locale() -> str:
    return str(visitor.engine().settings.locale)


def t(key: str, **values: Any) -> str:
    """The words of ``key``; ``{name}`` in them is replaced by ``name``. In English ``n`` picks one of ``one|many``."""
    words = texts.ALL[key][0 if locale() == ZH else 1]
    if "|" in words:
        one, many = words.split("|")
        words = one if values.get("n") == 1 else many
    return words.format(**{name: value if isinstance(value, int) else str(value) for name, value in values.items()})


def words(part: str) -> dict[str, str]:
    """All of one part by their keys, for scripts; what stands in braces is theirs to fill in."""
    place = 0 if locale() == ZH else 1
    return {key.partition(".")[2]: both[place] for key, both in texts.ALL.items() if key.startswith(f"{part}.")}


def h(key: str, **values: Any) -> markupsafe.Markup:
    """As ``t`` for words that hold markup: the words are ours, the values are escaped."""
    return markupsafe.Markup(t(key, **{name: markupsafe.escape(value) for name, value in values.items()}))


def said(text: Any, default: str = "") -> str:
    """A designer's text in the reader's language; a plain string as it is."""
    if isinstance(text, str):
        return text or default
    return pick(text or {}, locale(), default)


def zone() -> ZoneInfo:
    return ZoneInfo(visitor.engine().settings.time_zone)


def local(moment: datetime) -> datetime:
    return moment.astimezone(zone())


def end_of_day(moment: datetime) -> datetime:
    """The midnight that ends the reader's day."""
    there = local(moment) + timedelta(days=1)
    return there.replace(hour=0, minute=0, second=0, microsecond=0)


def typed_moment(text: str) -> datetime | None:
    """What a field for date and time holds, on the reader's clock; None for what is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=zone())


def day(moment: datetime) -> str:
    return calendar_day(local(moment).date())


def calendar_day(day: date) -> str:
    """2026年11月22日, 22 Nov 2026: of no zone."""
    return babel.dates.format_date(day, "yyyy年M月d日" if locale() == ZH else "d MMM yyyy", _BABEL[locale()])


def calendar_moment(moment: datetime) -> str:
    """2026年11月22日 16:30; one that says its zone is told on the reader's clock."""
    there = local(moment) if moment.tzinfo is not None else moment
    return f"{calendar_day(there.date())} {there:%H:%M}"


def month(day: date) -> str:
    """2026年10月, October 2026."""
    return babel.dates.format_date(day, "yyyy年M月" if locale() == ZH else "MMMM yyyy", _BABEL[locale()])


def clock(moment: datetime) -> str:
    return local(moment).strftime("%H:%M")


def when(moment: datetime) -> str:
    """Date and time as short as it stays clear: today 16:30, 5月1日 09:00, 1 May 2025 09:00."""
    now = local(visitor.now())
    there = local(moment)
    if there.date() == now.date():
        return t("time.today_at", clock=clock(moment))
    if (now.date() - there.date()).days == 1:
        return t("time.yesterday_at", clock=clock(moment))
    if (there.date() - now.date()).days == 1:
        return t("time.tomorrow_at", clock=clock(moment))
    if there.year == now.year:
        pattern = "M月d日 HH:mm" if locale() == ZH else "d MMM HH:mm"
    else:
        pattern = "yyyy年M月d日 HH:mm" if locale() == ZH else "d MMM yyyy HH:mm"
    return babel.dates.format_datetime(there, pattern, locale=_BABEL[locale()])


def number(value: float, digits: int | None = None) -> str:
    pattern = "#,##0.######" if digits is None else "#,##0" + ("." + "0" * digits if digits else "")
    return babel.numbers.format_decimal(value, format=pattern, locale=_BABEL[locale()])


def money(value: float, currency: str) -> str:
    return babel.numbers.format_currency(value, currency, locale=_BABEL[locale()])


def span(seconds: float) -> str:
    """A duration in its largest unit, cut: 3 小时, 2 days."""
    seconds = abs(seconds)
    for size, key in ((86400, "time.days"), (3600, "time.hours"), (60, "time.minutes")):
        if seconds >= size:
            return t(key, n=int(seconds // size))
    return t("time.moments")
