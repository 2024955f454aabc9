"""Lists over everything that is kept, by column, in any order, by page: what integrations ask."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeVar

import lz4.block
import sqlalchemy as sa

from engine import records
from engine.queries import Where
from engine.store import rows
from engine.store.instances import seen_by as takes_part
from engine.store.tables import waits
from engine.store.tables.catalogue import base_version, deployment, resource
from engine.store.tables.instances import incident, instance

R = TypeVar("R", bound=records.Record)
AT_ONCE = 500
"""Instances whose states are in memory at the same time."""
TABLES: Mapping[type[records.Record], sa.Table] = MappingProxyType(
    {
        records.Instance: instance,
        records.WorkItem: waits.work_item,
        records.Job: waits.job,
        records.Timer: waits.timer,
        records.Subscription: waits.subscription,
        records.Incident: incident,
        records.Deployment: deployment,
        records.Resource: resource,
        records.BaseVersion: base_version,
    }
)


class Lists:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def find(
        self,
        kind: type[R],
        *,
        where: Sequence[Where] = (),
        order: Sequence[str] = (),
        first: int = 0,
        limit: int | None = None,
    ) -> list[R]:
        table = TABLES[kind]
        found = filtered(sa.select(*rows.columns(kind, table)), table, where)
        found = _ordered(found, table, order).offset(first)
        if limit is not None:
            found = found.limit(limit)
        return [_record(kind, row) for row in self._db.execute(found)]

    def count(self, kind: type[records.Record], *, where: Sequence[Where] = ()) -> int:
        table = TABLES[kind]
        return self._db.scalar(filtered(sa.select(sa.func.count()).select_from(table), table, where)) or 0

    def states(
        self, *, where: Sequence[Where] = (), order: Sequence[str] = ()
    ) -> Iterator[tuple[records.Instance, bytes]]:
        columns = (*rows.columns(records.Instance, instance), instance.c.state)
        found = _ordered(filtered(sa.select(*columns), instance, where), instance, order)
        for row in self._db.execute(found.execution_options(yield_per=AT_ONCE)):
            yield rows.record(records.Instance, row), lz4.block.decompress(row.state)


def _record(kind: type[R], row: sa.Row[Any]) -> R:
    waiting = "id" in kind.__struct_fields__ and "wait" in kind.__struct_fields__
    more = {"id": f"{row.instance_id}.{row.wait}"} if waiting else {}
    return rows.record(kind, row, **more)


def _ordered(found: sa.Select[Any], table: sa.Table, order: Sequence[str]) -> sa.Select[Any]:
    keys = [column.desc() if order and order[-1].startswith("-") else column for column in table.primary_key]
    return found.order_by(*(_direction(table, name) for name in order), *keys)


def _direction(table: sa.Table, name: str) -> sa.ColumnElement[Any]:
    column = _column(table, name.removeprefix("-"))
    return column.desc() if name.startswith("-") else column.asc()


def _column(table: sa.Table, name: str) -> sa.ColumnElement[Any]:
    """A column of the table, or ``instance.<column>`` of the instance that the row belongs to."""
    outer, _, inner = name.rpartition(".")
    if outer:
        of = table.c.id if table is instance else table.c.instance_id
        other = instance.alias("of")
        return sa.select(other.c[inner]).where(other.c.id == of).scalar_subquery()
    return table.c[name]


def filtered(found: sa.Select[Any], table: sa.Table, where: Sequence[Where]) -> sa.Select[Any]:
    """With the conditions on rows of ``table``, which ``found`` reads from."""
    for condition in where:
        found = found.where(_clause(table, condition))
    return found


def _clause(table: sa.Table, where: Where) -> sa.ColumnElement[bool]:
    if where.how == "or":
        return sa.or_(*(sa.and_(*(_clause(table, one) for one in group)) for group in where.value))
    if where.how == "seen by":
        return _seen(table, where.value)
    if where.how == "offered to":
        offered = sa.select(waits.candidate.c.wait).where(
            waits.candidate.c.instance_id == table.c.instance_id,
            waits.candidate.c.wait == table.c.wait,
            waits.candidate.c.who.in_(where.value),
        )
        return offered.exists()
    column = _column(table, where.name)
    if where.how == "is":
        return column.is_(None) if where.value is None else column.is_not(None)
    if where.how == "in":
        return column.in_(where.value)
    if where.how == "like":
        return column.like(where.value)
    return COMPARE[where.how](column, where.value)


def _seen(table: sa.Table, who: Sequence[str]) -> sa.ColumnElement[bool]:
    if table is instance:
        return takes_part(who)
    if table is waits.work_item:
        mine = (table.c.assignee == who[0]) | (table.c.ended_by == who[0])
        return mine | _clause(table, Where("", "offered to", who[1:]))
    return table.c.instance_id.in_(sa.select(instance.c.id).where(takes_part(who)))


COMPARE: Mapping[str, Callable[[sa.ColumnElement[Any], Any], sa.ColumnElement[bool]]] = MappingProxyType(
    {
        "=": lambda column, value: column == value,
        "!=": lambda column, value: column != value,
        "<": lambda column, value: column < value,
        "<=": lambda column, value: column <= value,
        ">": lambda column, value: column > value,
        ">=": lambda column, value: column >= value,
    }
)
