"""Work items handed over or ended by those who direct work rather than do it: administrators and integrations.

They need no place among the candidates; four eyes hold for them as for everybody.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from engine import facts, records
from engine.inbox import ending, filled, recipients, refusals, verbs
from engine.model.handling import Handling
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction
from engine.runtime import deliver, ids


def may(agent: Agent) -> bool:
    return rights.may(agent, "case.variables")


def assign(
    engine: Engine, *, work_item_id: str, to: str | None, agent: Agent, now: datetime, free_only: bool = False
) -> records.WorkItem:
    """To this person, or with None to nobody; ``free_only`` leaves it with whoever has it.

    Raises errors.NotFound, errors.Conflict for one that is over or taken, errors.Forbidden for a person who may not
    do it by four eyes, errors.Invalid for somebody who is not on the staff.
    """
    rights.need(agent, "case.variables")

    def work(tx: Transaction) -> records.WorkItem:
        item = _open(tx, work_item_id)
        if free_only and item.assignee not in (None, to):
            raise refusals.taken(item)
        if to is not None:
            recipients.fit(tx, item, to)
        # Nobody else signs or answers any more; where it goes when it is done stays.
        shared = Handling(comeback=item.shared.comeback)
        changed = msgspec.structs.replace(item, assignee=to, claimed_at=now if to else None, handling=shared)
        tx.items.change(changed)
        fact = facts.WorkItemActed(node=item.node, verb="assign" if to else "release", to=to or "")
        tx.facts.append(item.instance_id, [fact], agent=agent.key, now=now)
        tx.changes.add("instance", item.instance_id, now)
        return msgspec.structs.replace(changed, revision=item.revision + 1)

    return engine.store.run(work)


def change(engine: Engine, *, work_item_id: str, agent: Agent, now: datetime, **fields: Any) -> records.WorkItem:
    """Priority, due and follow-up moments, who may claim it (``priority``, ``due_at``, ``follow_up_at``, ``users``,
    ``groups``). A deadline before the goal takes it along."""
    rights.need(agent, "case.variables")

    def work(tx: Transaction) -> records.WorkItem:
        item = _open(tx, work_item_id)
        changed = msgspec.structs.replace(item, **fields)
        if changed.due_at and changed.goal_at and changed.due_at < changed.goal_at:
            changed = msgspec.structs.replace(changed, goal_at=changed.due_at)
        if changed == item:
            return item
        tx.items.change(changed)
        fact = facts.WorkItemActed(node=item.node, verb="change", reason=", ".join(sorted(fields)))
        tx.facts.append(item.instance_id, [fact], agent=agent.key, now=now)
        tx.changes.add("instance", item.instance_id, now)
        return msgspec.structs.replace(changed, revision=item.revision + 1)

    return engine.store.run(work)


def comment(engine: Engine, *, work_item_id: str, text: str, agent: Agent, now: datetime) -> None:
    """Into the history of the case."""

    def work(tx: Transaction) -> None:
        item = _open(tx, work_item_id)
        if not verbs.concerns(item, agent):
            raise refusals.unknown(work_item_id)
        fact = facts.Commented(node=item.node, text=text[:4000])
        tx.facts.append(item.instance_id, [fact], agent=agent.key, now=now)

    engine.store.run(work)


def complete(
    engine: Engine, *, work_item_id: str, data: Mapping[str, Any], agent: Agent, now: datetime, checked: bool = False
) -> deliver.Delivered:
    """Whoever has it. With ``checked`` the form has its say as in the inbox; else the data are taken as they are."""
    rights.need(agent, "case.variables")
    filled.bounded(data)

    def work(tx: Transaction) -> deliver.Delivered:
        kept = tx.steps.read(work_item_id.rpartition(".")[0])
        item = _open(tx, work_item_id)
        if agent.key in item.excluded:
            raise recipients.four_eyes(item)
        taken = filled.checked(engine, tx, item=item, data=data) if checked else dict(data)
        return ending.complete(engine, tx, item=item, data=taken, agent=agent, now=now, kept=kept)

    return engine.store.run(work)


def _open(tx: Transaction, work_item_id: str) -> records.WorkItem:
    instance_id, wait = ids.split(work_item_id, missing=refusals.unknown(work_item_id))
    item = tx.waits.work_item(instance_id, wait)
    if item is None:
        raise refusals.unknown(work_item_id)
    if item.status != "open":
        raise refusals.over(item)
    if item.held:
        raise deliver.suspended(item.instance_id)
    return item
