"""Looking at instances, and changing their variables by hand."""

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from engine import errors, records
from engine.kernel import codec, stimuli, view
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine
from engine.runtime import deliver
from engine.runtime.library import Library

MOST = 200
Sort = Literal["", "ended_at", "number", "business_key"]
"""What a list goes by, which leaves out what has none; empty: the start."""
_Places = {"ended_at": tuple[datetime, str], "number": tuple[str, str], "business_key": tuple[str, str]}


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
    awaits_customer: bool = False
    """Only those on hold until the customer answers."""
    sort: Sort = ""
    ascending: bool = False
    """Else the latest, or what is last by its letters, comes first."""
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
    """Newest first, or as the query says; ``after`` is the cursor of the last instance of the page before.

    Raises errors.Invalid ``cursor_unknown`` for a cursor of another order.
    """
    query = query or Query()
    where = msgspec.structs.asdict(query)
    where["behind"], last = _behind(query.sort, after)
    with engine.store.reading() as tx:
        return tuple(tx.instances.search(where=where, after=last, limit=max(1, min(limit, MOST))))


def cursor(instance: records.Instance, sort: Sort = "") -> str:
    """Where the instance stands in a list: the start of a case lies in its id."""
    if not sort:
        return instance.id
    place = msgspec.json.encode((getattr(instance, sort), instance.id))
    return base64.urlsafe_b64encode(place).decode().rstrip("=")


def _behind(sort: Sort, after: str) -> tuple[Any, str]:
    if not sort or not after:
        return None, after
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)), type=_Places[sort])
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        raise errors.Invalid(
            "cursor_unknown",
            zh="翻页标记无效，请从第一页开始。",
            en="The page cursor is none of this order; begin at the first page.",
        ) from None


def set_variables(
    engine: Engine, *, instance_id: str, values: Mapping[str, Any], reason: str, agent: Agent, now: datetime
) -> deliver.Delivered:
    """Raises errors.Forbidden, errors.NotFound, errors.Conflict when it is over."""
    rights.need(agent, "case.variables")
    stimulus = stimuli.SetVariables(agent=agent.key, values=dict(values), reason=reason)
    return deliver.deliver(engine, instance_id=instance_id, stimulus=stimulus, now=now)
