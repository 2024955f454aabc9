"""A handler is bound: from now on somebody does it, and the cases that stopped for want of it go on."""

from datetime import datetime
from typing import Literal

import msgspec

from engine import binding, errors, queries, records
from engine.definitions import bindings
from engine.kernel import stimuli
from engine.people.agent import Agent
from engine.ports import Engine, Transaction
from engine.runtime import deliver

MOST = 500
"""Cases that one binding sets going again; the others go on by a retry."""


class Bound(msgspec.Struct, frozen=True, kw_only=True):
    binding: binding.Binding
    retried: int
    """Places in cases that had stopped for want of the handler."""
    left: int = 0
    """Stopped ones beyond ``MOST``."""


def bind(
    engine: Engine, *, handler: str, kind: Literal["handler", "topic"], target: str, agent: Agent, now: datetime
) -> Bound:
    """Raises as ``bindings.bind``. Each case goes on in a unit of work of its own; one that has ended or was mended
    meanwhile is passed over."""
    made = bindings.bind(engine, handler=handler, kind=kind, target=target, agent=agent, now=now)
    where = [queries.Where("code", "=", "handler_unbound"), queries.Where("details", "=", handler)]
    with engine.store.reading() as tx:
        stopped = tx.lists.find(records.Incident, where=where, limit=MOST)
        waiting = tx.lists.count(records.Incident, where=where)
    retried = sum(_retry(engine, incident, agent=agent, now=now) for incident in stopped)
    return Bound(binding=made, retried=retried, left=waiting - len(stopped))


def _retry(engine: Engine, incident: records.Incident, *, agent: Agent, now: datetime) -> bool:
    stimulus = stimuli.Retry(agent=agent.key, incident=incident.wait)

    def work(tx: Transaction) -> bool:
        deliver.within(engine, tx, instance_id=incident.instance_id, stimulus=stimulus, now=now)
        return True

    try:
        return engine.store.run(work)
    except (errors.Conflict, errors.NotFound):
        return False
