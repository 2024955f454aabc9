"""Mending what failed: try again, or pass it by."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine import errors, records
from engine.kernel import stimuli
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction
from engine.runtime import deliver, ids


def retry(
    engine: Engine, *, incident_id: str, agent: Agent, now: datetime, data: Mapping[str, Any] | None = None
) -> deliver.Delivered:
    """Tries the node again; ``data`` are set as variables first.

    Raises errors.Forbidden, errors.NotFound for an unknown incident or one that is resolved already.
    """
    return _resolve(engine, incident_id, agent, now, data=dict(data or {}))


def skip(engine: Engine, *, incident_id: str, reason: str, agent: Agent, now: datetime) -> deliver.Delivered:
    """Goes on behind the node as if it had been done; the reason stays in the history. Raises as ``retry``."""
    return _resolve(engine, incident_id, agent, now, skip=True, reason=reason)


def open_incidents(engine: Engine, *, instance_id: str) -> list[records.Incident]:
    with engine.store.reading() as tx:
        return tx.waits.incidents(instance_id)


def _resolve(engine: Engine, incident_id: str, agent: Agent, now: datetime, **how: Any) -> deliver.Delivered:
    rights.need(agent, "incident.mend")
    instance_id, wait = ids.split(incident_id, missing=unknown(incident_id))
    stimulus = stimuli.Retry(agent=agent.key, incident=wait, **how)

    def work(tx: Transaction) -> deliver.Delivered:
        if all(incident.wait != wait for incident in tx.waits.incidents(instance_id)):
            raise unknown(incident_id)
        return deliver.within(engine, tx, instance_id=instance_id, stimulus=stimulus, now=now)

    return engine.store.run(work)


def unknown(incident_id: str) -> errors.NotFound:
    return errors.NotFound(
        "incident_unknown",
        zh=f"没有未解决的故障 {incident_id}。",
        en=f"There is no open incident {incident_id!r}.",
        incident=incident_id,
    )
