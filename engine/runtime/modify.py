"""Changing a running instance by hand: tokens moved, added and cancelled, variables set. A dry run shows it first."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from engine import errors, records
from engine.facts import AnyFact
from engine.kernel import codec, stimuli, view
from engine.kernel.graph import NodePlan
from engine.kernel.state import State
from engine.model.text import Text
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction
from engine.runtime import deliver
from engine.runtime.library import Library

MOST = 100
"""Places that one change may name."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Variables are set first, then ``start`` begins before each of these nodes, then what is at ``cancel`` ends: node
    ids, or numbers of single activities. To move is to cancel here and to start there."""

    cancel: tuple[int | str, ...] = ()
    start: tuple[str, ...] = ()
    values: Mapping[str, Any] = {}
    scope: int = 0


class Modified(msgspec.Struct, frozen=True, kw_only=True):
    """What the change did, or would do. ``revision`` of a dry run is the one that it looked at."""

    dry_run: bool
    status: records.InstanceStatus
    revision: int
    opened: tuple[view.WaitView, ...] = ()
    closed: tuple[view.WaitView, ...] = ()
    tokens: tuple[view.TokenView, ...] = ()
    variables: dict[str, Any] = {}
    facts: tuple[AnyFact, ...] = ()


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A node where a token can be put."""

    node: str
    name: str
    texts: Text = {}


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What a change has to know first."""

    revision: int
    tokens: tuple[view.TokenView, ...]
    """Those of the process itself; what stands inside a called one is changed through its call."""
    places: tuple[Place, ...]
    variables: dict[str, Any]


class _Shown(Exception):
    """Carries a dry run's answer out of its unit of work, which is thereby undone."""

    def __init__(self, answer: Modified) -> None:
        super().__init__("dry run")
        self.answer = answer


def standing(engine: Engine, *, instance_id: str, agent: Agent) -> Standing:
    """Where the instance stands and where it could. Raises errors.Forbidden and errors.NotFound."""
    rights.need(agent, "case.modify")
    with engine.store.reading() as tx:
        kept = tx.steps.read(instance_id)
        if kept is None:
            raise deliver.unknown(instance_id)
        plan = engine.plans.get(tx, kept.program)
    state = codec.decode(kept.state)
    return Standing(
        revision=kept.revision,
        tokens=tuple(token for token in view.tokens(plan, state) if token.number),
        places=tuple(
            Place(node=node.id, name=node.model.name, texts=node.model.texts) for node in plan.nodes if _begins(node)
        ),
        variables=view.variables(state),
    )


def _begins(node: NodePlan) -> bool:
    """Whether a token can be put there: boundary events and event sub-processes begin by their events alone."""
    return node.kind != "boundaryEvent" and getattr(node.model, "variety", "") != "event"


def modify(
    engine: Engine,
    *,
    instance_id: str,
    change: Change,
    reason: str,
    agent: Agent,
    now: datetime,
    dry_run: bool = False,
    revision: int | None = None,
) -> Modified:
    """All of it or nothing. With ``revision`` only if the instance has not moved on since a dry run saw that one.

    Raises errors.Forbidden; errors.Invalid without a reason or without a change; errors.NotFound for an unknown
    instance, node or token; errors.Conflict when the instance is over or has moved on.
    """
    rights.need(agent, "case.modify")
    wanted = _stimuli(change, reason.strip(), agent)

    def work(tx: Transaction) -> Modified:
        done = _within(engine, tx, instance_id, wanted, now, revision)
        if dry_run:
            raise _Shown(msgspec.structs.replace(done, dry_run=True, revision=done.revision - len(wanted)))
        return done

    try:
        return engine.store.run(work)
    except _Shown as shown:
        return shown.answer


def _within(
    engine: Engine,
    tx: Transaction,
    instance_id: str,
    wanted: list[stimuli.AnyStimulus],
    now: datetime,
    revision: int | None,
) -> Modified:
    kept = tx.steps.read(instance_id)
    if kept is None:
        raise deliver.unknown(instance_id)
    if revision is not None and kept.revision != revision:
        raise errors.Conflict(
            "changed_since",
            zh=f"办件 {instance_id} 在试运行之后又有变动，请重新试运行。",
            en=f"The instance {instance_id} has moved on since the dry run; please run that again.",
            instance=instance_id,
            revision=kept.revision,
        )
    library = Library(engine, tx, instance_id=instance_id, customer_id=kept.customer_id, now=now)
    plan = engine.plans.get(tx, kept.program)
    before = view.open_waits(plan, codec.decode(kept.state), library)
    facts: list[AnyFact] = []
    for stimulus in wanted:
        done = deliver.within(engine, tx, instance_id=instance_id, stimulus=stimulus, now=now)
        facts += done.written.facts
    state = _state(tx, instance_id)
    after = view.open_waits(plan, state, library)
    old, new = {wait.id for wait in before}, {wait.id for wait in after}
    return Modified(
        dry_run=False,
        status=done.status,
        revision=done.revision,
        opened=tuple(wait for wait in after if wait.id not in old),
        closed=tuple(wait for wait in before if wait.id not in new),
        tokens=tuple(view.tokens(plan, state, library)),
        variables=view.variables(state),
        facts=tuple(facts),
    )


def _state(tx: Transaction, instance_id: str) -> State:
    kept = tx.steps.read(instance_id)
    if kept is None:
        raise deliver.unknown(instance_id)
    return codec.decode(kept.state)


def _stimuli(change: Change, reason: str, agent: Agent) -> list[stimuli.AnyStimulus]:
    found: list[stimuli.AnyStimulus] = []
    if change.values:
        found.append(
            stimuli.SetVariables(agent=agent.key, values=dict(change.values), scope=change.scope, reason=reason)
        )
    if change.cancel or change.start:
        found.append(stimuli.Move(agent=agent.key, cancel=change.cancel, start=change.start, reason=reason))
    if not reason:
        raise errors.Invalid("reason_missing", zh="请填写理由。", en="Please give a reason.")
    if not found:
        raise errors.Invalid("nothing_to_do", zh="没有要做的改动。", en="There is nothing to change.")
    if len(change.cancel) + len(change.start) > 2 * MOST:
        raise errors.Invalid(
            "too_many_places",
            zh=f"一次改动最多涉及 {MOST} 个位置。",
            en=f"One change may name at most {MOST} places.",
        )
    return found
