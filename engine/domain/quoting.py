"""Quotes for those who sell: found, seen with all that came of them, measured, made into an order or a contract."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

import msgspec

from engine import deals, errors
from engine.customers import find
from engine.domain import pricing
from engine.people import rights, scope
from engine.people.agent import Agent
from engine.ports import Engine, Transaction
from engine.runtime import start

ORDER, CONTRACT = "SFA-05", "SFA-04"
"""The processes that take an accepted quote over."""
ANSWER = "quote.answered"
"""The message that the case of a quote that was sent waits for, by the quote's number."""
Reply = Literal["accept", "reject", "change"]
STANDINGS: tuple[deals.Standing, ...] = get_args(deals.Standing)
YEAR = timedelta(days=365)


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """``standing`` is what it is today."""

    quote: deals.Quote
    standing: deals.Standing
    customer_name: str


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One number: its versions newest first, and the contracts and orders that came of it."""

    versions: tuple[deals.Quote, ...]
    contracts: tuple[deals.Contract, ...] = ()
    orders: tuple[deals.Order, ...] = ()


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Of quotes sent since a moment; what is None has nothing to be a share of."""

    sent: int
    waiting: int
    accepted: int
    declined: int
    expired: int
    conversion: float | None
    """Accepted among those that were accepted, declined or expired, in per cent."""
    discount: float | None
    """The mean of their highest discounts, in per cent."""
    margin: float | None
    """What is left of the totals of those accepted, in per cent, where costs are known."""


def search(
    engine: Engine, *, agent: Agent, now: datetime, text: str = "", status: str = "", after: str = "", limit: int = 50
) -> list[Listed]:
    """Newest first; ``text`` is part of a number or of a customer's name. Raises Forbidden, Invalid."""
    rights.need(agent, "customer.see")
    wanted = next((one for one in STANDINGS if one == status), None)
    if status and wanted is None:
        raise errors.Invalid(
            "quote_status",
            zh=f"没有报价状态“{status}”，可用：{'、'.join(STANDINGS)}。",
            en=f"There is no status {status!r} of a quote; there are {', '.join(STANDINGS)}.",
        )
    with engine.store.reading() as tx:
        found = tx.quotes.find(text.strip()[:100], status=wanted, today=_day(now), after=after[:100], limit=limit)
        return _listed(tx, found, now)


def of_customer(engine: Engine, *, customer_id: str, agent: Agent, now: datetime) -> list[Listed]:
    """Newest first, without what was superseded. Raises Forbidden, and NotFound for a customer that is not there."""
    rights.need(agent, "customer.see")
    with engine.store.reading() as tx:
        customer = find.customer(tx, customer_id)
        found = [one for one in tx.quotes.of_customer(customer.id) if one.status != "superseded"]
        return _listed(tx, found, now)


def _listed(tx: Transaction, found: Sequence[deals.Quote], now: datetime) -> list[Listed]:
    names = tx.customers.named(sorted({one.customer for one in found}))
    return [
        Listed(quote=one, standing=one.standing(_day(now)), customer_name=names.get(one.customer, one.customer))
        for one in found
    ]


def get(engine: Engine, *, number: str, agent: Agent) -> Told:
    """Raises Forbidden, NotFound."""
    rights.need(agent, "customer.see")
    with engine.store.reading() as tx:
        versions = tx.quotes.versions(number)
        if not versions:
            raise errors.NotFound(
                "quote_unknown", zh=f"没有报价 {number}。", en=f"There is no quote {number!r}.", quote=number
            )
        customer = versions[0].customer
        return Told(
            versions=tuple(versions),
            contracts=tuple(one for one in tx.contracts.of_customer(customer) if one.quote == number),
            orders=tuple(one for one in tx.orders.of_customer(customer) if one.quote == number),
        )


def figures(engine: Engine, *, agent: Agent, now: datetime, span: timedelta = YEAR) -> Figures:
    """Raises Forbidden."""
    rights.need(agent, "customer.see")
    with engine.store.reading() as tx:
        return measured(tx.quotes.sent(now - span), today=_day(now))


