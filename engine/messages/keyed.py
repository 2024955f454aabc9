"""A message whose receivers are found by values of their variables, as in Camunda 7: one, or all; never kept."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from engine import errors, records
from engine.kernel import codec, view
from engine.messages import correlate
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction
from engine.repositories import Stale
from engine.runtime import matching, start


class Receiver(msgspec.Struct, frozen=True, kw_only=True):
    how: Literal["delivered", "started"]
    instance: records.Instance


def deliver(
    engine: Engine,
    *,
    letter: correlate.Letter,
    keys: Mapping[str, Any],
    everybody: bool,
    agent: Agent,
    now: datetime,
) -> list[Receiver]:
    """To the one instance that waits for the message and whose variables have the values of ``keys``; when none
    waits, the one process that begins with it is started. ``everybody``: to all of them, and all are started.

    Raises errors.Conflict when there is nobody, or more than one.
    """
    rights.need(agent, "message.send")

    def work(tx: Transaction) -> list[Receiver]:
        waiting = _waiting(tx, letter, keys)
        starts = [] if letter.instance_id or keys else tx.messages.starts(trigger="message", name=letter.name)
        if not everybody and len(waiting) > 1:
            raise _mismatch(letter, len(waiting))
        begun = starts if everybody or not waiting else []
        if (not everybody and len(begun) > 1) or (not waiting and not begun):
            raise _mismatch(letter, len(begun))
        found = [_delivered(engine, tx, letter, one, agent, now) for one in waiting]
        return found + [_started(engine, tx, letter, process, node, agent, now) for process, node in begun]

    return engine.store.run(work)


def _waiting(tx: Transaction, letter: correlate.Letter, keys: Mapping[str, Any]) -> list[records.Subscription]:
    address = letter.address
    found = []
    for one in tx.messages.waiting(trigger="message", name=letter.name, key=None):
        named = matching.Address(one.key, address.business_key, address.instance_id) if keys else address
        if matching.fits(one, named) and _has(tx, one, keys):
            found.append(one)
    return found


def _has(tx: Transaction, one: records.Subscription, keys: Mapping[str, Any]) -> bool:
    """A model that names its correlation key is matched by that value; else the variables decide."""
    if not keys:
        return True
    if one.key is not None:
        return one.key in {str(value) for value in keys.values()}
    kept = tx.steps.read(one.instance_id)
    seen = view.variables(codec.decode(kept.state)) if kept else {}
    return all(name in seen and seen[name] == value for name, value in keys.items())


def _delivered(
    engine: Engine,
    tx: Transaction,
    letter: correlate.Letter,
    one: records.Subscription,
    agent: Agent,
    now: datetime,
) -> Receiver:
    done = correlate.hand_over(engine, tx, one.instance_id, one.wait, letter.data, agent=agent, now=now)
    instance = tx.instances.get(one.instance_id)
    if not done or instance is None:
        raise Stale
    return Receiver(how="delivered", instance=instance)


def _started(
    engine: Engine, tx: Transaction, letter: correlate.Letter, process: str, node: str, agent: Agent, now: datetime
) -> Receiver:
    order = start.Order(
        process=process,
        customer_id=letter.customer_id,
        business_key=letter.business_key,
        data=letter.data,
        node=node,
        once=False,
    )
    return Receiver(how="started", instance=start.within(engine, tx, order=order, agent=agent, now=now).instance)


def _mismatch(letter: correlate.Letter, count: int) -> errors.Conflict:
    return errors.Conflict(
        "message_mismatch",
        zh=f"有 {count} 个对象符合消息“{letter.name}”，应恰有一个。",
        en=f"{count} fit the message {letter.name!r}; expected one.",
        message=letter.name,
        count=count,
    )
