"""Who gets a work item, where the model leaves it to a rule. The choice is a pure function of values."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from engine import records
from engine.inbox import signing
from engine.model.performer import Performer
from engine.ports import Transaction

RULES = ("least_busy", "round_robin", "owner", "manager")
Load = Mapping[str, tuple[int, datetime | None]]
_NEVER = datetime.min.replace(tzinfo=UTC)


class HouseAssigner:
    def assign(
        self,
        tx: Transaction,
        *,
        item: records.WorkItem,
        performer: Performer,
        customer: records.Customer | None,
        now: datetime,
    ) -> records.WorkItem:
        """The item with its assignee, or narrowed to those who may claim it.

        A rule that finds nobody leaves the item to its groups: work is never lost because nobody fits.
        """
        if performer.sign_mode != "any" and item.assignee is None:
            people = eligible(tx.people.all(), item)
            return signing.begun(item, people, performer.sign_mode) if people else item
        if item.assignee is not None and item.assignee not in item.excluded:
            return item
        if item.assignee is not None:
            item = msgspec.structs.replace(item, assignee=None, claimed_at=None)
        if performer.rule == "owner":
            owner = customer.owner if customer else ""
            free_owner = owner and owner not in item.excluded and _present(tx, owner)
            return _given(item, owner, now) if free_owner else item
        if performer.rule == "manager":
            keys = [group.manager for group in tx.people.groups() if group.key in item.groups and group.manager]
            free = [key for key in keys if key not in item.excluded and _present(tx, key)]
            return _given(item, free[0], now) if free else item
        able = eligible(tx.people.all(), item)
        if performer.skill and able:
            item = msgspec.structs.replace(item, users=tuple(able), groups=())
        if performer.rule in ("least_busy", "round_robin") and able:
            return _given(item, choose(performer.rule, able, tx.items.load(able)), now)
        return item


def eligible(people: Sequence[records.Person], item: records.WorkItem) -> list[str]:
    """Active people of the item's users and groups who have its skill and did not do what excludes them."""
    groups = set(item.groups)
    return [
        person.key
        for person in people
        if person.active
        and (person.key in item.users or groups & set(person.groups))
        and (not item.skill or item.skill in person.skills)
        and person.key not in item.excluded
    ]


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
