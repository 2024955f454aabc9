"""What people do with work items: claim, release, save a draft, complete."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from engine import errors, facts, records
from engine.inbox import ending, filled, late, refusals, signing, verbs
from engine.model import handling
from engine.people import scope
from engine.people.agent import Agent
from engine.ports import Engine, Transaction
from engine.runtime import deliver, ids


def claim(engine: Engine, *, work_item_id: str, agent: Agent, now: datetime) -> records.WorkItem:
    """Takes it off everybody else's list. Raises errors.Conflict naming who was faster."""

    def change(item: records.WorkItem) -> records.WorkItem:
        return msgspec.structs.replace(item, assignee=agent.key, claimed_at=now)

    return changed(engine, work_item_id, "claim", change, agent=agent, now=now)


def release(engine: Engine, *, work_item_id: str, agent: Agent, now: datetime) -> records.WorkItem:
    """Gives it back to those who may claim it; the draft stays."""

    def change(item: records.WorkItem) -> records.WorkItem:
        shared = msgspec.structs.replace(item.shared, absent="")
        return msgspec.structs.replace(item, assignee=None, claimed_at=None, handling=shared)

    return changed(engine, work_item_id, "release", change, agent=agent, now=now)


def save_draft(
    engine: Engine, *, work_item_id: str, data: Mapping[str, Any], agent: Agent, now: datetime
) -> records.WorkItem:
    """Keeps what is filled in so far, right or wrong; of a step that several sign, for each signer apart.

    Raises errors.TooLarge for more than a form can hold."""
    filled.bounded(data)

    def change(item: records.WorkItem) -> records.WorkItem:
        mine = verbs.mine(item, agent)
        if mine is None:
            return msgspec.structs.replace(item, draft=dict(data))
        return signing.with_signatures(item, handling.changed(item.shared.signatures, mine.number, data=dict(data)))

    return changed(engine, work_item_id, "save_draft", change, agent=agent, now=now, told=False)


def complete(
    engine: Engine,
    *,
    work_item_id: str,
    data: Mapping[str, Any],
    agent: Agent,
    now: datetime,
    revision: int | None = None,
    done_at: datetime | None = None,
) -> deliver.Delivered:
    """The form is checked, then the process goes on. Unclaimed work may be completed by whoever could claim it.

    Where several sign, this is the agent's signature, and the process goes on with the one that decides. Raises
    errors.Invalid with a JSON pointer for each field that is wrong, errors.Conflict naming who completed it before and
    when (or when ``revision`` is not the one that is stored), errors.Forbidden, errors.NotFound. ``done_at``: when it
    was done, where that was without a connection.
    """

    def work(tx: Transaction) -> deliver.Delivered:
        kept = tx.steps.read(work_item_id.rpartition(".")[0])
        item = allowed(tx, work_item_id, "complete", agent)
        if revision is not None and revision != item.revision:
            raise _moved_on(item, revision)
        taken = filled.checked(engine, tx, item=item, data=data)
        mine = verbs.mine(item, agent)
        told = acted(item, "sign", agent)
        earlier = late.told(item, "complete", done_at, now)
        if mine is not None:
            form = filled.schema(engine, tx, item)
            item, decided = signing.signed(item, mine, data=taken, form=form, now=now)
            if not decided:
                return _put_down(tx, item, told, *earlier, agent=agent, now=now, kept=kept)
            taken = handling.together(item.shared.signatures)
            tx.items.change(item)
        done = ending.complete(engine, tx, item=item, data=taken, agent=agent, now=now, kept=kept, behalf=told.behalf)
        if earlier:
            tx.facts.append(item.instance_id, earlier, agent=agent.key, now=now)
        return done

    return engine.store.run(work)


