"""Backwards: a step sent back to an earlier one, one's own completion taken back, one's own case withdrawn."""

from datetime import datetime

import msgspec

from engine import errors, facts, records
from engine.inbox import act, ending, recipients
from engine.inbox.refusals import conflict
from engine.kernel import reach, stimuli
from engine.kernel.graph import NodePlan, Plan
from engine.model.handling import Comeback, Handling
from engine.model.text import Text, both
from engine.people.agent import Agent
from engine.ports import Engine, Transaction
from engine.runtime import deliver

LATEST_FACTS = 200
"""A completion that is further back than this cannot be taken back: too much has happened."""

_HARMLESS = (
    facts.WorkItemOpened,
    facts.ActivityStarted,
    facts.ActivityCompleted,
    facts.FlowTaken,
    facts.VariablesSet,
)
"""What a completion does that can be undone by opening the step again."""
_SAID = ("complete", "stand_in", "nobody_free", "untouched", "untouched_kept")
"""Verbs that a step tells of itself: in whose stead it was done, and to whom what follows went."""


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """An earlier step that a step may be sent back to, as it was last done."""

    node: str
    name: str
    texts: Text
    person: str
    ended_at: datetime
    straight: bool
    """Whether it may come straight back from there."""
    again: bool
    """Whether everything between may be gone through again."""


def targets(engine: Engine, tx: Transaction, item: records.WorkItem) -> list[Target]:
    """In the order in which they were done. What parallel work makes impossible is told when it is tried."""
    plan = engine.plans.get(tx, item.program)
    found: dict[str, Target] = {}
    for done in tx.waits.work_items(item.instance_id):
        outer = item.path[: len(done.path)]
        if done.status != "completed" or done.program != item.program or done.path != outer or done.ended_at is None:
            continue
        here = (*item.path, item.node)[len(done.path)]
        if done.node == item.node or plan.index[here] not in reach.downstream(plan, plan.index[done.node]):
            continue
        found.pop(done.node, None)
        found[done.node] = Target(
            node=done.node,
            name=done.name,
            texts=done.texts,
            person=done.ended_by,
            ended_at=done.ended_at,
            straight=done.path == item.path and not plan.nodes[plan.index[done.node]].loops,
            again=item.shared.comeback is None,
        )
    return list(found.values())


def send_back(
    engine: Engine, *, work_item_id: str, to: str, reason: str, straight: bool = False, agent: Agent, now: datetime
) -> records.WorkItem | None:
    """To the earlier step ``to``, and to who did it; ``straight``: done there, it comes back to the agent at once,
    else everything between is gone through again. The work item that was opened there; None where it has several.

    Raises errors.Invalid without a reason or for a step that was not done, errors.Conflict where parallel work does
    not allow it.
    """
    said = recipients.reason(reason)

    def work(tx: Transaction) -> records.WorkItem | None:
        kept = tx.steps.read(work_item_id.rpartition(".")[0])
        item = act.allowed(tx, work_item_id, "send_back", agent)
        target = next((one for one in targets(engine, tx, item) if one.node == to), None)
        if target is None:
            raise _not_done(item, to)
        if not straight and not target.again:
            text = both(
                zh="此步骤本身是退回来的，只能“办完后直接回到我”。",
                en="This step was sent back itself: from here it can only be sent to come straight back.",
            )
            raise conflict("only_straight", item, text)
        stimulus = stimuli.SendBack(agent=agent.key, wait=item.wait, to=to, straight=straight, reason=said)
        done = deliver.within(engine, tx, instance_id=item.instance_id, stimulus=stimulus, now=now, kept=kept)
        fresh = ending.opened(done, to)
        if fresh is not None:
            back = Comeback(node=item.node, person=agent.key, draft=item.draft, then=item.shared.comeback)
            shared = Handling(comeback=back) if straight else None
            fresh = ending.give(tx, fresh, target.person, now, handling=shared, agent=agent.key)
        fact = act.acted(item, "send_back", agent, to=[target.person], reason=said)
        tx.facts.append(item.instance_id, [fact], agent=agent.key, now=now)
        return fresh

    return engine.store.run(work)


def take_back(engine: Engine, *, work_item_id: str, agent: Agent, now: datetime) -> records.WorkItem | None:
    """One's own completion, as long as nobody has touched what it opened: the step is open again, with what was
    entered as its draft.

    Raises errors.Conflict saying what has happened meanwhile.
    """

    def work(tx: Transaction) -> records.WorkItem | None:
        kept = tx.steps.read(work_item_id.rpartition(".")[0])
        item = act.allowed(tx, work_item_id, "take_back", agent)
        if kept is None or kept.status != "active":
            raise _gone_on(item)
        entered, followers = _followers(engine, tx, item, kept)
        stimulus = stimuli.Move(agent=agent.key, cancel=followers, start=(item.node,), reason="")
        done = deliver.within(engine, tx, instance_id=item.instance_id, stimulus=stimulus, now=now, kept=kept)
        fresh = ending.opened(done, item.node)
        if fresh is not None:
            shared = Handling(absent=item.shared.absent) if item.shared.absent else None
            fresh = ending.give(tx, fresh, agent.key, now, draft=entered, handling=shared, agent=agent.key)
        fact = facts.WorkItemActed(node=item.node, verb="take_back")
        tx.facts.append(item.instance_id, [fact], agent=agent.key, now=now)
        return fresh

    return engine.store.run(work)


