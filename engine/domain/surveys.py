"""Opinions: who is asked, seldom enough, and what the answers come to."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta

import msgspec

from engine import care
from engine.customers import register
from engine.domain import given
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction

QUIET = timedelta(days=30)
"""Nobody is asked twice within this time."""
LATEST = 10
"""So many answers make a customer's satisfaction of today."""


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "surveys.plan": lambda call: store.run(lambda tx: _plan(tx, call)),
        "surveys.answer": lambda call: store.run(lambda tx: _answer(tx, call)),
    }


def drawn(key: str, percent: float) -> bool:
    """Whether ``key`` is in the sample: always the same for the same key, evenly over many."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) % 10_000 < percent * 100


def mean(scores: Sequence[int]) -> float | None:
    return round(sum(scores) / len(scores), 2) if scores else None


def promoters(marks: Sequence[int]) -> int | None:
    """Net promoter score: share of 9 and 10 less share of 0 to 6, in percent."""
    if not marks:
        return None
    return round(100 * (sum(mark >= 9 for mark in marks) - sum(mark <= 6 for mark in marks)) / len(marks))


def _plan(tx: Transaction, call: JobCall) -> JobAnswer:
    """``survey``: whether to ask. Atomic for each customer: two cases that end together ask once."""
    customer = call.customer.id if call.customer else ""
    quiet = given.span(call, "quiet", QUIET)
    if not customer or not drawn(call.instance_id, given.number(call, "sample_percent", 100)):
        return JobAnswer(data={"survey": False})
    tx.surveys.lock(customer)
    last = tx.surveys.of_customer(customer, 1)
    if last and last[0].id != call.instance_id and call.now - last[0].asked_at < quiet:
        return JobAnswer(data={"survey": False})
    if tx.surveys.get(call.instance_id) is None:
        topic = given.text(call, "topic", "")
        tx.surveys.put(care.Survey(id=call.instance_id, customer=customer, topic=topic[:100], asked_at=call.now))
    return JobAnswer(data={"survey": True})


def _answer(tx: Transaction, call: JobCall) -> JobAnswer:
    """Kept, and the customer's attributes ``csat`` and ``nps`` are what the latest answers come to."""
    customer = call.customer.id if call.customer else ""
    tx.surveys.lock(customer)
    asked = tx.surveys.get(call.instance_id) or care.Survey(
        id=call.instance_id, customer=customer, topic="", asked_at=call.now
    )
    score = _mark(call, "score", 1, 5)
    if score is not None:
        said = {"nps": _mark(call, "nps", 0, 10), "comment": given.text(call, "comment", "")[:1000]}
        tx.surveys.put(msgspec.structs.replace(asked, score=score, answered_at=asked.answered_at or call.now, **said))
    latest = tx.surveys.of_customer(customer, LATEST)
    csat = mean([one.score for one in latest if one.score is not None])
    nps = promoters([one.nps for one in latest if one.nps is not None])
    if customer and score is not None:
        register.change_within(
            tx, customer_id=customer, data={"attributes": {"csat": csat, "nps": nps}}, now=call.now, revision=None
        )
    return JobAnswer(data={"csat": csat, "nps_now": nps})


def _mark(call: JobCall, name: str, lowest: int, highest: int) -> int | None:
    if call.input.get(name) is None:
        return None
    mark = given.number(call, name)
    if mark != int(mark) or not lowest <= mark <= highest:
        raise given.wrong(
            call, name, zh=f"{lowest} 到 {highest} 的整数", en=f"a whole number from {lowest} to {highest}"
        )
    return int(mark)
