"""A new customer's beginning, one at a time: the documents needed, those that have come, the first value, its end."""

from collections.abc import Mapping, Sequence

import msgspec

from engine import care, errors
from engine.domain import given
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "onboarding.open": lambda call: store.run(lambda tx: _open(tx, call)),
        "onboarding.receive": lambda call: store.run(lambda tx: _receive(tx, call)),
        "onboarding.first_value": lambda call: store.run(lambda tx: _first_value(tx, call)),
        "onboarding.end": lambda call: store.run(lambda tx: _end(tx, call)),
    }


def missing(needed: Sequence[str], received: Sequence[str]) -> list[str]:
    return [one for one in needed if one not in received]


def _open(tx: Transaction, call: JobCall) -> JobAnswer:
    """A customer is brought in once, by the contract, the first order or a journey, whichever comes first: what comes
    later has ``joined`` it. With ``wait`` it is told of the end (``awaited``); with ``anew`` somebody wants another
    one after a good end. A case that is no longer active leads nothing."""
    number, needed = given.text(call, "onboarding"), tuple(str(one) for one in given.items(call, "needed"))
    customer = call.customer.id if call.customer else ""
    tx.onboardings.lock(customer)
    known = tx.onboardings.get(number)
    if known is not None and known.customer != customer:
        raise _taken(number)
    if known is None or known.instance_id not in ("", call.instance_id):
        other = _other(tx, call, customer)
        if other is not None:
            return _joined(tx, call, other)
        known = _begun(call, number, customer, needed, known)
        tx.onboardings.put(known)
    return JobAnswer(
        data={
            "onboardingNo": number,
            "missing": missing(known.needed, known.received),
            "joined": False,
            "awaited": False,
            "waiting_case": "",
        }
    )


def _other(tx: Transaction, call: JobCall, customer: str) -> care.Onboarding | None:
    """The customer's onboarding that another case leads or has led."""
    anew = call.input.get("anew") is True
    for one in tx.onboardings.of_customer(customer) if customer else ():
        if one.instance_id == call.instance_id or not one.stands or (anew and one.ended_at is not None):
            continue
        if one.ended_at is not None or _leads(tx, one):
            return one
    return None


def _leads(tx: Transaction, one: care.Onboarding) -> bool:
    case = tx.instances.get(one.instance_id) if one.instance_id else None
    return not one.instance_id or (case is not None and case.status == "active")


def _begun(
    call: JobCall, number: str, customer: str, needed: tuple[str, ...], before: care.Onboarding | None
) -> care.Onboarding:
    """Of a number that was given up, what had come and who waits are taken over."""
    begun = care.Onboarding(
        id=number, customer=customer, needed=needed, started_at=call.now, instance_id=call.instance_id
    )
    if before is None:
        return begun
    waiting = before.awaited_by if before.ended_at is None else ()
    return msgspec.structs.replace(begun, received=before.received, rounds=before.rounds, awaited_by=waiting)


def _joined(tx: Transaction, call: JobCall, other: care.Onboarding) -> JobAnswer:
    awaited = call.input.get("wait") is True and other.ended_at is None
    if awaited:
        waiting = tuple(dict.fromkeys([*other.awaited_by, call.instance_id]))
        tx.onboardings.put(msgspec.structs.replace(other, awaited_by=waiting))
    return JobAnswer(
        data={
            "onboardingNo": other.id,
            "missing": [],
            "joined": True,
            "awaited": awaited,
            "waiting_case": call.instance_id,
            **_closing(other),
        }
    )


def _closing(known: care.Onboarding) -> dict[str, object]:
    reached = known.first_value_at
    days = (reached - known.started_at).days if reached is not None else None
    return {"onboarding_result": known.outcome, "days_to_value": days}


def _receive(tx: Transaction, call: JobCall) -> JobAnswer:
    """What was handed in before stays handed in; what nobody asked for is kept too."""
    known = _known(tx, call)
    handed_in = [str(one) for one in given.items(call, "documents")]
    received = tuple(dict.fromkeys([*known.received, *handed_in]))
    rounds = tuple(dict.fromkeys([*known.rounds, call.id]))
    tx.onboardings.put(msgspec.structs.replace(known, received=received, rounds=rounds))
    left = missing(known.needed, received)
    return JobAnswer(data={"missing": left, "complete": not left, "rounds": len(rounds)})


def _first_value(tx: Transaction, call: JobCall) -> JobAnswer:
    known = _known(tx, call)
    reached = known.first_value_at or call.now
    tx.onboardings.put(msgspec.structs.replace(known, first_value_at=reached))
    return JobAnswer(data={"days_to_value": (reached - known.started_at).days})


def _end(tx: Transaction, call: JobCall) -> JobAnswer:
    known = _known(tx, call)
    outcome = given.text(call, "outcome")[:100]
    known = msgspec.structs.replace(known, ended_at=known.ended_at or call.now, outcome=outcome)
    tx.onboardings.put(known)
    closing = _closing(known)
    return JobAnswer(data={**closing, "closing": closing, "awaited_by": list(known.awaited_by)})


def _known(tx: Transaction, call: JobCall) -> care.Onboarding:
    number = given.text(call, "onboarding")
    found = tx.onboardings.get(number)
    if found is None:
        raise errors.NotFound(
            "onboarding_unknown", zh=f"没有开户 {number}", en=f"there is no onboarding {number!r}", number=number
        )
    return found


def _taken(number: str) -> errors.Conflict:
    return errors.Conflict(
        "onboarding_taken",
        zh=f"入职编号 {number} 已用于另一个客户",
        en=f"the onboarding number {number!r} is another customer's",
        number=number,
    )
