"""The inbox: what people change on a work item, and its lists by index."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
import sqlalchemy as sa

from engine import records
from engine.model.handling import PLAIN, Handling, taking_part
from engine.repositories import Stale
from engine.store import narrow, rows
from engine.store.steps import names, names_of, rank_of
from engine.store.tables.customers import customer
from engine.store.tables.instances import instance
from engine.store.tables.waits import candidate, work_item
from engine.store.types import Moment, micros
from engine.store.waits import wait_record

_COLUMNS = rows.columns(records.WorkItem, work_item)
_CHANGES = (
    *("assignee", "users", "groups", "skill", "excluded", "claimed_at"),
    *("due_at", "goal_at", "held_at", "follow_up_at", "priority", "draft", "handling"),
)


_OFFERED = (
    work_item.c.rank,
    work_item.c.users,
    work_item.c.groups,
    work_item.c.handling,
    work_item.c.assignee,
    work_item.c.claimed_at,
)


_UNTOUCHED = (
    sa.select(*_COLUMNS)
    .where(
        work_item.c.process == sa.bindparam("process"),
        work_item.c.status == "open",
        work_item.c.assignee.is_not(None),
        ~work_item.c.touched,
        work_item.c.claimed_at <= sa.bindparam("before"),
    )
    .order_by(work_item.c.claimed_at)
    .limit(sa.bindparam("limit"))
)


class Items:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def change(self, item: records.WorkItem) -> None:
        here = (work_item.c.instance_id == item.instance_id) & (work_item.c.wait == item.wait)
        values = {name: getattr(item, name) for name in _CHANGES}
        values |= {"rank": rank_of(item), "revision": item.revision + 1}
        before = self._db.execute(sa.select(*_OFFERED).where(here)).one()
        values["touched"] = (before.assignee, before.claimed_at) == (item.assignee, item.claimed_at)
        same = here & (work_item.c.revision == item.revision) & (work_item.c.status == "open")
        if not self._db.execute(work_item.update().where(same).values(values)).rowcount:
            raise Stale
        self._offer(before, item)

    def _offer(self, before: Any, item: records.WorkItem) -> None:
        """Who may claim it, as rows; nothing is written when that stays as it was."""
        shared = msgspec.convert(before.handling, Handling) if before.handling else PLAIN
        old = {(who, before.rank) for who in names(before.users, before.groups, shared)}
        new = {(who, rank_of(item)) for who in names_of(item)}
        for who, place in old - new:
            self._db.execute(candidate.delete().where(_candidate(who, place, item)))
        for who, place in new - old:
            self._db.execute(
                candidate.insert().values(who=who, rank=place, instance_id=item.instance_id, wait=item.wait)
            )

    def signed(self, item: records.WorkItem, person: str, now: datetime) -> None:
        """The step stands in this person's list of what is done, though others have to go on."""
        place = -micros(now)
        same = (candidate.c.instance_id == item.instance_id) & (candidate.c.wait == item.wait)
        self._db.execute(candidate.delete().where(candidate.c.who == f"d:{person}", same))
        self._db.execute(
            candidate.insert().values(who=f"d:{person}", rank=place, instance_id=item.instance_id, wait=item.wait)
        )

    def touch(self, item: records.WorkItem) -> None:
        here = (work_item.c.instance_id == item.instance_id) & (work_item.c.wait == item.wait)
        self._db.execute(work_item.update().where(here).values(touched=True))

    def untouched(self, process: str, before: datetime, limit: int) -> list[records.WorkItem]:
        found = self._db.execute(_UNTOUCHED, {"process": process, "before": before, "limit": limit})
        return [wait_record(records.WorkItem, row) for row in found]

    def page(
        self,
        *,
        shelf: str,
        who: Sequence[str],
        where: Mapping[str, Any],
        after: tuple[int, str, int] | None,
        limit: int,
    ) -> list[tuple[int, records.WorkItem]]:
        """Each name's best by its index, then the best of those: no list is ever read whole."""
        given: dict[str, Any] = {**where, "limit": limit}
        if after is not None:
            given |= {"after_place": after[0], "after_instance": after[1], "after_wait": after[2]}
        best = sorted(self._best(shelf, who, where, given))[:limit]
        if not best:
            return []
        keys = {
            f"{name}{n}": value for n, place in enumerate(best) for name, value in zip("iw", place[1:], strict=True)
        }
        found = self._db.execute(_rows(len(best)), keys)
        items = {(row.instance_id, row.wait): wait_record(records.WorkItem, row) for row in found}
        return [(place, items[instance_id, wait]) for place, instance_id, wait in best]

    def _best(
        self, shelf: str, who: Sequence[str], where: Mapping[str, Any], given: Mapping[str, Any]
    ) -> set[tuple[int, str, int]]:
        """The first places of each name, or of each way that the filter opens: the best of all are among them."""
        filters, further = tuple(sorted(where)), "after_place" in given
        ways = narrow.ways(self._db, where) if shelf == "claimable" else None
        if ways is None:
            asked = [
                (_places(source, filters, further), {**given, "who": prefix + name})
                for source, prefix in _SOURCES[shelf]
                for name in who
            ]
        else:
            asked = [(_few(filters, further), {**given, **way, "who": list(who)}) for way in ways]
        return {tuple(row) for statement, values in asked for row in self._db.execute(statement, values)}

    def count(self, *, shelf: str, who: Sequence[str], where: Mapping[str, Any], most: int) -> int:
        """How many, each work item once; ``most`` when there are so many or more."""
        if shelf == "claimable" and narrow.ways(self._db, where) is not None:
            return min(most, len(self._best(shelf, who, where, {**where, "limit": most})))
        prefixed = [(source, f"{prefix}{name}") for source, prefix in _SOURCES[shelf] for name in who]
        names = {f"who{number}": name for number, (_, name) in enumerate(prefixed)}
        sources = tuple(source for source, _ in prefixed)
        counted = _counted(sources, tuple(sorted(where)))
        return self._db.scalar(counted, {**where, **names, "limit": most}) or 0

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
        done = (
            (work_item.c.instance_id == instance_id) & work_item.c.node.in_(nodes) & (work_item.c.status == "completed")
        )
        found: set[str] = set()
        for ended_by, stored in self._db.execute(sa.select(work_item.c.ended_by, work_item.c.handling).where(done)):
            found |= {ended_by, *(taking_part(msgspec.convert(stored, Handling)) if stored else ())}
        return sorted(found)


