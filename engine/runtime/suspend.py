"""An instance on hold: no job, timer, message or person moves it until it is resumed, and its promises stand still.

One that waits for its customer goes on with the customer's answer, too: a message to it that did not come from another
instance, or a note of whoever took the call.

Changes by hand reach it still, it can be cancelled, and a job that was under way may answer: what it did outside is
not done a second time.
"""

from collections.abc import Collection
from datetime import datetime

from engine import facts, queries, records
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction
from engine.runtime import deliver, standstill


def suspend(
    engine: Engine, *, instance_id: str, agent: Agent, now: datetime, reason: str = "", awaits_customer: bool = False
) -> records.Instance:
    """Twice is the same as once: what it waits for stays what was said first.

    Raises errors.Forbidden, errors.NotFound, errors.Conflict when it is over."""
    rights.need(agent, "case.cancel")

    def work(tx: Transaction) -> records.Instance:
        found = _running(tx, instance_id)
        if found.suspended:
            return found
        # The fact raises the revision: a step that read the instance before this does not get through.
        fact = facts.InstanceSuspended(reason=reason, awaits_customer=awaits_customer)
        tx.facts.append(instance_id, [fact], agent=agent.key, now=now)
        tx.instances.suspend(instance_id, awaits_customer=awaits_customer)
        standstill.begin(tx, instance_id, now)
        tx.changes.add("instance", instance_id, now)
        return _running(tx, instance_id)

    return engine.store.run(work)


def resume(engine: Engine, *, instance_id: str, agent: Agent, now: datetime, reason: str = "") -> records.Instance:
    """Timers of the drawing that became due meanwhile are due at once; promises have the time left that they had.

    Raises as ``suspend``."""
    rights.need(agent, "case.cancel")

    def work(tx: Transaction) -> records.Instance:
        found = _running(tx, instance_id)
        if not found.suspended:
            return found
        _go_on(engine, tx, instance_id, facts.InstanceResumed(reason=reason), agent=agent, now=now)
        return _running(tx, instance_id)

    return engine.store.run(work)


def answered(engine: Engine, tx: Transaction, instance_id: str, *, agent: Agent, now: datetime) -> None:
    """The customer's answer has come: ends a hold that waits for it, as part of what brings it. Needs no right of its
    own, for who put the case on hold said so."""
    found = tx.instances.get(instance_id)
    if found is not None and found.awaits_customer and found.status == "active":
        _go_on(engine, tx, instance_id, facts.InstanceResumed(answered=True), agent=agent, now=now)


def _go_on(
    engine: Engine, tx: Transaction, instance_id: str, fact: facts.InstanceResumed, *, agent: Agent, now: datetime
) -> None:
    tx.facts.append(instance_id, [fact], agent=agent.key, now=now)
    tx.instances.resume(instance_id)
    standstill.end(engine, tx, instance_id, now)
    tx.changes.add("instance", instance_id, now)
    for job in tx.waits.jobs(instance_id):
        if job.style == "external":
            tx.ring("topic", job.handler)
    tx.ring("job")
    tx.ring("timer")
    tx.ring("mail")


def suspend_all(
    engine: Engine, *, process: str, programs: Collection[str], agent: Agent, now: datetime, suspended: bool
) -> int:
    """The running instances of these programs (hashes), each in a transaction of its own; how many changed."""
    rights.need(agent, "case.cancel")
    change = suspend if suspended else resume
    where = [
        queries.Where("status", "=", "active"),
        queries.Where("process", "=", process),
        queries.Where("program", "in", sorted(programs)),
        queries.Where("suspended", "=", not suspended),
    ]
    with engine.store.reading() as tx:
        found = [one.id for one in tx.lists.find(records.Instance, where=where)]
    for instance_id in found:
        change(engine, instance_id=instance_id, agent=agent, now=now)
    return len(found)


def _running(tx: Transaction, instance_id: str) -> records.Instance:
    found = tx.instances.get(instance_id)
    if found is None:
        raise deliver.unknown(instance_id)
    if found.status != "active":
        raise deliver.over(instance_id, found.status)
    return found
