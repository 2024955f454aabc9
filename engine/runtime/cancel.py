"""Ending an instance by hand."""

from datetime import datetime

from engine.kernel import stimuli
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine
from engine.runtime import deliver


def cancel(engine: Engine, *, instance_id: str, reason: str, agent: Agent, now: datetime) -> deliver.Delivered:
    """Raises errors.Forbidden, errors.NotFound, and errors.Conflict when it is over already."""
    rights.need(agent, "case.cancel")
    stimulus = stimuli.Cancel(agent=agent.key, reason=reason)
    return deliver.deliver(engine, instance_id=instance_id, stimulus=stimulus, now=now)
