"""The life of a variant's version: draft > checked > released > retired; back in one action.

A released program never changes; running instances keep theirs. Approval by a second person has its place between
checked and released.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from engine import errors, variation
from engine.customers import rules
from engine.definitions import bases, checks
from engine.model import problem as problems
from engine.model.problem import Problem
from engine.model.text import Text, both
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction
from engine.proof import prove
from engine.variants import compose
from engine.variants.operations import kinds

MOVES = {
    "draft": ("checked",),
    "checked": ("draft", "released"),
    "released": ("retired",),
    "retired": ("released",),
}
"""What may follow what."""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A variant as its author hands it in; ``operations`` as in schemas/variant.json."""

    process: str
    name: str
    """Names it within its process: ``key-accounts``."""
    group: str = ""
    texts: Text
    reason: Text
    operations: list[dict[str, Any]]


def save(engine: Engine, *, order: Order, agent: Agent, now: datetime) -> variation.VariantVersion:
    """A new draft with all its problems; nothing an author wrote is lost, however wrong. Raises NotFound, Forbidden."""
    rights.need(agent, "process.draw")
    return engine.store.run(lambda tx: save_within(tx, order=order, agent=agent, now=now))


def save_within(tx: Transaction, *, order: Order, agent: Agent, now: datetime) -> variation.VariantVersion:
    """As part of a larger unit of work. What is released already, on the same base and chain, is given back."""
    entry = bases.get(tx, order.process)
    variant = variation.Variant(
        id=f"{order.process}:{order.name}",
        process=order.process,
        customer_group=order.group,
        owner=agent.key,
        texts=order.texts,
        created_at=now,
    )
    old = tx.variants.get(variant.id)
    tx.variants.put(msgspec.structs.replace(variant, created_at=old.created_at) if old else variant)
    versions = tx.variants.versions(variant.id)
    draft = variation.VariantVersion(
        variant_id=variant.id,
        n=max((one.n for one in versions), default=0) + 1,
        process=order.process,
        base_n=entry.released.n if entry.released else 0,
        operations=tuple(order.operations),
        sha256=hashlib.sha256(msgspec.json.encode(order.operations, order="sorted")).hexdigest(),
        status="draft",
        reason=order.reason,
        created_at=now,
        created_by=agent.key,
    )
    made = check_within(tx, variant, draft, now=now)
    newest = next((one for one in versions if one.status == "released"), None)
    if newest is not None and (newest.sha256, newest.program, newest.chain) == (
        made.sha256,
        made.program,
        _own(made, newest),
    ):
        return newest
    tx.variants.put_version(made)
    return made


def release(engine: Engine, *, variant_id: str, n: int, agent: Agent, now: datetime) -> variation.VariantVersion:
    """From now on instances of the group start with it. Variants of groups below are composed anew on top of it.

    Raises Invalid with every problem, those of the groups below included; Conflict when it is past being released.
    """
    rights.need(agent, "process.release")
    return engine.store.run(lambda tx: release_within(tx, variant_id=variant_id, n=n, agent=agent, now=now))


def release_within(
    tx: Transaction, *, variant_id: str, n: int, agent: Agent, now: datetime
) -> variation.VariantVersion:
    """As part of a larger unit of work."""
    variant, version = _found(tx, variant_id, n)
    if version.status not in ("draft", "checked", "retired"):
        raise _misplaced(version, "released")
    if version.status != "retired":
        version = check_within(tx, variant, version, now=now)
    _refuse_wrong(version)
    _retire_present(tx, variant_id)
    released = msgspec.structs.replace(version, status="released", released_at=now, released_by=agent.key)
    tx.variants.put_version(released)
    _follow(tx, variant, agent=agent, now=now)
    return released


def roll_back(engine: Engine, *, variant_id: str, agent: Agent, now: datetime) -> variation.VariantVersion:
    """The version that was released before is released again, as it was. Raises Conflict when there was none."""
    rights.need(agent, "process.release")

    def back(tx: Transaction) -> variation.VariantVersion:
        before = [one for one in tx.variants.versions(variant_id) if one.status == "retired" and one.released_at]
        if not before:
            raise errors.Conflict(
                "nothing_before", zh="没有更早的已发布版本", en="no version was released before", id=variant_id
            )
        last = max(before, key=lambda one: (one.released_at or one.created_at, one.n))
        return release_within(tx, variant_id=variant_id, n=last.n, agent=agent, now=now)

    return engine.store.run(back)


def retire(engine: Engine, *, variant_id: str, agent: Agent, now: datetime) -> None:
    """The group falls back to the group above it, or to the base. Raises Conflict when nothing is released."""
    rights.need(agent, "process.release")

    def gone(tx: Transaction) -> None:
        variant = _variant(tx, variant_id)
        if not _retire_present(tx, variant_id):
            raise errors.Conflict("nothing_released", zh="没有已发布的版本", en="no version is released", id=variant_id)
        _follow(tx, variant, agent=agent, now=now)

    engine.store.run(gone)


