"""One customer's history through all pillars: campaigns, deals, contracts, orders, service, opinions, newest first."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from engine import ports, steering
from engine.customers import find
from engine.model.text import Text, both
from engine.people import rights
from engine.people.agent import Agent

MOST = 200
STAGES = {
    "lead": both(zh="线索", en="Lead"),
    "nurture": both(zh="培育", en="Nurtured"),
    "opportunity": both(zh="商机", en="Opportunity"),
    "contract": both(zh="合同", en="Contract"),
    "order": both(zh="订单", en="Order"),
    "onboarding": both(zh="入职", en="Onboarding"),
    "opinion": both(zh="意见", en="Opinion"),
}
ENDS = {
    "served": both(zh="旅程完成：已服务", en="The journey ended: served"),
    "nurtured": both(zh="旅程结束：继续培育", en="The journey ended: being nurtured"),
    "unqualified": both(zh="旅程结束：不合格", en="The journey ended: not qualified"),
    "lost": both(zh="旅程结束：输单", en="The journey ended: the deal was lost"),
    "no_contract": both(zh="旅程结束：没有成交", en="The journey ended: nothing was concluded"),
    "cancelled": both(zh="旅程结束：已取消", en="The journey ended: cancelled"),
    "not_live": both(zh="旅程结束：未上线", en="The journey ended: never live"),
    "timed_out": both(zh="旅程结束：超时", en="The journey ended: too much time had passed"),
}


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """``ref`` is the number people know it by; ``amount`` is money, None where there is none to tell."""

    at: datetime
    kind: str
    text: Text
    ref: str = ""
    amount: float | None = None


def of_customer(engine: ports.Engine, *, customer_id: str, agent: Agent, limit: int = MOST) -> list[Event]:
    """Raises Forbidden, and NotFound for a customer that is not there."""
    rights.need(agent, "customer.see")
    with engine.store.reading() as tx:
        customer = find.customer(tx, customer_id)
        found = [*_selling(tx, customer.id), *_service(tx, customer.id), *_journeys(tx, customer.id)]
    return sorted(found, key=lambda one: (one.at, one.kind, one.ref), reverse=True)[:limit]


def _selling(tx: ports.Transaction, customer: str) -> Iterator[Event]:
    for deal in tx.opportunities.of_customer(customer):
        told = both(zh=f"商机：{deal.name}", en=f"An opportunity: {deal.name}")
        yield Event(at=deal.opened_at, kind="opportunity", text=told, ref=deal.lead, amount=deal.amount)
        if deal.closed_at is not None:
            won = deal.stage == "won"
            told = both(
                zh=f"商机{'赢单' if won else '输单'}：{deal.name}", en=f"{'Won' if won else 'Lost'}: {deal.name}"
            )
            yield Event(at=deal.closed_at, kind="deal", text=told, ref=deal.lead, amount=deal.amount)
    for contract in tx.contracts.of_customer(customer):
        if contract.status in ("effective", "ended") and contract.settled_at is not None:
            told = both(zh="合同生效", en="A contract in force")
            yield Event(at=contract.settled_at, kind="contract", text=told, ref=contract.number, amount=contract.amount)
    for order in tx.orders.of_customer(customer):
        told = both(zh="下单", en="An order")
        yield Event(at=order.taken_at, kind="order", text=told, ref=order.id, amount=order.total)
        if order.invoiced_at is not None:
            told = both(zh="开票", en="An invoice")
            yield Event(at=order.invoiced_at, kind="invoice", text=told, ref=order.invoice, amount=order.total)


def _service(tx: ports.Transaction, customer: str) -> Iterator[Event]:
    for agreement in tx.agreements.of_customer(customer):
        told = both(zh="服务合同生效", en="A service agreement in force")
        yield Event(at=agreement.activated_at, kind="agreement", text=told, ref=agreement.id)
    for said in tx.surveys.of_customer(customer, MOST):
        if said.answered_at is not None and said.score is not None:
            words = f"：{said.comment}" if said.comment else ""
            told = both(
                zh=f"满意度 {said.score} 分{words}",
                en=f"Satisfaction {said.score} of 5" + (f": {said.comment}" if said.comment else ""),
            )
            yield Event(at=said.answered_at, kind="opinion", text=told, ref=said.topic)


def _journeys(tx: ports.Transaction, customer: str) -> Iterator[Event]:
    for journey in tx.journeys.of_customer(customer, MOST):
        named = journey.campaign or journey.source
        told = both(zh=f"旅程开始：{named}", en=f"A journey began: {named}") if named else _begun()
        yield Event(at=journey.started_at, kind="campaign", text=told, ref=journey.id)
        yield from _stages(journey)
        if journey.ended_at is not None:
            told = ENDS.get(journey.outcome, both(zh="旅程结束", en="The journey ended"))
            yield Event(at=journey.ended_at, kind="end", text=told, ref=journey.id)


def _stages(journey: steering.Journey) -> Iterator[Event]:
    for stage in journey.stages:
        yield Event(
            at=datetime.fromisoformat(stage["at"]),
            kind=stage["stage"],
            text=STAGES[stage["stage"]],
            ref=stage["ref"],
            amount=stage["revenue"] or None,
        )


def _begun() -> Text:
    return both(zh="旅程开始", en="A journey began")
