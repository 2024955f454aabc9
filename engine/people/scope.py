"""Whose cases somebody may see. Staff see those they take part in: started, did or hold a step of, could claim a step
of, or whose customer they look after. Others see all. The same predicate narrows lists and single reads."""

from engine import errors, ports
from engine.people import rights
from engine.people.agent import Agent


def of(agent: Agent) -> tuple[str, ...]:
    """For ``tx.instances.search(where={"seen_by": ...})``: the agent's key, then the names it goes by in queues.

    Empty: every case.
    """
    if rights.may(agent, "case.see_all"):
        return ()
    return (
        agent.key,
        f"u:{agent.key}",
        f"s:{agent.key}",
        f"d:{agent.key}",
        f"a:{agent.key}",
        *(f"g:{group}" for group in sorted(agent.groups)),
    )


def sees(tx: ports.Transaction, *, instance_id: str, agent: Agent) -> bool:
    return bool(tx.instances.search(where={"id": instance_id, "seen_by": of(agent)}, after="", limit=1))


def need(engine: ports.Engine, *, instance_id: str, agent: Agent) -> None:
    """Raises Forbidden without the right to see cases, and NotFound for a case that is not the agent's to see: whether
    it exists is not told either."""
    rights.need(agent, "case.see")
    with engine.store.reading() as tx:
        if not sees(tx, instance_id=instance_id, agent=agent):
            raise unknown(instance_id)


def unknown(instance_id: str) -> errors.NotFound:
    """The same for a case that is not there and for one that this person may not see."""
    return errors.NotFound("instance_unknown", zh="没有此办件。", en="There is no such case.", instance=instance_id)
