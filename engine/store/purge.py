"""Takes ended instances away with all that is kept about them, a few in each transaction, so that nobody waits."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa

from engine.store.forget import OF_INSTANCES, forget
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
    count = 0
    for found in ended(store, before=before, processes=processes, size=BATCH):
        if dry:
            with store.reading() as tx:
                add(rows, {table.name: _count(tx, table, found) for table in OF_INSTANCES})
        else:
            add(rows, store.run(lambda tx, these=found: forget(tx.connection, these)))  # type: ignore[misc]
        count += len(found)
        told(count)
    return Purged(instances=count, rows=rows)


def ended(store: Store, *, before: datetime, processes: Sequence[str], size: int) -> Iterator[list[str]]:
    """Their ids, process by process and the oldest first, ``size`` at a time; no process named: all.

    Walks along an index: what is taken away on the way is never looked at again.
    """
    if not processes:
        with store.reading() as tx:
            processes = [process.key for process in tx.processes.all()]
    for process in processes:
        last = None
        while True:
            with store.reading() as tx:
                found = tx.instances.ended(process, before=before, after=last, limit=size)
            if not found:
                break
            yield [key for _, key in found]
            last = found[-1]


def add(rows: dict[str, int], more: dict[str, int]) -> None:
    for table, count in more.items():
        if count:
            rows[table] = rows.get(table, 0) + count


def _count(tx: Transaction, table: sa.Table, instances: Sequence[str]) -> int:
    found = sa.select(sa.func.count()).select_from(table).where(table.c.instance_id.in_(instances))
    return tx.connection.scalar(found) or 0
