"""The board of a new base: each variant of the process shown against it, before anything is changed.

Rows are variants, the groups above first: a variant below is carried onto what became of those above it. Columns are
the changes of the base. What flows in by itself is green, what is worth a look yellow, what has to be decided red.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from engine import errors, records, variation
from engine.customers import rules
from engine.definitions import bases
from engine.definitions.process import Definition
from engine.model.program import Program
from engine.model.text import Text
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction
from engine.variants import check, compose, conflicts, diff, rebase, upgrade, version, words
from engine.variants.conflicts import Conflict
from engine.variants.operations import kinds
from engine.variants.operations.kinds import AnyOperation

State = Literal["current", "clean", "look", "decide", "blocked"]
"""``current`` stands on this base already. ``clean`` and ``look`` can be carried over; ``blocked`` has to be mended."""
Mark = Literal["", "flows", "look", "decide", "same"]
"""What one change of the base means to one variant; ``same``: the variant did that by itself, its operation goes."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One conflict as it is put to people."""

    conflict: Conflict
    says: Text
    """What the operation does, on the base that it was written for."""
    choices: dict[conflicts.Choice, Text]
    decided: variation.ConflictDecision | None
    proposed: variation.ConflictDecision | None
    """How the same conflict of a sibling was decided, or the same one at an earlier base."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    variant: variation.Variant
    version: variation.VariantVersion
    """What would be carried over: the version being written, else the one released."""
    state: State
    marks: tuple[Mark, ...]
    """One for each change of the board."""
    asked: tuple[Asked, ...] = ()
    blocked: Conflict | None = None
    """What is wrong with the whole although every operation applies."""
    looks: tuple[Text, ...] = ()
    """Operations that apply although their surroundings changed."""
    drops: tuple[Text, ...] = ()
    """Operations that the new base makes needless."""
    operations: tuple[AnyOperation, ...]
    """What it would be on the new base."""
    program: str
    """SHA-256 of that; empty while something has to be decided."""

    @property
    def ready(self) -> bool:
        return self.state in ("clean", "look")

    @property
    def carried(self) -> bool:
        """On this base by the board, and on its way to release."""
        return self.state == "current" and self.version.status != "released"


class Board(msgspec.Struct, frozen=True, kw_only=True):
    process: str
    texts: Text
    base: records.BaseVersion
    """The new one; a draft for a look ahead."""
    from_n: int
    """The oldest base that a variant still stands on; the new one's own number when none is left behind."""
    changes: tuple[upgrade.Change, ...]
    rows: tuple[Row, ...]


def board(engine: Engine, *, process: str, base_n: int = 0, agent: Agent) -> Board:
    """Against base ``base_n``, or the newest released one. Raises NotFound, Conflict when no base is released."""
    rights.need(agent, "matrix.see")
    now = engine.clock.now()
    with engine.store.reading() as tx:
        return board_within(tx, process=process, base_n=base_n, now=now)


def board_within(tx: Transaction, *, process: str, base_n: int = 0, now: datetime) -> Board:
    """As part of a larger unit of work."""
    entry = bases.get(tx, process)
    base = tx.processes.version(process, base_n) if base_n else entry.released
    if base is None:
        raise _no_base(process, base_n)
    program = bases.program(tx, base)
    work = _Work(tx, program, base.n, entry.definition, now)
    working = _working(tx, process, now)
    behind = [found for _, found in working if found.base_n not in (0, base.n)]
    oldest = min((found.base_n for found in behind), default=base.n)
    named = {key: one.names for key, one in entry.definition.parameters.items()} if entry.definition else {}
    changes = upgrade.changes(_base(tx, process, oldest), program, names=named) if oldest != base.n else ()
    return Board(
        process=process,
        texts=entry.process.texts,
        base=base,
        from_n=oldest,
        changes=changes,
        rows=tuple(work.row(variant, found, changes) for variant, found in working),
    )


