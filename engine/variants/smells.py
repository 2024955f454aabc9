"""What in a process's variants is worth tidying up: told once a week, or whenever somebody asks.

The same operation in several siblings could go up to their group; an operation that changes nothing can go; a variant
that no case used for a while costs care and gives nothing; one whose cases take longer than the base's misses its aim.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any, Literal

import msgspec

from engine import queries, records, variation
from engine.customers import rules
from engine.model.text import EN, ZH, Text, both, pick
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction
from engine.variants import check, compose, diff, words
from engine.variants.draft import Refused
from engine.variants.operations import kinds
from engine.variants.operations.kinds import AnyOperation

SIBLINGS_AT_LEAST = 2
IDLE = timedelta(days=28)
CASES_AT_LEAST = 20
"""On both sides, before a comparison is told."""
WORSE_BY = 0.10
CASES_AT_MOST = 500
"""The newest ones that are compared."""


class Smell(msgspec.Struct, frozen=True, kw_only=True):
    kind: Literal["shared", "needless", "idle", "worse"]
    variants: tuple[str, ...]
    says: Text
    operations: tuple[str, ...] = ()


def smells(engine: Engine, *, process: str, agent: Agent, now: datetime) -> tuple[Smell, ...]:
    """Of the released variants of one process. Nothing is written."""
    rights.need(agent, "matrix.see")
    with engine.store.reading() as tx:
        released = tx.variants.released(process)
        kept = tx.groups.released(now)
        book = rules.Book(rules.read(kept.rules)) if kept else None
        read = {one.id: kinds.read(list(found.operations)) for one, found in released}
        return (
            *_shared(released, read, book),
            *(smell for one, found in released for smell in _needless(tx, one, found, read[one.id], now)),
            *_idle(tx, released, now),
            *_worse(tx, process, released),
        )


Released = Sequence[tuple[variation.Variant, variation.VariantVersion]]


def _shared(
    released: Released, read: Mapping[str, tuple[AnyOperation, ...]], book: rules.Book | None
) -> Iterator[Smell]:
    """Siblings are groups below the same one. Whoever does all of them the same could do it once, above."""
    found: dict[tuple[str, bytes], list[tuple[str, str, AnyOperation]]] = {}
    for variant, _ in released:
        if book is None or not variant.customer_group or variant.context:
            continue
        above = next(iter(book.ancestors(variant.customer_group)), "")
        for operation in read[variant.id]:
            found.setdefault((above, _said(operation)), []).append((variant.id, variant.customer_group, operation))
    for (above, _), same in found.items():
        if len(same) < SIBLINGS_AT_LEAST or book is None or not above:
            continue
        groups = ", ".join(group for _, group, _ in same)
        name = book.name(above)
        what = kinds.kind(same[0][2])
        yield Smell(
            kind="shared",
            variants=tuple(variant for variant, _, _ in same),
            operations=tuple(operation.id for _, _, operation in same),
            says=both(
                zh=f"{groups} 都有同样的变更（{what}）：可以上移到{pick(name, ZH)}",
                en=f"{groups} all have the same change ({what}): it could go up to {pick(name, EN)}",
            ),
        )


def _needless(
    tx: Transaction,
    variant: variation.Variant,
    found: variation.VariantVersion,
    operations: tuple[AnyOperation, ...],
    now: datetime,
) -> Iterator[Smell]:
    """Operations without which the program would be the same."""
    under = check.ground_of(tx, variant, found, now)
    if under is None:
        return
    base = under.program
    whole = compose.compose(base, operations)
    lines = {line.operation: line for line in diff.diff(base, operations, words=words.of(tx, under.definition)).lines}
    for number, operation in enumerate(operations):
        without = (*operations[:number], *operations[number + 1 :])
        try:
            same = compose.compose(base, without)
        except Refused:
            continue
        if not same.problems and _bare(same.program) == _bare(whole.program):
            says = lines[operation.id].says
            yield Smell(
                kind="needless",
                variants=(variant.id,),
                operations=(operation.id,),
                says=both(
                    zh=f"{variant.id}：“{says[ZH]}”没有改变任何东西", en=f"{variant.id}: “{says[EN]}” changes nothing"
                ),
            )


def _idle(tx: Transaction, released: Released, now: datetime) -> Iterator[Smell]:
    """Variants in use for four weeks in which no case began with them."""
    for variant, found in released:
        if found.released_at is None or found.released_at > now - IDLE:
            continue
        began = [
            queries.Where("program", "=", found.program),
            queries.Where("process", "=", variant.process),
            queries.Where("started_at", ">=", now - IDLE),
        ]
        if not tx.lists.count(records.Instance, where=began):
            yield Smell(
                kind="idle",
                variants=(variant.id,),
                says=both(
                    zh=f"{variant.id} 近 {IDLE.days} 天没有办件", en=f"{variant.id}: no case in {IDLE.days} days"
                ),
            )


def _worse(tx: Transaction, process: str, released: Released) -> Iterator[Smell]:
    """The promise of most variants is time: the median of its finished cases against the base's."""
    base = tx.processes.released(process)
    usual = _hours(tx, process, base.program) if base else []
    if len(usual) < CASES_AT_LEAST:
        return
    for variant, found in released:
        own = _hours(tx, process, found.program)
        if base and found.program != base.program and len(own) >= CASES_AT_LEAST:
            mine, theirs = median(own), median(usual)
            if mine > theirs * (1 + WORSE_BY):
                yield Smell(
                    kind="worse",
                    variants=(variant.id,),
                    says=both(
                        zh=f"{variant.id} 的办件中位时长 {mine:.1f} 小时，基准 {theirs:.1f} 小时",
                        en=f"{variant.id}: its cases take {mine:.1f} hours in the middle, the base's {theirs:.1f}",
                    ),
                )


def _hours(tx: Transaction, process: str, program: str) -> list[float]:
    found = tx.lists.find(
        records.Instance,
        where=[
            queries.Where("process", "=", process),
            queries.Where("program", "=", program),
            queries.Where("status", "=", "completed"),
        ],
        order=("-started_at",),
        limit=CASES_AT_MOST,
    )
    return [(one.ended_at - one.started_at).total_seconds() / 3600 for one in found if one.ended_at]


def _said(operation: AnyOperation) -> bytes:
    """What it does; not who says it or why."""
    said: dict[str, Any] = msgspec.to_builtins(operation)
    return msgspec.json.encode(
        {key: value for key, value in said.items() if key not in ("id", "reason")}, order="sorted"
    )


def _bare(program: Any) -> Any:
    """Without the record of who changed what."""
    return msgspec.structs.replace(
        program,
        nodes=tuple(msgspec.structs.replace(node, origin="") for node in program.nodes),
        flows=tuple(msgspec.structs.replace(flow, origin="") for flow in program.flows),
    )
