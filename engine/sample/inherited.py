"""Contracts that the company had when its year began: they come to their end one after the other, and are renewed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from engine import deals, records
from engine.messages import correlate
from engine.people.agent import SYSTEM
from engine.ports import Engine

FIRST_END = timedelta(days=95)
"""After the beginning: a renewal is spoken of ninety days before the end."""
TERM = timedelta(days=729)
"""Two years, so that all of them were in force before."""
AMOUNTS = (18_000.0, 46_000.0, 120_000.0, 9_600.0)


def contracts(customers: Sequence[records.Customer], *, since: datetime, until: datetime) -> list[deals.Contract]:
    """One for each customer, their ends at equal distances; every third is prolonged by itself."""
    apart = (until - since) / max(1, len(customers))
    found = []
    for n, customer in enumerate(customers):
        ends = (since + FIRST_END + apart * n).date()
        begins = ends - TERM
        number = f"HT-{begins.year}-9{n + 1:03d}"
        amount = AMOUNTS[n % len(AMOUNTS)]
        paid = {"n": 1, "date": begins.isoformat(), "amount": amount, "paid_on": begins.isoformat()}
        found.append(
            deals.Contract(
                id=number,
                number=number,
                customer=customer.id,
                status="effective",
                amount=amount,
                term_from=begins.isoformat(),
                term_to=ends.isoformat(),
                template="standard",
                payments=(paid,),
                auto_renew=n % 3 == 2,
                owner=customer.owner,
                drafted_at=since - timedelta(days=30),
            )
        )
    return found


def take_over(engine: Engine, customers: Sequence[records.Customer], *, since: datetime, until: datetime) -> None:
    """They are kept, and watched (SFA-04-watch) from the first day."""
    for contract in contracts(customers, since=since, until=until):
        with engine.store.transaction() as tx:
            tx.contracts.put(contract)
        letter = correlate.Letter(
            name="contract.watch",
            business_key=contract.number,
            customer_id=contract.customer,
            data=contract.watched((), first=False),
        )
        correlate.correlate(engine, letter=letter, agent=SYSTEM, now=since)
