"""A step is done: the process goes on, or straight back to who had sent the step back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from engine import records
from engine.kernel import stimuli
from engine.model.handling import Comeback, Handling
from engine.people.agent import Agent
from engine.ports import Engine, Transaction
from engine.runtime import deliver


def complete(
    engine: Engine,
    tx: Transaction,
    *,
    item: records.WorkItem,
    data: Mapping[str, Any],
    agent: Agent,
    now: datetime,
    kept: records.Kept | None,
) -> deliver.Delivered:
    """``data`` as they were checked. Raises as deliver.within."""
    comeback = item.shared.comeback
    then = comeback.node if comeback else ""
    stimulus = stimuli.Complete(agent=agent.key, wait=item.wait, data=dict(data), then=then)
    done = deliver.within(engine, tx, instance_id=item.instance_id, stimulus=stimulus, now=now, kept=kept)
    if comeback is not None:
        found = opened(done, comeback.node)
        if found is not None:
            _welcome(tx, found, comeback, now)
    return done


def opened(done: deliver.Delivered, node: str) -> records.WorkItem | None:
    """The one work item that the step opened at ``node``; None when there is none or are several."""
    found = [item for item in done.written.work_items if item.node == node]
    return found[0] if len(found) == 1 else None


def give(
    tx: Transaction,
    item: records.WorkItem,
    person: str,
    now: datetime,
    *,
    draft: Mapping[str, Any] | None = None,
    handling: Handling | None = None,
) -> records.WorkItem:
    """To who had it before, if they still may do it; else it stays with those whom the model names. No signers are
    asked: it is this person's to decide again."""
    known = tx.people.get(person)
    if known is not None and known.active and person not in item.excluded:
        item = msgspec.structs.replace(item, assignee=person, claimed_at=now, draft=dict(draft) if draft else None)
        item = msgspec.structs.replace(item, handling=handling)
    else:
        item = msgspec.structs.replace(item, handling=_merged(item, handling))
    tx.items.change(item)
    return msgspec.structs.replace(item, revision=item.revision + 1)


def _merged(item: records.WorkItem, handling: Handling | None) -> Handling | None:
    if handling is None:
        return item.handling
    return msgspec.structs.replace(item.shared, comeback=handling.comeback)


def _welcome(tx: Transaction, item: records.WorkItem, comeback: Comeback, now: datetime) -> None:
    give(tx, item, comeback.person, now, draft=comeback.draft, handling=Handling(comeback=comeback.then))
