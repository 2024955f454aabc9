"""A step is done: the process goes on, or straight back to who had sent the step back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from engine import facts, records
from engine.inbox import standing_in
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
    behalf: str = "",
) -> deliver.Delivered:
    """``data`` as they were checked; ``behalf``: in whose stead it is done. Raises as deliver.within."""
    comeback = item.shared.comeback
    then = comeback.node if comeback else ""
    stimulus = stimuli.Complete(agent=agent.key, wait=item.wait, data=dict(data), then=then)
    done = deliver.within(engine, tx, instance_id=item.instance_id, stimulus=stimulus, now=now, kept=kept)
    if behalf:
        told = facts.WorkItemActed(node=item.node, verb="complete", behalf=behalf)
        tx.facts.append(item.instance_id, [told], agent=agent.key, now=now)
    if comeback is not None:
        found = opened(done, comeback.node)
        if found is not None:
            _welcome(tx, found, comeback, agent, now)
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
    agent: str,
) -> records.WorkItem:
    """To who had it before, if they still may do it; else it stays with those whom the model names. No signers are
    asked: it is this person's to decide again; or who stands in decides, where it is not they themselves (``agent``)
    who are at work."""
    known = tx.people.get(person)
    if known is not None and known.active and person not in item.excluded:
        item = msgspec.structs.replace(item, assignee=person, claimed_at=now, draft=dict(draft) if draft else None)
        item = msgspec.structs.replace(item, handling=handling)
        if person != agent:
            made = standing_in.sent(tx, item, now)
            item = made.item
            if made.told:
                tx.facts.append(item.instance_id, made.told, agent=agent, now=now)
    else:
        item = msgspec.structs.replace(item, handling=_merged(item, handling))
    tx.items.change(item)
    return msgspec.structs.replace(item, revision=item.revision + 1)


def _merged(item: records.WorkItem, handling: Handling | None) -> Handling | None:
    if handling is None:
        return item.handling
    return msgspec.structs.replace(item.shared, comeback=handling.comeback)


def _welcome(tx: Transaction, item: records.WorkItem, comeback: Comeback, agent: Agent, now: datetime) -> None:
    shared = Handling(comeback=comeback.then)
    give(tx, item, comeback.person, now, draft=comeback.draft, handling=shared, agent=agent.key)
