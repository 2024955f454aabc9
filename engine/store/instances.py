"""Instances as lists and pages see them, and why they run what they run."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, get_args

import msgspec
import sqlalchemy as sa

from engine import records
from engine.repositories import Stale
from engine.store import narrow, raw, rows
from engine.store.forget import forget
from engine.store.tables.customers import customer
from engine.store.tables.instances import instance
from engine.store.tables.messages import circulation
from engine.store.tables.variants import resolution
from engine.store.tables.waits import candidate, job, rung, timer, work_item

_COLUMNS = rows.columns(records.Instance, instance)
_ONE = raw.Read(records.Instance, instance, "WHERE id = ?")
_BY_KEY = raw.Read(records.Instance, instance, "WHERE process = ? AND business_key = ? AND once")
_RESOLUTION = raw.Insert(resolution, [name for name in records.Resolution.__struct_fields__ if name in resolution.c])
_MOMENTS = ((timer, "due_at"), (rung, "due_at"), (job, "run_at"))
_STATUSES = get_args(records.InstanceStatus)
_FEW = ("id", "customer_id", "business_key", "number")
"""What leaves so few cases that each is looked at."""
_EQUAL = ("id", "process", "program", "customer_id", "status", "business_key", "number", "started_by")
_SUSPENDED: sa.ColumnElement[Any] = sa.literal_column("instance.suspended")
"""As its partial index has it: SQLite would compare a column with 1 and not see that the index fits."""


class Instances:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def get(self, instance_id: str) -> records.Instance | None:
        return _ONE.first(self._db, instance_id)

    def by_key(self, process: str, business_key: str) -> records.Instance | None:
        return _BY_KEY.first(self._db, process, business_key)

    def suspend(self, instance_id: str, *, by: str, at: datetime, reason: str, awaits_customer: bool = False) -> None:
        self._put(
            instance_id, suspended=True, awaits_customer=awaits_customer, held_by=by, held_at=at, held_reason=reason
        )
        self.hold(instance_id)

    def resume(self, instance_id: str) -> None:
        self._put(instance_id, suspended=False, awaits_customer=False, held_by="", held_at=None, held_reason="")
        for table, moment in _MOMENTS:
            here = (table.c.instance_id == instance_id) & table.c.held_at.is_not(None)
            self._db.execute(table.update().where(here).values({moment: table.c.held_at, "held_at": None}))

    def _put(self, instance_id: str, *, suspended: bool, **said: Any) -> None:
        other = (instance.c.id == instance_id) & (instance.c.suspended != suspended)
        if not self._db.execute(instance.update().where(other).values(suspended=suspended, **said)).rowcount:
            raise Stale

    def hold(self, instance_id: str) -> None:
        for table, moment in _MOMENTS:
            here = (table.c.instance_id == instance_id) & table.c.held_at.is_(None)
            self._db.execute(table.update().where(here).values({"held_at": table.c[moment], moment: records.NEVER}))

    def ended(
        self, process: str, *, before: datetime, after: tuple[datetime, str] | None = None, limit: int
    ) -> list[tuple[datetime, str]]:
        place = (instance.c.ended_at, instance.c.id)
        found = sa.select(*place).where(instance.c.process == process, instance.c.ended_at < before)
        if after is not None:
            found = found.where(
                sa.tuple_(*place)
                > sa.tuple_(*(sa.literal(value, column.type) for value, column in zip(after, place, strict=True)))
            )
        return [(row.ended_at, row.id) for row in self._db.execute(found.order_by(*place).limit(limit))]

    def forget(self, instance_ids: Sequence[str]) -> dict[str, int]:
        return forget(self._db, instance_ids)

    def search(self, *, where: Mapping[str, Any], after: str, limit: int) -> list[records.Instance]:
        who = where.get("seen_by")
        few = any(where.get(name) for name in _FEW)
        of = _unindexed if who and not few else instance.c.__getitem__
        conditions = [of(name) == where[name] for name in _EQUAL if where.get(name)]
        if where.get("incidents"):
            conditions.append(instance.c.incidents > 0)
        if where.get("suspended"):
            conditions.append(_SUSPENDED)
        if where.get("awaits_customer"):
            conditions.append(narrow.AWAITED)
        place = _Place(after=after, ascending=bool(where.get("ascending")), limit=limit)
        if where.get("sort"):
            mine = [seen_by(who) if few else instance.c.id.in_(_taking_part(who))] if who else []
            page = place.by(where["sort"], where.get("behind"), sa.select(*_COLUMNS).where(*conditions, *mine))
            return [rows.record(records.Instance, row) for row in self._db.execute(page)]
        page = place.of(sa.select(*_COLUMNS), instance.c.id)
        if few:
            page = page.where(*conditions, *([seen_by(who)] if who else []))
        elif who:
            page = page.where(instance.c.id.in_(_seen(who, conditions, place)))
        elif conditions:
            page = page.where(instance.c.id.in_(_by_index(where, conditions, place)))
        return [rows.record(records.Instance, row) for row in self._db.execute(page)]


def _unindexed(name: str) -> sa.ColumnElement[str]:
    """A column whose index is no way in: active are nearly all cases, one's own are few, and SQLite takes either."""
    return instance.c[name].concat("")


