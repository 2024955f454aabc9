"""The house's calendars: listed with the shipped ones, changed, put back. New promises count by them at once; what is
due already stays due."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from engine import errors, records
from engine.hours import document
from engine.model.text import Text, both
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction
from engine.schedule import calendars, holidays
from engine.trust import deeds

NAMES: dict[str, Text] = {
    "24x7": both(zh="全天候（UTC）", en="Around the clock (UTC)"),
    "weekdays": both(zh="工作日 9 点至 18 点", en="Weekdays from 9 to 18"),
    "cn-24x7": both(zh="全天候（中国时间）", en="Around the clock (China)"),
    "cn-5x8": both(zh="五天八小时（午休一小时）", en="Five days of eight hours, an hour for lunch"),
    "cn-5x10": both(zh="五天十小时（午休一小时）", en="Five days of ten hours, an hour for lunch"),
}
"""Of the calendars that are there from the beginning."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    calendar: records.HouseCalendar
    shipped: bool
    """There is a built-in one of this key."""
    changed: bool
    """It is the house's own, alone or in the place of the built-in one."""


def all_of(engine: Engine, *, agent: Agent) -> list[Entry]:
    """By key, the shipped ones as well."""
    rights.need(agent, "process.see")
    with engine.store.reading() as tx:
        own = {one.key: one for one in tx.calendars.all()}
    keys = sorted(own.keys() | calendars.BUILT_IN.keys())
    return [_entry(key, own.get(key)) for key in keys]


def get(engine: Engine, *, key: str, agent: Agent) -> Entry:
    """Raises NotFound."""
    rights.need(agent, "process.see")
    with engine.store.reading() as tx:
        own = tx.calendars.get(key)
    if own is None and key not in calendars.BUILT_IN:
        raise unknown(key)
    return _entry(key, own)


def put(
    engine: Engine, *, given: Mapping[str, Any], agent: Agent, now: datetime, seen: int | None = None
) -> records.HouseCalendar:
    """``given`` as document.py says. ``seen``: the revision that was changed; 0 for one that was not there.

    Raises Invalid with every wrong place, Conflict when somebody else changed it since.
    """
    rights.need(agent, "calendar.edit")
    made = document.read(given, now=now, agent=agent.key)

    def work(tx: Transaction) -> records.HouseCalendar:
        kept = tx.calendars.get(made.key)
        revision = kept.revision if kept else 0
        if seen is not None and seen != revision:
            raise _overtaken(made.key, kept)
        tx.calendars.put(msgspec.structs.replace(made, revision=revision))
        what = "calendar.changed" if kept else "calendar.added"
        before = kept or (_shipped(calendars.BUILT_IN[made.key]) if made.key in calendars.BUILT_IN else None)
        told = {"differs": _differs(before, made)} if before else {}
        deeds.note(engine, tx, what, made.key, agent=agent, now=now, **told)
        return msgspec.structs.replace(made, revision=revision + 1)

    return engine.store.run(work)


def put_back(engine: Engine, *, key: str, agent: Agent, now: datetime) -> None:
    """The shipped calendar of this key counts again. Raises NotFound where the house has none in its place, and
    Conflict for a calendar of the house alone: what runs may name it."""
    rights.need(agent, "calendar.edit")

    def work(tx: Transaction) -> None:
        if key not in calendars.BUILT_IN:
            raise unknown(key) if tx.calendars.get(key) is None else _only_own(key)
        if not tx.calendars.drop(key):
            raise unknown(key)
        deeds.note(engine, tx, "calendar.put_back", key, agent=agent, now=now)

    engine.store.run(work)


def with_holidays(given: Mapping[str, Any], *, country: str, years: Sequence[int]) -> dict[str, Any]:
    """The document with the country's days of these years added; days that are named already stay as they are."""
    free, worked = dict(given.get("holidays", {})), dict(given.get("workdays", {}))
    for year in years:
        for day, what in holidays.of(country, year).items():
            if day.isoformat() not in worked:
                free.setdefault(day.isoformat(), dict(what))
        for day, what in holidays.makeup(country, year).items():
            if day.isoformat() not in free:
                worked.setdefault(day.isoformat(), dict(what))
    return {**given, "holidays": dict(sorted(free.items())), "workdays": dict(sorted(worked.items()))}


def of(tx: Transaction, key: str) -> calendars.Calendar | None:
    """The house's own before the shipped one; None where there is none of this key."""
    own = tx.calendars.get(key)
    return plain(own) if own is not None else calendars.BUILT_IN.get(key)


def plain(calendar: records.HouseCalendar) -> calendars.Calendar:
    """As promises and timers count by it."""
    return calendars.Calendar(
        key=calendar.key,
        zone=calendar.zone,
        weeks=calendar.weeks,
        holidays=frozenset(calendar.holidays),
        workdays=frozenset(calendar.workdays),
        makeup=calendar.makeup,
    )


def unknown(key: str) -> errors.NotFound:
    return errors.NotFound(
        "calendar_unknown", zh=f"找不到工作日历 {key}。", en=f"There is no calendar {key!r}.", calendar=key
    )


def _entry(key: str, own: records.HouseCalendar | None) -> Entry:
    shipped = key in calendars.BUILT_IN
    return Entry(calendar=own or _shipped(calendars.BUILT_IN[key]), shipped=shipped, changed=own is not None)


def _shipped(calendar: calendars.Calendar) -> records.HouseCalendar:
    known = {day: what for year in holidays.years("CN") for day, what in holidays.of("CN", year).items()}
    worked = {day: what for year in holidays.years("CN") for day, what in holidays.makeup("CN", year).items()}
    return records.HouseCalendar(
        key=calendar.key,
        texts=NAMES[calendar.key],
        zone=calendar.zone,
        weeks=calendar.weeks,
        makeup=calendar.makeup,
        holidays={day: known[day] for day in sorted(calendar.holidays)},
        workdays={day: worked[day] for day in sorted(calendar.workdays)},
        changed_at=calendars.NEVER_CHANGED,
        changed_by="system",
    )


def _differs(before: records.HouseCalendar, after: records.HouseCalendar) -> dict[str, Any]:
    """What the record of deeds tells: each part that changed, as it was and as it is."""
    old, new = document.write(before), document.write(after)
    found: dict[str, Any] = {}
    for word in ("names", "zone", "hours", "makeup_hours"):
        if old[word] != new[word]:
            found[word] = {"old": old[word], "new": new[word]}
    for word in ("holidays", "workdays"):
        gone, come = sorted(old[word].keys() - new[word].keys()), sorted(new[word].keys() - old[word].keys())
        if gone or come:
            found[word] = {"old": gone, "new": come}
    return found


def _overtaken(key: str, kept: records.HouseCalendar | None) -> errors.Conflict:
    by = kept.changed_by if kept else ""
    return errors.Conflict(
        "calendar_overtaken",
        zh=f"日历 {key} 刚被 {by} 修改，请对照后再保存。" if kept else f"日历 {key} 刚被恢复为内置日历。",
        en=f"{by} changed the calendar {key} meanwhile; compare and save again."
        if kept
        else f"The calendar {key} was put back meanwhile.",
        calendar=key,
        by=by,
    )


def _only_own(key: str) -> errors.Conflict:
    return errors.Conflict(
        "calendar_own",
        zh=f"日历 {key} 没有内置版本，正在办理的流程可能用到它，不能删除。",
        en=f"The calendar {key} is the house's own and running processes may name it; it cannot be taken away.",
        calendar=key,
    )
