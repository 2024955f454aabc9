"""Carries the outbox out: each letter in one transaction with what it causes, hence exactly once."""

from datetime import datetime, timedelta

import msgspec
import structlog

from engine import errors, records
from engine.messages import correlate
from engine.people.agent import SYSTEM
from engine.ports import Engine, Transaction

KEEP = timedelta(days=7)
"""How long a message that an instance threw waits for its receiver."""
FIRST = timedelta(seconds=2)
LONGEST = timedelta(hours=1)
_LOG = structlog.get_logger("crmflow.messages")


def carry_due(engine: Engine, *, now: datetime, limit: int = 20) -> int:
    """Carries up to ``limit`` letters; how many it looked at. One that cannot be delivered is put off, never lost."""
    with engine.store.reading() as tx:
        letters = tx.due.mail(now, limit)
    for letter in letters:
        _one(engine, letter, now)
    return len(letters)


def _one(engine: Engine, letter: records.Mail, now: datetime) -> None:
    try:
        engine.store.run(lambda tx: _deliver(engine, tx, letter, now))
    except errors.CrmflowError as error:
        _LOG.warning("letter put off", letter=letter.id, name=letter.name, error=error.code)
        wait = min(FIRST * (1 << min(letter.attempts, 20)), LONGEST)
        again = msgspec.structs.replace(letter, attempts=letter.attempts + 1, due_at=now + wait)
        engine.store.run(lambda tx: tx.messages.put_off(again))


def _deliver(engine: Engine, tx: Transaction, letter: records.Mail, now: datetime) -> None:
    if not tx.messages.taken(letter.id):
        return  # another dispatcher was faster
    if letter.wait and letter.instance_id:
        mine = correlate.hand_over(engine, tx, letter.instance_id, letter.wait, letter.data, agent=SYSTEM, now=now)
        if mine or letter.trigger == "signal":
            return  # a signal is for whoever waits at its moment; a message finds another receiver below
    customer_id = _customer(tx, letter)
    if letter.trigger == "signal":
        correlate.broadcast(engine, tx, name=letter.name, data=letter.data, now=now, customer_id=customer_id)
        return
    message = correlate.Letter(
        name=letter.name,
        key=letter.key,
        business_key=letter.business_key,
        customer_id=customer_id,
        data=letter.data,
    )
    correlate.within(engine, tx, letter=message, agent=SYSTEM, now=now, keep=KEEP)


def _customer(tx: Transaction, letter: records.Mail) -> str | None:
    """A process that is started by a thrown message or signal is for the thrower's customer; where the thrower is for
    none, or is no case, for the one that the data name as ``customerId`` (id or number)."""
    thrower = tx.instances.get(letter.instance_id) if letter.instance_id else None
    named = letter.data.get("customerId")
    if (thrower and thrower.customer_id) or not isinstance(named, str):
        return thrower.customer_id if thrower else None
    found = tx.customers.get(named) or tx.customers.by_number(named)
    return found.id if found else None