class _Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a page begins, which way it goes, and how long it is."""

    after: str
    ascending: bool
    limit: int

    def of(self, found: sa.Select[Any], key: sa.ColumnElement[str]) -> sa.Select[Any]:
        if self.after:
            found = found.where(key > self.after if self.ascending else key < self.after)
        return found.order_by(key if self.ascending else key.desc()).limit(self.limit)

    def by(self, name: str, behind: Any, found: sa.Select[Any]) -> sa.Select[Any]:
        """In the order of a column whose index holds none but those that have it, and then of the ids."""
        column = instance.c[name]
        keys = (column, instance.c.id)
        found = found.where(column.is_not(None))
        if behind is not None:
            last = sa.tuple_(sa.literal(behind, column.type), sa.literal(self.after))
            found = found.where(sa.tuple_(*keys) > last if self.ascending else sa.tuple_(*keys) < last)
        return found.order_by(*(key if self.ascending else key.desc() for key in keys)).limit(self.limit)


def _by_index(
    where: Mapping[str, Any], conditions: Sequence[sa.ColumnElement[bool]], place: _Place
) -> sa.CompoundSelect[Any]:
    """The ids alone, which an index answers by itself: with whole rows PostgreSQL would rather walk through all cases.

    A process's cases lie in its index by their status.
    """
    split = where.get("process") and not where.get("status")
    ways: list[list[sa.ColumnElement[bool]]] = [[instance.c.status == one] for one in _STATUSES] if split else [[]]
    pages = [place.of(sa.select(instance.c.id).where(*conditions, *way), instance.c.id).subquery() for way in ways]
    return sa.union_all(*(sa.select(page.c.id) for page in pages))


def _seen(who: Sequence[str], conditions: Sequence[sa.ColumnElement[bool]], place: _Place) -> sa.CompoundSelect[Any]:
    """Of each way to take part the first page by its index, so that nobody's list is a walk through all cases."""
    pages = []
    for key, mine in _parts(who):
        found = sa.select(key.label("id")).where(mine).distinct()
        if conditions and key is not instance.c.id:
            found = found.join(instance, instance.c.id == key)
        pages.append(sa.select(place.of(found.where(*conditions), key).subquery().c.id))
    return sa.union_all(*pages)


def _taking_part(who: Sequence[str]) -> sa.CompoundSelect[Any]:
    """All of them: in another order than that of the ids nobody's first page can be told by an index."""
    return sa.union_all(*(sa.select(key.label("id")).where(mine) for key, mine in _parts(who)))


def _parts(who: Sequence[str]) -> list[tuple[sa.Column[str], sa.ColumnElement[bool]]]:
    """Each way to take part by its index: the column with the case's id, and the condition."""
    person, *queues = who
    return [
        (instance.c.id, instance.c.started_by == person),
        (work_item.c.instance_id, work_item.c.assignee == person),
        (
            work_item.c.instance_id,
            (work_item.c.ended_by == person) & (work_item.c.status != sa.literal_column("'open'")),
        ),
        *((candidate.c.instance_id, candidate.c.who == name) for name in queues),
        (instance.c.id, instance.c.customer_id.in_(sa.select(customer.c.id).where(customer.c.owner == person))),
        (circulation.c.instance_id, circulation.c.person == person),
    ]


def seen_by(who: Sequence[str]) -> sa.ColumnElement[bool]:
    """Who takes part: started it, did, signs or holds a step, or had somebody stand in for them, could claim one,
    got a copy, or looks after the customer.

    ``who``: the person's key, then the names that stand in ``candidate`` for it.
    """
    person, *queues = who
    steps = sa.select(work_item.c.instance_id).where(
        work_item.c.instance_id == instance.c.id,
        (work_item.c.assignee == person)
        | (work_item.c.ended_by == person)
        | sa.cast(work_item.c.handling, sa.Text).contains(f'"absent":"{person}"', autoescape=True),
    )
    offers = sa.select(candidate.c.instance_id).where(
        candidate.c.instance_id == instance.c.id, candidate.c.who.in_(queues)
    )
    owned = sa.select(customer.c.id).where(customer.c.id == instance.c.customer_id, customer.c.owner == person)
    copies = sa.select(circulation.c.id).where(
        circulation.c.instance_id == instance.c.id, circulation.c.person == person
    )
    return (instance.c.started_by == person) | steps.exists() | offers.exists() | owned.exists() | copies.exists()


class Resolutions:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def add(self, record: records.Resolution) -> None:
        text, values = _RESOLUTION.of(self._db.dialect.name, record)
        raw.cursor(self._db).execute(text, values)

    def of_instance(self, instance_id: str) -> records.Resolution | None:
        row = self._db.execute(sa.select(resolution).where(resolution.c.instance_id == instance_id)).first()
        return rows.maybe(records.Resolution, row)
