"""A case put on hold, and let go on, by those who work on it; who may cancel cases does it for any."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

from engine import records
from engine.inbox import act, recipients, refusals, reminding, verbs
from engine.inbox.refusals import Problem
from engine.model import handling
from engine.model.text import Text, both
from engine.people import rights, scope
from engine.people.agent import Agent
from engine.ports import Engine, Transaction
from engine.runtime import deliver, suspend

Deed = Literal["hold", "resume"]


class May(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody may do with a case as a whole: None when they may, else why not."""

    hold: Text | None
    resume: Text | None


def hold(
    engine: Engine, *, instance_id: str, reason: str, awaits_customer: bool = False, agent: Agent, now: datetime
) -> records.Instance:
    """Whoever else has a step of it in hand is told. Twice is the same as once.

    Raises errors.Invalid without a reason, errors.NotFound for a case that is not the agent's to see, errors.Conflict
    when it is over, and what stands in the way of who has nothing of it in hand.
    """
    said = recipients.reason(reason)

    def work(tx: Transaction) -> records.Instance:
        found, items = _allowed(tx, instance_id, "hold", agent)
        if found.suspended:
            return found
        held = suspend.begin(tx, found, reason=said, awaits_customer=awaits_customer, agent=agent, now=now)
        _tell(tx, held, items, said, agent, now)
        return held

    return engine.store.run(work)


def resume(engine: Engine, *, instance_id: str, reason: str = "", agent: Agent, now: datetime) -> records.Instance:
    """By whoever works on it or could, and by who put it on hold. Raises as ``hold``."""
    said = recipients.bounded(reason)

    def work(tx: Transaction) -> records.Instance:
        found, _ = _allowed(tx, instance_id, "resume", agent)
        return suspend.end(engine, tx, found, reason=said, agent=agent, now=now)

    return engine.store.run(work)


def hold_at(
    engine: Engine, *, work_item_id: str, reason: str, awaits_customer: bool = False, agent: Agent, now: datetime
) -> records.Instance:
    """The case of a step, by who has the step in hand. Raises as ``hold``; errors.Conflict where it is on hold."""
    item = _step(engine, work_item_id, "hold", agent)
    return hold(
        engine, instance_id=item.instance_id, reason=reason, awaits_customer=awaits_customer, agent=agent, now=now
    )


def resume_at(engine: Engine, *, work_item_id: str, reason: str = "", agent: Agent, now: datetime) -> records.Instance:
    item = _step(engine, work_item_id, "resume", agent)
    return resume(engine, instance_id=item.instance_id, reason=reason, agent=agent, now=now)


def may(case: records.Instance, items: Sequence[records.WorkItem], agent: Agent) -> May:
    """``items``: the open ones of the case."""
    found = {deed: refusal(deed, case, items, agent) for deed in _DEEDS}
    return May(**{deed: None if error is None else error.text for deed, error in found.items()})


_DEEDS: tuple[Deed, ...] = ("hold", "resume")


def refusal(deed: Deed, case: records.Instance, items: Sequence[records.WorkItem], agent: Agent) -> Problem | None:
    """A case may be held by whoever may hold it at one of its open steps."""
    if case.status != "active":
        return deliver.over(case.id, case.status)
    if deed == "hold" and case.suspended:
        return deliver.suspended(case.id)
    if deed == "resume" and not case.suspended:
        return refusals.not_on_hold(instance=case.id)
    if rights.may(agent, "case.cancel"):
        return None
    if not rights.may(agent, "case.hold"):
        return refusals.no_right_to_hold(instance=case.id)
    if deed == "resume" and case.held_by == agent.key:
        return None
    found = [verbs.refusal(deed, item, agent) for item in items]
    if None in found:
        return None
    return found[0] if len(found) == 1 else refusals.nothing_in_hand(instance=case.id)


def _allowed(
    tx: Transaction, instance_id: str, deed: Deed, agent: Agent
) -> tuple[records.Instance, list[records.WorkItem]]:
    """The case with its open steps. What is as it is wanted already is no reason to refuse."""
    if not scope.sees(tx, instance_id=instance_id, agent=agent):
        raise scope.unknown(instance_id)
    found = suspend.running(tx, instance_id)
    items = [item for item in tx.waits.work_items(instance_id) if item.status == "open"]
    if found.suspended != (deed == "hold"):
        refused = refusal(deed, found, items, agent)
        if refused is not None:
            raise refused
    return found, items


def _step(engine: Engine, work_item_id: str, deed: Deed, agent: Agent) -> records.WorkItem:
    with engine.store.reading() as tx:
        return act.allowed(tx, work_item_id, deed, agent)


def _tell(
    tx: Transaction, case: records.Instance, items: Sequence[records.WorkItem], said: str, agent: Agent, now: datetime
) -> None:
    """Once each, however many steps somebody has."""
    name = agent.name or agent.key
    subject = both(zh=f"{name} 暂停了办件 {case.number}", en=f"{name} put {case.number} on hold")
    told = {agent.key}
    for item in items:
        signing = handling.active(item.shared.signatures)
        people = [one for one in (*signing, item.assignee) if one and one not in told]
        told.update(people)
        reminding.tell(tx, item, people, subject, said, mark=f"hold{case.revision}", now=now)
