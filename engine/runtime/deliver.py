"""The one step: read, decide, write, in one transaction. Every stimulus enters here."""

from datetime import datetime

import msgspec

from engine import errors, facts, records
from engine.kernel import codec, step, stimuli
from engine.kernel.result import Step
from engine.model.text import both
from engine.ports import Engine, Transaction
from engine.repositories import Stale
from engine.runtime import outcome, standstill
from engine.runtime.library import Library

HELD = (stimuli.Fire, stimuli.Deliver, stimuli.Retry)
"""What an instance on hold does not take. Changes by hand reach it, and so does the answer of a job that was under way:
what was done outside is not done again. Work items are refused where people press buttons."""

BY_HAND = (stimuli.SendBack, stimuli.Move)
"""What people put somewhere on purpose stays there for them."""
MOST_ONWARD = 20


class Delivered(msgspec.Struct, frozen=True, kw_only=True):
    """What a step did to its instance."""

    instance_id: str
    status: records.InstanceStatus
    revision: int
    written: records.Written


def deliver(engine: Engine, *, instance_id: str, stimulus: stimuli.AnyStimulus, now: datetime) -> Delivered:
    """Raises errors.NotFound for an unknown instance, errors.Conflict when it is over or the wait is closed."""
    return engine.store.run(lambda tx: within(engine, tx, instance_id=instance_id, stimulus=stimulus, now=now))


def within(
    engine: Engine,
    tx: Transaction,
    *,
    instance_id: str,
    stimulus: stimuli.AnyStimulus,
    now: datetime,
    kept: records.Kept | None = None,
) -> Delivered:
    """The same as part of a larger unit of work. Raises Stale when another step of the instance was faster.

    Whoever decides by other rows of the instance (a work item, a job's lease) reads ``kept`` before them and hands it
    in: the revision then guards all that was read.
    """
    kept = kept or tx.steps.read(instance_id)
    if kept is None:
        raise unknown(instance_id)
    if kept.status != "active":
        raise over(instance_id, kept.status)
    if kept.suspended and isinstance(stimulus, HELD):
        raise suspended(instance_id)
    done, after = _one(engine, tx, kept, stimulus, now)
    by_hand = isinstance(stimulus, BY_HAND) or (isinstance(stimulus, stimuli.Complete) and bool(stimulus.then))
    return done if by_hand else go_on(engine, tx, after, done, now)


def go_on(engine: Engine, tx: Transaction, kept: records.Kept, done: Delivered, now: datetime) -> Delivered:
    """Does what passes by itself of what the step opened, and of what that opens, at most ``MOST_ONWARD`` times: what
    passes for ever is left open. ``kept``: as the step left it; on hold nothing passes."""
    todo = [] if kept.suspended else list(done.written.onward)
    opened = {item.wait: item for item in done.written.work_items}
    written = done.written
    for _ in range(MOST_ONWARD):
        todo = [one for one in todo if one.wait in opened]
        if not todo or kept.status != "active":
            break
        passed, kept = _one(engine, tx, kept, _passing(todo[0]), now, told=(_told(todo[0]),))
        opened = {wait: item for wait, item in opened.items() if wait not in passed.written.closed}
        opened |= {item.wait: item for item in passed.written.work_items}
        todo = [*todo[1:], *passed.written.onward]
        done = passed
    left = msgspec.structs.replace(written, work_items=tuple(opened.values()))
    return msgspec.structs.replace(done, written=left)


def _passing(one: records.Onward) -> stimuli.AnyStimulus:
    if one.data is not None:
        return stimuli.Complete(wait=one.wait, data=one.data)
    text = both(zh="没有人可以办理此步骤", en="nobody is there who could do this step")
    return stimuli.Fail(wait=one.wait, code="nobody_found", message=text["en"], text=text)


def _told(one: records.Onward) -> facts.AnyFact:
    verb = f"auto_{one.why}" if one.data is not None else "nobody_incident"
    return facts.WorkItemActed(node=one.node, verb=verb, to=one.person)


def _one(
    engine: Engine,
    tx: Transaction,
    kept: records.Kept,
    stimulus: stimuli.AnyStimulus,
    now: datetime,
    told: tuple[facts.AnyFact, ...] = (),
) -> tuple[Delivered, records.Kept]:
    """One step, told with ``told``, and the instance as it leaves it."""
    instance_id = kept.id
    done = _decided(engine, tx, kept, stimulus, now)
    head = outcome.Head(
        instance_id=instance_id,
        process=kept.process,
        program=kept.program,
        business_key=kept.business_key,
        customer_id=kept.customer_id,
    )
    written = outcome.written(engine, tx, head=head, step=done, agent=stimulus.agent, now=now)
    if told:
        written = msgspec.structs.replace(written, facts=(*written.facts, *told))
    status = _status(done.ended, stimulus)
    after = tx.steps.write(kept, codec.encode(done.state), status, written)
    if kept.suspended:
        standstill.begin(tx, instance_id, now)
    outcome.ring(tx, written)
    return Delivered(instance_id=instance_id, status=status, revision=after.revision, written=written), after


def _decided(engine: Engine, tx: Transaction, kept: records.Kept, stimulus: stimuli.AnyStimulus, now: datetime) -> Step:
    """A refusal counts only when it was made from what still holds: else Stale, and the next try sees what is new."""
    try:
        return step.step(
            engine.plans.get(tx, kept.program),
            codec.decode(kept.state),
            stimulus,
            now=now,
            evaluator=engine.evaluator,
            library=Library(engine, tx, instance_id=kept.id, customer_id=kept.customer_id, now=now),
        )
    except errors.CrmflowError:
        present = tx.steps.read(kept.id)
        if present is None or present.revision != kept.revision:
            raise Stale from None
        raise


def _status(ended: bool, stimulus: stimuli.AnyStimulus) -> records.InstanceStatus:
    if not ended:
        return "active"
    return "cancelled" if isinstance(stimulus, stimuli.Cancel) else "completed"


def unknown(instance_id: str) -> errors.NotFound:
    return errors.NotFound(
        "instance_unknown",
        zh=f"找不到办件 {instance_id}。",
        en=f"There is no instance {instance_id!r}.",
        instance=instance_id,
    )


def suspended(instance_id: str) -> errors.Conflict:
    return errors.Conflict(
        "instance_suspended",
        zh="此办件已暂停，恢复后才能继续。",
        en="The case is on hold; it must be resumed first.",
        instance=instance_id,
    )


def over(instance_id: str, status: str) -> errors.Conflict:
    zh, en = {"completed": ("已办结", "is completed"), "cancelled": ("已取消", "was cancelled")}[status]
    return errors.Conflict(
        "instance_over",
        zh=f"此办件{zh}，不能再变动。",
        en=f"The case {en}; nothing can happen to it any more.",
        instance=instance_id,
        status=status,
    )
