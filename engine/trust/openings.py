"""Places that administrators have opened for calls: inner addresses, and those that speak without encryption."""

import functools
import ssl
from datetime import datetime

from engine import errors, outward
from engine.outside import line, targets
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Store, Transaction
from engine.trust import deeds


def add(engine: Engine, *, place: str, note: str, agent: Agent, now: datetime) -> outward.Opening:
    """Raises errors.Forbidden and errors.Invalid. Opening a place twice renews its note."""
    rights.need(agent, "outside.manage")
    targets.opening(place)
    made = outward.Opening(place=place.strip().lower(), note=note.strip()[:500], opened_at=now, opened_by=agent.key)

    def work(tx: Transaction) -> None:
        tx.trust.put_opening(made)
        deeds.note(engine, tx, "opening.added", made.place, agent=agent, now=now)

    engine.store.run(work)
    return made


def drop(engine: Engine, *, place: str, agent: Agent, now: datetime) -> None:
    """Raises errors.Forbidden and errors.NotFound."""
    rights.need(agent, "outside.manage")

    def work(tx: Transaction) -> None:
        if not tx.trust.drop_opening(place):
            raise errors.NotFound(
                "opening_unknown",
                zh=f"“{place}”不在可访问目标中。",
                en=f"{place!r} is not among the opened places.",
                place=place,
            )
        deeds.note(engine, tx, "opening.dropped", place, agent=agent, now=now)

    engine.store.run(work)


def all_of(engine: Engine, *, agent: Agent) -> list[outward.Opening]:
    """By place. Raises errors.Forbidden."""
    rights.need(agent, "outside.manage")
    with engine.store.reading() as tx:
        return tx.trust.openings()


def gate(tx: Transaction) -> line.Gate:
    """With the openings of this moment."""
    return line.Gate([targets.opening(one.place) for one in tx.trust.openings()], context=_context())


def gate_of(store: Store) -> line.Gate:
    with store.reading() as tx:
        return gate(tx)


@functools.cache
def _context() -> ssl.SSLContext:
    """The system's authorities, read once: it takes longer than a call within the house."""
    return ssl.create_default_context()
