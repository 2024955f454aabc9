"""A step handed on: for good (transfer), or for an answer that comes back (delegate). And people asked to sign it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from engine import errors, facts, records
from engine.inbox import act, ending, filled, recipients, signing, standing_in, verbs
from engine.model import handling
from engine.model.handling import Rule
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction


def transfer(
    engine: Engine, *, work_item_id: str, to: str, reason: str = "", agent: Agent, now: datetime
) -> records.WorkItem:
    """Responsibility moves; where several sign, the agent's part. The draft goes along; the agent finds the step among
    what is done.

    Raises errors.Conflict for who has it already, errors.Invalid for somebody who cannot work, errors.Forbidden.
    """

    def work(tx: Transaction) -> records.WorkItem:
        item = act.allowed(tx, work_item_id, "transfer", agent)
        recipients.fit(tx, item, to)
        mine = verbs.mine(item, agent)
        if mine is not None:
            changed = signing.handed_on(item, mine, to)
        elif item.assignee == to:
            raise recipients.has_it(item, to)
        else:
            shared = msgspec.structs.replace(item.shared, absent="")
            changed = msgspec.structs.replace(item, assignee=to, claimed_at=now, handling=shared)
        told = act.acted(item, "transfer", agent, to=[to], reason=recipients.bounded(reason))
        tx.items.signed(item, agent.key, now)
        return _given(tx, changed, told, agent, now)

    return engine.store.run(work)


def delegate(
    engine: Engine, *, work_item_id: str, to: str, reason: str = "", agent: Agent, now: datetime
) -> records.WorkItem:
    """Somebody else works on it and answers; then it is the agent's again, who decides. Not passed on a second time."""

    def work(tx: Transaction) -> records.WorkItem:
        item = act.allowed(tx, work_item_id, "delegate", agent)
        recipients.fit(tx, item, to)
        if to == agent.key:
            raise recipients.has_it(item, to)
        # Who stands in for somebody asks in their stead: the answer comes back to whom the work is for.
        shared = msgspec.structs.replace(item.shared, owner=item.shared.absent or agent.key, absent="")
        changed = msgspec.structs.replace(item, assignee=to, claimed_at=now, handling=shared)
        told = act.acted(item, "delegate", agent, to=[to], reason=recipients.bounded(reason))
        return _given(tx, changed, told, agent, now)

    return engine.store.run(work)


def answer(
    engine: Engine,
    *,
    work_item_id: str,
    text: str = "",
    data: Mapping[str, Any] | None = None,
    agent: Agent,
    now: datetime,
) -> records.WorkItem:
    """Back to who delegated it, with what was said and filled in so far. If they have left, who answers decides."""
    if data is not None:
        filled.bounded(data)

    def work(tx: Transaction) -> records.WorkItem:
        item = act.allowed(tx, work_item_id, "answer", agent)
        owner = item.shared.owner
        person = tx.people.get(owner)
        back = owner if person is not None and person.active else agent.key
        changed = msgspec.structs.replace(
            item,
            assignee=back,
            claimed_at=now,
            draft=dict(data) if data is not None else item.draft,
            handling=msgspec.structs.replace(item.shared, owner=""),
        )
        told = act.acted(item, "answer", agent, to=[back], reason=recipients.bounded(text))
        tx.items.signed(item, agent.key, now)
        return _given(tx, changed, told, agent, now)

    return engine.store.run(work)


def add_sign(
    engine: Engine,
    *,
    work_item_id: str,
    people: Sequence[str],
    where: signing.Where = "before",
    rule: Rule = "all",
    reason: str = "",
    agent: Agent,
    now: datetime,
) -> records.WorkItem:
    """More people sign: before the agent, after, or beside. Raises errors.Invalid for nobody, errors.Conflict."""

    def work(tx: Transaction) -> records.WorkItem:
        item = act.allowed(tx, work_item_id, "add_sign", agent)
        if not people:
            raise errors.Invalid("nobody_named", zh="请选择加签人。", en="Please name who is to sign.", field="to")
        for person in people:
            recipients.fit(tx, item, person)
        changed = signing.added(item, agent.key, people, where=where, rule=rule)
        told = act.acted(item, f"add_sign_{where}", agent, to=people, reason=recipients.bounded(reason))
        return _given(tx, changed, told, agent, now)

    return engine.store.run(work)


def remove_sign(engine: Engine, *, work_item_id: str, person: str, agent: Agent, now: datetime) -> records.WorkItem:
    """A signer who was added is not asked any more. When all the others have answered, the step is decided by that."""

    def work(tx: Transaction) -> records.WorkItem:
        kept = tx.steps.read(work_item_id.rpartition(".")[0])
        item = act.allowed(tx, work_item_id, "remove_sign", agent)
        anyone = rights.may(agent, "case.modify")
        changed = signing.removed(item, agent.key, person, anyone=anyone)
        signatures = changed.shared.signatures
        if signatures and not handling.is_open(signatures):
            tx.items.change(changed)
            data = handling.together(signatures)
            ending.complete(engine, tx, item=changed, data=data, agent=agent, now=now, kept=kept)
            return changed
        return act.write(tx, changed, act.acted(item, "remove_sign", agent, to=[person]), agent=agent, now=now)

    return engine.store.run(work)


def _given(
    tx: Transaction, item: records.WorkItem, told: facts.AnyFact, agent: Agent, now: datetime
) -> records.WorkItem:
    """To whoever stands in, where who gets it is away."""
    made = standing_in.sent(tx, item, now)
    return act.write(tx, made.item, told, *made.told, agent=agent, now=now)