def _candidate(who: str, place: int, item: records.WorkItem) -> sa.ColumnElement[bool]:
    return (
        (candidate.c.who == who)
        & (candidate.c.rank == place)
        & (candidate.c.instance_id == item.instance_id)
        & (candidate.c.wait == item.wait)
    )


_SOURCES = {
    "mine": (("mine", ""), ("signing", "s:")),
    "claimable": (("claimable", ""),),
    "done": (("done", ""), ("signed", "d:")),
    "away": (("away", "a:"),),
}
"""Where a shelf's rows come from, and what stands before the names there. No work item comes from two of them."""


# Statements are built once for each kind of question: building one costs more than running it.
@cache
def _places(shelf: str, filters: tuple[str, ...], further: bool) -> sa.Select[Any]:
    """The first ``limit`` places on the shelf of ``who``: (place, instance, wait)."""
    source = candidate if shelf in _OFFERS else work_item
    key = (_place(shelf), source.c.instance_id, source.c.wait)
    found = _shelf(sa.select(*key), shelf, sa.bindparam("who")).order_by(*key).limit(sa.bindparam("limit"))
    return _filtered(_behind(found, key) if further else found, filters)


def _behind(found: sa.Select[Any], key: Sequence[sa.ColumnElement[Any]]) -> sa.Select[Any]:
    names = ("after_place", "after_instance", "after_wait")
    found = found.where(key[0] >= sa.bindparam("after_place"))
    return found.where(sa.tuple_(*key) > sa.tuple_(*(sa.bindparam(name) for name in names)))


