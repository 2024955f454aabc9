"""Moving many: what runs on older programs, what would become of it, the plan that moves it, and undoing that."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from engine import errors, moving
from engine.migration import assess, mapping, move, offers, standing
from engine.migration.reasons import Reason
from engine.model.problem import Problem
from engine.model.text import Text, both
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction

MOST_LOOKED_AT = 500
"""Instances of one dry run."""
LONGEST_REASON = 2000


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """Which instances are to go where, on which terms. ``instances`` None: all that run ``old``."""

    process: str
    old: str
    new: str
    terms: assess.Terms = assess.Terms()
    instances: tuple[str, ...] | None = None
    after: str = ""
    """A dry run of all looks at those after this instance."""
    patient: bool = False


class Prospect(msgspec.Struct, frozen=True, kw_only=True):
    """What would become of one instance. An adjustable one ``moves`` when the terms allow what it needs."""

    instance_id: str
    number: str
    customer_id: str | None
    kind: assess.Class
    moves: bool
    needs: tuple[assess.Allowance, ...] = ()
    reasons: tuple[Reason, ...] = ()
    work: tuple[Reason, ...] = ()
    """Of open steps for which the new program names others: what becomes of them."""


class DryRun(msgspec.Struct, frozen=True, kw_only=True):
    """``running`` counts all that run the old program; ``prospects`` are those that were looked at, ``MOST_LOOKED_AT``
    at a time; ``next`` is the ``after`` of the next of them, empty at the end."""

    process: str
    old: str
    new: str
    title: Text
    running: int
    prospects: tuple[Prospect, ...]
    pairs: tuple[mapping.Pair, ...]
    nodes: Mapping[str, str]
    """Old id -> new id, as it was reckoned with."""
    next: str = ""

    @property
    def counts(self) -> dict[str, int]:
        counted = Counter(one.kind for one in self.prospects)
        return {kind: counted[kind] for kind in ("compliant", "adjustable", "not")}


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    plan: moving.Plan
    counts: Mapping[str, int]
    """By status."""

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def open(self) -> int:
        return self.counts.get("waiting", 0) + self.counts.get("returning", 0)


def dry_run(engine: Engine, *, order: Order, agent: Agent, now: datetime) -> DryRun:
    """Nothing is written. Raises Forbidden, NotFound, Invalid for a wrong mapping or programs that do not belong."""
    rights.need(agent, "case.migrate")
    with engine.store.reading() as tx:
        plan = _plan(engine, tx, order, reason="", agent=agent, now=now)
        ways = move.Ways(engine, now)
        way = ways.between(tx, order.old, order.new)
        chosen = order.instances
        wanted = _looked_at(tx, order) if chosen is None else _running(tx, order, chosen)
        prospects = [_prospect(engine, tx, one, plan, ways, now) for one in wanted[:MOST_LOOKED_AT]]
        counted = {one.program: one.instances for one in tx.moves.running(order.process)}
        return DryRun(
            process=order.process,
            old=order.old,
            new=order.new,
            title=plan.title,
            running=counted.get(order.old, 0),
            prospects=tuple(prospects),
            pairs=mapping.propose(way.old, way.new),
            nodes=order.terms.nodes,
            next=wanted[MOST_LOOKED_AT - 1] if len(wanted) > MOST_LOOKED_AT else "",
        )


def _looked_at(tx: Transaction, order: Order) -> list[str]:
    """One more than are shown, so that it is known whether there are others."""
    return tx.moves.active(process=order.process, program=order.old, after=order.after, limit=MOST_LOOKED_AT + 1)


def _running(tx: Transaction, order: Order, chosen: Collection[str]) -> list[str]:
    """Those of the chosen that run the old program, wherever in the list they stand."""
    found = [tx.instances.get(one) for one in sorted(set(chosen))[: MOST_LOOKED_AT + 1]]
    return [one.id for one in found if one is not None and (one.program, one.status) == (order.old, "active")]


def propose(engine: Engine, *, process: str, old: str, new: str, agent: Agent, now: datetime) -> dict[str, str]:
    """The mapping that ids and provenance suggest. Raises as ``dry_run``."""
    rights.need(agent, "case.migrate")
    with engine.store.reading() as tx:
        standing.belongs(tx, process, old, new)
        way = move.Ways(engine, now).between(tx, old, new)
        return mapping.proposed(way.old, way.new)


def begin(engine: Engine, *, order: Order, reason: str, agent: Agent, now: datetime) -> Progress:
    """The plan, whose instances then move one by one in the background. Raises Forbidden, NotFound, Invalid."""
    rights.need(agent, "case.migrate")
    _need_reason(reason)

    def work(tx: Transaction) -> Progress:
        plan = _plan(engine, tx, order, reason=reason.strip(), agent=agent, now=now)
        way = move.Ways(engine, now).between(tx, order.old, order.new)
        mapping.whole(way.old, way.new, order.terms.nodes)
        chosen = list(order.instances) if order.instances is not None else _all(tx, order)
        _need_known(tx, order, chosen)
        tx.moves.put_plan(plan)
        enroll(tx, plan, chosen, status="waiting", now=now)
        tx.ring("timer")
        return _progress(tx, plan)

    return engine.store.run(work)


def enroll(
    tx: Transaction, plan: moving.Plan, instances: Iterable[str], *, status: moving.Status, now: datetime
) -> None:
    tx.moves.add(
        [
            moving.Move(plan_id=plan.id, instance_id=one, status=status, due_at=now, settled_by=plan.created_by)
            for one in dict.fromkeys(instances)
        ]
    )


def get(engine: Engine, *, plan_id: str, agent: Agent) -> Progress:
    """Raises Forbidden, NotFound."""
    rights.need(agent, "case.migrate")
    with engine.store.reading() as tx:
        return _progress(tx, found(tx, plan_id))


def listed(engine: Engine, *, process: str = "", agent: Agent) -> list[Progress]:
    """Newest first."""
    rights.need(agent, "case.migrate")
    with engine.store.reading() as tx:
        return [_progress(tx, plan) for plan in tx.moves.plans(process)]


def moves(
    engine: Engine, *, plan_id: str, agent: Agent, status: str = "", after: str = "", limit: int = 100
) -> list[moving.Move]:
    """What became of each instance, by instance. Raises Forbidden, NotFound."""
    rights.need(agent, "case.migrate")
    with engine.store.reading() as tx:
        found(tx, plan_id)
        return tx.moves.page(plan_id=plan_id, status=status, after=after, limit=max(1, min(limit, 500)))


def undo(
    engine: Engine, *, plan_id: str, agent: Agent, now: datetime, instances: Collection[str] | None = None
) -> Progress:
    """Those that have moved go back, in the background; who is not exactly where it was then goes back as far as the
    old program allows. Raises Forbidden, NotFound, Conflict when there is nothing to undo."""
    return _shifted(engine, plan_id, "moved", "returning", agent=agent, now=now, instances=instances)


def again(
    engine: Engine, *, plan_id: str, agent: Agent, now: datetime, instances: Collection[str] | None = None
) -> Progress:
    """Those that stayed are looked at once more. Raises as ``undo``."""
    return _shifted(engine, plan_id, "stays", "waiting", agent=agent, now=now, instances=instances)


def accept(
    engine: Engine, *, plan_id: str, agent: Agent, now: datetime, instances: Collection[str] | None = None
) -> Progress:
    """What was proposed is done. Raises as ``undo``."""
    return _shifted(engine, plan_id, "proposed", "waiting", agent=agent, now=now, instances=instances)


def decline(
    engine: Engine, *, plan_id: str, agent: Agent, now: datetime, instances: Collection[str] | None = None
) -> Progress:
    """What was proposed is not done: the instances finish on their program. Raises as ``undo``."""
    return _shifted(engine, plan_id, "proposed", "declined", agent=agent, now=now, instances=instances)


def stop(engine: Engine, *, plan_id: str, agent: Agent, now: datetime) -> Progress:
    """What has not moved yet stays. Raises as ``undo``."""
    return _shifted(engine, plan_id, "waiting", "declined", agent=agent, now=now, instances=None)


def found(tx: Transaction, plan_id: str) -> moving.Plan:
    plan = tx.moves.plan(plan_id)
    if plan is None:
        raise errors.NotFound(
            "migration_unknown", zh=f"没有迁移 {plan_id}。", en=f"There is no migration {plan_id!r}.", migration=plan_id
        )
    return plan


def _shifted(
    engine: Engine,
    plan_id: str,
    was: moving.Status,
    to: moving.Status,
    *,
    agent: Agent,
    now: datetime,
    instances: Collection[str] | None,
) -> Progress:
    rights.need(agent, "case.migrate")

    def work(tx: Transaction) -> Progress:
        plan = found(tx, plan_id)
        if not tx.moves.shift(plan_id, was=was, to=to, instances=instances, by=agent.key, now=now):
            raise errors.Conflict(
                "nothing_to_shift",
                zh="没有可以这样处理的办件，请刷新页面。",
                en="No instance of this migration is in a state for that; please look again.",
                migration=plan_id,
                status=was,
            )
        tx.ring("timer")
        return _progress(tx, plan)

    return engine.store.run(work)


def _prospect(
    engine: Engine, tx: Transaction, instance_id: str, plan: moving.Plan, ways: move.Ways, now: datetime
) -> Prospect:
    looked = move.look(engine, tx, instance_id=instance_id, plan=plan, ways=ways, agent=plan.created_by, now=now)
    instance = tx.instances.get(instance_id)
    number = instance.number if instance else ""
    customer = instance.customer_id if instance else None
    if isinstance(looked, Reason):
        return Prospect(
            instance_id=instance_id, number=number, customer_id=customer, kind="not", moves=False, reasons=(looked,)
        )
    verdict = looked.verdict
    return Prospect(
        instance_id=instance_id,
        number=number,
        customer_id=customer,
        kind=verdict.kind,
        moves=looked.done is not None,
        needs=tuple(sorted(verdict.needs)),
        reasons=verdict.reasons,
        work=offers.foretold(tx, looked.offered, instance_id=instance_id, way=ways.between(tx, plan.old, plan.new)),
    )


def _plan(engine: Engine, tx: Transaction, order: Order, *, reason: str, agent: Agent, now: datetime) -> moving.Plan:
    standing.belongs(tx, order.process, order.old, order.new)
    versions = standing.versions(tx, order.process)
    return moving.Plan(
        id=engine.store.new_id(),
        process=order.process,
        occasion="release",
        old=order.old,
        new=order.new,
        title=standing.title(versions, order.old, order.new),
        chain=standing.chain(versions, order.new),
        terms=msgspec.to_builtins(order.terms),
        reason=reason,
        patient=order.patient,
        created_at=now,
        created_by=agent.key,
    )


def _all(tx: Transaction, order: Order) -> list[str]:
    chosen: list[str] = []
    while page := tx.moves.active(process=order.process, program=order.old, after=chosen[-1] if chosen else ""):
        chosen += page
    return chosen


def _need_known(tx: Transaction, order: Order, chosen: list[str]) -> None:
    problems = []
    for place, one in enumerate(chosen if order.instances is not None else ()):
        instance = tx.instances.get(one)
        if instance is None or instance.process != order.process:
            text = both(zh=f"流程 {order.process} 没有办件 {one}", en=f"{order.process} has no instance {one!r}")
            problems.append(Problem(code="instance_unknown", text=text, pointer=f"/instances/{place}"))
    if not chosen:
        text = both(zh="没有运行此方案的办件", en="no instance runs this program")
        problems.append(Problem(code="nothing_to_move", text=text, pointer="/instances"))
    if problems:
        raise errors.Invalid("migration_wrong", zh="迁移有误", en="the migration is wrong", problems=problems)


def _need_reason(reason: str) -> None:
    words = reason.strip()
    if not words or len(words) > LONGEST_REASON:
        text = both(
            zh=f"请填写理由（不超过 {LONGEST_REASON} 字）", en=f"give a reason of at most {LONGEST_REASON} letters"
        )
        problem = Problem(code="reason_missing", text=text, pointer="/reason")
        raise errors.Invalid("migration_wrong", zh="迁移有误", en="the migration is wrong", problems=[problem])


def _progress(tx: Transaction, plan: moving.Plan) -> Progress:
    counts: Counter[str] = Counter()
    for (status, _), count in tx.moves.counts(plan.id).items():
        counts[status] += count
    return Progress(plan=plan, counts=dict(counts))


def summary(progress: Progress) -> dict[str, Any]:
    """For clients: the plan with how far it is."""
    return {
        **msgspec.structs.asdict(progress.plan),
        "counts": dict(progress.counts),
        "total": progress.total,
        "open": progress.open,
    }
