"""Looking at instances, and changing their variables by hand."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from engine import records
from engine.kernel import codec, stimuli, view
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine
from engine.runtime import deliver
from engine.runtime.library import Library

MOST = 200


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """An instance with where it stands and what it knows."""

    instance: records.Instance
    variables: dict[str, Any]
    tokens: tuple[view.TokenView, ...]
    incidents: tuple[records.Incident, ...]
    resolution: records.Resolution | None


class Query(msgspec.Struct, frozen=True, kw_only=True):
    process: str = ""
    program: str = ""
    customer_id: str = ""
    status: str = ""
    business_key: str = ""
    number: str = ""
    started_by: str = ""
    incidents: bool = False
    """Only those with open incidents."""
    suspended: bool = False
    """Only those on hold."""
    oldest_first: bool = False
    seen_by: tuple[str, ...] = ()
    """Only those that this person may see, as people/scope.py says it; empty: all."""


def get(engine: Engine, *, instance_id: str) -> Case:
    """Raises errors.NotFound."""
    with engine.store.reading() as tx:
        instance = tx.instances.get(instance_id)
        kept = tx.steps.read(instance_id)
        if instance is None or kept is None:
            raise deliver.unknown(instance_id)
        state = codec.decode(kept.state)
        library = Library(engine, tx, instance_id=instance_id, customer_id=kept.customer_id, now=instance.started_at)
        return Case(
            instance=instance,
            variables=view.variables(state),
            tokens=tuple(view.tokens(engine.plans.get(tx, kept.program), state, library)),
            incidents=tuple(tx.waits.incidents(instance_id)),
            resolution=tx.resolutions.of_instance(instance_id),
        )


def search(
    engine: Engine, *, query: Query | None = None, after: str = "", limit: int = 50
) -> tuple[records.Instance, ...]:
    """Newest first, or as the query says; ``after`` is the id of the last instance of the page before."""
    where = msgspec.structs.asdict(query or Query())
    with engine.store.reading() as tx:
        return tuple(tx.instances.search(where=where, after=after, limit=max(1, min(limit, MOST))))


def set_variables(
    engine: Engine, *, instance_id: str, values: Mapping[str, Any], reason: str, agent: Agent, now: datetime
) -> deliver.Delivered:
    """Raises errors.Forbidden, errors.NotFound, errors.Conflict when it is over."""
    rights.need(agent, "case.variables")
    stimulus = stimuli.SetVariables(agent=agent.key, values=dict(values), reason=reason)
    return deliver.deliver(engine, instance_id=instance_id, stimulus=stimulus, now=now)
