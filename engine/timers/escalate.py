"""The ladders of promises: each rung is reached once, becomes a fact, and does what it says."""

from datetime import datetime

import msgspec

from engine import facts, records
from engine.model.text import both
from engine.ports import Engine, Transaction

RAISED_BY = 25
"""How much ``raise_priority`` adds."""


def escalate_due(engine: Engine, *, now: datetime, limit: int = 20) -> int:
    """Climbs up to ``limit`` due rungs; how many."""

    def work(tx: Transaction) -> int:
        return sum(_climb(tx, rung, now) for rung in tx.due.rungs(now, limit))

    return engine.store.run(work)


def _climb(tx: Transaction, rung: records.Rung, now: datetime) -> bool:
    if not tx.due.reached(rung):
        return False
    item = tx.waits.work_item(rung.instance_id, rung.wait)
    if item is None or item.status != "open":
        return False
    changed = after(rung, item)
    if changed != item:
        tx.items.change(changed)
    if rung.action == "notify_manager":
        _notify(tx, rung, item, now)
    fact = facts.EscalationReached(
        node=item.node, at_percent=rung.at_percent, action=rung.action, to=rung.to, of=rung.of
    )
    tx.facts.append(rung.instance_id, [fact], agent="system", now=now)
    tx.changes.add("instance", rung.instance_id, now)
    return True


def after(rung: records.Rung, item: records.WorkItem) -> records.WorkItem:
    """The work item as the rung leaves it. ``reassign`` gives it back to be claimed, by the group ``to`` if named."""
    if rung.action == "raise_priority":
        return msgspec.structs.replace(item, priority=min(100, item.priority + RAISED_BY))
    if rung.action == "reassign":
        groups = tuple(dict.fromkeys([*item.groups, rung.to])) if rung.to else item.groups
        if groups or item.users:
            return msgspec.structs.replace(item, assignee=None, claimed_at=None, groups=groups)
    return item


def _notify(tx: Transaction, rung: records.Rung, item: records.WorkItem, now: datetime) -> None:
    due = item.due_at.isoformat(timespec="minutes") if item.due_at else ""
    what_zh, what_en = ("目标时间", "the time to the goal of ") if rung.of == "goal" else ("时限", "")
    subject = both(
        zh=f"“{item.name}”的{what_zh}已用去 {rung.at_percent}%",
        en=f"{rung.at_percent} % of {what_en}{item.name!r} is over",
    )
    text = both(
        zh=f"办理人：{item.assignee or '未领取'}；到期：{due}。", en=f"With {item.assignee or 'nobody'}; due {due}."
    )
    tx.notices.add(
        records.Notice(
            id=f"{item.id}.{'goal.' if rung.of == 'goal' else ''}{rung.at_percent}",
            instance_id=item.instance_id,
            customer_id=item.customer_id,
            channel="desk",
            to=rung.to or _manager(tx, item),
            subject=subject,
            text=text,
            created_at=now,
        )
    )


def _manager(tx: Transaction, item: records.WorkItem) -> str:
    """Of whoever has the item, else of its first group; ``managers`` when nobody is named."""
    person = tx.people.get(item.assignee) if item.assignee else None
    if person is not None and person.manager:
        return person.manager
    return next(
        (group.manager for group in tx.people.groups() if group.key in item.groups and group.manager), "managers"
    )
