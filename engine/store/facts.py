"""History: appended, never changed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from engine import records
from engine.facts import AnyFact
from engine.repositories import Stale
from engine.store import webhooks
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


def records_of(found: Iterable[sa.Row[Any]]) -> list[records.FactRow]:
    return [
        records.FactRow(
            instance_id=row.instance_id, seq=row.seq, at=moment(row.at), agent=row.agent, fact=_DECODER.decode(row.data)
        )
        for row in found
    ]
