"""Whether somebody's inbox has changed: what a screen asks for while it is looked at."""

import hashlib
from datetime import datetime

import msgspec

from engine.inbox import listing
from engine.people.agent import Agent
from engine.ports import Engine

LOOKED_AT = 50
"""Rows of a list whose change is news."""


class Glance(msgspec.Struct, frozen=True, kw_only=True):
    """``since`` is where the next look begins; ``mark`` changes with what the list shows."""

    since: int
    mark: str
    mine: int
    claimable: int
    overdue: int


def last(engine: Engine) -> int:
    """Number of the last change of anything: one look into an index, without saying of what."""
    with engine.store.reading() as tx:
        return tx.changes.last()


def glance(engine: Engine, *, shelf: listing.Shelf, agent: Agent, now: datetime) -> Glance:
    """Of the agent's own lists, as they are now."""
    since = last(engine)
    found = {"mine": listing.mine, "claimable": listing.claimable, "done": listing.done}[shelf](
        engine, agent=agent, now=now, limit=LOOKED_AT
    )
    rows = [(row.item.id, row.item.revision, row.breached, row.goal_missed) for row in found.rows]
    counts = listing.counts(engine, agent=agent, now=now)
    return Glance(
        since=since,
        mark=hashlib.sha256(msgspec.json.encode(rows)).hexdigest()[:16],
        mine=counts.mine,
        claimable=counts.claimable,
        overdue=counts.overdue,
    )
