"""The life of a variant's version: draft > checked > approved > released > retired; back in one action.

A released program never changes; running instances keep theirs.
"""

from datetime import datetime

import msgspec

from engine import errors, variation
from engine.customers import rules
from engine.people import rights
from engine.people.agent import SYSTEM, Agent
from engine.ports import Engine, Transaction
from engine.variants import approval, check, version


def release(engine: Engine, *, variant_id: str, n: int, agent: Agent, now: datetime) -> variation.VariantVersion:
    """From now on instances of the group start with it. Variants of groups below are composed anew on top of it.

    Raises Invalid with every problem, those of the groups below included; Conflict when it is not approved.
    """
    rights.need(agent, "process.release")
    return engine.store.run(lambda tx: release_within(tx, variant_id=variant_id, n=n, agent=agent, now=now))


def release_within(
    tx: Transaction, *, variant_id: str, n: int, agent: Agent, now: datetime, note: str = ""
) -> variation.VariantVersion:
    """As part of a larger unit of work."""
    variant, found = version.variant(tx, variant_id), version.get(tx, variant_id, n)
    done = version.moved(found, "released", did="released", agent=agent, now=now, note=note)
    if found.status == "approved":
        approval.refuse_changed(tx, found, now)
    _retire_present(tx, variant_id, agent=agent, now=now)
    done = msgspec.structs.replace(done, released_at=now, released_by=agent.key)
    tx.variants.put_version(done)
    _follow(tx, variant, now=now)
    return done


def roll_back(
    engine: Engine, *, variant_id: str, agent: Agent, now: datetime, note: str = ""
) -> variation.VariantVersion:
    """The version that was released before is released again, as it was. Raises Conflict when there was none."""
    rights.need(agent, "process.release")

    def back(tx: Transaction) -> variation.VariantVersion:
        before = [one for one in tx.variants.versions(variant_id) if one.status == "retired" and one.released_at]
        if not before:
            raise errors.Conflict(
                "nothing_before", zh="没有更早的已发布版本", en="no version was released before", id=variant_id
            )
        last = max(before, key=lambda one: (one.released_at or one.created_at, one.n))
        return release_within(tx, variant_id=variant_id, n=last.n, agent=agent, now=now, note=note)

    return engine.store.run(back)


def retire(engine: Engine, *, variant_id: str, agent: Agent, now: datetime) -> None:
    """The group falls back to the group above it, or to the base. Raises Conflict when nothing is released."""
    rights.need(agent, "process.release")

    def gone(tx: Transaction) -> None:
        variant = version.variant(tx, variant_id)
        if not _retire_present(tx, variant_id, agent=agent, now=now):
            raise errors.Conflict("nothing_released", zh="没有已发布的版本", en="no version is released", id=variant_id)
        _follow(tx, variant, now=now)

    engine.store.run(gone)


def _follow(tx: Transaction, changed: variation.Variant, *, now: datetime) -> None:
    """Compose the released variants of the groups below anew: each as a new version with the same operations."""
    kept = tx.groups.released(now)
    if kept is None or not changed.customer_group:
        return
    book = rules.Book(rules.read(kept.rules))
    below = [
        (variant, present)
        for variant, present in tx.variants.released(changed.process)
        if changed.customer_group in book.ancestors(variant.customer_group)
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


def _retire_present(tx: Transaction, variant_id: str, *, agent: Agent, now: datetime) -> bool:
    present = [one for one in tx.variants.versions(variant_id) if one.status == "released"]
    for one in present:
        tx.variants.put_version(version.moved(one, "retired", did="retired", agent=agent, now=now))
    return bool(present)