def withdraw(engine: Engine, *, instance_id: str, reason: str, agent: Agent, now: datetime) -> deliver.Delivered:
    """Who started a case ends it, as long as nobody else has done a step of it.

    Raises errors.Forbidden for others, errors.Conflict naming who has worked on it, errors.Invalid without a reason.
    """
    said = recipients.reason(reason)

    def work(tx: Transaction) -> deliver.Delivered:
        kept = tx.steps.read(instance_id)
        instance = tx.instances.get(instance_id)
        if instance is None or kept is None:
            raise deliver.unknown(instance_id)
        refused = why_not_withdraw(instance, tx.waits.work_items(instance_id), agent)
        if refused is not None:
            raise refused
        stimulus = stimuli.Cancel(agent=agent.key, reason=said)
        return deliver.within(engine, tx, instance_id=instance_id, stimulus=stimulus, now=now, kept=kept)

    return engine.store.run(work)


def may_withdraw(engine: Engine, *, instance: records.Instance, agent: Agent) -> bool:
    if instance.status != "active" or instance.started_by != agent.key:
        return False
    with engine.store.reading() as tx:
        return why_not_withdraw(instance, tx.waits.work_items(instance.id), agent) is None


def why_not_withdraw(
    instance: records.Instance, items: list[records.WorkItem], agent: Agent
) -> errors.CrmflowError | None:
    """None when the agent may."""
    if instance.status != "active":
        return deliver.over(instance.id, instance.status)
    if instance.started_by != agent.key:
        return errors.Forbidden(
            "not_the_starter",
            zh="只有发起人可以撤回。",
            en="Only who started it may withdraw it.",
            instance=instance.id,
        )
    others = [item for item in items if item.status == "completed" and item.ended_by != agent.key]
    if not others:
        return None
    return errors.Conflict(
        "worked_on",
        zh=f"{others[0].ended_by} 已办理“{others[0].name}”，不能再撤回；可请管理员终止。",
        en=f"{others[0].ended_by} has done {others[0].name!r}: it cannot be withdrawn; an administrator may end it.",
        instance=instance.id,
        by=others[0].ended_by,
    )


def _followers(
    engine: Engine, tx: Transaction, item: records.WorkItem, kept: records.Kept
) -> tuple[dict[str, object], tuple[int | str, ...]]:
    """What was entered, and the tokens that the completion led to. Raises errors.Conflict when they were touched."""
    history = tx.facts.of_instance(item.instance_id, after=max(0, kept.next_fact - LATEST_FACTS), limit=LATEST_FACTS)
    place = next(
        (n for n, row in enumerate(history) if _completion(row.fact, item)),
        None,
    )
    if place is None:
        raise _gone_on(item)
    mine = history[place]
    step = [row.fact for row in history[place + 1 :] if row.at == mine.at and row.agent == mine.agent]
    opened = {fact.wait for fact in step if isinstance(fact, facts.WorkItemOpened)}
    plan: Plan = engine.plans.get(tx, item.program)
    driven = reach.driven(plan, plan.index[item.node]) if item.node in plan.index else set()
    items = [one for one in tx.waits.work_items(item.instance_id) if one.wait in opened]
    nodes = [_beside(one, item) for one in items]
    known = {*nodes, *(edge.id for node in nodes if node in plan.index for edge in _edge(plan, node))}
    others = [fact for fact in step if not _harmless(fact) and fact.node not in known]
    fits = all(node in plan.index and plan.index[node] in driven for node in nodes)
    loops = item.node in plan.index and plan.nodes[plan.index[item.node]].loops
    if not items or others or not fits or loops or not all(_untouched(one) for one in items):
        raise _gone_on(item)
    entered = dict(mine.fact.data) if isinstance(mine.fact, facts.WorkItemCompleted) else {}
    return entered, tuple(one.token if one.path == item.path else node for one, node in zip(items, nodes, strict=True))


def _harmless(fact: facts.AnyFact) -> bool:
    return isinstance(fact, _HARMLESS) or (isinstance(fact, facts.WorkItemActed) and fact.verb in _SAID)


def _completion(fact: facts.AnyFact, item: records.WorkItem) -> bool:
    return isinstance(fact, facts.WorkItemCompleted) and fact.wait == item.wait


def _edge(plan: Plan, node: str) -> tuple[NodePlan, ...]:
    found = plan.nodes[plan.index[node]]
    return (*found.boundaries, *found.catchers)


def _beside(one: records.WorkItem, item: records.WorkItem) -> str:
    """The node of the item's own scope that ``one`` is, or lies inside of."""
    if one.path[: len(item.path)] != item.path:
        return ""
    return (*one.path, one.node)[len(item.path)]


def _untouched(one: records.WorkItem) -> bool:
    """Nobody but a rule of assignment has had it."""
    return one.status == "open" and one.revision == 1


def _not_done(item: records.WorkItem, to: str) -> errors.Invalid:
    return errors.Invalid(
        "step_not_done",
        zh=f"不能退回到“{to}”：它不是本步骤之前办过的步骤。",
        en=f"This cannot be sent back to {to!r}: that is no step that was done before this one.",
        work_item=item.id,
        field="to",
    )


def _gone_on(item: records.WorkItem) -> errors.Conflict:
    return conflict(
        "gone_on",
        item,
        both(
            zh="流程已经继续：后面的步骤已有人办理，或已自动执行，不能取回。",
            en="It has gone on: somebody has begun what follows, or it ran by itself. It cannot be taken back.",
        ),
    )
