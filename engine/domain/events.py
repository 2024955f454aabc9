"""Trade fairs and seminars: who is on duty there, who is invited, who came.

An event is a campaign of its own number: what it cost and what its leads became is counted as for any campaign.
"""

import functools
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, get_args
from zoneinfo import ZoneInfo

import msgspec

from engine import marketing
from engine.domain import audience, given, merging, reaching
from engine.ports import Handler, JobAnswer, JobCall, Notification, Store, Transaction

ZONE = ZoneInfo("Asia/Shanghai")
MOST = 5000
LATER = {"invited": 0, "declined": 1, "registered": 1, "checked_in": 2}
"""Whoever came stays somebody who came."""
TAKEN = "staff_taken"


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "events.clashes": lambda call: _clashes(store, call),
        "events.staff": lambda call: store.run(lambda tx: _staff(tx, call)),
        "events.invite": lambda call: _invite(store, call),
        "events.remind": lambda call: _remind(store, call),
        "events.answer": lambda call: store.run(lambda tx: _answer(tx, call)),
        "events.attendance": lambda call: _attendance(store, call),
    }


def attendance(states: Sequence[str]) -> dict[str, int]:
    """How many of each state, and how many in a hundred of those who said they would come did."""
    counted = Counter(states)
    came, expected = counted["checked_in"], counted["checked_in"] + counted["registered"]
    return {
        "invited": sum(counted.values()),
        "registered": expected,
        "declined": counted["declined"],
        "came": came,
        "attendance_pct": round(100 * came / expected) if expected else 0,
    }


def _clashes(store: Store, call: JobCall) -> JobAnswer:
    """``roster``: each of ``people`` with what else they have on these days, in both languages."""
    people = list(dict.fromkeys(str(row.get("person")) for row in given.rows(call, "people")))
    with store.reading() as tx:
        roster = [{"person": one, "clashes": "；".join(_busy(tx, call, one))} for one in people]
    return JobAnswer(data={"roster": roster})


def _busy(tx: Transaction, call: JobCall, person: str) -> list[str]:
    """Duties at other events and appointments."""
    event, (first, last) = given.text(call, "event"), _days(call)
    found = [
        f"{duty.event}：{duty.first}–{duty.last} / {duty.event} from {duty.first} to {duty.last}"
        for duty in tx.events.duties([person], first.isoformat(), last.isoformat())
        if duty.event != event
    ]
    begin, end = (datetime.combine(day, time(), ZONE).astimezone(UTC) for day in (first, last + timedelta(days=1)))
    for one in tx.diary.booked([person], begin, end):
        found.append(f"{one.id}：{one.starts_at.astimezone(ZONE):%m-%d %H:%M} / {one.id} then")
    return found


def _staff(tx: Transaction, call: JobCall) -> JobAnswer:
    """Those of ``answers`` who said yes are on duty. The business error ``staff_taken`` when one of them has something
    else by now and did not say why they come all the same."""
    event, (first, last) = given.text(call, "event"), _days(call)
    coming = sorted(
        {str(row["person"]): row for row in given.rows(call, "answers") if row.get("coming") is True}.items()
    )
    for person, _ in coming:
        tx.diary.lock(person)
    for person, row in coming:
        busy = _busy(tx, call, person)
        if busy and not row.get("reason"):
            return JobAnswer(error=TAKEN, message=f"{person}: {busy[0]}")
    for person, _ in coming:
        tx.events.put_duty(marketing.Duty(event=event, person=person, first=first.isoformat(), last=last.isoformat()))
    return JobAnswer(data={"staff_on_duty": [person for person, _ in coming]})


def _days(call: JobCall) -> tuple[date, date]:
    try:
        first, last = (date.fromisoformat(given.text(call, name)) for name in ("first", "last"))
    except ValueError:
        raise given.wrong(call, "first", zh="日期", en="a day") from None
    if last < first:
        raise given.wrong(call, "last", zh="不早于第一天的日期", en="a day not before the first")
    return first, last


