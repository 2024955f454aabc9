"""One instance moves, or goes back: the decision from values, then one transaction that writes all of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from engine import errors, facts, moving, records
from engine.kernel import codec, migrate, transplant, waits
from engine.kernel.graph import Plan
from engine.kernel.result import Step
from engine.kernel.state import SUB, WORK, State
from engine.migration import assess, choice, offers, reasons
from engine.migration.reasons import Reason
from engine.model import handling, nodes
from engine.model.text import EN, ZH, Text, both
from engine.ports import Engine, Transaction
from engine.runtime import outcome, standstill
from engine.runtime.library import Library

MOST_FACTS = 100_000
LONGEST_BEFORE = 200
"""Chinese letters of what was said before the migration, up to which it is said still."""
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(days=1)


class Ways:
    """What was worked out between programs, kept as long as this lives: one for a bulk."""

    def __init__(self, engine: Engine, now: datetime) -> None:
        self._engine, self._now = engine, now
        self._known: dict[tuple[str, str], assess.Passage] = {}

    def between(self, tx: Transaction, old: str, new: str) -> assess.Passage:
        """Raises errors.NotFound for a program that is not there."""
        if (old, new) not in self._known:
            plans = self._engine.plans
            made = assess.Passage(
                old=plans.get(tx, old),
                new=plans.get(tx, new),
                evaluator=self._engine.evaluator,
                now=self._now,
                levels={},
            )
            self._known[old, new] = made
        return self._known[old, new]


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """What would become of an instance: ``done`` is the step that would carry it over, None when it stays."""

    kept: records.Kept
    state: State
    verdict: assess.Verdict
    done: Step | None = None
    offered: tuple[offers.Offer, ...] = ()
    """Work that others may take than before."""


def look(
    engine: Engine, tx: Transaction, *, instance_id: str, plan: moving.Plan, ways: Ways, agent: str, now: datetime
) -> Looked | Reason:
    """A reason alone for an instance that is over or runs another program. Reads only."""
    kept = tx.steps.read(instance_id)
    if kept is None or kept.status != "active":
        return reasons.reason("over")
    if kept.program != plan.old:
        return reasons.reason("elsewhere")
    way = ways.between(tx, plan.old, plan.new)
    state = codec.decode(kept.state)
    told = [row.fact for row in tx.facts.of_instance(instance_id, limit=MOST_FACTS)]
    verdict = assess.assess(
        way,
        state,
        told,
        terms=terms_of(plan),
        begun=_begun(tx, instance_id),
        plan=plan.id,
        reason_given=plan.reason,
    )
    if verdict.change is None:
        return Looked(kept=kept, state=state, verdict=verdict)
    library = Library(engine, tx, instance_id=instance_id, customer_id=kept.customer_id, now=now)
    try:
        done = migrate.migrate(
            way.old, way.new, state, verdict.change, agent=agent, now=now, evaluator=engine.evaluator, library=library
        )
        offered = offers.offers(way, before=state, after=done.state, library=library, now=now)
    except (errors.Conflict, errors.Invalid, errors.NotFound) as error:
        return Looked(kept=kept, state=state, verdict=_refused(error.text))
    trouble = [wait for wait in done.opened if isinstance(wait, waits.Incident)]
    if trouble:
        return Looked(kept=kept, state=state, verdict=_refused(trouble[0].message))
    return Looked(kept=kept, state=state, verdict=verdict, done=done, offered=offered)


def terms_of(plan: moving.Plan) -> assess.Terms:
    return msgspec.convert(plan.terms, assess.Terms)


def go(
    engine: Engine, tx: Transaction, *, plan: moving.Plan, move: moving.Move, ways: Ways, now: datetime
) -> moving.Move:
    """The move as it is settled now. Raises Stale when the instance or the move was changed by somebody else."""
    found = look(engine, tx, instance_id=move.instance_id, plan=plan, ways=ways, agent=plan.created_by, now=now)
    if isinstance(found, Reason):
        return _settle(tx, move, "stays", now=now, reasons=_told((found,)), kind="not")
    if found.done is None:
        return _settle(
            tx,
            later(move, now) if plan.patient else move,
            "waiting" if plan.patient else "stays",
            now=now,
            kind=found.verdict.kind,
            reasons=_told(found.verdict.reasons),
            seen=found.kept.revision,
        )
    held = hold(tx, found)
    way = ways.between(tx, plan.old, plan.new)
    _write(engine, tx, plan=plan, found=found, way=way, now=now)
    return _settle(
        tx,
        move,
        "moved",
        now=now,
        held=held,
        kind=found.verdict.kind,
        reasons=_told(found.verdict.reasons),
        seen=found.kept.revision + 1,
    )


def back(
    engine: Engine, tx: Transaction, *, plan: moving.Plan, move: moving.Move, ways: Ways, now: datetime
) -> moving.Move:
    """Exactly as it was, when nothing has happened since; else the way back, as far as the old program allows it."""
    kept = tx.steps.read(move.instance_id)
    held = tx.moves.held(plan.id, move.instance_id)
    if kept is None or held is None or kept.program != plan.new:
        return _settle(tx, move, "moved", now=now, reasons=_told((reasons.reason("elsewhere"),)))
    if kept.revision == move.seen:
        _restore(tx, kept=kept, held=held, plan=plan, by=move.settled_by, now=now)
        return _settle(tx, move, "undone", now=now, reasons=())
    if kept.status != "active":
        return _settle(tx, move, "moved", now=now, reasons=_told((reasons.reason("over"),)))
    reverse = _reverse(plan)
    found = look(engine, tx, instance_id=move.instance_id, plan=reverse, ways=ways, agent=move.settled_by, now=now)
    if isinstance(found, Reason) or found.done is None:
        why = (found,) if isinstance(found, Reason) else found.verdict.reasons
        return _settle(tx, move, "moved", now=now, reasons=_told(why))
    _write(engine, tx, plan=reverse, found=found, way=ways.between(tx, reverse.old, reverse.new), now=now)
    tx.moves.resolve(move.instance_id, held.resolution)
    tx.moves.rebind(move.instance_id, program=held.program, sentence=held.sentence)
    return _settle(tx, move, "undone", now=now, reasons=_told(found.verdict.reasons))


def later(move: moving.Move, now: datetime) -> moving.Move:
    """Its turn comes again, each time after twice the pause, at most a day."""
    pause = min(FIRST_PAUSE * 2 ** min(move.attempts, 20), LONGEST_PAUSE)
    return msgspec.structs.replace(move, due_at=now + pause)


def hold(tx: Transaction, found: Looked) -> moving.Held:
    instance_id = found.kept.id
    instance = tx.instances.get(instance_id)
    return moving.Held(
        state=found.kept.state,
        program=found.kept.program,
        sentence=instance.sentence if instance else {},
        resolution=tx.resolutions.of_instance(instance_id),
        work_items=tuple(item for item in tx.waits.work_items(instance_id) if item.status == "open"),
        rungs=tuple(tx.moves.rungs(instance_id)),
        timers=tuple(tx.waits.timers(instance_id)),
        subscriptions=tuple(tx.waits.subscriptions(instance_id)),
        jobs=tuple(tx.waits.jobs(instance_id)),
        incidents=tuple(tx.waits.incidents(instance_id)),
    )


def _write(
    engine: Engine, tx: Transaction, *, plan: moving.Plan, found: Looked, way: assess.Passage, now: datetime
) -> None:
    kept, done, change = found.kept, found.done, found.verdict.change
    assert done is not None and change is not None, "an instance that stays is not written"
    head = outcome.Head(
        instance_id=kept.id,
        process=kept.process,
        program=plan.new,
        business_key=kept.business_key,
        customer_id=kept.customer_id,
    )
    told = _resolved(engine, tx, kept=kept, plan=plan, now=now)
    chosen = facts.VariantChosen(resolution=told.id, sentence=told.sentence)
    offered = offers.make(
        engine,
        tx,
        found.offered,
        instance_id=kept.id,
        way=way,
        nodes=change.nodes,
        agent=plan.created_by,
        now=now,
    )
    done = msgspec.structs.replace(done, facts=(*done.facts, chosen, *offered))
    written = outcome.written(engine, tx, head=head, step=done, agent=plan.created_by, now=now)
    tx.steps.write(kept, codec.encode(done.state), "completed" if done.ended else "active", written)
    tx.moves.rebind(kept.id, program=plan.new, sentence=told.sentence)
    tx.moves.relabel(kept.id, _labels(found, way))
    tx.moves.resolve(kept.id, told)
    if kept.suspended and not done.ended:
        standstill.begin(tx, kept.id, now)
    outcome.ring(tx, written)


def _resolved(
    engine: Engine, tx: Transaction, *, kept: records.Kept, plan: moving.Plan, now: datetime
) -> records.Resolution:
    """Why the instance runs its new program: the choice for the customer's new group, else what chose the old program,
    and the plan."""
    if plan.occasion == "group":
        chosen = choice.of(engine, tx, instance_id=kept.id, now=now)
        if chosen is not None and chosen.program == plan.new:
            return msgspec.structs.replace(chosen, sentence=_joined(_sentence(plan), chosen.sentence))
    before = tx.resolutions.of_instance(kept.id)
    if before is None:
        before = records.Resolution(
            id="",
            instance_id=kept.id,
            process=kept.process,
            customer_id=kept.customer_id,
            program=plan.new,
            as_of=now,
            sentence={},
        )
    told = _sentence(plan)
    if 0 < len(before.sentence.get(ZH, "")) < LONGEST_BEFORE:
        told = _joined(told, before.sentence)
    new_id = engine.store.new_id()
    return msgspec.structs.replace(before, id=new_id, program=plan.new, as_of=now, sentence=told, chain=plan.chain)


def _joined(first: Text, second: Text) -> Text:
    return both(zh=first[ZH] + second[ZH], en=f"{first[EN]} {second[EN]}")


def _sentence(plan: moving.Plan) -> Text:
    zh, en = {"release": ("迁移", "Moved"), "group": ("客户群变更", "The customer changed group")}[plan.occasion]
    return both(
        zh=f"{zh}，{plan.title[ZH]}" + (f"：{plan.reason}。" if plan.reason else "。"),
        en=f"{en}, {plan.title[EN]}" + (f": {plan.reason}." if plan.reason else "."),
    )


def _restore(
    tx: Transaction, *, kept: records.Kept, held: moving.Held, plan: moving.Plan, by: str, now: datetime
) -> None:
    """Numbers are never used twice: the counter alone goes on from where it is."""
    state = codec.decode(held.state)
    state.counter = max(state.counter, codec.decode(kept.state).counter)
    fact = facts.InstanceMigrated(old=plan.new, new=plan.old, plan=plan.id, undone=True)
    written = records.Written(facts=(fact,), agent=by, now=now)
    tx.steps.write(kept, codec.encode(state), "active", written)
    tx.moves.restore(kept.id, held)
    tx.moves.rebind(kept.id, program=held.program, sentence=held.sentence)
    tx.moves.resolve(kept.id, held.resolution)
    tx.ring("timer")
    tx.ring("job")


def _reverse(plan: moving.Plan) -> moving.Plan:
    terms = terms_of(plan)
    there = {new: old for old, new in terms.nodes.items() if new}
    turned = assess.Terms(nodes=there, allow=frozenset({"back", "surplus", "order"}), timers=terms.timers)
    return msgspec.structs.replace(plan, old=plan.new, new=plan.old, terms=msgspec.to_builtins(turned))


def _begun(tx: Transaction, instance_id: str) -> set[int]:
    """Waits that somebody has begun to work on: claimed or half filled in, or tried by a handler."""
    found = {job.wait for job in tx.waits.jobs(instance_id) if job.attempts}
    for item in tx.waits.work_items(instance_id):
        claimed = item.assignee is not None and bool(item.users or item.groups)
        if item.status == "open" and (claimed or item.draft is not None or handling.begun(item.shared.signatures)):
            found.add(item.wait)
    return found


def _labels(found: Looked, way: assess.Passage) -> list[moving.Label]:
    """Of the waits that go on: what they are called in the new program."""
    assert found.done is not None
    own = transplant.own_scopes(found.state)
    labels = []
    for number, kept in found.done.state.waits.items():
        before = found.state.waits.get(number)
        if before is None or kept.scope not in own:
            continue
        node = way.new.nodes[kept.node]
        path = _path(way.new, found.done.state, kept.scope)
        item = _item(node.model, way.new) if kept.kind == WORK else {}
        labels.append(moving.Label(wait=number, node=node.id, path=path, item=item))
    return labels


def _path(plan: Plan, state: State, scope: int) -> tuple[str, ...]:
    """The sub-processes around, by their new ids: between an own scope and the process nothing is called."""
    path: list[str] = []
    here = state.scopes[scope]
    while here.parent >= 0:
        if here.kind == SUB:
            path.append(plan.nodes[state.tokens[here.token].node].id)
        here = state.scopes[here.parent]
    return tuple(reversed(path))


def _item(node: nodes.AnyNode, plan: Plan) -> dict[str, Any]:
    form, actions = (node.form, node.actions) if isinstance(node, nodes.UserTask) else ("", ())
    named = {"name": node.name or node.id, "texts": node.texts}
    return {"program": plan.sha256, "form": form, "actions": actions, **named}


def _settle(
    tx: Transaction,
    move: moving.Move,
    status: moving.Status,
    *,
    now: datetime,
    held: moving.Held | None = None,
    **more: Any,
) -> moving.Move:
    done = msgspec.structs.replace(move, status=status, settled_at=now, attempts=move.attempts + 1, **more)
    tx.moves.settle(done, was=move.status, held=held)
    return done


def _told(found: tuple[Reason, ...]) -> tuple[dict[str, Any], ...]:
    return tuple({"code": one.code, "node": one.node, "text": dict(one.text)} for one in found)


def _refused(words: Mapping[str, str]) -> assess.Verdict:
    return assess.Verdict(kind="not", reasons=(reasons.said("failed", dict(words)),))
