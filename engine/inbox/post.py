"""What people were told and what was copied to them."""

from datetime import datetime

import msgspec

from engine import records
from engine.people.agent import Agent
from engine.ports import Engine

MOST = 200


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    instance_id: str
    number: str
    process: str
    customer_name: str
    by: str
    text: str
    at: datetime
    read_at: datetime | None


def notices(engine: Engine, *, agent: Agent, before: datetime | None = None, limit: int = 50) -> list[records.Notice]:
    """Told to the agent or to one of the agent's groups, newest first."""
    with engine.store.reading() as tx:
        return tx.notices.of_people(_names(agent), before=before, limit=min(limit, MOST))


def unread(engine: Engine, *, agent: Agent) -> int:
    with engine.store.reading() as tx:
        return tx.notices.unread(_names(agent))


def read(engine: Engine, *, agent: Agent, now: datetime) -> None:
    """All of them count as read; what was told to a group counts for the whole group."""
    engine.store.run(lambda tx: tx.notices.read(_names(agent), now))


def copies(engine: Engine, *, agent: Agent, before: datetime | None = None, limit: int = 50) -> list[Copy]:
    """Newest first."""
    with engine.store.reading() as tx:
        found = tx.notices.copies(agent.key, before=before, limit=min(limit, MOST))
        shown = []
        for one in found:
            instance = tx.instances.get(one.instance_id)
            if instance is None:
                continue
            customer = tx.customers.get(instance.customer_id) if instance.customer_id else None
            shown.append(
                Copy(
                    instance_id=one.instance_id,
                    number=instance.number,
                    process=instance.process,
                    customer_name=customer.name if customer else "",
                    by=one.by,
                    text=one.text,
                    at=one.at,
                    read_at=one.read_at,
                )
            )
        return shown


def receipt(engine: Engine, *, instance_id: str, agent: Agent, now: datetime) -> None:
    """The agent looks at the case: what was copied to them of it counts as read."""
    with engine.store.reading() as tx:
        waiting = any(one.person == agent.key and one.read_at is None for one in tx.notices.copied(instance_id))
    if waiting:
        engine.store.run(lambda tx: tx.notices.receipt(instance_id, agent.key, now))


def moment(text: str) -> datetime | None:
    """Where a page begins, as its address says it; None for what is no moment with a zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _names(agent: Agent) -> list[str]:
    return [agent.key, *sorted(agent.groups)]