def tell_earlier(
    engine: Engine, *, work_item_id: str, verb: late.Verb, done_at: datetime, agent: Agent, now: datetime
) -> None:
    """That what the agent does with the item in this transaction was done before, without a connection."""

    def work(tx: Transaction) -> None:
        item = seen(tx, work_item_id, agent)
        earlier = late.told(item, verb, late.possible(item, done_at, now), now)
        tx.facts.append(item.instance_id, earlier, agent=agent.key, now=now)

    engine.store.run(work)


def actions(item: records.WorkItem, agent: Agent) -> dict[verbs.Verb, dict[str, str] | None]:
    """For each verb None when this person may, else why not, in both languages."""
    return verbs.actions(item, agent)


def allowed(tx: Transaction, work_item_id: str, verb: verbs.Verb, agent: Agent) -> records.WorkItem:
    """Raises what stands in the way; NotFound also for items that do not concern the agent."""
    item = seen(tx, work_item_id, agent)
    refused = verbs.refusal(verb, item, agent)
    if refused is not None:
        raise refused
    return item


def seen(tx: Transaction, work_item_id: str, agent: Agent) -> records.WorkItem:
    """Raises errors.NotFound for an item that does not exist, or does not concern the agent nor lies in a case that
    the agent takes part in."""
    instance_id, wait = ids.split(work_item_id, missing=refusals.unknown(work_item_id))
    item = tx.waits.work_item(instance_id, wait)
    if item is None or not (verbs.concerns(item, agent) or scope.sees(tx, instance_id=instance_id, agent=agent)):
        raise refusals.unknown(work_item_id)
    return item


def changed(
    engine: Engine,
    work_item_id: str,
    verb: verbs.Verb,
    change: Callable[[records.WorkItem], records.WorkItem],
    *,
    agent: Agent,
    now: datetime,
    told: bool = True,
) -> records.WorkItem:
    """One that moves no token: allowed, changed, written, and told in the history of the case."""

    def work(tx: Transaction) -> records.WorkItem:
        item = allowed(tx, work_item_id, verb, agent)
        if not told:
            made = change(item)
            tx.items.change(made)
            return msgspec.structs.replace(made, revision=item.revision + 1)
        return write(tx, change(item), acted(item, verb, agent), agent=agent, now=now)

    return engine.store.run(work)


def acted(
    before: records.WorkItem, verb: str, agent: Agent, *, to: Sequence[str] = (), reason: str = ""
) -> facts.WorkItemActed:
    """What the agent did with the item as it was before, and in whose stead."""
    behalf = verbs.behalf(before, agent)
    return facts.WorkItemActed(node=before.node, verb=verb, to=",".join(to), reason=reason, behalf=behalf)


def write(
    tx: Transaction, item: records.WorkItem, *told: facts.AnyFact, agent: Agent, now: datetime
) -> records.WorkItem:
    """The changed item and the facts that tell of it. Raises Stale when somebody was faster."""
    tx.items.change(item)
    tx.facts.append(item.instance_id, told, agent=agent.key, now=now)
    tx.changes.add("instance", item.instance_id, now)
    return msgspec.structs.replace(item, revision=item.revision + 1)


def _put_down(
    tx: Transaction,
    item: records.WorkItem,
    *told: facts.AnyFact,
    agent: Agent,
    now: datetime,
    kept: records.Kept | None,
) -> deliver.Delivered:
    """A signature that does not decide yet."""
    write(tx, item, *told, agent=agent, now=now)
    tx.items.signed(item, agent.key, now)
    revision = kept.revision + 1 if kept else 0
    nothing = records.Written(agent=agent.key, now=now)
    return deliver.Delivered(instance_id=item.instance_id, status="active", revision=revision, written=nothing)


def _moved_on(item: records.WorkItem, revision: int) -> errors.Conflict:
    return errors.Conflict(
        "revision_old",
        zh=f"待办已被修改（版本 {item.revision}，您看到的是 {revision}），请刷新。",
        en=f"The work item was changed meanwhile (revision {item.revision}, you saw {revision}); load it again.",
        work_item=item.id,
        revision=item.revision,
    )
