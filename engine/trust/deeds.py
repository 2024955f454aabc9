"""The record of what administrators did to credentials, openings, connectors and webhooks."""

from datetime import datetime
from typing import Any

from engine import outward
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction


def note(
    engine: Engine, tx: Transaction, what: str, about: str, *, agent: Agent, now: datetime, **details: Any
) -> None:
    """In the transaction of the deed itself. Never a secret among ``details``."""
    made = outward.Deed(id=engine.store.new_id(), at=now, agent=agent.key, what=what, about=about, details=details)
    tx.trust.add_deed(made)


def listed(
    engine: Engine, *, agent: Agent, prefix: str = "", about: str = "", after: str = "", limit: int = 100
) -> list[outward.Deed]:
    """The newest first. Raises errors.Forbidden."""
    rights.need(agent, "outside.manage")
    with engine.store.reading() as tx:
        return tx.trust.deeds(prefix=prefix, about=about, after=after, limit=limit)
