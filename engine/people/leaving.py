"""Somebody leaves: their open work goes back to those who may claim it, in the transaction that deactivates them, and
whoever shares out customers is told."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from engine import facts, ports, records
from engine.model import handling
from engine.people import held
from engine.people.agent import TASK_ROLES, Agent

MESSAGE = "user.deactivated"
"""Begins the hand-over of the person's customers (SFA-09 of the catalogue)."""
MOST_CUSTOMERS = 50
"""Of somebody who looks after customers outside any territory; as many as a draft has rules."""
_OPEN = ("waiting", "active")


def hand_over(tx: ports.Transaction, person: records.Person, *, agent: Agent, now: datetime) -> int:
    """How many work items were given on.

    What was delegated goes back to its owner. Work that nobody else could claim goes to the person's groups, then to
    their manager; of a person who has neither it stays where it is: an administrator sees it and may put it back.
    Drafts stay with the work. What waits for the person's signature waits for their heir's.
    """
    others = {one.key: one for one in tx.people.all() if _works(one) and one.key != person.key}
    heir = _heir(person, agent, others)
    given = 0
    for item in held.items(tx, person.key):
        if item.shared.signatures:
            changed = _signed_by(item, person.key, heir) if heir else item
            fact = facts.WorkItemActed(node=item.node, verb="transfer", to=heir)
        else:
            changed = _back(item, person, others, now)
            fact = facts.WorkItemActed(node=item.node, verb="release")
        if changed == item:
            continue
        tx.items.change(changed)
        tx.facts.append(item.instance_id, [fact], agent=agent.key, now=now)
        tx.changes.add("instance", item.instance_id, now)
        given += 1
    return given


def tell(tx: ports.Transaction, person: records.Person, *, new_id: Callable[[], str], now: datetime) -> int:
    """How many letters: one for each territory of the person, else one for the customers that they look after, else
    none. Each brings the draft of the territory without them."""
    drafts = [
        (one.id, list(one.rules), [member for member in one.members if member != person.key])
        for one in tx.territories.all()
        if person.key in one.members
    ]
    if not drafts:
        theirs = tx.customers.of_owner(person.key, MOST_CUSTOMERS)
        rules: list[Any] = [{"attr": "customer", "op": "is", "value": one.number} for one in theirs]
        drafts = [(person.key, rules, [])] if rules else []
    for territory, covered, members in drafts:
        number = f"LV-{person.key}-{territory}-{now:%y%m%d}"
        told = {
            "realignmentNo": number,
            "territory": territory,
            "leaver": person.key,
            "rules": covered,
            "members": members,
            "effective": now.date().isoformat(),
        }
        letter = records.Mail(
            id=new_id(),
            instance_id=None,
            trigger="message",
            name=MESSAGE,
            business_key=number,
            data=told,
            due_at=now,
        )
        tx.messages.post(letter)
    if drafts:
        tx.ring("mail")
    return len(drafts)


def _works(person: records.Person) -> bool:
    return person.active and bool(TASK_ROLES & set(person.roles))


def _heir(person: records.Person, agent: Agent, others: Mapping[str, records.Person]) -> str:
    """Who signs from now on: the person's manager, else whoever lets them go, else an administrator; empty: nobody."""
    admins = sorted(key for key, one in others.items() if "admin" in one.roles)
    return next((key for key in (person.manager, agent.key, *admins) if key in others), "")


def _signed_by(item: records.WorkItem, person: str, heir: str) -> records.WorkItem:
    """With the heir's signature in the place of the person's; who signs it anyway is not asked twice."""
    signatures = item.shared.signatures
    asked = any(one.person == heir and one.status in _OPEN for one in signatures)
    for one in signatures:
        if one.person == person and one.status in _OPEN:
            left = {"status": "removed"} if asked else {"person": heir, "data": {}}
            signatures = handling.changed(signatures, one.number, **left)
            asked = True
    return msgspec.structs.replace(item, handling=msgspec.structs.replace(item.shared, signatures=signatures))


def _back(
    item: records.WorkItem, person: records.Person, others: Mapping[str, records.Person], now: datetime
) -> records.WorkItem:
    shared = msgspec.structs.replace(item.shared, owner="")
    if item.shared.owner in others:
        return msgspec.structs.replace(item, assignee=item.shared.owner, claimed_at=now, handling=shared)
    users, groups = _candidates(item, person, others)
    if not users and not groups:
        return item
    return msgspec.structs.replace(
        item, assignee=None, claimed_at=None, users=users, groups=groups, handling=shared if item.handling else None
    )


def _candidates(
    item: records.WorkItem, person: records.Person, others: Mapping[str, records.Person]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(users, groups) that may claim it from now on; none when there is nobody."""
    users = tuple(user for user in item.users if user in others)
    if users or item.groups:
        return users, item.groups
    if person.groups:
        return (), person.groups
    return ((person.manager,) if person.manager in others else ()), ()
