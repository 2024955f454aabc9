"""The contact budget: at most so many contacts with one customer in a period, over all campaigns and channels.

A contact is reserved before it is made; reserving is atomic for each customer, so two campaigns at the same moment
never both get the last one. Reservations that nobody uses run out. While a complaint is open there is no advertising.
"""

import functools
import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from engine.domain import given
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction
from engine.trade import MarketingStop, Reservation

WEEK = timedelta(days=7)
SERVICE = "service"
"""The purpose of what a customer asked for or must know: no budget is taken, and no stop holds it up."""
OPT_OUT = "opt_out"
TOGETHER = 25
"""Customers of one transaction."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """``contacts`` in ``period`` over all channels, ``per_channel`` of them on one, ``gap`` apart."""

    contacts: int
    per_channel: int | None = None
    period: timedelta = WEEK
    gap: timedelta = timedelta(0)


def next_allowed(held: Sequence[Reservation], *, channel: str, limits: Limits, now: datetime) -> datetime:
    """When the next contact may be made: ``now`` when nothing stands against it.

    ``held`` are the contacts of the period, newest first.
    """
    moments = [now]
    if len(held) >= limits.contacts:
        moments.append(_freed(held, limits.contacts, limits.period, now))
    same = [one for one in held if one.channel == channel]
    if limits.per_channel is not None and len(same) >= limits.per_channel:
        moments.append(_freed(same, limits.per_channel, limits.period, now))
    if held:
        moments.append(held[0].reserved_at + limits.gap)
    return max(moments)


def _freed(held: Sequence[Reservation], limit: int, period: timedelta, now: datetime) -> datetime:
    """When one contact fewer than ``limit`` is left; a limit of none is asked again a period from now."""
    return held[limit - 1].reserved_at + period if limit else now + period


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "contacts.reserve": lambda call: JobAnswer(data={"candidates": reserve(store, call)}),
        "contacts.use": lambda call: JobAnswer(data={"used": _settle(store, call, used=True)}),
        "contacts.release": lambda call: JobAnswer(data={"released": _settle(store, call, used=False)}),
        "contacts.suppress": lambda call: _suppress(store, call),
        "contacts.resume": lambda call: _resume(store, call),
        "contacts.opt_out": lambda call: _opt_out(store, call),
    }


def reserve(store: Store, call: JobCall) -> list[dict[str, Any]]:
    """Each candidate with ``reservation``: ``reserved``, ``stopped``, or ``full`` with who took it and the day of the
    next one; ``exempt`` for service mail. Those that were dropped before stay as they are. A few customers share a
    transaction, which keeps the locks short, and are locked by id, so that no two campaigns wait for each other."""
    service = given.text(call, "purpose", "") == SERVICE
    per_channel = call.input.get("max_per_channel")
    limits = Limits(
        contacts=int(given.number(call, "max_contacts")),
        per_channel=None if per_channel is None else int(given.number(call, "max_per_channel")),
        period=timedelta(days=given.number(call, "period_days", 7)),
        gap=timedelta(hours=given.number(call, "min_gap_hours", 0)),
    )
    asked = given.rows(call, "candidates")
    if service:
        return [{**one, "reservation": "exempt"} for one in asked]
    meant = sorted({str(one.get("customer_id", "")) for one in asked if one.get("verdict") != "dropped"})
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(meant), TOGETHER):
        some = meant[start : start + TOGETHER]
        found |= store.run(functools.partial(_take_each, call=call, customers=some, limits=limits))
    return [
        one if one.get("verdict") == "dropped" else {**one, **found[str(one.get("customer_id", ""))]} for one in asked
    ]


def _take_each(tx: Transaction, *, call: JobCall, customers: list[str], limits: Limits) -> dict[str, dict[str, Any]]:
    return {customer: take(tx, call=call, customer=customer, limits=limits) for customer in customers}


def take(tx: Transaction, *, call: JobCall, customer: str, limits: Limits) -> dict[str, Any]:
    """One contact with one customer, or why not."""
    mine, channel = f"{call.id}:{customer}", given.text(call, "channel")
    tx.contacts.lock(customer)
    held = tx.contacts.held(customer, call.now - limits.period, call.now)
    if any(one.id == mine for one in held):
        return {"reservation": "reserved"}
    if tx.contacts.stopped([customer]):
        return {"reservation": "stopped"}
    allowed = next_allowed(held, channel=channel, limits=limits, now=call.now)
    if allowed > call.now:
        rival = max(held, key=lambda one: one.priority, default=None)
        return {
            "reservation": "full",
            "next_allowed": allowed.date().isoformat(),
            "other_campaign": rival.campaign if rival else None,
            "other_priority": rival.priority if rival else None,
        }
    tx.contacts.add(
        Reservation(
            id=mine,
            customer=customer,
            campaign=given.text(call, "campaign"),
            channel=channel,
            priority=int(given.number(call, "priority", 0)),
            reserved_at=call.now,
            expires_at=call.now + given.span(call, "hold", WEEK),
        )
    )
    return {"reservation": "reserved"}


def _settle(store: Store, call: JobCall, *, used: bool) -> int:
    campaign = given.text(call, "campaign")
    return store.run(lambda tx: tx.contacts.settle(campaign, "used" if used else "released"))


def _suppress(store: Store, call: JobCall) -> JobAnswer:
    """Who complains and is no customer gets no advertising anyway: ``customer`` may be null."""
    if call.input.get("customer", "") is None:
        return JobAnswer()
    stop = MarketingStop(
        id=call.instance_id,
        customer=given.text(call, "customer"),
        reason=given.text(call, "reason", ""),
        since=call.now,
    )
    store.run(lambda tx: _stop(tx, stop))
    return JobAnswer()


def _resume(store: Store, call: JobCall) -> JobAnswer:
    store.run(lambda tx: tx.contacts.lift(call.instance_id, call.now))
    return JobAnswer()


def _opt_out(store: Store, call: JobCall) -> JobAnswer:
    """No advertising to this customer until they ask for it again: a stop that no case lifts."""
    customer = given.text(call, "customer")
    stop = MarketingStop(id=_wish(customer), customer=customer, reason=OPT_OUT, since=call.now)
    store.run(lambda tx: _stop(tx, stop))
    return JobAnswer(data={"opted_out": True})


def _stop(tx: Transaction, stop: MarketingStop) -> None:
    """Whoever is about to write to the customer has written by then, or will see it."""
    tx.contacts.lock(stop.customer)
    tx.contacts.stop(stop)


def _wish(customer: str) -> str:
    """One for each customer, however often they say it."""
    return f"wish-{hashlib.sha256(customer.encode()).hexdigest()[:32]}"
