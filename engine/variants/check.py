"""Everything that is wrong with a version: its words, each operation, the rules of BPMN, bounds, and the proof."""

import hashlib
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from engine import errors, variation
from engine.customers import rules
from engine.definitions import bases, checks
from engine.definitions.process import Definition
from engine.model import problem as problems
from engine.model.problem import Problem
from engine.model.program import Program
from engine.model.text import EN, ZH, both
from engine.ports import Transaction
from engine.proof import prove
from engine.variants import compose, conflicts, rebase
from engine.variants.operations import kinds
from engine.variants.operations.kinds import AnyOperation


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """What a variant stands on: the released base, and the released variants of the groups above it."""

    base: Program
    base_n: int
    definition: Definition | None
    above: tuple[variation.VariantVersion, ...]
    """From the root group down."""

    @property
    def inherited(self) -> tuple[AnyOperation, ...]:
        return tuple(operation for one in self.above for operation in kinds.read(list(one.operations)))

    @property
    def program(self) -> Program:
        """What the group runs while it has no variant of its own."""
        return compose.compose(self.base, self.inherited, definition=self.definition).program


def ground(tx: Transaction, variant: variation.Variant, now: datetime) -> Ground | None:
    """None while no base of the process is released."""
    entry = bases.get(tx, variant.process)
    if entry.released is None:
        return None
    return Ground(
        base=bases.program(tx, entry.released),
        base_n=entry.released.n,
        definition=entry.definition,
        above=tuple(_above(tx, variant, now)),
    )


def ground_of(
    tx: Transaction, variant: variation.Variant, version: variation.VariantVersion, now: datetime
) -> Ground | None:
    """What a version was composed on; for one that never was, what it would be composed on today."""
    base = tx.programs.get(version.chain[0]["program"]) if version.chain else None
    if base is None:
        return ground(tx, variant, now)
    above = [tx.variants.version(link["id"], link["n"]) for link in version.chain[1:-1]]
    return Ground(
        base=base,
        base_n=version.base_n,
        definition=bases.get(tx, variant.process).definition,
        above=tuple(one for one in above if one is not None),
    )


def check_within(
    tx: Transaction, variant: variation.Variant, version: variation.VariantVersion, *, now: datetime
) -> variation.VariantVersion:
    """The version with its program, its chain and every problem; ``checked`` when none stops a release. Not written.

    One that was written for another base stays with that until nothing is left to decide: no conflict passes unseen.
    """
    under = ground(tx, variant, now)
    composed, told = checked(under, list(version.operations))
    if under is not None and composed is not None:
        left = conflicts_left(tx, variant, version, under, now)
        if left:
            return msgspec.structs.replace(version, status="draft", program="", problems=(*left, *told))
    if composed is None or under is None:
        base_n = version.base_n or (under.base_n if under else _newest(tx, variant.process))
        return msgspec.structs.replace(version, base_n=base_n, status="draft", program="", problems=tuple(told))
    good = not problems.errors(told)
    base = {"kind": "base", "id": variant.process, "n": under.base_n, "program": under.base.sha256}
    return msgspec.structs.replace(
        version,
        base_n=under.base_n,
        chain=(base, *(_link(one) for one in (*under.above, version))),
        program=tx.programs.add(composed, process=variant.process, now=now) if good else "",
        status="checked" if good else "draft",
        problems=tuple(told),
    )


def checked(under: Ground | None, operations: list[dict[str, Any]]) -> tuple[Program | None, list[Problem]]:
    """The composed program with all that is wrong; no program where the words are wrong or no base is released."""
    found = kinds.check(operations)
    if found or under is None:
        return None, found
    program, told = _judged(_Case(under, kinds.read(operations)))
    return program, list(told)


class _Case:
    """What is judged, told apart by its content: whoever saves, submits, approves and releases asks four times."""

    def __init__(self, under: Ground, operations: tuple[AnyOperation, ...]) -> None:
        self.base = under.base
        self.definition = under.definition
        self.inherited = under.inherited
        self.operations = operations
        content = [self.base, self.definition, kinds.write(self.inherited), kinds.write(operations)]
        self.digest = hashlib.sha256(msgspec.msgpack.encode(content)).digest()

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Case) and other.digest == self.digest


@lru_cache(maxsize=64)
def _judged(case: _Case) -> tuple[Program, tuple[Problem, ...]]:
    made = compose.compose(case.base, [*case.inherited, *case.operations], definition=case.definition)
    told = [*_renumbered(made.problems, len(case.inherited)), *checks.check(made.program)]
    if not problems.errors(told):
        told += prove.problems(made.program, invariants=case.definition.invariants if case.definition else ())
    return made.program, tuple(told)


def conflicts_left(
    tx: Transaction, variant: variation.Variant, version: variation.VariantVersion, under: Ground, now: datetime
) -> list[Problem]:
    """What the step from the version's base to today's asks and nobody decided."""
    if not version.chain or version.base_n == under.base_n:
        return []
    old = ground_of(tx, variant, version, now)
    if old is None:
        return []
    operations = kinds.read(list(version.operations))
    decided = decisions(tx, variant, under.base_n)
    done = rebase.rebase(old.program, under.program, operations, definition=under.definition, decisions=decided)
    numbers = {operation.id: number for number, operation in enumerate(operations)}
    return [
        Problem(
            code="rebase_conflict",
            text=both(
                zh=f"变更 {one.operation} 写于基准 v{version.base_n}，{one.says[ZH]}（v{under.base_n}）",
                en=f"operation {one.operation!r} was written for base v{version.base_n}: {one.says[EN]} "
                f"(v{under.base_n})",
            ),
            element=one.elements[0] if one.elements else "",
            pointer=f"/operations/{numbers[one.operation]}",
            mend=both(zh="请在换基准的看板上决定", en="decide about it on the board of the new base"),
        )
        for one in done.conflicts
        if one.operation
    ]


def decisions(tx: Transaction, variant: variation.Variant, base_n: int) -> dict[str, conflicts.Choice]:
    """What was decided about this variant's conflicts with that base, by signature."""
    found = [one for one in tx.variants.decisions(variant.process) if one.variant_id == variant.id]
    return {one.signature: one.choice for one in found if one.base_n == base_n}


def _newest(tx: Transaction, process: str) -> int:
    """The base that a draft is written for while none is released. Raises Conflict when there is none at all."""
    versions = tx.processes.versions(process)
    if not versions:
        raise errors.Conflict(
            "no_base",
            zh=f"流程 {process} 还没有任何版本",
            en=f"the process {process!r} has no version yet",
            process=process,
        )
    return versions[0].n


def _above(tx: Transaction, variant: variation.Variant, now: datetime) -> list[variation.VariantVersion]:
    """Released versions of the same process for the groups above, from the root down."""
    kept = tx.groups.released(now) if variant.customer_group else None
    if kept is None:
        return []
    line = rules.Book(rules.read(kept.rules)).chain(variant.customer_group)
    line = line if variant.context else line[:-1]  # circumstances lie over what their group gets anyway
    released = {one.customer_group: found for one, found in tx.variants.released(variant.process) if not one.context}
    return [released[group] for group in line if group in released]


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
