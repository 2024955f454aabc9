"""Business calendars: the hours of a week, the days off month by month, and what would be due."""

import calendar as months
import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import flask
import msgspec

from engine import errors, records
from engine.hours import document, keep, trial
from engine.model.text import EN, LOCALES, ZH, both
from engine.schedule import calendars, holidays
from web import download
from web.ui import door, language, visitor

blueprint = flask.Blueprint("calendars", __name__, url_prefix="/calendars")
LARGEST_IMPORT = 500_000
UNITS = {"minutes": "PT{n}M", "hours": "PT{n}H", "days": "P{n}D"}


@blueprint.get("")
@door.needs("variant.edit")
def index() -> flask.typing.ResponseReturnValue:
    return _index()


@blueprint.post("")
@door.needs("calendar.edit")
def add() -> flask.typing.ResponseReturnValue:
    """A copy of one that is there under a new key, or a document from elsewhere."""
    sent = flask.request.form
    try:
        given = (
            _imported() if sent.get("do") == "import" else _copied(sent.get("from", ""), sent.get("key", "").strip())
        )
        seen = None if sent.get("do") == "import" else 0
        made = keep.put(visitor.engine(), given=given, agent=visitor.me(), now=visitor.now(), seen=seen)
    except (errors.Invalid, errors.Conflict, errors.NotFound) as error:
        return _index(error), error.status
    flask.flash(language.t("app.saved"), "good")
    return flask.redirect(flask.url_for("calendars.show", key=made.key), 303)


@blueprint.get("/<key>")
@door.needs("variant.edit")
def show(key: str) -> flask.typing.ResponseReturnValue:
    return _page(keep.get(visitor.engine(), key=key, agent=visitor.me()))


@blueprint.get("/<key>/export")
@door.needs("variant.edit")
def export(key: str) -> flask.typing.ResponseReturnValue:
    entry = keep.get(visitor.engine(), key=key, agent=visitor.me())
    text = json.dumps(document.write(entry.calendar), ensure_ascii=False, indent=2)
    return download.answer(text.encode(), name=f"calendar-{entry.calendar.key}.json", media_type="application/json")


@blueprint.post("/<key>")
@door.needs("calendar.edit")
def change(key: str) -> flask.typing.ResponseReturnValue:
    """The week, one day, or the holidays of a country, by the button that was pressed."""
    entry = keep.get(visitor.engine(), key=key, agent=visitor.me())
    sent, before = flask.request.form, document.write(entry.calendar)
    given = {"day": _with_day, "holidays": _with_country}.get(sent.get("do", ""), _with_week)(before, sent)
    try:
        keep.put(
            visitor.engine(), given=given, agent=visitor.me(), now=visitor.now(), seen=_number(sent.get("revision", ""))
        )
    except (errors.Invalid, errors.Conflict) as error:
        return _page(entry, given=given, error=error), error.status
    flask.flash(language.t("app.saved"), "good")
    return flask.redirect(flask.url_for("calendars.show", key=key, month=sent.get("month", "")[:7] or None), 303)


@blueprint.post("/<key>/back")
@door.needs("calendar.edit")
def put_back(key: str) -> flask.typing.ResponseReturnValue:
    keep.put_back(visitor.engine(), key=key, agent=visitor.me(), now=visitor.now())
    flask.flash(language.t("calendar.is_back"), "good")
    return flask.redirect(flask.url_for("calendars.show", key=key), 303)


class Cell(msgspec.Struct, frozen=True):
    """A day of the month that is shown."""

    day: date
    kind: str
    """``open``, ``closed``, ``holiday`` or ``workday``."""
    name: str
    here: bool
    """In this month, not one of its neighbours."""
    today: bool


def _page(
    entry: keep.Entry, *, given: Mapping[str, Any] | None = None, error: errors.CrmflowError | None = None
) -> str:
    shown = given or document.write(entry.calendar)
    month = _month(flask.request.values.get("month", ""))
    day = _day(flask.request.values.get("day", ""))
    return flask.render_template(
        "calendars/show.html",
        entry=entry,
        shown=shown,
        wrong=_wrong(error),
        month=month,
        before=_other(month, -1),
        after=_other(month, 1),
        weeks=_weeks(entry.calendar, month),
        day=day,
        kind=_kind(entry.calendar, day) if day else "",
        day_names=shown["holidays"].get(str(day)) or shown["workdays"].get(str(day)) or {},
        days=document.DAYS,
        countries=holidays.COUNTRIES,
        years=range(visitor.now().year - 1, visitor.now().year + 4),
        tried=_tried(entry.calendar),
        units=UNITS,
        asked=flask.request.args,
        start_now=visitor.now().astimezone(keep.plain(entry.calendar).tz),
    )


def _index(error: errors.CrmflowError | None = None) -> str:
    return flask.render_template(
        "calendars/index.html",
        entries=keep.all_of(visitor.engine(), agent=visitor.me()),
        wrong=_wrong(error),
        sent=flask.request.form,
        spoken=document.spoken,
    )