def measured(sent: Sequence[deals.Quote], *, today: str) -> Figures:
    standing = [one.standing(today) for one in sent]
    taken = [one for one in sent if one.status == "accepted"]
    over = sum(one in ("accepted", "declined", "expired") for one in standing)
    known = [(one.total, one.margin) for one in taken if one.margin is not None]
    whole = sum(total for total, _ in known)
    return Figures(
        sent=len(sent),
        waiting=standing.count("sent"),
        accepted=len(taken),
        declined=standing.count("declined"),
        expired=standing.count("expired"),
        conversion=round(100 * len(taken) / over, 1) if over else None,
        discount=round(sum(one.discount for one in sent) / len(sent), 1) if sent else None,
        margin=round(sum(total * margin for total, margin in known) / whole, 1) if whole else None,
    )


def waiting(engine: Engine, *, number: str, agent: Agent, now: datetime) -> deals.Quote:
    """The version that the customer may still answer. Raises Forbidden, NotFound, Conflict."""
    newest = get(engine, number=number, agent=agent).versions[0]
    if newest.standing(_day(now)) != "sent":
        raise errors.Conflict(
            "quote_not_open",
            zh=f"报价 {number} 现在不等客户答复。",
            en=f"The quote {number!r} does not wait for the customer's answer.",
            status=newest.standing(_day(now)),
        )
    return newest


def answered(engine: Engine, *, number: str, reply: str, reason: str, agent: Agent, now: datetime) -> dict[str, Any]:
    """The message that tells its case what the customer says: name, key, instance_id and data.

    Raises as ``waiting``, Invalid for a reply that is none, and NotFound for staff whose case it is not.
    """
    rights.need(agent, "case.start")
    quote = waiting(engine, number=number, agent=agent, now=now)
    if not rights.may(agent, "message.send"):
        scope.need(engine, instance_id=quote.instance_id, agent=agent)
    if reply not in get_args(Reply):
        raise errors.Invalid(
            "quote_reply",
            zh=f"答复应为以下之一：{'、'.join(get_args(Reply))}。",
            en=f"The reply is one of {', '.join(get_args(Reply))}.",
        )
    said = {"reply": reply, **({"reply_reason": reason.strip()[:2000]} if reason.strip() else {})}
    return {"name": ANSWER, "key": number, "instance_id": quote.instance_id, "data": said}


def order(
    engine: Engine, *, number: str, requested_date: str, ship_to: str, agent: Agent, now: datetime
) -> start.Started:
    """Starts an order of what was accepted; asked again, it is the same one.

    Raises as ``start.start``, and Conflict when the quote is not accepted.
    """
    quote = _accepted(engine, number, agent)
    data = {**pricing.order_terms(quote), "requested_date": requested_date, "ship_to": ship_to}
    return _begun(engine, ORDER, quote, data, agent, now)


def contract(engine: Engine, *, number: str, agent: Agent, now: datetime) -> start.Started:
    """Starts a contract about what was accepted; asked again, it is the same one. Raises as ``order``."""
    quote = _accepted(engine, number, agent)
    with engine.store.reading() as tx:
        known = {line["product"]: tx.ledger.product(line["product"]) for line in quote.lines}
    data = {"contract_subject": pricing.said(quote, known), "amount": quote.total, "quoteNo": number}
    return _begun(engine, CONTRACT, quote, data, agent, now)


def _begun(
    engine: Engine, process: str, quote: deals.Quote, data: dict[str, Any], agent: Agent, now: datetime
) -> start.Started:
    return start.start(
        engine,
        process=process,
        customer_id=quote.customer,
        data=data,
        agent=agent,
        now=now,
        business_key=f"quote {quote.number}",
    )


def _accepted(engine: Engine, number: str, agent: Agent) -> deals.Quote:
    for one in get(engine, number=number, agent=agent).versions:
        if one.status == "accepted":
            return one
    raise errors.Conflict(
        "quote_not_accepted",
        zh=f"报价 {number} 还没有被客户接受。",
        en=f"The customer has not accepted the quote {number!r}.",
        quote=number,
    )


def _day(now: datetime) -> str:
    return now.date().isoformat()
