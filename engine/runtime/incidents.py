"""Mending what failed: try again, or pass it by."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from engine import errors, records
from engine.kernel import stimuli
from engine.model.text import Text
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


class Retried(msgspec.Struct, frozen=True, kw_only=True):
    incident: str
    error: Text | None
    """Why it was not tried; None when it was. What is still broken afterwards is an incident again."""


def retry_all(engine: Engine, *, incident_ids: Sequence[str], agent: Agent, now: datetime) -> list[Retried]:
    """Each in a transaction of its own: one that cannot be retried stands in the way of no other."""
    rights.need(agent, "incident.mend")
    found = []
    for incident_id in dict.fromkeys(incident_ids):
        try:
            retry(engine, incident_id=incident_id, agent=agent, now=now)
        except errors.CrmflowError as error:
            found.append(Retried(incident=incident_id, error=error.text))
        else:
            found.append(Retried(incident=incident_id, error=None))
    return found


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
