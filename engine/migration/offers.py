"""Open work that nobody has taken or signed is offered anew, where the new program names others for its step."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from engine import facts, ports, records
from engine.kernel import transplant, user_task
from engine.kernel.graph import Plan
from engine.kernel.state import WORK, State
from engine.migration import assess
from engine.migration.reasons import Reason, reason
from engine.model import handling
from engine.model.performer import Performer
from engine.ports import Engine, Transaction
from engine.runtime.library import Library


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """To whom the work item ``wait`` is open now."""

    wait: int
    node: str
    performer: Performer
    assignee: str | None
    users: tuple[str, ...]
    groups: tuple[str, ...]


def offers(way: assess.Passage, *, before: State, after: State, library: Library, now: datetime) -> tuple[Offer, ...]:
    """For each work item that goes on with another performer. Raises errors.Invalid where the new one fails."""
    made = []
    own = transplant.own_scopes(before)
    for number, kept in after.waits.items():
        old = before.waits.get(number)
        if kept.kind != WORK or old is None or kept.scope not in own:
            continue
        performer = _performer(way.new, kept.node)
        if performer == _performer(way.old, old.node):
            continue
        named = user_task.offered(way.new, after, number, now=now, evaluator=way.evaluator, library=library)
        made.append(Offer(wait=number, node=way.new.nodes[kept.node].id, performer=performer, **named))
    return tuple(made)


def make(
    engine: Engine,
    tx: Transaction,
    found: tuple[Offer, ...],
    *,
    instance_id: str,
    way: assess.Passage,
    nodes: Mapping[str, str],
    agent: str,
    now: datetime,
) -> tuple[facts.AnyFact, ...]:
    """What is to be told of it. ``nodes``: new ids by old ones."""
    told: tuple[facts.AnyFact, ...] = ()
    for offer in found:
        item = tx.waits.work_item(instance_id, offer.wait)
        if item is None or stays(item):
            continue
        others = offer.performer.exclude_performers_of
        done_as = [*others, *(old for old, new in nodes.items() if new in others)]
        item = msgspec.structs.replace(
            item,
            node=offer.node,
            assignee=offer.assignee,
            users=offer.users,
            groups=offer.groups,
            skill=offer.performer.skill,
            excluded=tuple(tx.items.performers(instance_id, done_as)) if others else (),
            claimed_at=now if offer.assignee else None,
            handling=msgspec.structs.replace(item.shared, signatures=()) if item.shared.signatures else item.handling,
        )
        opening = ports.Opening(item=item, performer=offer.performer, passing=None, plan=way.new, facts=(), agent=agent)
        assigned = engine.assigner.assign(tx, opening=opening, now=now)
        tx.items.change(assigned.item)
        told += assigned.told
    return told


def stays(item: records.WorkItem) -> bool:
    """Who has it, has begun to fill it in, or signs it together with somebody who has signed already, keeps it."""
    return item.assignee is not None or item.draft is not None or handling.begun(item.shared.signatures)


def foretold(tx: Transaction, found: tuple[Offer, ...], *, instance_id: str, way: assess.Passage) -> tuple[Reason, ...]:
    """What ``make`` would do, in words: whose work stays though others are named, and what is offered to those."""
    told = []
    for offer in found:
        item = tx.waits.work_item(instance_id, offer.wait)
        if item is not None:
            told.append(reason("kept" if stays(item) else "offered", offer.node, way.new.program))
    return tuple(told)


def _performer(plan: Plan, node: int) -> Performer:
    return plan.nodes[node].model.performer or Performer()
