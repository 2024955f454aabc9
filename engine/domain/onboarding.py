"""A new customer's beginning: the documents that are needed, those that have come, the first value."""

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
    number, needed = given.text(call, "onboarding"), tuple(str(one) for one in given.items(call, "needed"))
    known = tx.onboardings.get(number)
    if known is None:
        known = care.Onboarding(
            id=number, customer=call.customer.id if call.customer else "", needed=needed, started_at=call.now
        )
        tx.onboardings.put(known)
    return JobAnswer(data={"onboardingNo": number, "missing": missing(known.needed, known.received)})


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
    tx.onboardings.put(msgspec.structs.replace(known, ended_at=known.ended_at or call.now, outcome=outcome))
    return JobAnswer()


def _known(tx: Transaction, call: JobCall) -> care.Onboarding:
    number = given.text(call, "onboarding")
    found = tx.onboardings.get(number)
    if found is None:
        raise errors.NotFound(
            "onboarding_unknown", zh=f"没有开户 {number}", en=f"there is no onboarding {number!r}", number=number
        )
    return found