@cache
def _few(filters: tuple[str, ...], further: bool) -> sa.Select[Any]:
    """As ``_places`` of what may be claimed by any of ``who``, out of the few that the filters leave."""
    source = narrow.source(filters)
    key = (candidate.c.rank, candidate.c.instance_id, candidate.c.wait)
    same = [source.c[name] == work_item.c[name] for name in ("instance_id", "wait") if name in source.c]
    found = _shelf(sa.select(*key).distinct(), "claimable", None).join(source, sa.and_(*same))
    found = found.where(candidate.c.who.in_(sa.bindparam("who", expanding=True))).order_by(*key)
    return _filtered(_behind(found, key) if further else found, filters).limit(sa.bindparam("limit"))


@cache
def _rows(count: int) -> sa.Select[Any]:
    """By ``count`` keys (i0, w0), (i1, w1) ...: ORs, for an IN of pairs would make SQLite read the whole table."""
    keys = [
        (work_item.c.instance_id == sa.bindparam(f"i{number}")) & (work_item.c.wait == sa.bindparam(f"w{number}"))
        for number in range(count)
    ]
    return sa.select(*_COLUMNS).where(sa.or_(*keys))


@cache
def _counted(sources: tuple[str, ...], filters: tuple[str, ...]) -> sa.Select[Any]:
    """Of each source the first ``limit`` places, and how many work items those are, at most as many again."""
    pages = []
    for number, shelf in enumerate(sources):
        source = candidate if shelf in _OFFERS else work_item
        one = sa.select(source.c.instance_id, source.c.wait)
        one = _filtered(_shelf(one, shelf, sa.bindparam(f"who{number}")), filters).limit(sa.bindparam("limit"))
        pages.append(sa.select(*one.subquery().c))
    each = sa.union(*pages).limit(sa.bindparam("limit"))
    return sa.select(sa.func.count()).select_from(each.subquery())


_OFFERS = ("claimable", "signing", "signed", "away")


def _place(shelf: str) -> sa.ColumnElement[int]:
    """What a shelf is ordered by, ascending: the inbox by rank, what is done by its end, latest first."""
    if shelf == "done":
        return -sa.type_coerce(work_item.c.ended_at, sa.BigInteger)
    return candidate.c.rank if shelf in _OFFERS else work_item.c.rank


def _shelf(found: sa.Select[Any], shelf: str, who: sa.BindParameter[Any] | None) -> sa.Select[Any]:
    """Without ``who`` everybody's."""
    if shelf in _OFFERS:
        same = (candidate.c.instance_id == work_item.c.instance_id) & (candidate.c.wait == work_item.c.wait)
        found = found.select_from(candidate).join(work_item, same)
        if who is not None:
            found = found.where(candidate.c.who == who)
        # Whatever may be claimed is open: said for filters that leave little, which have indexes of open work.
        return found.where(work_item.c.assignee.is_(None), _is("open")) if shelf == "claimable" else found
    status, person = ("completed", "ended_by") if shelf == "done" else ("open", "assignee")
    return found.where(work_item.c[person] == who, _is(status))


def _is(status: str) -> sa.ColumnElement[bool]:
    return narrow.OPEN if status == "open" else work_item.c.status == sa.literal_column(f"'{status}'")


def _filtered(found: sa.Select[Any], filters: tuple[str, ...]) -> sa.Select[Any]:
    for name in filters:
        value: sa.BindParameter[Any] = sa.bindparam(name)
        if name == "group":
            found = found.join(customer, customer.c.id == work_item.c.customer_id).where(customer.c.group == value)
        elif name == "excluding":
            # Four eyes: nobody is offered what they may not do. Keys stand in quotes in the JSON list.
            quoted = sa.literal('"').concat(value).concat('"')
            found = found.where(~sa.cast(work_item.c.excluded, sa.Text).contains(quoted))
        elif name == "drafts":
            found = found.where(work_item.c.draft.is_not(None))
        elif name == "awaits_customer":
            waiting = sa.select(instance.c.id).where(narrow.AWAITED)
            found = found.where(work_item.c.held_at.is_not(None), work_item.c.instance_id.in_(waiting))
        elif name == "due_before":
            # Of what is on hold only what was late before: its promise stands still.
            stands = work_item.c.held_at.is_(None) | (work_item.c.due_at < work_item.c.held_at)
            found = found.where(work_item.c.due_at < sa.bindparam(name, type_=Moment), stands)
        else:
            found = found.where(work_item.c[name] == value)
    return found