def _invite(store: Store, call: JobCall) -> JobAnswer:
    """Everybody whom the frozen list allows, each once, within the contact budget; they are guests from then on."""
    event = given.text(call, "event")
    with store.reading() as tx:
        members = given.target_list(tx, call).allowed
    if len(members) > MOST:
        raise given.wrong(call, "list", zh=f"不超过 {MOST} 户的名单", en=f"a list of at most {MOST} customers")
    for customer in members:
        store.run(functools.partial(_reach, call=call, event=event, customer=customer))
    with store.reading() as tx:
        mine = [one for one in tx.campaigns.of_job(call.id) if one.outcome == "sent"]
        letters = [
            _letter(call, tx.events.guest(event, one.customer), reaching.facts(tx, one.customer)) for one in mine
        ]
    return JobAnswer(data={"invited_count": len(mine)}, notifications=tuple(letters))


def _reach(tx: Transaction, *, call: JobCall, event: str, customer: str) -> None:
    found = tx.customers.get(customer)
    told = found.attributes if found else {}
    channel = given.text(call, "channel", "email")
    target = marketing.Send(
        campaign=event,
        wave=1,
        customer=customer,
        channel=channel,
        address=str(told.get(audience.ADDRESS.get(channel, channel)) or ""),
        outcome="",
        job=call.id,
        sent_at=call.now,
    )
    sent = reaching.put(tx, target, plan=event) == "sent"
    if found and sent and tx.events.guest(event, customer) is None:
        phone, email = (str(told.get(name) or "") for name in ("phone", "email"))
        tx.events.put_guest(
            marketing.Guest(event=event, id=customer, name=found.name, phone=phone, email=email, changed_at=call.now)
        )


def _remind(store: Store, call: JobCall) -> JobAnswer:
    """Those who did not decline, by e-mail or else by message."""
    event = given.text(call, "event")
    with store.reading() as tx:
        guests = [one for one in tx.events.guests(event) if one.state in ("invited", "registered")]
        letters = [_letter(call, one, reaching.facts(tx, one.id)) for one in guests if one.email or one.phone]
    return JobAnswer(data={"reminded_count": len(letters)}, notifications=tuple(letters))


def _answer(tx: Transaction, call: JobCall) -> JobAnswer:
    """Somebody registers, declines or comes; who was not invited is a guest all the same."""
    event, state = given.text(call, "event"), given.choice(call, "state", get_args(marketing.GuestState))
    guest_id = given.text(call, "guest")
    known = tx.events.guest(event, guest_id)
    if known is None:
        name, phone, email = (given.text(call, part, "")[:200] for part in ("name", "phone", "email"))
        known = marketing.Guest(
            event=event, id=guest_id, name=name or guest_id, phone=phone, email=email, changed_at=call.now
        )
    if LATER[state] >= LATER[known.state]:
        known = msgspec.structs.replace(known, state=state, changed_at=call.now)
    tx.events.put_guest(known)
    return JobAnswer(data={"guest_state": known.state})


def _attendance(store: Store, call: JobCall) -> JobAnswer:
    with store.reading() as tx:
        states = [one.state for one in tx.events.guests(given.text(call, "event"))]
    found = attendance(states)
    return JobAnswer(data={"attendance": found, "attendance_pct": found["attendance_pct"]})


def _letter(call: JobCall, guest: marketing.Guest | None, facts: Mapping[str, Any]) -> Notification:
    """``subject`` and ``text`` of the invitation or the reminder, with what is known of the guest in their places."""
    known = {**facts, "name": guest.name if guest else ""}
    subject, words = (merging.fill(given.text(call, part), known) for part in ("subject", "text"))
    email = guest.email if guest else ""
    return reaching.letter("email" if email else "sms", email or (guest.phone if guest else ""), subject, words)
