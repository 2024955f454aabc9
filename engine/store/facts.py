"""History: appended, never changed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from engine import facts as told
from engine import records
from engine.facts import AnyFact
from engine.queries import Where
from engine.repositories import Stale
from engine.store import lists, webhooks
from engine.store.tables.instances import fact, instance
from engine.store.types import dumps, micros, moment

_DECODER: msgspec.json.Decoder[AnyFact] = msgspec.json.Decoder(AnyFact)


class Facts:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def of_instance(self, instance_id: str, *, after: int = 0, limit: int = 1000) -> list[records.FactRow]:
        found = sa.select(fact).where(fact.c.instance_id == instance_id, fact.c.seq > after)
        return records_of(self._db.execute(found.order_by(fact.c.seq).limit(limit)))

    def of_customer(self, customer_id: str, *, limit: int = 1000) -> list[records.FactRow]:
        found = (
            sa.select(fact)
            .join(instance, instance.c.id == fact.c.instance_id)
            .where(instance.c.customer_id == customer_id)
            .order_by(fact.c.at.desc(), fact.c.instance_id, fact.c.seq.desc())
        )
        return records_of(self._db.execute(found.limit(limit)))

    def activities(
        self, *, where: Sequence[Where], ended: bool | None = None, cut_off: bool = False
    ) -> list[tuple[str, str, int]]:
        start, end, cut = (_last(kind) for kind in _ACTIVITY)
        token = _entry(self._db, "token").as_integer()
        each = _of_cases(where, _ACTIVITY).with_only_columns(instance.c.program, fact.c.node)
        each = each.group_by(fact.c.instance_id, instance.c.program, fact.c.node, token).having(start > 0)
        if ended is not None:
            over = sa.or_(end > start, cut > start)
            each = each.having(over if ended else ~over)
        if cut_off:
            each = each.having(cut > start, cut > end)
        one = each.subquery()
        counted = sa.select(one.c.program, one.c.node, sa.func.count()).group_by(one.c.program, one.c.node)
        return [(program, node, count) for program, node, count in self._db.execute(counted)]

    def variables(self, *, where: Sequence[Where]) -> dict[str, int]:
        entries = _names(self._db)
        scope = sa.func.coalesce(_entry(self._db, "scope").as_integer(), 0)
        each = _of_cases(where, (told.VariablesSet,)).join(entries, sa.true()).where(scope == 0)
        one = each.with_only_columns(entries.c.key, fact.c.instance_id).distinct().subquery()
        counted = sa.select(one.c.key, sa.func.count().label("n")).group_by(one.c.key)
        return {row.key: row.n for row in self._db.execute(counted)}

    def append(self, instance_id: str, facts: Sequence[AnyFact], *, agent: str, now: datetime) -> None:
        end = self._db.scalar(
            instance.update()
            .where(instance.c.id == instance_id)
            .values(next_fact=instance.c.next_fact + len(facts), revision=instance.c.revision + 1)
            .returning(instance.c.next_fact)
        )
        if end is None:
            raise Stale
        self._db.execute(
            fact.insert(),
            [
                {
                    "instance_id": instance_id,
                    "seq": end - len(facts) + number,
                    "at": micros(now),
                    "agent": agent,
                    "type": type(item).__name__,
                    "node": item.node,
                    "data": dumps(item),
                }
                for number, item in enumerate(facts)
            ],
        )
        webhooks.tell(self._db, instance_id, end - len(facts), end - 1)


_NUL = r"(?<!\\)((?:\\\\)*)\\u0000"
"""A backslash that no other one takes away, and what makes it a NUL."""
_ACTIVITY = (told.ActivityStarted, told.ActivityCompleted, told.ActivityCancelled)


def _of_cases(where: Sequence[Where], kinds: Sequence[type[told.Fact]]) -> sa.Select[Any]:
    of = sa.select(fact.c.seq).join(instance, instance.c.id == fact.c.instance_id)
    return lists.filtered(of, instance, where).where(fact.c.type.in_([kind.__name__ for kind in kinds]))


def _last(kind: type[told.Fact]) -> sa.ColumnElement[int]:
    """The number of the last fact of the kind, 0 without one."""
    return sa.func.max(sa.case((fact.c.type == kind.__name__, fact.c.seq), else_=0))


def _entry(db: sa.Connection, name: str) -> Any:
    """Of a fact's JSON. PostgreSQL reads none with a NUL in it, wherever that stands."""
    if db.dialect.name != "postgresql":
        return sa.type_coerce(fact.c.data, sa.JSON)[name]
    readable = sa.func.regexp_replace(fact.c.data, _NUL, r"\1\\ufffd", "g")
    text = sa.case((sa.func.strpos(fact.c.data, r"\u0000") > 0, readable), else_=fact.c.data)
    return sa.cast(text, sa.JSON)[name]


def _names(db: sa.Connection) -> sa.TableValuedAlias:
    """What a fact's ``values`` set, as rows."""
    if db.dialect.name == "postgresql":
        return sa.func.json_object_keys(_entry(db, "values")).table_valued("key", name="entry").render_derived()
    return sa.func.json_each(fact.c.data, "$.values").table_valued("key", name="entry")


def records_of(found: Iterable[sa.Row[Any]]) -> list[records.FactRow]:
    return [
        records.FactRow(
            instance_id=row.instance_id, seq=row.seq, at=moment(row.at), agent=row.agent, fact=_DECODER.decode(row.data)
        )
        for row in found
    ]
