"""Partners' deals: looked at for conflicts, protected for one partner only, released."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

import msgspec

from engine import deals, errors
from engine.domain import given, sameness
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction

LONGEST = 180
"""Days of protection at most."""
RESULTS: tuple[Literal["won", "released"], ...] = ("won", "released")
CORE_LIMIT = 100
"""Letters of a name that are compared."""


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "registrations.check": lambda call: store.run(lambda tx: _check(tx, call)),
        "registrations.protect": lambda call: store.run(lambda tx: _protect(tx, call)),
        "registrations.settle": lambda call: store.run(lambda tx: _settle(tx, call)),
    }


def _check(tx: Transaction, call: JobCall) -> JobAnswer:
    """The deal is written down; ``conflicts`` are our own open deals and other partners' protected ones, in both
    languages."""
    number, name = given.text(call, "number"), given.text(call, "end_customer")
    known = tx.registrations.get(number)
    if known is not None and known.partner != given.text(call, "partner"):
        raise errors.Conflict(
            "registration_taken",
            zh=f"报备编号 {number} 属于另一伙伴",
            en=f"the registration {number!r} is another partner's",
            number=number,
        )
    asked = known or deals.Registration(
        id=number,
        partner=given.text(call, "partner"),
        end_customer=name,
        core=sameness.core(name)[:CORE_LIMIT],
        product=given.text(call, "product"),
        amount=given.number(call, "amount"),
        asked_at=call.now,
    )
    if known is None:
        tx.registrations.put(asked)
    found = [
        f"{other.partner} 已报备 {other.id}，保护至 {other.protected_until}"
        f" / {other.partner} has registered it as {other.id}, protected until {other.protected_until}"
        for other in _rivals(tx, asked, call)
    ]
    return JobAnswer(data={"conflicts": [*found, *_own(tx, asked)]})


def _rivals(tx: Transaction, asked: deals.Registration, call: JobCall) -> list[deals.Registration]:
    """Other partners who are protected today for the same customer and product."""
    today = call.now.date().isoformat()
    return [
        one
        for one in tx.registrations.of_core(asked.core)
        if one.id != asked.id
        and one.partner != asked.partner
        and one.product == asked.product
        and one.status == "protected"
        and one.protected_until >= today
    ]


def _own(tx: Transaction, asked: deals.Registration) -> list[str]:
    found = []
    for one in tx.opportunities.open():
        customer = tx.customers.get(one.customer) if one.customer else None
        if customer is not None and sameness.core(customer.name)[:CORE_LIMIT] == asked.core:
            found.append(f"我们自己在谈：{one.name} / we are talking to them ourselves: {one.name}")
    return found


def _protect(tx: Transaction, call: JobCall) -> JobAnswer:
    """Until ``days`` from now; ``protected_elsewhere`` when another partner was faster."""
    asked, days = _known(tx, call), given.number(call, "days")
    if not 1 <= days <= LONGEST:
        raise given.wrong(call, "days", zh=f"1 到 {LONGEST} 天", en=f"1 to {LONGEST} days")
    tx.registrations.lock(asked.core)
    rivals = _rivals(tx, asked, call)
    if rivals:
        return JobAnswer(error="protected_elsewhere", message=rivals[0].id)
    until = (call.now + timedelta(days=int(days))).date().isoformat()
    if asked.status != "protected":
        tx.registrations.put(msgspec.structs.replace(asked, status="protected", protected_until=until))
        return JobAnswer(data={"protected_until": until})
    return JobAnswer(data={"protected_until": asked.protected_until})


def _settle(tx: Transaction, call: JobCall) -> JobAnswer:
    """``result`` is won or released: others may register the deal again."""
    asked, result = _known(tx, call), given.choice(call, "result", RESULTS)
    if asked.status != "won":
        tx.registrations.put(msgspec.structs.replace(asked, status=result))
    return JobAnswer(data={"registration_result": result})


def _known(tx: Transaction, call: JobCall) -> deals.Registration:
    number = given.text(call, "number")
    found = tx.registrations.get(number)
    if found is None:
        raise errors.NotFound(
            "registration_unknown", zh=f"找不到报备 {number}", en=f"there is no registration {number!r}", number=number
        )
    return found
