"""What people do with work items: claim, release, save a draft, complete."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from engine import errors, facts, records
from engine.inbox import filled, verbs
from engine.kernel import stimuli
from engine.people.agent import Agent
from engine.ports import Engine, Transaction
from engine.runtime import deliver, ids


def claim(engine: Engine, *, work_item_id: str, agent: Agent, now: datetime) -> records.WorkItem:
    """Takes it off everybody else's list. Raises errors.Conflict naming who was faster."""

    def change(item: records.WorkItem) -> records.WorkItem:
        return msgspec.structs.replace(item, assignee=agent.key, claimed_at=now)

    return _change(engine, work_item_id, "claim", change, agent, now)


def release(engine: Engine, *, work_item_id: str, agent: Agent, now: datetime) -> records.WorkItem:
    """Gives it back to those who may claim it; the draft stays."""

    def change(item: records.WorkItem) -> records.WorkItem:
        return msgspec.structs.replace(item, assignee=None, claimed_at=None)

    return _change(engine, work_item_id, "release", change, agent, now)


def save_draft(
    engine: Engine, *, work_item_id: str, data: Mapping[str, Any], agent: Agent, now: datetime
) -> records.WorkItem:
    """Keeps what is filled in so far, right or wrong. Raises errors.TooLarge for more than a form can hold."""
    filled.bounded(data)

    def change(item: records.WorkItem) -> records.WorkItem:
        return msgspec.structs.replace(item, draft=dict(data))

    return _change(engine, work_item_id, "save_draft", change, agent, now)


def complete(
    engine: Engine,
    *,
    work_item_id: str,
    data: Mapping[str, Any],
    agent: Agent,
    now: datetime,
    revision: int | None = None,
) -> deliver.Delivered:
    """The form is checked, then the process goes on. Unclaimed work may be completed by whoever could claim it.

    Raises errors.Invalid with a JSON pointer for each field that is wrong, errors.Conflict naming who completed it
    before and when (or when ``revision`` is not the one that is stored), errors.Forbidden, errors.NotFound.
    """

    def work(tx: Transaction) -> deliver.Delivered:
        kept = tx.steps.read(work_item_id.rpartition(".")[0])
        item = allowed(tx, work_item_id, "complete", agent)
        if revision is not None and revision != item.revision:
            raise _changed(item, revision)
        taken = filled.checked(engine, tx, item=item, data=data)
        stimulus = stimuli.Complete(agent=agent.key, wait=item.wait, data=taken)
        return deliver.within(engine, tx, instance_id=item.instance_id, stimulus=stimulus, now=now, kept=kept)

    return engine.store.run(work)


def actions(item: records.WorkItem, agent: Agent) -> dict[verbs.Verb, dict[str, str] | None]:
    """For each verb None when this person may, else why not, in both languages."""
    return verbs.actions(item, agent)


def allowed(tx: Transaction, work_item_id: str, verb: verbs.Verb, agent: Agent) -> records.WorkItem:
    """Raises what stands in the way; NotFound also for items that do not concern the agent."""
    instance_id, wait = ids.split(work_item_id, missing=unknown(work_item_id))
    item = tx.waits.work_item(instance_id, wait)
    if item is None or not verbs.concerns(item, agent):
        raise unknown(work_item_id)
    refused = verbs.refusal(verb, item, agent)
    if refused is not None:
        raise refused
    return item


def unknown(work_item_id: str) -> errors.NotFound:
    return errors.NotFound(
        "work_item_unknown",
        zh=f"找不到待办 {work_item_id}。",
        en=f"There is no work item {work_item_id!r}.",
        work_item=work_item_id,
    )


def _change(
    engine: Engine,
    work_item_id: str,
    verb: verbs.Verb,
    change: Callable[[records.WorkItem], records.WorkItem],
    agent: Agent,
    now: datetime,
) -> records.WorkItem:
    def work(tx: Transaction) -> records.WorkItem:
        item = allowed(tx, work_item_id, verb, agent)
        changed = change(item)
        tx.items.change(changed)
        if verb != "save_draft":
            fact = facts.WorkItemActed(node=item.node, verb=verb)
            tx.facts.append(item.instance_id, [fact], agent=agent.key, now=now)
            tx.changes.add("instance", item.instance_id, now)
        return msgspec.structs.replace(changed, revision=item.revision + 1)

    return engine.store.run(work)


def _changed(item: records.WorkItem, revision: int) -> errors.Conflict:
    return errors.Conflict(
        "revision_old",
        zh=f"待办已被修改（版本 {item.revision}，您看到的是 {revision}），请刷新。",
        en=f"The work item was changed meanwhile (revision {item.revision}, you saw {revision}); load it again.",
        work_item=item.id,
        revision=item.revision,
    )
