"""Where we stand with a customer: deals, contracts, orders, agreements, returns; who may write to it, who meets it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from engine import agenda, ports, trade
from engine.customers import find
from engine.domain import contacts
from engine.people import rights
from engine.people.agent import Agent
from engine.records import Customer

MOST = 10
"""Papers of a kind, the newest."""
MEETINGS = 50
"""So many of the latest appointments are looked at."""
YEAR = timedelta(days=365)
"""Goods that came back since then are told."""


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """``kind``: deal, contract, order, agreement or return. ``day`` is the one that counts next: closing, end of the
    term, delivery. ``note`` is its name, level or reason."""

    kind: str
    number: str
    status: str
    note: str = ""
    amount: float | None = None
    day: str = ""
    owner: str = ""


class Kin(msgspec.Struct, frozen=True, kw_only=True):
    """Another customer; ``kind`` is what it is to this one: parent, partner, agent, supplier, or ``of_...`` of them."""

    kind: str
    customer: str
    name: str


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    papers: tuple[Paper, ...]
    stops: tuple[trade.MarketingStop, ...]
    """Why no advertising goes to it now."""
    contacts: tuple[trade.Reservation, ...]
    """What its budget was taken for in the last seven days, newest first."""
    meetings: tuple[agenda.Appointment, ...]
    """Booked and not over, the next first."""
    kin: tuple[Kin, ...]


def of_customer(engine: ports.Engine, *, customer_id: str, agent: Agent, now: datetime) -> Standing:
    """By id or number. Raises Forbidden, NotFound."""
    rights.need(agent, "customer.see")
    with engine.store.reading() as tx:
        customer = find.customer(tx, customer_id)
        booked = tx.diary.of_customer(customer.id, MEETINGS)
        ahead = [one for one in booked if one.status == "booked" and one.ends_at > now]
        return Standing(
            papers=(*_sold(tx, customer.id), *_served(tx, customer.id, now)),
            stops=tuple(tx.contacts.stops(customer.id)),
            contacts=tuple(tx.contacts.held(customer.id, now - contacts.WEEK, now)),
            meetings=tuple(sorted(ahead, key=lambda one: (one.starts_at, one.id))),
            kin=tuple(_kin(tx, customer)),
        )


def _sold(tx: ports.Transaction, customer: str) -> Iterator[Paper]:
    open_deals = [one for one in tx.opportunities.of_customer(customer) if one.closed_at is None]
    for deal in open_deals[::-1][:MOST]:
        yield Paper(
            kind="deal", number=deal.lead, status=deal.stage, note=deal.name, amount=deal.amount,
            day=deal.expected_close, owner=deal.owner,
        )  # fmt: skip
    for contract in tx.contracts.of_customer(customer)[:MOST]:
        yield Paper(
            kind="contract", number=contract.number, status=contract.status, amount=contract.amount,
            day=contract.term_to, owner=contract.owner,
        )  # fmt: skip
    for order in tx.orders.of_customer(customer)[:MOST]:
        yield Paper(
            kind="order", number=order.id, status=order.status, note=order.reason, amount=order.total,
            day=order.requested_date,
        )  # fmt: skip


def _served(tx: ports.Transaction, customer: str, now: datetime) -> Iterator[Paper]:
    today = now.date().isoformat()
    for terms in tx.agreements.of_customer(customer)[:MOST]:
        yield Paper(
            kind="agreement", number=terms.id, status="over" if terms.valid_to < today else "active",
            note=terms.level, amount=terms.monthly_fee, day=terms.valid_to,
        )  # fmt: skip
    for back in tx.returns.of_customer(customer, now - YEAR)[::-1][:MOST]:
        yield Paper(
            kind="return", number=back.id, status=back.status, note=back.order_no, amount=back.refund or None,
            day=back.opened_at.date().isoformat(),
        )  # fmt: skip


def _kin(tx: ports.Transaction, customer: Customer) -> Iterator[Kin]:
    relations = tx.parties.relations(customer.id)
    others = {one.other if one.party == customer.id else one.party for one in relations}
    names = tx.customers.named(sorted(others))
    for one in relations:
        mine = one.party == customer.id
        other = one.other if mine else one.party
        yield Kin(kind=one.kind if mine else f"of_{one.kind}", customer=other, name=names.get(other, other))
