"""How long a process keeps what ended: afterwards it is taken away with its history, a few at a time."""

from datetime import datetime, timedelta

from engine.ports import Engine, Transaction
from engine.records import Process

BATCH = 200
"""Instances in a transaction."""
MOST = 10
"""Transactions of a process at a time: the dispatcher has other things to do."""


def days(process: Process, *, house: int) -> int:
    """``keep_ended_days`` of its process.json, else the house's; 0: for ever."""
    said: int = process.details.get("keep_ended_days") or house
    return said


def forget_old(engine: Engine, *, now: datetime) -> int:
    """Takes away, of every process, what ended longer ago than it is kept; how many instances went."""
    with engine.store.reading() as tx:
        kept = {process.key: days(process, house=engine.settings.keep_ended_days) for process in tx.processes.all()}
    count = 0
    for key, length in kept.items():
        before = now - timedelta(days=length)
        for _ in range(MOST if length else 0):
            gone = engine.store.run(lambda tx, key=key, before=before: _forget(tx, key, before))  # type: ignore[misc]
            count += gone
            if gone < BATCH:
                break
    return count


def _forget(tx: Transaction, process: str, before: datetime) -> int:
    found = tx.instances.ended(process, before=before, limit=BATCH)
    tx.instances.forget([key for _, key in found])
    return len(found)
