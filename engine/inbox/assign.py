"""Who gets a work item, where the model leaves it to a rule. The choice is a pure function of values."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from engine import facts, records
from engine.inbox import passing, signing, standing_in
from engine.inbox.away import Away
from engine.model.performer import Performer
from engine.ports import Assigned, Opening, Transaction
from engine.recent import Recent

RULES = ("least_busy", "round_robin", "owner", "manager")
Load = Mapping[str, tuple[int, datetime | None]]
_NEVER = datetime.min.replace(tzinfo=UTC)


class HouseAssigner:
    """``recent`` keeps for a moment who is away: every step with a person asks, and it hardly ever changes."""

    def __init__(self, recent: Recent[tuple[records.Absence, ...]] | None = None) -> None:
        self._recent: Recent[tuple[records.Absence, ...]] = recent if recent is not None else Recent()

    def assign(self, tx: Transaction, *, opening: Opening, now: datetime) -> Assigned:
        """The item with its assignee, or narrowed to those who may claim it; who is away has somebody stand in; what
        its node lets pass passes.

        A rule that finds nobody leaves the item to its groups: work is never lost because nobody fits. Where all of
        them are away or have as much as they can take, their manager may claim it too.
        """
        item, performer = opening.item, opening.performer
        made = Assigned(item)
        if performer.rule or performer.skill or performer.sign_mode != "any" or item.assignee or item.users:
            away = Away(tx, item, self._absences(tx, now), now)
            ruled = _by_rule(tx, item, performer, away, now)
            covered = standing_in.covered(ruled.item, away, now)
            made = Assigned(covered.item, (*ruled.told, *covered.told))
        if opening.passing is None:
            return made
        return passing.settled(tx, opening, made, passing.able(tx.people.all(), made.item), now)

    def _absences(self, tx: Transaction, now: datetime) -> tuple[records.Absence, ...]:
        known = self._recent.get("", now)
        if known is None:
            known = tuple(tx.absences.ahead())
            self._recent.put("", known, now)
        return known


def _by_rule(tx: Transaction, item: records.WorkItem, performer: Performer, away: Away, now: datetime) -> Assigned:
    if performer.sign_mode != "any" and item.assignee is None:
        people = _signers(item, eligible(tx.people.all(), item), away)
        return Assigned(signing.begun(item, people, performer.sign_mode) if people else item)
    if item.assignee is not None and item.assignee not in item.excluded:
        return Assigned(item)
    item = msgspec.structs.replace(item, assignee=None, claimed_at=None)
    if performer.rule == "owner":
        customer = tx.customers.get(item.customer_id) if item.customer_id else None
        owner = customer.owner if customer else ""
        free_owner = owner and owner not in item.excluded and _present(tx, owner)
        return Assigned(_given(item, owner, now) if free_owner else item)
    if performer.rule == "manager":
        keys = [key for key in _managers(tx, item) if key not in item.excluded and _present(tx, key)]
        return Assigned(_given(item, keys[0], now) if keys else item)
    if not performer.rule and not performer.skill:
        return Assigned(item)
    return _among(tx, item, performer, away, now)


def _among(tx: Transaction, item: records.WorkItem, performer: Performer, away: Away, now: datetime) -> Assigned:
    """By skill, and by whose turn it is among those who are there and can take more."""
    people = tx.people.all()
    able = eligible(people, item)
    if performer.skill and able:
        item = msgspec.structs.replace(item, users=tuple(able), groups=())
    if performer.rule not in ("least_busy", "round_robin") or not able:
        return Assigned(item)
    load = tx.items.load(able)
    most = {person.key: person.capacity for person in people}
    free = [key for key in able if not away.is_away(key) and not (most[key] and load[key][0] >= most[key])]
    if free:
        return Assigned(_given(item, choose(performer.rule, free, load), now))
    asked = _managers(tx, item) or [person.manager for person in people if person.key in able]
    managers = tuple(key for key in dict.fromkeys(asked) if key not in able and away.fit(key))
    if not managers:
        return Assigned(item)
    told = facts.WorkItemActed(node=item.node, verb="nobody_free", to=",".join(managers))
    return Assigned(msgspec.structs.replace(item, users=(*item.users, *managers)), (told,))


def _managers(tx: Transaction, item: records.WorkItem) -> list[str]:
    """Of the item's groups."""
    return [group.manager for group in tx.people.groups() if group.key in item.groups and group.manager]


def _signers(item: records.WorkItem, people: Sequence[str], away: Away) -> list[str]:
    """Of a group those who are there or have somebody stand in, while there are any; who is named signs always."""
    there = [key for key in people if key in item.users or not away.is_away(key) or away.stand_in(key)]
    return there or list(people)


def eligible(people: Sequence[records.Person], item: records.WorkItem) -> list[str]:
    """Active people of the item's users and groups who have its skill and did not do what excludes them: those named
    one by one first, in the order in which they are named."""
    groups = set(item.groups)
    named = {key: place for place, key in enumerate(item.users)}
    able = [
        person.key
        for person in people
        if person.active
        and (person.key in item.users or groups & set(person.groups))
        and (not item.skill or item.skill in person.skills)
        and person.key not in item.excluded
    ]
    return sorted(able, key=lambda key: named.get(key, len(named)))


def choose(rule: str, able: Sequence[str], load: Load) -> str:
    """``least_busy``: the fewest open items, then whose turn it is. ``round_robin``: who got one longest ago."""

    def turn(key: str) -> tuple[datetime, str]:
        return (load[key][1] or _NEVER, key)

    if rule == "least_busy":
        return min(able, key=lambda key: (load[key][0], *turn(key)))
    return min(able, key=turn)


def _present(tx: Transaction, key: str) -> bool:
    person = tx.people.get(key)
    return person is not None and person.active


def _given(item: records.WorkItem, person: str, now: datetime) -> records.WorkItem:
    return msgspec.structs.replace(item, assignee=person, claimed_at=now)
