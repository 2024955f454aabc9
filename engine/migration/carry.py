"""The background: instances of plans move, each in a transaction of its own, whoever else works on them."""

from datetime import datetime, timedelta

import msgspec
import structlog

from engine import errors, moving
from engine.migration import move, plans, reasons
from engine.ports import Engine, Transaction

_LOG = structlog.get_logger("crmflow.migration")
TRIES = 5
"""Failures that nobody foresaw; after them the instance stays."""
PATIENCE = timedelta(days=60)


def carry_due(engine: Engine, *, now: datetime, limit: int) -> int:
    """How many were looked at. A killed process leaves each instance either moved or not; the rest goes on later."""
    with engine.store.transaction() as tx:
        due = tx.moves.due(now, limit)
    ways = move.Ways(engine, now)
    for one in due:
        try:
            engine.store.run(lambda tx, one=one: _one(engine, tx, one, ways, now))  # type: ignore[misc]
        except errors.Conflict as overtaken:
            _LOG.info("an instance is busy and moves later", instance=one.instance_id, error=overtaken.code)
            engine.store.run(lambda tx, one=one: _put_off(tx, one, now))  # type: ignore[misc]
        except Exception as error:  # the others are not to wait for this one
            _LOG.exception("a migration failed", instance=one.instance_id, error=repr(error))
            engine.store.run(lambda tx, one=one, error=error: _failed(tx, one, repr(error), now))  # type: ignore[misc]
    return len(due)


def _one(engine: Engine, tx: Transaction, due: moving.Move, ways: move.Ways, now: datetime) -> None:
    found = tx.moves.get(due.plan_id, due.instance_id)
    if found is None or found.status != due.status:
        return  # somebody else was faster
    plan = plans.found(tx, due.plan_id)
    if found.status == "returning":
        move.back(engine, tx, plan=plan, move=found, ways=ways, now=now)
        return
    if plan.patient and now - plan.created_at > PATIENCE:
        _stays(tx, found, reasons.reason("waited_long"), now)
        return
    if found.seen and _stands_still(tx, found):
        _put_off(tx, found, now)
        return
    move.go(engine, tx, plan=plan, move=found, ways=ways, now=now)


def _stands_still(tx: Transaction, found: moving.Move) -> bool:
    """Nothing has happened since it was last looked at: the verdict would be the same."""
    kept = tx.steps.read(found.instance_id)
    return kept is not None and kept.status == "active" and kept.revision == found.seen and found.kind == "not"


def _put_off(tx: Transaction, due: moving.Move, now: datetime) -> None:
    found = tx.moves.get(due.plan_id, due.instance_id)
    if found is not None and found.status == due.status:
        tried = msgspec.structs.replace(found, attempts=found.attempts + 1)
        tx.moves.settle(move.later(tried, now), was=found.status)


def _failed(tx: Transaction, due: moving.Move, error: str, now: datetime) -> None:
    found = tx.moves.get(due.plan_id, due.instance_id)
    if found is None or found.status != due.status:
        return
    if found.attempts + 1 < TRIES:
        _put_off(tx, due, now)
        return
    words = {"zh-CN": error[:500], "en": error[:500]}
    if found.status == "returning":
        told = msgspec.structs.replace(found, status="moved", reasons=_as_rows(reasons.said("failed", words)))
        tx.moves.settle(told, was="returning")
    else:
        _stays(tx, found, reasons.said("failed", words), now)


def _stays(tx: Transaction, found: moving.Move, why: reasons.Reason, now: datetime) -> None:
    told = msgspec.structs.replace(found, status="stays", kind="not", reasons=_as_rows(why), settled_at=now)
    tx.moves.settle(told, was=found.status)


def _as_rows(why: reasons.Reason) -> tuple[dict[str, object], ...]:
    return (msgspec.to_builtins(why),)