def _weeks(kept: records.HouseCalendar, month: date) -> list[list[Cell]]:
    today = language.local(visitor.now()).date()
    names = {**kept.holidays, **kept.workdays}
    return [
        [
            Cell(
                day=day,
                kind=_kind(kept, day),
                name=language.said(names.get(day, {})),
                here=day.month == month.month,
                today=day == today,
            )
            for day in week
        ]
        for week in months.Calendar().monthdatescalendar(month.year, month.month)
    ]


def _kind(kept: records.HouseCalendar, day: date) -> str:
    if day in kept.workdays:
        return "workday"
    if day in kept.holidays:
        return "holiday"
    return "open" if calendars.spans(keep.plain(kept), day) else "closed"


def _month(text: str) -> date:
    """The first of the month that is asked for; of this one for what is no month."""
    try:
        asked = datetime.strptime(text, "%Y-%m").date()
    except ValueError:
        asked = language.local(visitor.now()).date()
    return asked.replace(day=1) if document.FIRST <= asked <= document.LAST else document.FIRST


def _other(month: date, way: int) -> str:
    there = (month + timedelta(days=31)) if way > 0 else (month - timedelta(days=1))
    return there.strftime("%Y-%m")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def _with_week(before: dict[str, Any], sent: Mapping[str, str]) -> dict[str, Any]:
    hours = {day: _spans(sent.get(f"hours-{day}", "")) for day in document.DAYS}
    return {
        **before,
        "names": {locale: sent.get(f"name-{locale}", "") for locale in LOCALES},
        "zone": sent.get("zone", "").strip()[:64],
        "hours": {day: spans for day, spans in hours.items() if spans},
        "makeup_hours": _spans(sent.get("makeup", "")),
    }


def _spans(text: str) -> list[str]:
    plain = text.replace("，", ",").replace("、", ",").replace("；", ",").replace(";", ",")
    return [span.strip() for span in plain[:500].split(",") if span.strip()]


def _with_day(before: dict[str, Any], sent: Mapping[str, str]) -> dict[str, Any]:
    """One day becomes a holiday, a make-up day, or as usual again."""
    day, kind = sent.get("day", "")[:10], sent.get("kind", "")
    kept = {word: {key: what for key, what in before[word].items() if key != day} for word in ("holidays", "workdays")}
    if kind in ("holiday", "workday"):
        kept[f"{kind}s"][day] = {locale: sent.get(f"name-{locale}", "").strip()[:200] for locale in LOCALES}
    makeup = before["makeup_hours"] or next(iter(before["hours"].values()), [])
    return {**before, **kept, "makeup_hours": makeup}


def _with_country(before: dict[str, Any], sent: Mapping[str, str]) -> dict[str, Any]:
    year = _number(sent.get("year", "")) or 0
    found = keep.with_holidays(before, country=sent.get("country", ""), years=[year])
    return {**found, "makeup_hours": before["makeup_hours"] or next(iter(before["hours"].values()), [])}


def _imported() -> dict[str, Any]:
    file = flask.request.files.get("file")
    data = file.read(LARGEST_IMPORT + 1) if file else flask.request.form.get("document", "").encode()
    try:
        found = json.loads(data.decode("utf-8-sig")) if len(data) <= LARGEST_IMPORT else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        text = both(zh="这不是导出的日历文件（JSON）。", en="That is no exported calendar (JSON).")
        raise errors.Invalid("calendar_unreadable", zh=text[ZH], en=text[EN])
    return found


def _copied(of: str, key: str) -> dict[str, Any]:
    source = keep.get(visitor.engine(), key=of, agent=visitor.me())
    return {**document.write(source.calendar), "key": key}


def _tried(kept: records.HouseCalendar) -> tuple[trial.Trial | None, str]:
    """What the tester gives, or why it gives nothing."""
    asked = flask.request.args
    if "start" not in asked:
        return None, ""
    plain = keep.plain(kept)
    try:
        start = datetime.fromisoformat(asked["start"][:40])
        span = UNITS[asked.get("unit", "hours")].format(n=_number(asked.get("amount", "")) or 0)
        start = start.replace(tzinfo=plain.tz) if start.tzinfo is None else start
        return trial.try_out(plain, start=start, span=span), ""
    except (ValueError, KeyError, OverflowError):
        return None, language.t("calendar.cannot_try")
    except errors.Invalid as error:
        return None, language.said(error.text)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None


def _wrong(error: errors.CrmflowError | None) -> dict[str, list[str]]:
    """Words by the first part of the place; what belongs to no place stands under the empty name."""
    found: dict[str, list[str]] = {}
    for problem in getattr(error, "problems", ()):
        found.setdefault(problem.pointer.strip("/").replace("/", "-"), []).append(language.said(problem.text))
    if error is not None and not found:
        found[""] = [language.said(error.text)]
    return found
