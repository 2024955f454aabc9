"""Carries the outbox out: each letter in one transaction with what it causes, hence exactly once.

One that cannot be delivered is tried again after longer and longer pauses, and given up in the end: it stays, dead,
until somebody sends it again or discards it (``undelivered``).
"""

from datetime import datetime, timedelta

import msgspec
import structlog

from engine import errors, facts, records
from engine.messages import correlate
from engine.model.text import Text, both
from engine.people.agent import SYSTEM
from engine.ports import Engine, Transaction

KEEP = timedelta(days=7)
"""How long a message that an instance threw waits for its receiver."""
FIRST = timedelta(seconds=2)
LONGEST = timedelta(hours=1)
DOUBLED = 12
"""Tries until the pause is the longest."""
TRIES = 36
"""A letter's, over a day and an hour: the pauses double for 68 minutes, then each is an hour."""
KEEP_DEAD = timedelta(days=60)
HELD = ("instance_suspended", "process_suspended")
"""Refusals that end with the hold: they wear nobody's tries out."""
_LOG = structlog.get_logger("crmflow.messages")


def carry_due(engine: Engine, *, now: datetime, limit: int = 20) -> int:
    """Carries up to ``limit`` letters; how many it looked at. One that cannot be delivered is put off, never lost."""
    with engine.store.reading() as tx:
        letters = tx.due.mail(now, limit)
    for letter in letters:
        _one(engine, letter, now)
    return len(letters)


def sweep(tx: Transaction, now: datetime) -> int:
    """Letters that have been dead for long; how many went."""
    return tx.messages.bury_all(before=now - KEEP_DEAD)


def _one(engine: Engine, letter: records.Mail, now: datetime) -> None:
    try:
        engine.store.run(lambda tx: _deliver(engine, tx, letter, now))
    except errors.CrmflowError as error:
        _LOG.warning("letter put off", letter=letter.id, name=letter.name, error=error.code)
        after = failed(letter, error.text, now, held=error.code in HELD)
    except Exception as error:  # the others are not to wait for this one
        _LOG.exception("letter put off", letter=letter.id, name=letter.name, error=repr(error))
        words = repr(error)[:500]
        after = failed(letter, both(zh=words, en=words), now)
    else:
        return
    engine.store.run(lambda tx: _put_off(tx, letter, after, now))


def failed(letter: records.Mail, error: Text, now: datetime, *, held: bool = False) -> records.Mail:
    """The letter after a try that failed: due again later, or dead."""
    tries = max(letter.attempts, min(letter.attempts + 1, DOUBLED)) if held else letter.attempts + 1
    if tries >= TRIES:
        return msgspec.structs.replace(letter, attempts=tries, error=error, due_at=records.NEVER, dead_at=now)
    pause = min(FIRST * (1 << min(tries - 1, DOUBLED)), LONGEST)
    return msgspec.structs.replace(letter, attempts=tries, error=error, due_at=now + pause)


def _put_off(tx: Transaction, before: records.Mail, after: records.Mail, now: datetime) -> None:
    """The story of the instance that threw it, or that it was for, tells when it was given up."""
    if not tx.messages.put_off(before, after) or after.dead_at is None:
        return
    _LOG.error("letter given up", letter=after.id, name=after.name, attempts=after.attempts)
    if after.instance_id and tx.instances.get(after.instance_id):
        told = facts.MessageUndelivered(trigger=after.trigger, name=after.name, message=after.error)
        tx.facts.append(after.instance_id, [told], agent=SYSTEM.key, now=now)
        tx.changes.add("instance", after.instance_id, now)


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
