"""The life of a variant's version: draft > checked > approved > released > retired; back in one action.

An approved version is released at once or from a moment to come: then the dispatcher releases it, or gives it back to
its authors when what it stands on has changed by then. A released program never changes; running instances keep theirs.
"""

from datetime import datetime
from typing import Any

import msgspec

from engine import errors, variation
from engine.customers import rules
from engine.definitions import starts
from engine.model.problem import Problem
from engine.people import rights
from engine.people.agent import SYSTEM, Agent
from engine.ports import Engine, Transaction
from engine.variants import approval, check, context, version


def release(
    engine: Engine,
    *,
    variant_id: str,
    n: int,
    agent: Agent,
    now: datetime,
    valid_from: datetime | None = None,
    note: str = "",
) -> variation.VariantVersion:
    """From now on, or from a moment to come, instances of the group start with it. Variants of groups below are
    composed anew on top of it.

    Raises Invalid with every problem, those of the groups below included; Conflict when it is not approved.
    """
    rights.need(agent, "process.release")
    which: dict[str, Any] = {"variant_id": variant_id, "n": n, "agent": agent, "now": now, "note": note}
    if valid_from is None or valid_from <= now:
        return engine.store.run(lambda tx: release_within(tx, **which))
    return engine.store.run(lambda tx: schedule_within(tx, **which, valid_from=valid_from))


def schedule_within(
    tx: Transaction, *, variant_id: str, n: int, agent: Agent, now: datetime, valid_from: datetime, note: str = ""
) -> variation.VariantVersion:
    """As part of a larger unit of work. It stays approved until then; another moment replaces this one."""
    found = version.get(tx, variant_id, n)
    if found.status != "approved":
        raise _not_approved(found)
    approval.refuse_changed(tx, found, now)
    done = version.moved(found, "approved", did="scheduled", agent=agent, now=now, note=note)
    done = msgspec.structs.replace(done, valid_from=valid_from)
    tx.variants.put_version(done)
    return done


def unschedule(engine: Engine, *, variant_id: str, n: int, agent: Agent, now: datetime) -> variation.VariantVersion:
    """It stays approved and waits for another word. Raises Conflict when no moment was set."""
    rights.need(agent, "process.release")

    def off(tx: Transaction) -> variation.VariantVersion:
        found = version.get(tx, variant_id, n)
        if found.status != "approved" or found.valid_from is None:
            raise errors.Conflict(
                "not_scheduled", zh="此版本没有预定生效时间", en="no moment is set for this version", id=variant_id, n=n
            )
        done = version.moved(found, "approved", did="unscheduled", agent=agent, now=now)
        done = msgspec.structs.replace(done, valid_from=None)
        tx.variants.put_version(done)
        return done

    return engine.store.run(off)


def release_due(engine: Engine, *, now: datetime, limit: int) -> int:
    """Releases the approved versions whose moment has come; how many were taken up. One that cannot be released any
    more becomes a draft again and says why."""
    with engine.store.reading() as tx:
        due = tx.variants.scheduled(now, limit)
    for one in due:
        try:
            engine.store.run(lambda tx, one=one: _release_now(tx, one, now))  # type: ignore[misc]
        except (errors.Conflict, errors.Invalid, errors.NotFound) as refused:
            told = refused
            engine.store.run(lambda tx, one=one, told=told: _give_back(tx, one, told, now))  # type: ignore[misc]
    return len(due)


def _release_now(tx: Transaction, due: variation.VariantVersion, now: datetime) -> None:
    if not _still_due(tx, due, now):
        return
    release_within(tx, variant_id=due.variant_id, n=due.n, agent=SYSTEM, now=now)


def _give_back(tx: Transaction, due: variation.VariantVersion, refused: errors.CrmflowError, now: datetime) -> None:
    if not _still_due(tx, due, now):
        return
    back = version.moved(due, "draft", did="refused", agent=SYSTEM, now=now, note=refused.code)
    told = getattr(refused, "problems", ()) or (Problem(code=refused.code, text=refused.text),)
    tx.variants.put_version(msgspec.structs.replace(back, valid_from=None, program="", problems=tuple(told)))


def _still_due(tx: Transaction, due: variation.VariantVersion, now: datetime) -> bool:
    """Nobody released it, took it back or set another moment meanwhile."""
    found = version.get(tx, due.variant_id, due.n)
    return found.status == "approved" and found.valid_from is not None and found.valid_from <= now


def _not_approved(found: variation.VariantVersion) -> errors.Conflict:
    return errors.Conflict(
        "not_approved",
        zh=f"变体 {found.variant_id} v{found.n} 尚未批准，不能预定生效时间",
        en=f"variant {found.variant_id!r} v{found.n} is not approved: no moment can be set for it",
        id=found.variant_id,
        n=found.n,
    )


