"""What a customer may still be worth: referrals that came to something are rewarded, and the potential is corrected."""

from collections.abc import Mapping

import msgspec

from engine import errors, marketing
from engine.customers import register
from engine.domain import given, valuing
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction
from engine.records import Customer


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "referrals.check": lambda call: _check(store, call),
        "rewards.book": lambda call: store.run(lambda tx: _book(tx, call)),
        "values.develop": lambda call: store.run(lambda tx: _develop(tx, call)),
    }


def corrected(potential: float, answer: str, amount: float) -> float:
    """What was sold is potential no more, what was refused is half gone, a referral adds what it may bring."""
    change = {"accept": -amount, "reject": -amount / 2, "referral": amount}.get(answer, 0)
    return max(0.0, round(potential + change, 2))


def _check(store: Store, call: JobCall) -> JobAnswer:
    """Whether there is an opportunity of the lead by now that is not lost; ``checks`` counts how often it was asked."""
    lead, checks = given.text(call, "lead"), int(given.number(call, "checks", 0))
    with store.reading() as tx:
        deals = [one for one in tx.opportunities.of_leads([lead]) if one.stage != "lost"]
    return JobAnswer(data={"converted": bool(deals), "checks": checks + 1})


def _book(tx: Transaction, call: JobCall) -> JobAnswer:
    """One reward for one reason, whoever asks how often: no more than ``limit``. Raises Invalid above it."""
    customer, reason = _customer(call).id, given.text(call, "reason")
    amount, limit = given.number(call, "amount"), given.number(call, "limit")
    if not 0 <= amount <= limit:
        raise given.wrong(call, "amount", zh=f"0 到 {limit:g} 的金额", en=f"an amount from 0 to {limit:g}")
    tx.contacts.lock(customer)
    known = next((one for one in tx.scores.rewards(customer) if one.reason == reason), None)
    if known is None:
        known = marketing.Reward(id=call.id, customer=customer, reason=reason, amount=amount, at=call.now)
        tx.scores.reward(known)
    return JobAnswer(data={"reward_booked": known.amount})


def _develop(tx: Transaction, call: JobCall) -> JobAnswer:
    """The potential after this answer, kept as the customer's next value and as the score of the group rules."""
    customer = _customer(call)
    last = next(iter(tx.scores.values(customer.id, 1)), None)
    if last is None or last.id == call.id:
        return JobAnswer(data={"potential": last.potential if last else 0})
    potential = corrected(last.potential, given.text(call, "answer", ""), given.number(call, "amount", 0))
    tx.scores.put_value(msgspec.structs.replace(last, id=call.id, potential=potential, at=call.now))
    unit = given.number(call, "money_per_point", 10000)
    found = tx.customers.get(customer.id)
    if found is not None and unit > 0:
        score = {"value": valuing.points(potential, unit), "model": last.model}
        register.change_within(
            tx, customer_id=found.id, data={"scores": {"potential": score}}, now=call.now, revision=None
        )
    return JobAnswer(data={"potential": potential})


def _customer(call: JobCall) -> Customer:
    if call.customer is None:
        raise errors.Invalid(
            "customer_needed", zh="这一步需要客户", en="this step needs a customer", handler=call.handler
        )
    return call.customer
