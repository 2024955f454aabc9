"""What screens and programs read of variants: versions, their differences in words, and what is wrong where."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from engine import variation
from engine.definitions.process import Definition
from engine.model.problem import Problem
from engine.model.program import Program
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine
from engine.variants import author, check, diff, version, words
from engine.variants.operations import kinds


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """``problems`` of one operation stand under its id, those of the whole under ''. ``under`` is what the group would
    run without a variant of its own; both are None while the words of the operations are wrong."""

    variant: variation.Variant
    version: variation.VariantVersion
    under: Program | None
    difference: diff.Difference | None
    definition: Definition | None
    problems: dict[str, tuple[Problem, ...]]


def variants(
    engine: Engine, *, process: str = "", agent: Agent
) -> list[tuple[variation.Variant, list[variation.VariantVersion]]]:
    """All, or those of one process, by process and group; versions newest first."""
    rights.need(agent, "matrix.see")
    with engine.store.reading() as tx:
        return [(one, tx.variants.versions(one.id)) for one in tx.variants.all(process)]


def get(engine: Engine, *, variant_id: str, agent: Agent) -> tuple[variation.Variant, list[variation.VariantVersion]]:
    """Raises NotFound."""
    rights.need(agent, "matrix.see")
    with engine.store.reading() as tx:
        return version.variant(tx, variant_id), tx.variants.versions(variant_id)


def see(engine: Engine, *, variant_id: str, n: int, agent: Agent, now: datetime) -> Seen:
    """One version on what it was composed on. Raises NotFound."""
    rights.need(agent, "matrix.see")
    with engine.store.reading() as tx:
        variant, found = version.variant(tx, variant_id), version.get(tx, variant_id, n)
        under = check.ground_of(tx, variant, found, now)
        house = words.of(tx, under.definition if under else None)
    return _seen(variant, found, under, house, found.problems)


def dry_run(engine: Engine, *, order: author.Order, agent: Agent, now: datetime) -> Seen:
    """What a draft would be, with everything that would be wrong. Nothing is written. Raises NotFound."""
    rights.need(agent, "variant.edit")
    variant = variation.Variant(
        id=f"{order.process}:{order.name}",
        process=order.process,
        customer_group=order.group,
        texts=order.texts,
        created_at=now,
    )
    with engine.store.reading() as tx:
        under = check.ground(tx, variant, now)
        house = words.of(tx, under.definition if under else None)
    _, told = check.checked(under, order.operations)
    draft = variation.VariantVersion(
        variant_id=variant.id,
        n=0,
        process=order.process,
        base_n=under.base_n if under else 0,
        operations=tuple(order.operations),
        sha256=version.digest(order.operations),
        status="draft",
        problems=tuple(told),
        reason=order.reason,
        created_at=now,
        created_by=agent.key,
    )
    return _seen(variant, draft, under, house, told)


def _seen(
    variant: variation.Variant,
    found: variation.VariantVersion,
    under: check.Ground | None,
    house: words.Words,
    told: Sequence[Problem],
) -> Seen:
    operations = list(found.operations)
    readable = under is not None and not kinds.check(operations)
    program = under.program if under else None
    difference = (
        diff.diff(program, kinds.read(operations), definition=under.definition if under else None, words=house)
        if readable and program is not None
        else None
    )
    return Seen(
        variant=variant,
        version=found,
        under=program,
        difference=difference,
        definition=under.definition if under else None,
        problems=_by_operation(operations, difference, told),
    )


def _by_operation(
    operations: Sequence[dict[str, Any]], difference: diff.Difference | None, told: Sequence[Problem]
) -> dict[str, tuple[Problem, ...]]:
    """By the pointer, else by the last operation that touched the element."""
    found: dict[str, tuple[Problem, ...]] = {}
    for problem in told:
        parts = problem.pointer.split("/")
        touching = (
            [line.operation for line in difference.lines if problem.element in line.touches] if difference else []
        )
        if len(parts) > 2 and parts[1] == "operations" and parts[2].isdigit() and int(parts[2]) < len(operations):
            key = str(operations[int(parts[2])].get("id", ""))
        else:
            key = touching[-1] if problem.element and touching else ""
        found[key] = (*found.get(key, ()), problem)
    return found