def check_within(
    tx: Transaction, variant: variation.Variant, version: variation.VariantVersion, *, now: datetime
) -> variation.VariantVersion:
    """The version with its program, its chain and every problem; ``checked`` when none stops a release. Not written."""
    found = kinds.check(list(version.operations))
    entry = bases.get(tx, variant.process)
    if found or entry.released is None:
        return msgspec.structs.replace(version, status="draft", program="", problems=tuple(found))
    base = bases.program(tx, entry.released)
    above = _above(tx, variant, now)
    inherited = [operation for one in above for operation in kinds.read(list(one.operations))]
    own = kinds.read(list(version.operations))
    composed = compose.compose(base, [*inherited, *own], definition=entry.definition)
    told = [*_renumbered(composed.problems, len(inherited)), *checks.check(composed.program)]
    if not problems.errors(told):
        invariants = entry.definition.invariants if entry.definition else ()
        told += prove.problems(composed.program, invariants=invariants)
    good = not problems.errors(told)
    links = [_link(one) for one in above] + [_link(version)]
    return msgspec.structs.replace(
        version,
        base_n=entry.released.n,
        chain=({"kind": "base", "id": variant.process, "n": entry.released.n, "program": base.sha256}, *links),
        program=tx.programs.add(composed.program, process=variant.process, now=now) if good else "",
        status="checked" if good else "draft",
        problems=tuple(told),
    )


def _above(tx: Transaction, variant: variation.Variant, now: datetime) -> list[variation.VariantVersion]:
    """Released versions of the same process for the groups above, from the root down."""
    kept = tx.groups.released(now) if variant.customer_group else None
    if kept is None:
        return []
    line = rules.Book(rules.read(kept.rules)).chain(variant.customer_group)[:-1]
    released = {one.customer_group: version for one, version in tx.variants.released(variant.process)}
    return [released[group] for group in line if group in released]


def _follow(tx: Transaction, changed: variation.Variant, *, agent: Agent, now: datetime) -> None:
    """Compose the released variants of the groups below anew: each as a new version with the same operations."""
    kept = tx.groups.released(now)
    if kept is None or not changed.customer_group:
        return
    book = rules.Book(rules.read(kept.rules))
    below = [
        (variant, version)
        for variant, version in tx.variants.released(changed.process)
        if changed.customer_group in book.ancestors(variant.customer_group)
    ]
    for variant, version in sorted(below, key=lambda pair: len(book.ancestors(pair[0].customer_group))):
        number = max(one.n for one in tx.variants.versions(variant.id)) + 1
        again = msgspec.structs.replace(version, n=number, created_at=now, created_by=agent.key)
        made = check_within(tx, variant, again, now=now)
        _refuse_wrong(made)
        _retire_present(tx, variant.id)
        tx.variants.put_version(
            msgspec.structs.replace(made, status="released", released_at=now, released_by=agent.key)
        )


def _retire_present(tx: Transaction, variant_id: str) -> bool:
    present = [one for one in tx.variants.versions(variant_id) if one.status == "released"]
    for one in present:
        tx.variants.put_version(msgspec.structs.replace(one, status="retired"))
    return bool(present)


def _refuse_wrong(version: variation.VariantVersion) -> None:
    if version.program:
        return
    raise errors.Invalid(
        "variant_wrong",
        zh=f"变体 {version.variant_id} v{version.n} 有误，不能发布",
        en=f"variant {version.variant_id!r} v{version.n} is wrong and cannot be released",
        problems=version.problems,
        id=version.variant_id,
        n=version.n,
    )


def _renumbered(found: tuple[Problem, ...], inherited: int) -> list[Problem]:
    """Pointers count an author's own operations; those of the groups above are named by file."""
    told = []
    for problem in found:
        number = int(problem.pointer.rpartition("/")[2])
        pointer = f"/operations/{number - inherited}" if number >= inherited else ""
        told.append(msgspec.structs.replace(problem, pointer=pointer))
    return told


def _link(version: variation.VariantVersion) -> dict[str, Any]:
    changes = compose.fingerprint(kinds.read(list(version.operations)))
    return {
        "kind": "variant",
        "id": version.variant_id,
        "n": version.n,
        "changes": list(msgspec.structs.astuple(changes)),
    }


def _own(made: variation.VariantVersion, present: variation.VariantVersion) -> tuple[Mapping[str, Any], ...]:
    """The chain of ``made`` as if it had the number of ``present``."""
    return (*made.chain[:-1], {**made.chain[-1], "n": present.n}) if made.chain else ()


def _found(tx: Transaction, variant_id: str, n: int) -> tuple[variation.Variant, variation.VariantVersion]:
    version = tx.variants.version(variant_id, n)
    if version is None:
        raise errors.NotFound(
            "variant_unknown",
            zh=f"没有变体 {variant_id} v{n}",
            en=f"there is no variant {variant_id!r} v{n}",
            id=variant_id,
        )
    return _variant(tx, variant_id), version


def _variant(tx: Transaction, variant_id: str) -> variation.Variant:
    variant = tx.variants.get(variant_id)
    if variant is None:
        raise errors.NotFound(
            "variant_unknown", zh=f"没有变体 {variant_id}", en=f"there is no variant {variant_id!r}", id=variant_id
        )
    return variant


def _misplaced(version: variation.VariantVersion, wanted: str) -> errors.Conflict:
    said = both(
        zh=f"变体 {version.variant_id} v{version.n} 是 {version.status}，不能变为 {wanted}",
        en=f"variant {version.variant_id!r} v{version.n} is {version.status} and cannot become {wanted}",
    )
    return errors.Conflict("variant_status", zh=said["zh-CN"], en=said["en"], id=version.variant_id)
