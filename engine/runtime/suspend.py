"""An instance on hold: no job, timer, message or person moves it until it is resumed, and its promises stand still.

One that waits for its customer goes on with the customer's answer, too: a message to it that did not come from another
instance, or a note of whoever took the call.

Changes by hand reach it still, it can be cancelled, and a job that was under way may answer: what it did outside is
not done a second time.
"""

from collections.abc import Collection
from datetime import datetime

from engine import facts, queries, records
from engine.model.text import both
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction
from engine.runtime import deliver, standstill


def suspend(
    engine: Engine, *, instance_id: str, agent: Agent, now: datetime, reason: str = "", awaits_customer: bool = False
) -> records.Instance:
    """Any instance, by who may cancel it; who works on one: ``inbox.holding``. Twice is the same as once: what it
    waits for stays what was said first.

    Raises errors.Forbidden, errors.NotFound, errors.Conflict when it is over."""
    rights.need(agent, "case.cancel")

    def work(tx: Transaction) -> records.Instance:
        found = running(tx, instance_id)
        return begin(tx, found, reason=reason, awaits_customer=awaits_customer, agent=agent, now=now)

    return engine.store.run(work)


def resume(engine: Engine, *, instance_id: str, agent: Agent, now: datetime, reason: str = "") -> records.Instance:
    """Timers of the drawing that became due meanwhile are due at once; promises have the time left that they had.

    Raises as ``suspend``."""
    rights.need(agent, "case.cancel")

    def work(tx: Transaction) -> records.Instance:
        return end(engine, tx, running(tx, instance_id), reason=reason, agent=agent, now=now)

    return engine.store.run(work)


def begin(
    tx: Transaction, found: records.Instance, *, reason: str, awaits_customer: bool, agent: Agent, now: datetime
) -> records.Instance:
    """The hold itself, for whoever may."""
    if found.suspended:
        return found
    # The fact raises the revision: a step that read the instance before this does not get through.
    fact = facts.InstanceSuspended(reason=reason, awaits_customer=awaits_customer)
    tx.facts.append(found.id, [fact], agent=agent.key, now=now)
    tx.instances.suspend(found.id, by=agent.key, at=now, reason=reason, awaits_customer=awaits_customer)
    standstill.begin(tx, found.id, now)
    tx.changes.add("instance", found.id, now)
    return running(tx, found.id)


def end(
    engine: Engine, tx: Transaction, found: records.Instance, *, reason: str, agent: Agent, now: datetime
) -> records.Instance:
    if not found.suspended:
        return found
    _go_on(engine, tx, found.id, facts.InstanceResumed(reason=reason), agent=agent, now=now)
    return running(tx, found.id)


def answered(engine: Engine, tx: Transaction, instance_id: str, *, agent: Agent, now: datetime) -> None:
    """The customer's answer has come: ends a hold that waits for it, as part of what brings it. Needs no right of its
    own, for who put the case on hold said so."""
    found = tx.instances.get(instance_id)
    if found is not None and found.awaits_customer and found.status == "active":
        _go_on(engine, tx, instance_id, facts.InstanceResumed(answered=True), agent=agent, now=now)
        if found.held_by not in ("", agent.key):
            tx.notices.add(_news(engine, found, now))


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


def _news(engine: Engine, case: records.Instance, now: datetime) -> records.Notice:
    """For who put it on hold."""
    text = both(zh="客户已答复，办件恢复。", en="The customer has answered: the case goes on.")
    return records.Notice(
        id=engine.store.new_id(),
        instance_id=case.id,
        customer_id=case.customer_id,
        channel="desk",
        to=case.held_by,
        subject=both(zh=f"{case.number}：客户已答复", en=f"{case.number}: the customer has answered"),
        text=text,
        created_at=now,
    )


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


def running(tx: Transaction, instance_id: str) -> records.Instance:
    """Raises errors.NotFound, and errors.Conflict for one that is over."""
    found = tx.instances.get(instance_id)
    if found is None:
        raise deliver.unknown(instance_id)
    if found.status != "active":
        raise deliver.over(instance_id, found.status)
    return found