def release_within(
    tx: Transaction, *, variant_id: str, n: int, agent: Agent, now: datetime, note: str = ""
) -> variation.VariantVersion:
    """As part of a larger unit of work."""
    variant, found = version.variant(tx, variant_id), version.get(tx, variant_id, n)
    done = version.moved(found, "released", did="released", agent=agent, now=now, note=note)
    context.refuse_ties(tx, variant)
    if found.status == "approved":
        approval.refuse_changed(tx, found, now)
    _retire_present(tx, variant_id, agent=agent, now=now)
    _put_aside(tx, variant_id, before=n, agent=agent, now=now)
    done = msgspec.structs.replace(done, released_at=now, released_by=agent.key, valid_from=None)
    tx.variants.put_version(done)
    _follow(tx, variant, now=now)
    starts.arm_groups(tx, process=variant.process, now=now)
    return done


def roll_back(
    engine: Engine, *, variant_id: str, agent: Agent, now: datetime, note: str = ""
) -> variation.VariantVersion:
    """The version that was released before is released again, as it was. Raises Conflict when there was none."""
    rights.need(agent, "process.release")
    return engine.store.run(lambda tx: roll_back_within(tx, variant_id=variant_id, agent=agent, now=now, note=note))


def roll_back_within(
    tx: Transaction, *, variant_id: str, agent: Agent, now: datetime, note: str = ""
) -> variation.VariantVersion:
    """As part of a larger unit of work."""
    before = [one for one in tx.variants.versions(variant_id) if one.status == "retired" and one.released_at]
    if not before:
        raise errors.Conflict(
            "nothing_before", zh="没有更早的已发布版本", en="no version was released before", id=variant_id
        )
    last = max(before, key=lambda one: (one.released_at or one.created_at, one.n))
    return release_within(tx, variant_id=variant_id, n=last.n, agent=agent, now=now, note=note)


def retire(engine: Engine, *, variant_id: str, agent: Agent, now: datetime, note: str = "") -> variation.VariantVersion:
    """The group falls back to the group above it, or to the base; the version that was in use. Raises Conflict when
    nothing is released."""
    rights.need(agent, "process.release")

    def gone(tx: Transaction) -> variation.VariantVersion:
        variant = version.variant(tx, variant_id)
        present = version.released(tx.variants.versions(variant_id))
        if present is None:
            raise errors.Conflict("nothing_released", zh="没有已发布的版本", en="no version is released", id=variant_id)
        _retire_present(tx, variant_id, agent=agent, now=now, note=note)
        _follow(tx, variant, now=now)
        starts.arm_groups(tx, process=variant.process, now=now)
        return version.get(tx, variant_id, present.n)

    return engine.store.run(gone)


def _follow(tx: Transaction, changed: variation.Variant, *, now: datetime) -> None:
    """Compose the released variants of the groups below anew: each as a new version with the same operations."""
    kept = tx.groups.released(now)
    if kept is None or not changed.customer_group:
        return
    book = rules.Book(rules.read(kept.rules))
    base = tx.processes.released(changed.process)
    below = [
        (variant, present)
        for variant, present in tx.variants.released(changed.process)
        if _lies_over(variant, changed, book)
        and base is not None
        and present.base_n == base.n  # what stands on an older base is carried over on the board
    ]
    for variant, present in sorted(below, key=lambda pair: len(book.ancestors(pair[0].customer_group))):
        number = max(one.n for one in tx.variants.versions(variant.id)) + 1
        again = msgspec.structs.replace(present, n=number, created_at=now, created_by=SYSTEM.key, history=())
        made = check.check_within(tx, variant, again, now=now)
        approval.refuse_wrong(made)
        _retire_present(tx, variant.id, agent=SYSTEM, now=now)
        deed = variation.Deed(at=now, by=SYSTEM.key, did="recomposed", note=f"{changed.id}")
        tx.variants.put_version(
            msgspec.structs.replace(made, status="released", released_at=now, released_by=SYSTEM.key, history=(deed,))
        )


def _lies_over(variant: variation.Variant, changed: variation.Variant, book: rules.Book) -> bool:
    """Composed on top of the other: of a group below, or for circumstances within the same group."""
    if changed.context:
        return False
    if changed.customer_group in book.ancestors(variant.customer_group):
        return True
    return bool(variant.context) and variant.customer_group == changed.customer_group


def _put_aside(tx: Transaction, variant_id: str, *, before: int, agent: Agent, now: datetime) -> None:
    """Drafts that an earlier number left behind are overtaken by this release."""
    for one in tx.variants.versions(variant_id):
        if one.open and one.n < before:
            tx.variants.put_version(version.moved(one, "retired", did="discarded", agent=agent, now=now))


def _retire_present(tx: Transaction, variant_id: str, *, agent: Agent, now: datetime, note: str = "") -> None:
    for one in tx.variants.versions(variant_id):
        if one.status == "released":
            tx.variants.put_version(version.moved(one, "retired", did="retired", agent=agent, now=now, note=note))
