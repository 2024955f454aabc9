"""Fires what is due, in batches: engine-made work may share a transaction. Never early, none lost."""

from datetime import datetime, timedelta

import structlog

from engine import records
from engine.kernel import stimuli
from engine.ports import Engine, Transaction
from engine.runtime import deliver

PUT_OFF = timedelta(minutes=1)
_LOG = structlog.get_logger("crmflow.timers")


def fire_due(engine: Engine, *, now: datetime, limit: int = 20) -> int:
    """Fires up to ``limit`` due timers; how many.

    When one of a batch cannot be fired the batch is undone and each is fired by itself; the one in the way is looked
    at again a minute later.
    """
    try:
        return engine.store.run(lambda tx: _batch(engine, tx, now, limit))
    except Exception as error:  # a batch has many owners: one broken instance must not stop the others' clocks
        _LOG.warning("batch of timers undone", error=repr(error))
    due = engine.store.run(lambda tx: tx.due.timers(now, limit))
    return sum(_alone(engine, timer, now) for timer in due)


def _batch(engine: Engine, tx: Transaction, now: datetime, limit: int) -> int:
    """One timer of each instance: the others are due still, and the next round sees what this one did."""
    due = {timer.instance_id: timer for timer in reversed(tx.due.timers(now, limit))}
    kept = tx.steps.read_all(list(due)) if due else {}
    with tx.steps.gathered():
        for timer in due.values():
            _fire(engine, tx, timer, now, kept.get(timer.instance_id))
    return len(due)


def _alone(engine: Engine, timer: records.Timer, now: datetime) -> bool:
    def work(tx: Transaction) -> bool:
        # It may have been fired or cancelled since it was read.
        if all(open_timer.wait != timer.wait for open_timer in tx.waits.timers(timer.instance_id)):
            return False
        _fire(engine, tx, timer, now)
        return True

    try:
        return engine.store.run(work)
    except Exception as error:  # reported, put off, and tried again: a timer is never given up
        _LOG.error("timer cannot be fired", instance=timer.instance_id, wait=timer.wait, error=repr(error))
        engine.store.run(lambda tx: tx.due.put_off(timer, now + PUT_OFF))
        return False


def _fire(
    engine: Engine, tx: Transaction, timer: records.Timer, now: datetime, kept: records.Kept | None = None
) -> None:
    fire = stimuli.Fire(wait=timer.wait)
    deliver.within(engine, tx, instance_id=timer.instance_id, stimulus=fire, now=now, kept=kept)
