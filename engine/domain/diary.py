"""The calendar: who has something else at that time is told before it is booked, and once more while it is."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from engine import agenda, errors
from engine.domain import given, presence
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction

HOUSE_ZONE = "Asia/Shanghai"
DAY = (time(8), time(20))
"""Hours at which a customer is met, in the customer's zone."""
LONGEST = timedelta(hours=12)
RECENT = 200
"""So many of a customer's appointments are counted."""
OUTCOMES: tuple[Literal["done", "missed"], ...] = ("done", "missed")


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """A time that somebody proposes; moments in UTC."""

    id: str
    starts_at: datetime
    ends_at: datetime
    attendees: tuple[str, ...]
    zone: str


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "diary.check": lambda call: _check(store, call),
        "diary.book": lambda call: store.run(lambda tx: _book(tx, call)),
        "diary.cancel": lambda call: store.run(lambda tx: _cancel(tx, call)),
        "diary.settle": lambda call: store.run(lambda tx: _settle(tx, call)),
    }


def problems(wish: Wish, *, now: datetime) -> list[str]:
    """What is wrong with the time itself, each in both languages."""
    found = []
    if wish.ends_at <= wish.starts_at:
        found.append("结束须晚于开始 / it ends before it begins")
    elif wish.ends_at - wish.starts_at > LONGEST:
        found.append("不能超过 12 小时 / it is longer than twelve hours")
    if wish.starts_at < now:
        found.append("时间已过 / the time has passed")
    if not wish.attendees:
        found.append("没有参加人 / nobody attends")
    return found


def at_night(wish: Wish) -> bool:
    """For the customer, whose zone it is."""
    zone = _zone(wish.zone)
    begin, end = wish.starts_at.astimezone(zone), wish.ends_at.astimezone(zone)
    return begin.time() < DAY[0] or end.time() > DAY[1] or end.date() != begin.date()


def _zone(name: str) -> ZoneInfo:
    """Raises Invalid for a zone that nobody knows."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise errors.Invalid(
            "zone", zh=f"时区“{name[:60]}”不存在", en=f"the time zone {name[:60]!r} is unknown", zone=name[:60]
        ) from None


def _wish(call: JobCall) -> Wish:
    told = call.customer.attributes.get("time_zone") if call.customer else None
    attendees = [str(one) for one in given.items(call, "attendees")]
    return Wish(
        id=given.text(call, "visit"),
        starts_at=given.moment(call, "starts_at", call.now).astimezone(UTC),
        ends_at=given.moment(call, "ends_at", call.now).astimezone(UTC),
        attendees=tuple(dict.fromkeys([given.text(call, "owner"), *attendees])),
        zone=told if isinstance(told, str) and told else HOUSE_ZONE,
    )


def _check(store: Store, call: JobCall) -> JobAnswer:
    """``problems`` of the time, and ``clashes``: who has what else, each in both languages."""
    wish = _wish(call)
    with store.reading() as tx:
        found = _clashes(tx, wish)
    return JobAnswer(data={"problems": problems(wish, now=call.now), "clashes": found, "attendees": wish.attendees})


def _clashes(tx: Transaction, wish: Wish) -> list[str]:
    """Appointments, service visits and absences of the attendees that touch the span, and the customer's night."""
    found, names = [], {one.key: one.name for one in tx.people.all()}
    for one in tx.diary.booked(wish.attendees, wish.starts_at, wish.ends_at):
        if one.id != wish.id:
            people = "、".join(names.get(person, person) for person in one.attendees if person in wish.attendees)
            found.append(_clash(people, one.id, one.starts_at, one.ends_at))
    for visit in tx.visits.booked(wish.attendees, wish.starts_at, wish.ends_at):
        engineer = names.get(visit.engineer, visit.engineer)
        found.append(_clash(engineer, visit.visit_no, visit.starts_at, visit.ends_at))
    for absence in presence.away(tx, wish.attendees, wish.starts_at, wish.ends_at):
        person, span = names.get(absence.person, absence.person), _span(absence.starts_at, absence.ends_at)
        found.append(f"{person} 不在：{span} / {person} is away at {span}")
    if at_night(wish):
        found.append(f"客户所在时区（{wish.zone}）不在 8 点到 20 点 / not between 8 and 20 o'clock in {wish.zone}")
    return found


def _clash(people: str, what: str, starts_at: datetime, ends_at: datetime) -> str:
    span = _span(starts_at, ends_at)
    return f"{people} 已有安排 {what}：{span} / {people} has {what} at {span}"


def _span(starts_at: datetime, ends_at: datetime) -> str:
    """On the house's clock; the day of the end only where it is another."""
    begin, end = (one.astimezone(ZoneInfo(HOUSE_ZONE)) for one in (starts_at, ends_at))
    return f"{begin:%m-%d %H:%M}–{end:{'%H:%M' if begin.date() == end.date() else '%m-%d %H:%M'}}"


def _book(tx: Transaction, call: JobCall) -> JobAnswer:
    """``slot_taken`` when somebody has something else by now and nobody said why it is booked all the same."""
    wish, reason = _wish(call), given.text(call, "override_reason", "")
    for person in sorted(wish.attendees):
        tx.diary.lock(person)
    clashes = _clashes(tx, wish)
    if clashes and not reason:
        return JobAnswer(error="slot_taken", message=clashes[0])
    tx.diary.put(
        agenda.Appointment(
            id=wish.id,
            customer=call.customer.id if call.customer else "",
            kind=given.text(call, "kind", "visit"),
            starts_at=wish.starts_at,
            ends_at=wish.ends_at,
            attendees=wish.attendees,
            place=given.text(call, "place", ""),
            override_reason=reason if clashes else "",
            booked_at=call.now,
        )
    )
    return JobAnswer(data={"booked": True, "overridden": bool(clashes)})


def _cancel(tx: Transaction, call: JobCall) -> JobAnswer:
    appointment = _known(tx, call)
    if appointment.status == "booked":
        tx.diary.put(msgspec.structs.replace(appointment, status="cancelled"))
    return JobAnswer(data={"booked": False})


def _settle(tx: Transaction, call: JobCall) -> JobAnswer:
    """It took place, or the customer was not there. The next one begins with ``next_contact``: V-1, V-1.1 ..."""
    outcome, appointment = given.choice(call, "outcome", OUTCOMES), _known(tx, call)
    tx.diary.put(msgspec.structs.replace(appointment, status=outcome, result=given.text(call, "result", "")))
    met = [one for one in tx.diary.of_customer(appointment.customer, RECENT) if one.status == "done"]
    stem, _, last = appointment.id.partition(".")
    following = {
        "visitNo": f"{stem}.{int(last) + 1 if last.isdigit() else 1}",
        "purpose": given.text(call, "purpose", ""),
        "owner": given.text(call, "owner", ""),
    }
    return JobAnswer(data={"contacts_made": len(met), "next_contact": following})


def _known(tx: Transaction, call: JobCall) -> agenda.Appointment:
    number = given.text(call, "visit")
    appointment = tx.diary.get(number)
    if appointment is None:
        raise errors.NotFound(
            "visit_unknown", zh=f"日历中没有 {number}", en=f"the calendar holds no {number!r}", visit=number
        )
    return appointment
