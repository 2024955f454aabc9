"""A message finds the one that waits for it, starts a process, or is kept until somebody waits."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from engine import errors, records
from engine.kernel import stimuli
from engine.people import rights
from engine.people.agent import SYSTEM, Agent
from engine.ports import Engine, Transaction
from engine.repositories import Stale
from engine.runtime import deliver, matching, start, suspend

KEEP = timedelta(hours=1)
"""How long an early message from outside waits when its sender says nothing."""


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A message: its name, whom it is for, and what it says."""

    name: str
    key: str | None = None
    business_key: str | None = None
    instance_id: str | None = None
    customer_id: str | None = None
    """For processes that begin with this message."""
    data: dict[str, Any] = {}

    @property
    def address(self) -> matching.Address:
        return matching.Address(self.key, self.business_key, self.instance_id)


class Correlated(msgspec.Struct, frozen=True, kw_only=True):
    outcome: Literal["delivered", "started", "kept"]
    instance_id: str = ""


def correlate(
    engine: Engine,
    *,
    letter: Letter,
    agent: Agent,
    now: datetime,
    keep: timedelta = KEEP,
) -> Correlated:
    """Exactly one instance takes the message, or one is started, or it is kept for ``keep``.

    Raises errors.Conflict with the candidates when several instances wait for it or several processes begin with it,
    errors.NotFound when nobody does and ``keep`` is nothing, errors.Forbidden, and whatever a start raises.
    """
    rights.need(agent, "message.send")
    return engine.store.run(lambda tx: within(engine, tx, letter=letter, agent=agent, now=now, keep=keep))


def within(
    engine: Engine, tx: Transaction, *, letter: Letter, agent: Agent, now: datetime, keep: timedelta
) -> Correlated:
    """The same as part of a larger unit of work."""
    waiting = tx.messages.waiting(trigger="message", name=letter.name, key=letter.key)
    found = matching.fitting(waiting, letter.address)
    if len(found) > 1:
        raise _ambiguous(letter, [f"{one.instance_id}.{one.wait}" for one in found])
    if found:
        if not hand_over(engine, tx, found[0].instance_id, found[0].wait, letter.data, agent=agent, now=now):
            raise Stale
        return Correlated(outcome="delivered", instance_id=found[0].instance_id)
    starts = [] if letter.instance_id else tx.messages.starts(trigger="message", name=letter.name)
    if len(starts) > 1:
        raise _ambiguous(letter, [process for process, _ in starts])
    if starts:
        return _started(engine, tx, letter, starts[0], agent, now)
    if keep <= timedelta():
        raise errors.NotFound(
            "nobody_waits",
            zh=f"没有办件在等待消息“{letter.name}”。",
            en=f"Nobody waits for the message {letter.name!r}.",
            message=letter.name,
        )
    tx.messages.keep(
        records.Early(
            id=engine.store.new_id(),
            name=letter.name,
            key=letter.key,
            business_key=letter.business_key,
            instance_id=letter.instance_id,
            data=letter.data,
            created_at=now,
            expires_at=now + keep,
        )
    )
    return Correlated(outcome="kept")


def hand_over(
    engine: Engine, tx: Transaction, instance_id: str, wait: int, data: dict[str, Any], *, agent: Agent, now: datetime
) -> bool:
    """To one subscription; False when it is closed: its instance went another way.

    A message from outside is the customer's answer for an instance that is on hold until it comes."""
    kept = tx.steps.read(instance_id)
    found = tx.messages.subscription(instance_id, wait)
    if found is None:
        return False
    if kept is not None and kept.suspended and found.trigger == "message" and agent != SYSTEM:
        suspend.answered(engine, tx, instance_id, agent=agent, now=now)
        kept = tx.steps.read(instance_id)
    stimulus = stimuli.Deliver(agent=agent.key, wait=wait, data=data)
    deliver.within(engine, tx, instance_id=instance_id, stimulus=stimulus, now=now, kept=kept)
    return True


def _started(
    engine: Engine, tx: Transaction, letter: Letter, begin: tuple[str, str], agent: Agent, now: datetime
) -> Correlated:
    process, node = begin
    order = start.Order(
        process=process,
        customer_id=letter.customer_id,
        business_key=letter.business_key,
        data=letter.data,
        node=node,
    )
    begun = start.within(engine, tx, order=order, agent=agent, now=now)
    return Correlated(outcome="started", instance_id=begun.instance.id)


def signal(
    engine: Engine, *, name: str, data: Mapping[str, Any], agent: Agent, now: datetime, customer_id: str | None = None
) -> int:
    """To everybody who waits for it, and to processes that begin with it; how many. Carried out after commit, one
    instance a transaction."""
    rights.need(agent, "message.send")
    return engine.store.run(lambda tx: broadcast(engine, tx, name=name, data=data, now=now, customer_id=customer_id))


def signal_one(
    engine: Engine, *, name: str, instance_id: str, data: Mapping[str, Any], agent: Agent, now: datetime
) -> bool:
    """To this instance alone, wherever it waits for the signal; False when it does not."""
    rights.need(agent, "message.send")

    def work(tx: Transaction) -> bool:
        waiting = tx.waits.subscriptions(instance_id)
        found = [one.wait for one in waiting if one.trigger == "signal" and one.name == name]
        taken = [hand_over(engine, tx, instance_id, wait, dict(data), agent=agent, now=now) for wait in found]
        return any(taken)

    return engine.store.run(work)


def broadcast(
    engine: Engine, tx: Transaction, *, name: str, data: Mapping[str, Any], now: datetime, customer_id: str | None
) -> int:
    """A letter to each subscription that is open now; a start for each process that begins with the signal."""
    waiting = tx.messages.waiting(trigger="signal", name=name, key=None)
    for one in waiting:
        tx.messages.post(
            records.Mail(
                id=engine.store.new_id(),
                instance_id=one.instance_id,
                trigger="signal",
                name=name,
                wait=one.wait,
                data=dict(data),
                due_at=now,
            )
        )
    starts = tx.messages.starts(trigger="signal", name=name)
    for process, node in starts:
        order = start.Order(process=process, customer_id=customer_id, data=dict(data), node=node)
        start.within(engine, tx, order=order, agent=SYSTEM, now=now)
    if waiting:
        tx.ring("mail")
    return len(waiting) + len(starts)


def _ambiguous(letter: Letter, candidates: list[str]) -> errors.Conflict:
    return errors.Conflict(
        "message_ambiguous",
        zh=f"有 {len(candidates)} 个对象在等待消息“{letter.name}”，请给出业务编号或关联键。",
        en=f"{len(candidates)} wait for the message {letter.name!r}: name a business key or a correlation key.",
        message=letter.name,
        candidates=candidates,
    )
