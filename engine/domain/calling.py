"""Telephone lists: who is called by whom and when, what came of it, and who is never called again."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, get_args
from zoneinfo import ZoneInfo

from engine import agenda
from engine.customers import register
from engine.domain import given, sameness
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction

HOUSE_ZONE = ZoneInfo("Asia/Shanghai")
OPENS, CLOSES = time(9), time(20)
"""Nobody is called outside these hours."""
MOST = 200
"""Numbers of one list."""
NEAR = 20
OUTCOMES: tuple[agenda.Outcome, ...] = get_args(agenda.Outcome)


def allowed(moment: datetime) -> datetime:
    """The moment itself, or the next at which calling is allowed, in UTC."""
    local = moment.astimezone(HOUSE_ZONE)
    if local.time() >= CLOSES:
        local = (local + timedelta(days=1)).replace(hour=OPENS.hour, minute=0, second=0, microsecond=0)
    elif local.time() < OPENS:
        local = local.replace(hour=OPENS.hour, minute=0, second=0, microsecond=0)
    return local.astimezone(UTC)


def another_hour(moment: datetime) -> datetime:
    """The next day at another time: who is out in the morning is called in the afternoon, and the other way round."""
    local = moment.astimezone(HOUSE_ZONE) + timedelta(days=1)
    hour = 17 if local.hour < 13 else 10
    return local.replace(hour=hour, minute=0, second=0, microsecond=0).astimezone(UTC)


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "calls.build": lambda call: _build(store, call),
        "calls.record": lambda call: store.run(lambda tx: _record(tx, call)),
        "calls.statistics": lambda call: _statistics(store, call),
    }


def _build(store: Store, call: JobCall) -> JobAnswer:
    """``targets``: each number once, dealt out among the agents who are there, without those that are blocked or none.
    With ``consent_needed`` only who has agreed to be called.
    """
    numbers: dict[str, dict[str, Any]] = {}
    wrong = 0
    agreed = call.input.get("consent_needed") is not True
    for row in given.rows(call, "candidates"):
        phone = sameness.phone(str(row.get("phone") or ""))
        wrong += not phone
        if phone and (agreed or row.get("consent") is True):
            numbers.setdefault(phone, {**row, "phone": phone})
    if len(numbers) > MOST:
        raise given.wrong(call, "candidates", zh=f"不超过 {MOST} 个号码", en=f"no more than {MOST} numbers")
    team, at = given.text(call, "team"), allowed(call.now).isoformat()
    with store.reading() as tx:
        blocked = tx.calls.blocked(list(numbers))
        agents = [one.key for one in tx.people.all() if one.active and team in one.groups]
    kept = [row for phone, row in numbers.items() if phone not in blocked]
    targets = [
        {
            "n": n,
            "name": str(row.get("name") or ""),
            "phone": row["phone"],
            "agent": agents[(n - 1) % len(agents)] if agents else None,
            "first_at": at,
        }
        for n, row in enumerate(kept, 1)
    ]
    return JobAnswer(data={"targets": targets, "removed": len(blocked), "wrong_numbers": wrong})


def _record(tx: Transaction, call: JobCall) -> JobAnswer:
    """What came of an attempt. ``next_at`` is when to try again: when it was asked for, or at another hour."""
    outcome, phone = given.choice(call, "outcome", OUTCOMES), given.text(call, "phone")
    tx.calls.add(
        agenda.Call(
            id=call.id,
            call_list=given.text(call, "list"),
            phone=phone,
            agent=given.text(call, "agent", ""),
            attempt=int(given.number(call, "attempt")),
            outcome=outcome,
            notes=given.text(call, "notes", ""),
            called_at=call.now,
        )
    )
    if outcome == "do_not_call":
        _block(tx, call, phone)
    wanted = given.moment(call, "callback_at", call.now) if outcome == "call_back" else another_hour(call.now)
    again = allowed(max(wanted.astimezone(UTC), call.now))
    return JobAnswer(data={"attempt": int(given.number(call, "attempt")) + 1, "next_at": again.isoformat()})


def _block(tx: Transaction, call: JobCall, phone: str) -> None:
    """Everywhere: for all lists, and for every customer who is reached under the number."""
    tx.calls.block(phone, given.text(call, "notes", ""), call.now)
    for customer in tx.customers.reached_by([phone], NEAR):
        reached = {sameness.phone(str(one.get("phone") or "")) for one in customer.contacts}
        if phone in reached and customer.attributes.get("do_not_contact") is not True:
            change = {"attributes": {"do_not_contact": True}}
            register.change_within(tx, customer_id=customer.id, data=change, now=call.now)


def _statistics(store: Store, call: JobCall) -> JobAnswer:
    """Of the last attempt with each number: shares in per cent."""
    with store.reading() as tx:
        made = tx.calls.of_list(given.text(call, "list"))
    last = {one.phone: one.outcome for one in made}
    spoken = sum(1 for outcome in last.values() if outcome not in ("no_answer", "wrong_number"))
    counts = Counter(last.values())
    told = {
        "calls_made": len(made),
        "numbers_called": len(last),
        "contact_percent": round(100 * spoken / len(last), 1) if last else 0.0,
        "success_percent": round(100 * counts["reached"] / len(last), 1) if last else 0.0,
    }
    return JobAnswer(data=told)
