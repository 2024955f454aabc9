"""Contracts near their end: what is known of the customer, another year, or the end."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from engine import deals, errors
from engine.domain import given
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction

CARE = ("CSS-01", "CSS-02", "CSS-03")
"""Where a customer may have something open with service."""
COMPLAINTS = "CSS-03"
MANY = 100
"""More open cases than this are not counted."""


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "renewals.summary": lambda call: _summary(store, call),
        "renewals.prolong": lambda call: store.run(lambda tx: _prolong(tx, call)),
        "renewals.end": lambda call: store.run(lambda tx: _end(tx, call)),
    }


def next_year(day: date) -> date:
    """The same day a year later; the last of February stands in for the 29th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def overdue(contract: deals.Contract, today: date) -> float:
    """What is due by today and has not come in."""
    return sum(
        float(one["amount"])
        for one in contract.payments
        if "paid_on" not in one and str(one["date"]) < today.isoformat()
    )


def _summary(store: Store, call: JobCall) -> JobAnswer:
    """What the talk should know: days left, what is overdue, open requests and complaints, when they were last met."""
    with store.reading() as tx:
        contract = _known(tx, call)
        open_cases = {process: _open(tx, process, contract.customer) for process in CARE}
        held = [one for one in tx.contracts.of_customer(contract.customer) if one.status == "effective"]
        met = [one for one in tx.diary.of_customer(contract.customer, MANY) if one.status == "done"]
    today = call.now.date()
    told: dict[str, Any] = {
        "days_left": (date.fromisoformat(contract.term_to) - today).days,
        "overdue": overdue(contract, today),
        "open_requests": sum(open_cases.values()),
        "open_complaints": open_cases[COMPLAINTS],
        "last_met_on": met[0].starts_at.date().isoformat() if met else None,
        "contracts_held": len(held),
    }
    return JobAnswer(data=told)


def _open(tx: Transaction, process: str, customer: str) -> int:
    where = {"process": process, "customer_id": customer, "status": "active"}
    return len(tx.instances.search(where=where, after="", limit=MANY))


def _prolong(tx: Transaction, call: JobCall) -> JobAnswer:
    """Another year on the same terms, paid on its first day. ``contract`` is what its watch begins with.

    It is prolonged once for each ``term_to``: asked again it stays as it is.
    """
    tx.contracts.lock(given.text(call, "number"))
    contract, until = _known(tx, call), given.text(call, "term_to")
    if contract.term_to == until:
        begins = date.fromisoformat(until)
        n = max((int(one["n"]) for one in contract.payments), default=0) + 1
        due = {"n": n, "date": begins.isoformat(), "amount": contract.amount}
        contract = msgspec.structs.replace(
            contract, term_to=next_year(begins).isoformat(), payments=(*contract.payments, due)
        )
        tx.contracts.put(contract)
    told = contract.watched(contract.payments[-1:], first=False)
    return JobAnswer(data={"contract": told, "new_term_to": contract.term_to})


def _end(tx: Transaction, call: JobCall) -> JobAnswer:
    contract = _known(tx, call)
    if contract.status == "effective":
        tx.contracts.put(msgspec.structs.replace(contract, status="ended", settled_at=call.now))
    return JobAnswer()


def _known(tx: Transaction, call: JobCall) -> deals.Contract:
    number = given.text(call, "number")
    contract = tx.contracts.numbered(number)
    if contract is None:
        raise errors.NotFound(
            "contract_unknown", zh=f"找不到合同 {number}", en=f"there is no contract {number!r}", contract=number
        )
    return contract
