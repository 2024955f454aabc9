"""How the house is doing at one moment: how much waits, what is due next, and whether anybody takes it."""

from datetime import datetime, timedelta

import msgspec

from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine

LATE = timedelta(minutes=2)
"""Something due that nobody has taken for this long: the dispatcher does not tick."""


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    kind: str
    """``timer``, ``rung``, ``mail``, ``start``, ``job``, ``release``, ``move``, ``follow``, ``absence``."""
    next: datetime
    late: bool


class Health(msgspec.Struct, frozen=True, kw_only=True):
    queues: tuple[Queue, ...]
    """Those in which something waits, the most urgent first."""
    counts: dict[str, int]
    late: bool
    """Work has been due for longer than LATE and nobody took it."""


def of(engine: Engine, *, agent: Agent, now: datetime) -> Health:
    """Raises Forbidden."""
    rights.need(agent, "operations.see")
    with engine.store.reading() as tx:
        soonest, counts = tx.due.soonest(), tx.watch.counts(now)
    queues = [Queue(kind=kind, next=moment, late=now - moment > LATE) for kind, moment in soonest.items()]
    queues.sort(key=lambda queue: queue.next)
    return Health(queues=tuple(queues), counts=counts, late=any(queue.late for queue in queues))


def ticking(engine: Engine, *, now: datetime) -> bool:
    """For monitors: False when something has been due for longer than LATE."""
    with engine.store.reading() as tx:
        due = tx.due.next()
    return due is None or now - due <= LATE
