"""Who asks for service: whether the customer's term covers it, and whether the same is open already."""

import re
from collections.abc import Mapping
from datetime import date

from engine import errors
from engine.domain import given, sameness
from engine.facts import InstanceStarted
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction
from engine.records import Customer

PROCESSES = ("CSS-01", "CSS-02")
"""Where a request may be open."""
OPEN = 50
BEGINNING = 5
"""Among so many facts the start is found."""
_LINKS = re.compile(r"https?://", re.IGNORECASE)
SAME_SUBJECT = 0.8
"""So alike are two subjects that mean the same."""
SPAM_LINKS = 3
"""A subject with so many links is none that a customer writes."""


def handlers(store: Store) -> Mapping[str, Handler]:
    return {"service.identify": lambda call: _identify(store, call)}


def entitled(customer: Customer, today: date) -> bool:
    """Until the day of the attribute ``service_until``; without one, every customer is.

    Raises Invalid for an attribute that is no day.
    """
    until = customer.attributes.get("service_until")
    if not isinstance(until, str) or not until:
        return True
    try:
        return date.fromisoformat(until) >= today
    except ValueError:
        raise errors.Invalid(
            "service_until_wrong",
            zh=f"客户 {customer.number} 的服务期限（service_until）“{until[:40]}”不是日期，例如 2026-12-31",
            en=f"customer {customer.number}: service_until is {until[:40]!r}, expected a day such as 2026-12-31",
            customer=customer.id,
        ) from None


def _identify(store: Store, call: JobCall) -> JobAnswer:
    subject = given.text(call, "subject")
    covered, same = True, None
    if call.customer is not None:
        with store.reading() as tx:
            covered = _agreed(tx, call.customer, call.now.date()) or entitled(call.customer, call.now.date())
            same = _open(tx, call, call.customer, subject)
    spam = len(_LINKS.findall(subject)) >= SPAM_LINKS
    return JobAnswer(data={"entitled": covered, "duplicate_of": same, "spam": spam})


def _agreed(tx: Transaction, customer: Customer, today: date) -> bool:
    """An agreement in force covers the day, whatever the attribute says."""
    day = today.isoformat()
    return any(one.valid_from <= day <= one.valid_to for one in tx.agreements.of_customer(customer.id))


def _open(tx: Transaction, call: JobCall, customer: Customer, subject: str) -> str | None:
    """Number of the newest open request of this customer whose subject is nearly the same."""
    for process in PROCESSES:
        where = {"process": process, "customer_id": customer.id, "status": "active"}
        for instance in tx.instances.search(where=where, after="", limit=OPEN):
            if instance.id == call.instance_id:
                continue
            told = _subject(tx, instance.id)
            if told and sameness.likeness(told, subject) >= SAME_SUBJECT:
                return instance.business_key or instance.number
    return None


def _subject(tx: Transaction, instance_id: str) -> str:
    """What it was started with."""
    for row in tx.facts.of_instance(instance_id, limit=BEGINNING):
        if isinstance(row.fact, InstanceStarted):
            return str(row.fact.data.get("subject") or "")
    return ""
