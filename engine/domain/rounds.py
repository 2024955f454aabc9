"""Rounds: what is done once for a week, a month, a quarter or a year, whoever begins it."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from engine import queries, records
from engine.domain import given, pace
from engine.kernel import codec, view
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction

MONTHS = {"month": 1, "quarter": 3, "year": 12}
SPANS = ("week", *MONTHS)
WHICH = {"last": -1, "this": 0, "next": 1}
LEAST_BEFOREHAND = timedelta(days=31)
"""Nobody begins a round earlier than so long, or as long as its period lasts, before its period."""


class Period(NamedTuple):
    name: str
    """2026-W47, 2026-11, 2026-Q4 or 2026."""
    begins: date
    ends: date
    """Its last day."""


def period(span: str, day: date, apart: int = 0) -> Period:
    """The week (by ISO 8601), month, quarter or year of ``day``, or the one so many ``apart``."""
    if span == "week":
        begins = day - timedelta(days=day.weekday()) + timedelta(weeks=apart)
        year, week, _ = begins.isocalendar()
        return Period(f"{year}-W{week:02d}", begins, begins + timedelta(days=6))
    length = MONTHS[span]
    place = (day.year * 12 + day.month - 1) // length + apart
    begins, following = _first(place * length), _first((place + 1) * length)
    names = {"month": f"{begins:%Y-%m}", "quarter": f"{begins.year}-Q{begins.month // 3 + 1}", "year": str(begins.year)}
    return Period(names[span], begins, following - timedelta(days=1))


def _first(month: int) -> date:
    """Of a month counted from the year 0."""
    return date(month // 12, month % 12 + 1, 1)


def handlers(store: Store) -> Mapping[str, Handler]:
    return {"rounds.begin": lambda call: _begin(store, call)}


def _begin(store: Store, call: JobCall) -> JobAnswer:
    """A round that the calendar begins gets its ``number`` (``prefix``, the period, and what sets it apart from other
    rounds of the period), ``period``, ``begins`` and ``ends``, called as ``names`` says, and what it ``sets`` besides.

    ``under_way``: the number of the case that is about the period already; then there is nothing else. It is another
    case of the process that has the same values of ``same``, and days that overlap the period or, when it names no
    days, was begun in it. One that was withdrawn does not count.
    """
    span, which = given.choice(call, "span", SPANS), given.choice(call, "which", tuple(WHICH))
    names, same, sets = (_context(call, name) for name in ("names", "same", "sets"))
    found = period(span, call.now.astimezone(pace.HOUSE_ZONE).date(), WHICH[which])
    with store.reading() as tx:
        other = _other(tx, call, found, str(names.get("number", "")), same)
    if other is not None:
        return JobAnswer(data={"under_way": other.business_key or other.number})
    told = {
        "number": "-".join([given.text(call, "prefix"), found.name, *(str(one) for one in same.values() if one)]),
        "period": found.name,
        "begins": found.begins.isoformat(),
        "ends": found.ends.isoformat(),
    }
    return JobAnswer(data={"under_way": "", **sets, **{str(name): told[key] for key, name in names.items()}})


def _other(
    tx: Transaction, call: JobCall, found: Period, number: str, same: Mapping[str, Any]
) -> records.Instance | None:
    begins = datetime.combine(found.begins, time(), pace.HOUSE_ZONE)
    since = begins - max(LEAST_BEFOREHAND, found.ends - found.begins)
    where = [
        queries.Where("process", "=", call.process),
        queries.Where("status", "in", ("active", "completed")),
        queries.Where("started_at", ">=", since),
    ]
    for instance, state in tx.lists.states(where=where, order=["-started_at"]):
        said = view.variables(codec.decode(state))
        if instance.id == call.instance_id or not said.get(number):
            continue
        if all((said.get(name) or None) == (value or None) for name, value in same.items()) and _about(
            found, said, instance.started_at.astimezone(pace.HOUSE_ZONE).date()
        ):
            return instance
    return None


def _context(call: JobCall, name: str) -> Mapping[str, Any]:
    value = call.input.get(name) or {}
    if not isinstance(value, Mapping):
        raise given.wrong(call, name, zh="名称与值", en="names with values")
    return value


def _about(found: Period, said: Mapping[str, Any], begun: date) -> bool:
    begins, ends = said.get("begins"), said.get("ends")
    if isinstance(begins, str) and isinstance(ends, str):
        return begins[:10] <= found.ends.isoformat() and ends[:10] >= found.begins.isoformat()
    return found.begins <= begun <= found.ends
