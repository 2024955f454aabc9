"""New group rules hold: every customer is looked at anew, some at a time.

Whoever changes group is written down with the version that did it, so that no running case moves without being asked
about (engine/migration/follow.py); who has running cases is announced to the process that handles changes of group.
"""

from datetime import datetime

import msgspec
import structlog

from engine import errors, records, variation
from engine.customers import groups, rules
from engine.ports import Engine, Transaction

_LOG = structlog.get_logger("crmflow.customers")
MESSAGE = "customer.group_changed"
"""What X-05 begins with."""
AT_ONCE = 200
"""Customers of one transaction."""


def regroup_due(engine: Engine, *, now: datetime, limit: int) -> int:
    """Takes up the next customers; how many it looked at. Every customer is looked at once for each version."""
    with engine.store.reading() as tx:
        waiting = tx.groups.unfinished(now)
    return engine.store.run(lambda tx: _some(engine, tx, now, max(limit, AT_ONCE))) if waiting else 0


def _some(engine: Engine, tx: Transaction, now: datetime, limit: int) -> int:
    present = tx.groups.released(now)
    for old in tx.groups.unfinished(now):
        if present is None or old.n != present.n:  # later rules hold by now
            tx.groups.put(msgspec.structs.replace(old, regrouped_at=now))
    if present is None or present.regrouped_at is not None:
        return 0
    held = rules.Book(rules.read(present.rules))
    found = tx.customers.search(text="", group="", after=present.regrouped_to, limit=limit)
    for customer in found:
        try:
            _one(engine, tx, held, customer, present, now)
        except errors.Conflict as nothing:
            _LOG.warning("a customer stays in its group", customer=customer.id, error=nothing.code)
    done = now if len(found) < limit else None
    last = found[-1].id if found else present.regrouped_to
    tx.groups.put(msgspec.structs.replace(present, regrouped_to=last, regrouped_at=done))
    return len(found)


def _one(
    engine: Engine,
    tx: Transaction,
    held: rules.Book,
    customer: records.Customer,
    version: variation.GroupRules,
    now: datetime,
) -> None:
    after = groups.regroup(tx, held, customer, now=now, released=version.n)
    if after.group == customer.group or not customer.group:
        return
    if tx.moves.active(customer_id=customer.id, limit=1):
        data = {
            "customerId": customer.id,
            "from_group": customer.group,
            "running_policy": "by_rule",
            "notify": False,
            "channel": "api",
            "source": f"group rules v{version.n}",
        }
        letter = records.Mail(
            id=engine.store.new_id(), instance_id=None, trigger="message", name=MESSAGE, data=data, due_at=now
        )
        tx.messages.post(letter)
        tx.ring("timer")
