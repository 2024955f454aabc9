"""A customer changed group: running cases finish as they are, move at the next safe point, or somebody is asked.

Each process says which (``when_group_changes`` of process.json). When not the customer changed but the rules did, no
case moves without being asked about. A later change of the same customer takes the place of one that has not been
carried out yet.
"""

from datetime import datetime

import msgspec
import structlog

from engine import errors, moving, records
from engine.migration import assess, choice, plans, standing
from engine.people.agent import SYSTEM
from engine.ports import Engine, Transaction

_LOG = structlog.get_logger("crmflow.migration")
ALLOWED = assess.Terms(allow=frozenset({"back"}))
"""Without being asked only steps that nobody has begun are taken back."""
MOST_CASES = 500


def follow_due(engine: Engine, *, now: datetime, limit: int) -> int:
    """Looks at changes of group that nobody has looked at; how many. Each in a transaction of its own."""
    with engine.store.reading() as tx:
        changes = tx.moves.group_changes(limit)
    for change in changes:
        engine.store.run(lambda tx, change=change: _follow(engine, tx, change, now))  # type: ignore[misc]
    return len(changes)


def _follow(engine: Engine, tx: Transaction, change: moving.GroupChange, now: datetime) -> None:
    if not tx.moves.followed(change, now) or not change.old:
        return  # somebody else was faster; or it is the customer's first group
    asked = "released" in change.decided
    known: dict[tuple[str, str], moving.Plan] = {}
    for instance_id in tx.moves.active(customer_id=change.customer_id, limit=MOST_CASES):
        _withdraw(tx, instance_id, now)
        instance = tx.instances.get(instance_id)
        process = tx.processes.get(instance.process) if instance else None
        policy = process.details.get("when_group_changes", "finish") if process else "finish"
        policy = "ask" if asked and policy == "move" else policy
        if instance is None or process is None or policy == "finish":
            continue
        try:
            chosen = choice.of(engine, tx, instance_id=instance_id, now=now)
        except errors.Conflict as nothing:
            _LOG.warning("a case stays on its program", instance=instance_id, error=nothing.code)
            continue
        if chosen is None or chosen.program == instance.program:
            continue
        pair = (instance.program, chosen.program)
        if pair not in known:
            known[pair] = _plan(engine, tx, change, instance, chosen, policy, now)
            tx.moves.put_plan(known[pair])
        plans.enroll(tx, known[pair], [instance_id], status="waiting" if policy == "move" else "proposed", now=now)
    tx.ring("timer")


def _plan(
    engine: Engine,
    tx: Transaction,
    change: moving.GroupChange,
    instance: records.Instance,
    chosen: records.Resolution,
    policy: str,
    now: datetime,
) -> moving.Plan:
    versions = standing.versions(tx, instance.process)
    return moving.Plan(
        id=engine.store.new_id(),
        process=instance.process,
        occasion="group",
        old=instance.program,
        new=chosen.program,
        title=standing.title(versions, instance.program, chosen.program),
        chain=chosen.chain,
        terms=msgspec.to_builtins(ALLOWED),
        reason=f"{change.old} → {change.new}",
        patient=policy == "move",
        created_at=now,
        created_by=SYSTEM.key,
    )


def _withdraw(tx: Transaction, instance_id: str, now: datetime) -> None:
    """What an earlier change of group wanted, and what nobody has carried out."""
    for move in tx.moves.page(instance_id=instance_id):
        plan = tx.moves.plan(move.plan_id)
        if plan is not None and plan.occasion == "group" and move.status in ("waiting", "proposed"):
            gone = msgspec.structs.replace(move, status="declined", settled_at=now, settled_by=SYSTEM.key)
            tx.moves.settle(gone, was=move.status)
