"""The inbox: what people change on a work item, and its lists by index."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import records
from engine.repositories import Stale
from engine.store import rows
from engine.store.steps import names, rank_of
from engine.store.tables.customers import customer
from engine.store.tables.instances import instance
from engine.store.tables.waits import candidate, work_item
from engine.store.waits import wait_record

_COLUMNS = rows.columns(records.WorkItem, work_item)
_CHANGES = ("assignee", "users", "groups", "due_at", "follow_up_at", "priority", "draft", "claimed_at")


class Items:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def change(self, item: records.WorkItem) -> None:
        here = (work_item.c.instance_id == item.instance_id) & (work_item.c.wait == item.wait)
        values = {name: getattr(item, name) for name in _CHANGES}
        values |= {"rank": rank_of(item), "revision": item.revision + 1}
        before = self._db.execute(sa.select(work_item.c.rank, work_item.c.users, work_item.c.groups).where(here)).one()
        same = here & (work_item.c.revision == item.revision) & (work_item.c.status == "open")
        if not self._db.execute(work_item.update().where(same).values(values)).rowcount:
            raise Stale
        self._offer(before, item)

    def _offer(self, before: Any, item: records.WorkItem) -> None:
        """Who may claim it, as rows; nothing is written when that stays as it was."""
        old = {(who, before.rank) for who in names(before.users, before.groups)}
        new = {(who, rank_of(item)) for who in names(item.users, item.groups)}
        for who, place in old - new:
            self._db.execute(candidate.delete().where(_candidate(who, place, item)))
        for who, place in new - old:
            self._db.execute(
                candidate.insert().values(who=who, rank=place, instance_id=item.instance_id, wait=item.wait)
            )

    def page(
        self,
        *,
        shelf: str,
        who: Sequence[str],
        where: Mapping[str, Any],
        after: tuple[int, str, int] | None,
        limit: int,
    ) -> list[tuple[int, records.WorkItem]]:
        if not who:
            return []
        parts = [
            _shelf(shelf, name, where, after).add_columns(_place(shelf).label("place")).limit(limit) for name in who
        ]
        if len(parts) == 1:
            found = parts[0]
        else:
            # Each name's best by its index, then the best of those: no list is ever read whole.
            union = sa.union(*(sa.select(part.subquery()) for part in parts)).subquery()
            found = sa.select(union).order_by(union.c.place, union.c.instance_id, union.c.wait).limit(limit)
        return [(row.place, wait_record(records.WorkItem, row)) for row in self._db.execute(found)]

    def count(self, *, shelf: str, who: Sequence[str], where: Mapping[str, Any]) -> int:
        """How many, each work item once."""
        if not who:
            return 0
        parts = [
            _shelf(shelf, name, where, None).order_by(None).with_only_columns(work_item.c.instance_id, work_item.c.wait)
            for name in who
        ]
        union = sa.union(*parts).subquery() if len(parts) > 1 else parts[0].subquery()
        return self._db.scalar(sa.select(sa.func.count()).select_from(union)) or 0

    def surroundings(self, items: Sequence[records.WorkItem]) -> dict[str, tuple[str, str, str]]:
        wanted = {item.instance_id for item in items}
        found = (
            sa.select(instance.c.id, instance.c.number, customer.c.name, customer.c.group)
            .outerjoin(customer, customer.c.id == instance.c.customer_id)
            .where(instance.c.id.in_(wanted))
        )
        return {row.id: (row.number, row.name or "", row.group or "") for row in self._db.execute(found)}

    def load(self, people: Sequence[str]) -> dict[str, tuple[int, datetime | None]]:
        load: dict[str, tuple[int, datetime | None]] = dict.fromkeys(people, (0, None))
        counts = (
            sa.select(work_item.c.assignee, sa.func.count(), sa.func.max(work_item.c.claimed_at))
            .where(work_item.c.assignee.in_(people), work_item.c.status == "open")
            .group_by(work_item.c.assignee)
        )
        for person, count, last in self._db.execute(counts):
            load[person] = (count, last)
        return load

    def performers(self, instance_id: str, nodes: Sequence[str]) -> list[str]:
        found = (
            sa.select(work_item.c.ended_by)
            .distinct()
            .where(
                work_item.c.instance_id == instance_id,
                work_item.c.node.in_(nodes),
                work_item.c.status == "completed",
            )
        )
        return sorted(self._db.scalars(found))


def _candidate(who: str, place: int, item: records.WorkItem) -> sa.ColumnElement[bool]:
    return (
        (candidate.c.who == who)
        & (candidate.c.rank == place)
        & (candidate.c.instance_id == item.instance_id)
        & (candidate.c.wait == item.wait)
    )


def _place(shelf: str) -> sa.ColumnElement[int]:
    """What a shelf is ordered by, ascending: the inbox by rank, what is done by its end, latest first."""
    if shelf == "done":
        return -sa.type_coerce(work_item.c.ended_at, sa.BigInteger)
    return candidate.c.rank if shelf == "claimable" else work_item.c.rank


def _shelf(shelf: str, who: str, where: Mapping[str, Any], after: tuple[int, str, int] | None) -> sa.Select[Any]:
    found = sa.select(*_COLUMNS)
    if shelf == "claimable":
        found = found.join(
            candidate,
            (candidate.c.instance_id == work_item.c.instance_id) & (candidate.c.wait == work_item.c.wait),
        ).where(candidate.c.who == who, work_item.c.assignee.is_(None))
        tie = (candidate.c.instance_id, candidate.c.wait)
    else:
        status, person = ("completed", "ended_by") if shelf == "done" else ("open", "assignee")
        found = found.where(work_item.c[person] == who, work_item.c.status == sa.literal_column(f"'{status}'"))
        tie = (work_item.c.instance_id, work_item.c.wait)
    found = _filter(found, where)
    place = _place(shelf)
    if after is not None:
        found = found.where(place >= after[0], sa.tuple_(place, *tie) > after)
    return found.order_by(place, *tie)


def _filter(found: sa.Select[Any], where: Mapping[str, Any]) -> sa.Select[Any]:
    for name in ("process", "customer_id", "node", "instance_id"):
        if where.get(name):
            found = found.where(work_item.c[name] == where[name])
    if where.get("group"):
        found = found.join(customer, customer.c.id == work_item.c.customer_id).where(customer.c.group == where["group"])
    if where.get("excluding"):
        # Four eyes: nobody is offered what they may not do. Keys are quoted in the JSON list.
        found = found.where(~work_item.c.excluded.cast(sa.Text).contains(f'"{where["excluding"]}"', autoescape=True))
    if where.get("due_before"):
        found = found.where(work_item.c.due_at < where["due_before"])
    return found
