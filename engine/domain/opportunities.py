"""Opportunities: opened from a lead with all that was said before, moved from stage to stage, closed, learnt from."""

import hashlib
from collections.abc import Mapping
from typing import Literal

import msgspec

from engine import deals, errors
from engine.domain import given, sameness
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction

OPEN_STAGES: tuple[deals.Stage, ...] = ("visit", "needs", "solution", "quote", "negotiation")
CLOSED_STAGES: tuple[deals.Stage, ...] = ("won", "lost")
RESULTS: tuple[Literal["won", "lost", "cancelled"], ...] = ("won", "lost", "cancelled")
NAME_LIMIT = 100
"""Letters of a rival's name that are compared."""


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "opportunities.open": lambda call: store.run(lambda tx: _open(tx, call)),
        "opportunities.move": lambda call: store.run(lambda tx: _move(tx, call)),
        "opportunities.close": lambda call: store.run(lambda tx: _close(tx, call)),
        "opportunities.sample": _sample,
        "opportunities.review": lambda call: store.run(lambda tx: _review(tx, call)),
    }


def _open(tx: Transaction, call: JobCall) -> JobAnswer:
    """The one of the id ``opportunity`` where it is known, else a new one. The lead's need and what was joined to it
    come first in its history, then ``history``, a list of texts. ``opened`` is what its pursuit begins with."""
    found = tx.opportunities.get(given.text(call, "opportunity", call.id))
    if found is None:
        found = _new(tx, call)
        tx.opportunities.put(found)
    told = {
        "opportunityNo": given.text(call, "number", found.lead or found.id),
        "opportunity_id": found.id,
        "subject": found.name,
        "amount": found.amount,
        "expected_close": found.expected_close,
        "owner": found.owner,
    }
    return JobAnswer(data={"opportunity_id": found.id, "stage": found.stage, "opened": told})


def _new(tx: Transaction, call: JobCall) -> deals.Opportunity:
    lead = tx.leads.known(given.text(call, "lead", ""))
    before = [lead.need, *(str(one.get("need", "")) for one in lead.joined)] if lead else []
    return deals.Opportunity(
        id=call.id,
        customer=call.customer.id if call.customer else "",
        lead=given.text(call, "lead", ""),
        name=given.text(call, "name"),
        amount=given.number(call, "amount"),
        expected_close=given.text(call, "expected_close", ""),
        owner=given.text(call, "owner", ""),
        history=tuple(str(said) for said in (*before, *given.items(call, "history")) if said),
        opened_at=call.now,
    )


def _move(tx: Transaction, call: JobCall) -> JobAnswer:
    """To ``stage``, with the amount, day and probability that are given; without a probability the stage's own.
    Without a stage it is valued anew where it stands; what is closed then stays as it is.

    Raises Conflict when one that is closed is to be moved.
    """
    found = _locked(tx, call)
    stage = given.choice(call, "stage", OPEN_STAGES) if "stage" in call.input else found.stage
    chance = given.number(call, "probability", deals.CHANCES[stage])
    if not 0 <= chance <= 100:
        raise given.wrong(call, "probability", zh="0 到 100 的百分数", en="a percentage from 0 to 100")
    moved = msgspec.structs.replace(
        found,
        stage=stage,
        probability=round(chance),
        amount=given.number(call, "amount", found.amount),
        expected_close=given.text(call, "expected_close", found.expected_close),
    )
    if found.closed_at is not None and "stage" not in call.input:
        return JobAnswer(data={"stage": found.stage, "probability": found.probability, "amount": found.amount})
    if found.closed_at is not None:
        raise errors.Conflict(
            "opportunity_closed",
            zh=f"商机“{found.name}”已关闭，不能再推进",
            en=f"the opportunity {found.name!r} is closed and cannot be moved",
            id=found.id,
        )
    if tx.opportunities.moved(_made(call, moved)):
        tx.opportunities.put(moved)
    return JobAnswer(data={"stage": stage, "probability": moved.probability, "amount": moved.amount})


def _close(tx: Transaction, call: JobCall) -> JobAnswer:
    """``result`` is won or lost, and stays what it was first. ``closed`` is what whoever learns from it has to know."""
    found, result = _locked(tx, call), given.choice(call, "result", CLOSED_STAGES)
    if found.closed_at is None:
        found = msgspec.structs.replace(
            found,
            stage=result,
            probability=deals.CHANCES[result],
            amount=given.number(call, "amount", found.amount),
            closed_at=call.now,
            reason=given.text(call, "reason", ""),
            rival=given.text(call, "rival", ""),
        )
        tx.opportunities.moved(_made(call, found))
        tx.opportunities.put(found)
    told = {
        "opportunityNo": given.text(call, "number", found.lead or found.id),
        "opportunity_id": found.id,
        "subject": found.name,
        "amount": found.amount,
        "result": found.stage,
        "reason": found.reason,
        "competitor": found.rival,
        "owner": found.owner,
    }
    return JobAnswer(data={"result": found.stage, "closed": told})


def _sample(call: JobCall) -> JobAnswer:
    """Whether the opportunity is among the ``percent`` that are looked at: always the same for the same one."""
    drawn = int.from_bytes(hashlib.sha256(given.text(call, "opportunity").encode()).digest()[:4], "big") % 100
    return JobAnswer(data={"sampled": drawn < given.number(call, "percent")})


def _review(tx: Transaction, call: JobCall) -> JobAnswer:
    """What was learnt is kept; ``new_rival`` when nobody had met the competitor before."""
    rival = given.text(call, "competitor", "")
    review = deals.Review(
        id=call.instance_id,
        opportunity=given.text(call, "opportunity"),
        result=given.choice(call, "result", RESULTS),
        reasons=tuple(str(reason) for reason in given.items(call, "reasons")),
        rival=rival,
        price_gap_percent=given.number(call, "price_gap", 0),
        quotes=given.text(call, "quotes", ""),
        actions=tuple(given.rows(call, "actions")),
        reviewed_at=call.now,
    )
    tx.opportunities.review(review)
    core = sameness.core(rival)[:NAME_LIMIT] if rival else ""
    new = bool(rival) and tx.opportunities.know_rival(core, rival, review.id, call.now)
    return JobAnswer(data={"new_rival": new})


def _locked(tx: Transaction, call: JobCall) -> deals.Opportunity:
    opportunity_id = given.text(call, "opportunity")
    tx.opportunities.lock(opportunity_id)
    found = tx.opportunities.get(opportunity_id)
    if found is None:
        raise errors.NotFound(
            "opportunity_unknown",
            zh=f"找不到商机 {opportunity_id}",
            en=f"there is no opportunity {opportunity_id!r}",
            id=opportunity_id,
        )
    return found


def _made(call: JobCall, record: deals.Opportunity) -> deals.Move:
    return deals.Move(
        job=call.id,
        opportunity=record.id,
        stage=record.stage,
        probability=record.probability,
        amount=record.amount,
        expected_close=record.expected_close,
        moved_at=call.now,
    )
