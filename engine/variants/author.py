"""Writing at a variant: a draft takes whatever its author enters, with every problem; nothing entered is lost."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from engine import errors, variation
from engine.definitions import bases
from engine.model.text import Text
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction
from engine.variants import check, context, version


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A variant as its author hands it in; ``operations`` as in schemas/variant.json."""

    process: str
    name: str
    """Names it within its process: ``key-accounts``."""
    group: str = ""
    context: tuple[variation.Circumstance, ...] = ()
    """Under which circumstances of a start it is chosen; empty: whatever they are."""
    priority: int = 0
    texts: Text
    reason: Text
    operations: list[dict[str, Any]]
    with_base: bool = False
    """It came together with the base that is released now, and is written for that."""


def save(
    engine: Engine, *, order: Order, agent: Agent, now: datetime, seen: str | None = None, note: str = ""
) -> variation.VariantVersion:
    """Into the version that is being written, or a new one. Raises NotFound, Forbidden.

    ``seen`` is the sha256 of the operations that the author saw last ('' for none): Conflict when somebody else wrote
    in between; None asks nothing.
    """
    rights.need(agent, "variant.edit")
    return engine.store.run(lambda tx: save_within(tx, order=order, agent=agent, now=now, seen=seen, note=note))


def save_within(
    tx: Transaction, *, order: Order, agent: Agent, now: datetime, seen: str | None = None, note: str = ""
) -> variation.VariantVersion:
    """As part of a larger unit of work. What is released already, on the same base and chain, is given back."""
    variant = _put(tx, order, agent, now)
    versions = tx.variants.versions(variant.id)
    writing, present = version.being_written(versions), version.released(versions)
    last = writing or present
    if seen is not None and seen != (last.sha256 if last else ""):
        raise errors.Conflict(
            "variant_changed_meanwhile",
            zh="其间有人改过此变体，请看过后再改一次。",
            en="Somebody else changed this variant meanwhile: look at it, then change it again.",
            id=variant.id,
        )
    draft = begun(order, variant.id, versions, agent=agent, now=now) if writing is None else _over(writing, order)
    made = check.check_within(tx, variant, draft, now=now)
    if writing is None and present is not None and _same(made, present):
        return present
    made = version.moved(made, made.status, did="saved", agent=agent, now=now, note=note)
    tx.variants.put_version(made)
    return made


def discard(engine: Engine, *, variant_id: str, agent: Agent, now: datetime) -> variation.VariantVersion:
    """What is being written is put aside; what is released stays. Raises Conflict when nothing is being written."""
    rights.need(agent, "variant.edit")

    def gone(tx: Transaction) -> variation.VariantVersion:
        found = version.being_written(tx.variants.versions(version.variant(tx, variant_id).id))
        if found is None:
            raise errors.Conflict("no_draft", zh="没有草稿", en="there is no draft", id=variant_id)
        done = version.moved(found, "retired", did="discarded", agent=agent, now=now)
        tx.variants.put_version(done)
        return done

    return engine.store.run(gone)


def _put(tx: Transaction, order: Order, agent: Agent, now: datetime) -> variation.Variant:
    bases.get(tx, order.process)
    wrong = context.check(order.context)
    if wrong:
        raise errors.Invalid("context_wrong", zh="适用条件有误", en="the circumstances are wrong", problems=wrong)
    variant = variation.Variant(
        id=f"{order.process}:{order.name}",
        process=order.process,
        customer_group=order.group,
        context=order.context,
        priority=order.priority,
        owner=agent.key,
        texts=order.texts,
        created_at=now,
    )
    old = tx.variants.get(variant.id)
    if old is not None:
        variant = msgspec.structs.replace(variant, created_at=old.created_at, owner=old.owner)
    plain = order.group and not order.context
    taken = [
        one.id
        for one in tx.variants.all(order.process)
        if plain and one.customer_group == order.group and not one.context and one.id != variant.id
    ]
    if taken:
        raise errors.Conflict(
            "group_taken",
            zh=f"客户群 {order.group} 在此流程中已有变体 {taken[0]}",
            en=f"the group {order.group!r} has the variant {taken[0]!r} of this process",
            id=taken[0],
        )
    tx.variants.put(variant)
    return variant


def begun(
    order: Order, variant_id: str, versions: list[variation.VariantVersion], *, agent: Agent, now: datetime
) -> variation.VariantVersion:
    """The next version; it stands where the released one stands until it is checked. Not written."""
    present = version.released(versions)
    bare = variation.VariantVersion(
        variant_id=variant_id,
        n=max((one.n for one in versions), default=0) + 1,
        process=order.process,
        base_n=present.base_n if present else 0,
        chain=present.chain if present else (),
        status="draft",
        created_at=now,
        created_by=agent.key,
    )
    return _over(bare, order)


def _over(writing: variation.VariantVersion, order: Order) -> variation.VariantVersion:
    operations: tuple[Mapping[str, Any], ...] = tuple(order.operations)
    said: dict[str, Any] = {"operations": operations, "sha256": version.digest(operations), "reason": order.reason}
    standing: dict[str, Any] = {"base_n": 0, "chain": ()} if order.with_base else {}
    return msgspec.structs.replace(writing, **said, **standing)


def _same(made: variation.VariantVersion, present: variation.VariantVersion) -> bool:
    """As if ``made`` had the number of ``present``."""
    own = (*made.chain[:-1], {**made.chain[-1], "n": present.n}) if made.chain else ()
    return (made.sha256, made.program, own) == (present.sha256, present.program, present.chain)
