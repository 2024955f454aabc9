"""Customers on their way from a campaign to service: what each stage cost and brought, the end told to the campaign."""

from collections.abc import Iterable, Mapping
from typing import get_args

import msgspec

from engine import errors, queries, records, steering
from engine.domain import given
from engine.model.performer import Worth
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction

BESIDE = ("SFA-02", "X-01")
"""Processes that a journey's own stages begin as cases of their own; their work is the journey's work too."""
MOST_CASES = 50
LOST = ("cancelled",)


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "journeys.begin": lambda call: store.run(lambda tx: _begin(tx, call)),
        "journeys.stage": lambda call: store.run(lambda tx: _stage(tx, call)),
        "journeys.selling": lambda call: store.run(lambda tx: _selling(tx, call)),
        "journeys.end": lambda call: store.run(lambda tx: _end(tx, call)),
    }


def cost_of(items: Iterable[records.WorkItem], worths: Mapping[tuple[str, str], Worth]) -> float:
    """Of completed work; ``worths`` by program and step."""
    done = [worths[(one.program, one.node)] for one in items if (one.program, one.node) in worths]
    return round(sum(one.cost for one in done), 2)


def _begin(tx: Transaction, call: JobCall) -> JobAnswer:
    """Once for each correlation id; ``journey`` is what the other steps name it by."""
    journey = given.text(call, "journey")
    tx.journeys.lock(journey)
    if tx.journeys.get(journey) is None:
        customer = call.customer
        tx.journeys.put(
            steering.Journey(
                id=journey,
                customer=customer.id if customer else "",
                group=customer.group if customer else "",
                campaign=given.text(call, "campaign", ""),
                source=given.text(call, "source", ""),
                started_at=call.now,
            )
        )
    return JobAnswer(data={"journey": journey})


def _stage(tx: Transaction, call: JobCall) -> JobAnswer:
    """Once for each ``ref``. Its cost is the work done since the stage before, in this case and in those that it
    began; the revenue of an order is what was ordered, unless it was cancelled."""
    known = _locked(tx, call)
    stage, ref = given.choice(call, "stage", get_args(steering.Stage)), given.text(call, "ref", "")
    if all((one["stage"], one["ref"]) != (stage, ref) for one in known.stages):
        spent = _spent(tx, call, known)
        reached = {
            "stage": stage,
            "ref": ref,
            "outcome": given.text(call, "outcome", ""),
            "cost": round(max(0.0, spent - _sum(known, "cost")), 2),
            "revenue": _revenue(tx, ref) if stage == "order" else 0,
            "at": call.now.isoformat(),
        }
        known = msgspec.structs.replace(known, stages=(*known.stages, reached))
        tx.journeys.put(known)
    return JobAnswer(data={"journey_cost": _sum(known, "cost"), "journey_revenue": _sum(known, "revenue")})


def _selling(tx: Transaction, call: JobCall) -> JobAnswer:
    """The customer's journeys that are being sold to, between lead and order: whoever has trouble then is told of it
    in each of them."""
    customer = call.customer.id if call.customer else ""
    under_way = [one for one in tx.journeys.of_customer(customer, MOST_CASES) if one.ended_at is None]
    return JobAnswer(data={"journeys": sorted(one.id for one in under_way if being_sold_to(one))})


def being_sold_to(known: steering.Journey) -> bool:
    reached = {one["stage"] for one in known.stages}
    return "lead" in reached and "order" not in reached


def _end(tx: Transaction, call: JobCall) -> JobAnswer:
    """The first end stays."""
    known = _locked(tx, call)
    if known.ended_at is None:
        outcome = given.choice(call, "outcome", get_args(steering.JourneyEnd))
        reason = given.text(call, "reason", "")
        tx.journeys.put(msgspec.structs.replace(known, ended_at=call.now, outcome=outcome, reason=reason))
    return JobAnswer(data={"journey_cost": _sum(known, "cost"), "journey_revenue": _sum(known, "revenue")})


def _revenue(tx: Transaction, number: str) -> float:
    order = tx.orders.get(number)
    return 0 if order is None or order.status in LOST else order.total


def _spent(tx: Transaction, call: JobCall, known: steering.Journey) -> float:
    cases = [call.instance_id, *(one.id for one in _begun(tx, known))]
    items = [one for case in cases for one in tx.waits.work_items(case) if one.status == "completed"]
    programs = {sha256: tx.programs.get(sha256) for sha256 in {one.program for one in items}}
    worths = {
        (sha256, node.id): worth
        for sha256, program in programs.items()
        if program is not None
        for node in program.nodes
        if (worth := getattr(node, "worth", None)) is not None
    }
    return cost_of(items, worths)


def _begun(tx: Transaction, known: steering.Journey) -> list[records.Instance]:
    where = [
        queries.Where("customer_id", "=", known.customer),
        queries.Where("process", "in", BESIDE),
        queries.Where("started_at", ">=", known.started_at),
    ]
    return tx.lists.find(records.Instance, where=where, limit=MOST_CASES) if known.customer else []


def _sum(known: steering.Journey, name: str) -> float:
    return round(sum(float(one.get(name) or 0) for one in known.stages), 2)


def _locked(tx: Transaction, call: JobCall) -> steering.Journey:
    journey = given.text(call, "journey")
    tx.journeys.lock(journey)
    known = tx.journeys.get(journey)
    if known is None:
        raise errors.NotFound(
            "journey_unknown", zh=f"没有客户旅程 {journey}", en=f"there is no journey {journey!r}", journey=journey
        )
    return known
