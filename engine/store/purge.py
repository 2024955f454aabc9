"""Takes ended instances away with all that is kept about them, a few in each transaction, so that nobody waits."""

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa

from engine.store.forget import OF_INSTANCES, forget
from engine.store.tables.instances import instance
from engine.store.unit_of_work import Store, Transaction

BATCH = 200


class Purged(msgspec.Struct, frozen=True, kw_only=True):
    instances: int
    rows: dict[str, int]
    """By table; only those that lost, or would lose, some."""


def purge(
    store: Store,
    *,
    before: datetime,
    processes: Sequence[str] = (),
    dry: bool = False,
    told: Callable[[int], None] = lambda instances: None,
) -> Purged:
    """Instances that ended before ``before``, of ``processes`` or of all. ``dry`` counts and deletes nothing.

    May be stopped at any moment and begun again: each transaction leaves whole instances only.
    """
    rows: dict[str, int] = {}
    count, after = 0, ""
    while True:
        # Walks along the key: whatever ends meanwhile is found by the next purge.
        with store.reading() as tx:
            found = _ended(tx, before, processes, after)
            if dry and found:
                _add(rows, {table.name: _count(tx, table, found) for table in OF_INSTANCES})
        if not found:
            return Purged(instances=count, rows=rows)
        if not dry:
            _add(rows, store.run(lambda tx, these=found: forget(tx.connection, these)))  # type: ignore[misc]
        count += len(found)
        after = found[-1]
        told(count)


def _ended(tx: Transaction, before: datetime, processes: Sequence[str], after: str) -> list[str]:
    found = sa.select(instance.c.id).where(instance.c.ended_at < before, instance.c.id > after)
    if processes:
        found = found.where(instance.c.process.in_(processes))
    return list(tx.connection.scalars(found.order_by(instance.c.id).limit(BATCH)))


def _count(tx: Transaction, table: sa.Table, instances: Sequence[str]) -> int:
    found = sa.select(sa.func.count()).select_from(table).where(table.c.instance_id.in_(instances))
    return tx.connection.scalar(found) or 0


def _add(rows: dict[str, int], more: dict[str, int]) -> None:
    for table, count in more.items():
        if count:
            rows[table] = rows.get(table, 0) + count
