"""Somebody leaves: their open work goes back to those who may claim it, in the transaction that deactivates them."""

from datetime import datetime

import msgspec

from engine import facts, ports, records
from engine.people.agent import Agent

ROUND = 200


def hand_over(tx: ports.Transaction, person: records.Person, *, agent: Agent, now: datetime) -> int:
    """How many work items were given back.

    Work that nobody else could claim goes to the person's groups, then to their manager; of a person who has neither
    it stays where it is: an administrator sees it and may put it back. Drafts stay with the work.
    """
    given = 0
    sign_on(tx, person, agent=agent, now=now)
    while True:
        found = [item for _, item in tx.items.page(shelf="mine", who=[person.key], where={}, after=None, limit=ROUND)]
        items = [item for item in found if not item.shared.signatures and _heirs(item, person)]
        for item in items:
            _give(tx, item, person, agent=agent, now=now)
        given += len(items)
        if not items or len(found) < ROUND:
            return given


def sign_on(tx: ports.Transaction, person: records.Person, *, agent: Agent, now: datetime) -> None:
    """What waits for the person's signature waits for their manager's, or for whoever lets them go."""
    heir = person.manager or agent.key
    while True:
        found = [item for _, item in tx.items.page(shelf="mine", who=[person.key], where={}, after=None, limit=ROUND)]
        items = [item for item in found if item.shared.signatures]
        for item in items:
            signatures = tuple(
                msgspec.structs.replace(one, person=heir, data={})
                if one.person == person.key and one.status in ("waiting", "active")
                else one
                for one in item.shared.signatures
            )
            shared = msgspec.structs.replace(item.shared, signatures=signatures)
            tx.items.change(msgspec.structs.replace(item, handling=shared))
            fact = facts.WorkItemActed(node=item.node, verb="transfer", to=heir)
            tx.facts.append(item.instance_id, [fact], agent=agent.key, now=now)
        if not items:
            return


def _heirs(item: records.WorkItem, person: records.Person) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """(users, groups) that may claim it from now on; None when there is nobody."""
    others = tuple(user for user in item.users if user != person.key)
    if others or item.groups:
        return others, tuple(item.groups)
    if person.groups:
        return (), tuple(person.groups)
    return ((person.manager,), ()) if person.manager else None


def _give(
    tx: ports.Transaction, item: records.WorkItem, person: records.Person, *, agent: Agent, now: datetime
) -> None:
    heirs = _heirs(item, person)
    if heirs is None:
        return
    users, groups = heirs
    owner = item.shared.owner
    if owner:
        # What was delegated goes back to who delegated it.
        shared = msgspec.structs.replace(item.shared, owner="")
        tx.items.change(msgspec.structs.replace(item, assignee=owner, claimed_at=now, handling=shared))
    else:
        tx.items.change(msgspec.structs.replace(item, assignee=None, claimed_at=None, users=users, groups=groups))
    fact = facts.WorkItemActed(node=item.node, verb="release")
    tx.facts.append(item.instance_id, [fact], agent=agent.key, now=now)
    tx.changes.add("instance", item.instance_id, now)
