"""Carries the outbox out: each letter in one transaction with what it causes, hence exactly once."""

from datetime import datetime, timedelta

import msgspec
import structlog

from engine import errors, records
from engine.kernel import stimuli
from engine.messages import correlate
from engine.people.agent import SYSTEM
from engine.ports import Engine, Transaction
from engine.runtime import deliver

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
    if letter.trigger == "signal":
        customer_id = _customer(tx, letter)
        correlate.broadcast(engine, tx, name=letter.name, data=letter.data, now=now, customer_id=customer_id)
    elif letter.trigger == "delivery" and _waits(tx, letter):
        stimulus = stimuli.Deliver(wait=letter.wait, data=letter.data)
        deliver.within(engine, tx, instance_id=letter.instance_id or "", stimulus=stimulus, now=now)
    elif letter.trigger == "message" or letter.key is not None or letter.business_key is not None:
        message = correlate.Letter(
            name=letter.name,
            key=letter.key,
            business_key=letter.business_key,
            customer_id=_customer(tx, letter),
            data=letter.data,
        )
        correlate.within(engine, tx, letter=message, agent=SYSTEM, now=now, keep=KEEP)


def _waits(tx: Transaction, letter: records.Mail) -> bool:
    """The subscription may have closed before its letter came: its instance went another way."""
    return tx.messages.subscription(letter.instance_id or "", letter.wait) is not None


def _customer(tx: Transaction, letter: records.Mail) -> str | None:
    """A process that is started by a thrown message or signal is for the thrower's customer."""
    thrower = tx.instances.get(letter.instance_id) if letter.instance_id else None
    return thrower.customer_id if thrower else None
