"""What commission is earned with: money that came in for a contract or an order, and money that went back.

Noted where it happens, in the same transaction, once for each payment and each return.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from engine import deals, selling
from engine.ports import Transaction

AT_RISK = "PR-R"
"""Group of customers who may leave: who is won again from there was won back."""


def whole(owner: str) -> tuple[dict[str, Any], ...]:
    return ({"user": owner, "pct": 100},) if owner else ()


def of_contract(tx: Transaction, contract: deals.Contract, payment: Mapping[str, Any], *, now: datetime) -> None:
    """A payment has come in. A contract after an earlier one is a renewal."""
    customer = tx.customers.get(contract.customer)
    split = whole(contract.owner or (customer.owner if customer else ""))
    before = [
        one
        for one in tx.contracts.of_customer(contract.customer)
        if one.status in ("effective", "ended") and one.drafted_at < contract.drafted_at
    ]
    _note(
        tx,
        selling.Earning(
            id=f"contract:{contract.number}/{payment['n']}",
            customer=contract.customer,
            order=contract.number,
            kind="contract",
            amount=float(payment["amount"]),
            split=split,
            facts=facts(tx, contract.customer, first=not before, renewal=bool(before)) | of_team(contract.team),
            day=now.date().isoformat(),
        ),
    )


def of_order(tx: Transaction, order: deals.Order, split: Sequence[Mapping[str, Any]], *, now: datetime) -> None:
    """The order is paid."""
    earlier = [one for one in tx.orders.of_customer(order.customer) if one.taken_at < order.taken_at]
    first = all(one.status == "cancelled" for one in earlier)
    _note(
        tx,
        selling.Earning(
            id=f"order:{order.id}",
            customer=order.customer,
            order=order.id,
            kind="order",
            amount=order.total,
            split=tuple(dict(one) for one in split),
            facts=facts(tx, order.customer, first=first, renewal=False) | of_team(_team(tx, order)),
            day=now.date().isoformat(),
        ),
    )


def of_team(members: Sequence[str]) -> dict[str, Any]:
    """Nothing where the owner sold it alone."""
    return {"team": list(members)} if members else {}


def _team(tx: Transaction, order: deals.Order) -> Sequence[str]:
    """Of the contract about the same quote."""
    found = (one.team for one in tx.contracts.of_customer(order.customer) if order.quote and one.quote == order.quote)
    return next(found, ())


def of_return(tx: Transaction, returned: str, order: str, refund: float, *, now: datetime) -> None:
    """Money goes back for an order that was earned with: it is taken back from whoever got their share of it."""
    for earned in [one for one in tx.commissions.of_order(order) if one.kind != "refund"][:1]:
        _note(
            tx,
            selling.Earning(
                id=f"refund:{returned}",
                customer=earned.customer,
                order=order,
                kind="refund",
                amount=-refund,
                split=earned.split,
                facts=earned.facts,
                day=now.date().isoformat(),
            ),
        )


def facts(tx: Transaction, customer: str, *, first: bool, renewal: bool) -> dict[str, Any]:
    known = tx.customers.get(customer)
    moves = tx.groups.moves(customer)
    return {
        "group": known.group if known else "",
        "first": first,
        "renewal": renewal,
        "won_back": bool(moves) and moves[0].old == AT_RISK,
    }


def _note(tx: Transaction, earning: selling.Earning) -> None:
    if earning.amount and earning.split:
        tx.commissions.earn(earning)