class _Work:
    """Rows one after the other, with what became of the variants above."""

    def __init__(
        self, tx: Transaction, base: Program, base_n: int, definition: Definition | None, now: datetime
    ) -> None:
        self.tx, self.base, self.base_n, self.definition, self.now = tx, base, base_n, definition, now
        self.words = words.of(tx, definition)
        self.carried: dict[str, tuple[AnyOperation, ...]] = {}
        kept = tx.groups.released(now)
        self.book = rules.Book(rules.read(kept.rules)) if kept else None

    def row(
        self, variant: variation.Variant, found: variation.VariantVersion, changes: Sequence[upgrade.Change]
    ) -> Row:
        operations = kinds.read(list(found.operations)) if not kinds.check(list(found.operations)) else ()
        if found.base_n in (0, self.base_n):
            self._remember(variant, operations)
            return Row(
                variant=variant,
                version=found,
                state="current",
                marks=tuple("" for _ in changes),
                operations=operations,
                program=found.program,
            )
        old = check.ground_of(self.tx, variant, found, self.now)
        assert old is not None, "a version with a base number has a base"
        under = compose.compose(self.base, self._above(variant), definition=self.definition).program
        decided = check.decisions(self.tx, variant, self.base_n)
        done = rebase.rebase(old.program, under, operations, definition=self.definition, decisions=decided)
        self._remember(variant, done.operations)
        lines = {line.operation: line for line in diff.diff(old.program, operations, words=self.words).lines}
        return Row(
            variant=variant,
            version=found,
            state=_state(done),
            marks=tuple(_mark(one, done, lines, old.program) for one in changes),
            asked=tuple(self._asked(variant, one, lines) for one in _in_order(done, operations)),
            blocked=next((one for one in done.conflicts if one.kind == "semantic"), None),
            looks=tuple(lines[one].says for one in done.drifted),
            drops=tuple(lines[one].says for one in done.redundant),
            operations=done.operations,
            program=done.program.sha256 if done.clean else "",
        )

    def _above(self, variant: variation.Variant) -> list[AnyOperation]:
        line = self.book.chain(variant.customer_group) if self.book and variant.customer_group else []
        over = line if variant.context else line[:-1]
        return [operation for group in over for operation in self.carried.get(group, ())]

    def _remember(self, variant: variation.Variant, operations: tuple[AnyOperation, ...]) -> None:
        if variant.customer_group and not variant.context:
            self.carried[variant.customer_group] = operations

    def _asked(self, variant: variation.Variant, conflict: Conflict, lines: Mapping[str, diff.Line]) -> Asked:
        same = [one for one in self.tx.variants.decisions(variant.process) if one.signature == conflict.signature]
        mine = [one for one in same if one.variant_id == variant.id and one.base_n == self.base_n]
        others = [one for one in same if one not in mine and one.choice in conflict.choices]
        return Asked(
            conflict=conflict,
            says=lines[conflict.operation].says,
            choices=conflict.choices,
            decided=mine[0] if mine else None,
            proposed=others[0] if others and not mine else None,
        )


def _working(tx: Transaction, process: str, now: datetime) -> list[tuple[variation.Variant, variation.VariantVersion]]:
    """Each variant that is in use or on its way, the groups above first, those of a circumstance behind their group."""
    kept = tx.groups.released(now)
    book = rules.Book(rules.read(kept.rules)) if kept else None
    found = []
    for variant in tx.variants.all(process):
        versions = tx.variants.versions(variant.id)
        one = version.pending(versions) or version.released(versions)
        if one is not None:
            found.append((variant, one))

    order = list(book.groups) if book else []

    def depth(pair: tuple[variation.Variant, variation.VariantVersion]) -> tuple[int, int, bool, str]:
        variant, group = pair[0], pair[0].customer_group
        above = len(book.ancestors(group)) if book else 0
        return above, order.index(group) if group in order else len(order), bool(variant.context), variant.id

    return sorted(found, key=depth)


def _state(done: rebase.Rebased) -> State:
    if any(one.kind == "semantic" for one in done.conflicts):
        return "blocked"
    if done.conflicts:
        return "decide"
    return "look" if done.drifted or done.redundant or done.decided else "clean"


def _mark(change: upgrade.Change, done: rebase.Rebased, lines: Mapping[str, diff.Line], old: Program) -> Mark:
    """By the elements that the change and the variant's operations speak of."""
    elements = set(change.elements)
    if any(elements & set(one.elements) for one in done.conflicts):
        return "decide"
    touched = {one: {*lines[one].touches} for one in (*done.drifted, *done.redundant)}
    if any(elements & touched[one] for one in done.redundant):
        return "same"
    around = {flow.id for flow in old.flows if {flow.source, flow.target} & elements}
    if any((elements | around) & touched[one] for one in done.drifted) or any(
        elements & set(one.elements) for one in done.decided
    ):
        return "look"
    return "flows"


def _in_order(done: rebase.Rebased, operations: Sequence[AnyOperation]) -> list[Conflict]:
    """Open and decided ones together, as the variant's operations stand."""
    numbers = {operation.id: number for number, operation in enumerate(operations)}
    found = [one for one in (*done.conflicts, *done.decided) if one.operation]
    return sorted(found, key=lambda one: numbers[one.operation])


def _base(tx: Transaction, process: str, n: int) -> Program:
    found = tx.processes.version(process, n)
    if found is None:
        raise _no_base(process, n)
    return bases.program(tx, found)


def _no_base(process: str, n: int) -> errors.CrmflowError:
    if n:
        return errors.NotFound(
            "base_unknown",
            zh=f"流程 {process} 没有基准 v{n}",
            en=f"the process {process!r} has no base v{n}",
            process=process,
            n=n,
        )
    return errors.Conflict(
        "nothing_released",
        zh=f"流程 {process} 还没有发布的版本",
        en=f"no version of {process!r} is released",
        process=process,
    )
