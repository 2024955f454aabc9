"""Work of somebody who is away goes to who stands in for them, marked with whom it is for; and comes back."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from engine import facts, records
from engine.inbox.away import Away
from engine.model import handling
from engine.people import held
from engine.people.agent import Agent
from engine.ports import Assigned, Transaction

_OPEN = ("waiting", "active")


def covered(item: records.WorkItem, away: Away, now: datetime) -> Assigned:
    """A work item as it goes out: where who has it or signs it is away, with who stands in for them.

    Whoever could claim it by name is joined by who stands in for them. Without anybody to stand in it stays as it is.
    """
    if item.shared.signatures:
        return _signed(item, away)
    if item.assignee is not None:
        return _held(item, away, now)
    named = [*item.users]
    for user in item.users:
        other = away.stand_in(user)
        if other and other not in named:
            named.append(other)
    return Assigned(msgspec.structs.replace(item, users=tuple(named)))


def sent(tx: Transaction, item: records.WorkItem, now: datetime) -> Assigned:
    """``covered`` by what is known at this moment."""
    return covered(item, Away(tx, item, tx.absences.ahead(), now), now)


def move_out(tx: Transaction, absence: records.Absence, *, agent: Agent, now: datetime) -> int:
    """What the person has open goes to who stands in; how many."""
    ahead = tx.absences.ahead()
    moved = 0
    for item in held.items(tx, absence.person):
        moved += _settle(tx, covered(item, Away(tx, item, ahead, now), now), item, agent=agent, now=now)
    return moved


def move_home(tx: Transaction, absence: records.Absence, *, agent: Agent, now: datetime) -> int:
    """What others have in the person's stead comes back, unless another absence of theirs covers it; how many."""
    person = tx.people.get(absence.person)
    if person is None or not person.active:
        return 0
    ahead = [one for one in tx.absences.ahead() if one.id != absence.id]
    moved = 0
    for item in held.items(tx, absence.person, shelf="away"):
        away = Away(tx, item, ahead, now)
        if not away.is_away(person.key):
            moved += _settle(tx, _home(item, person.key, now), item, agent=agent, now=now)
    return moved


def _settle(tx: Transaction, made: Assigned, before: records.WorkItem, *, agent: Agent, now: datetime) -> bool:
    if made.item == before:
        return False
    tx.items.change(made.item)
    tx.facts.append(before.instance_id, made.told, agent=agent.key, now=now)
    tx.changes.add("instance", before.instance_id, now)
    return True


def _held(item: records.WorkItem, away: Away, now: datetime) -> Assigned:
    person = item.shared.absent or item.assignee or ""
    other = away.stand_in(person) if away.is_away(item.assignee or "") else ""
    if not other or other == item.assignee:
        return Assigned(item)
    shared = msgspec.structs.replace(item.shared, absent=person)
    if item.shared.owner == other:
        # Who asked stands in for who was asked: then there is nothing to answer.
        shared = msgspec.structs.replace(shared, owner="", absent="")
    changed = msgspec.structs.replace(item, assignee=other, claimed_at=now, handling=shared)
    return Assigned(changed, (_told(item, "stand_in", other, person),))


def _signed(item: records.WorkItem, away: Away) -> Assigned:
    signatures, told = item.shared.signatures, []
    for one in item.shared.signatures:
        person = one.absent or one.person
        other = away.stand_in(person) if one.status in _OPEN and away.is_away(one.person) else ""
        if not other or _signs(signatures, other):
            continue
        signatures = handling.changed(signatures, one.number, person=other, absent=person, data={})
        told.append(_told(item, "stand_in", other, person))
    return Assigned(_with(item, signatures), tuple(told))


def _home(item: records.WorkItem, person: str, now: datetime) -> Assigned:
    if item.shared.signatures:
        signatures = item.shared.signatures
        for one in signatures:
            if one.absent == person and one.status in _OPEN:
                back = {"status": "removed"} if _signs(signatures, person) else {"person": person, "absent": ""}
                signatures = handling.changed(signatures, one.number, **back)
        return Assigned(_with(item, signatures), (_told(item, "regain", person, ""),))
    shared = msgspec.structs.replace(item.shared, absent="")
    changed = msgspec.structs.replace(item, assignee=person, claimed_at=now, handling=shared)
    return Assigned(changed, (_told(item, "regain", person, ""),))


def _with(item: records.WorkItem, signatures: Sequence[handling.Signature]) -> records.WorkItem:
    if item.shared.signatures == tuple(signatures):
        return item
    return msgspec.structs.replace(item, handling=msgspec.structs.replace(item.shared, signatures=tuple(signatures)))


def _signs(signatures: Sequence[handling.Signature], person: str) -> bool:
    return any(one.person == person and one.status in _OPEN for one in signatures)


def _told(item: records.WorkItem, verb: str, to: str, behalf: str) -> facts.AnyFact:
    return facts.WorkItemActed(node=item.node, verb=verb, to=to, behalf=behalf)
