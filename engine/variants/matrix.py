"""Process x customer group: which variant, its own or inherited, how different, and how many instances run now."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

from engine import records, variation
from engine.customers import groups, rules
from engine.model.text import Text
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction
from engine.variants import choose, compose, version

State = Literal["own", "inherited", "base", "draft", "nothing"]
"""``draft``: a variant of its own exists and was never released, so the group runs what is above it. ``nothing``: the
process has no released base."""


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    group: str
    state: State
    variant: str = ""
    n: int = 0
    fingerprint: compose.Fingerprint = compose.Fingerprint()
    program: str = ""
    running: int = 0
    """Instances of customers of any group that run this program now, in the cell that owns it."""
    draft: int = 0
    """Number of the version that is on its way to release; 0 when none is."""
    problems: int = 0
    """Of that version: those that stop its release."""
    valid_from: datetime | None = None
    """Of that version: when it will be released by itself."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    process: str
    pillar: str
    texts: Text
    base_n: int
    running: int
    """All instances of the process that run now, whatever their program."""
    cells: tuple[Cell, ...]
    behind: int = 0
    """Variants in use that stand on an older base: the board shows them."""


class Matrix(msgspec.Struct, frozen=True, kw_only=True):
    groups: tuple[rules.Group, ...]
    rows: tuple[Row, ...]


def matrix(engine: Engine, *, agent: Agent) -> Matrix:
    """The admin's home. Raises Conflict before group rules are released."""
    rights.need(agent, "matrix.see")
    now = engine.clock.now()
    with engine.store.reading() as tx:
        book = groups.book(tx, now)
        running = tx.variants.running()
        rows = [_row(tx, process, book, running) for process in tx.processes.all()]
    return Matrix(groups=tuple(book.groups.values()), rows=tuple(rows))


def _row(tx: Transaction, process: records.Process, book: rules.Book, running: Mapping[tuple[str, str], int]) -> Row:
    counted = {program: count for (key, program), count in running.items() if key == process.key}
    if tx.processes.released(process.key) is None:
        cells = tuple(Cell(group=key, state="nothing") for key in book.groups)
        return Row(process=process.key, pillar=process.pillar, texts=process.texts, base_n=0, running=0, cells=cells)
    offered = choose.offer(tx, process)
    pending = {
        variant.customer_group: found
        for variant in tx.variants.all(process.key)
        if (found := version.pending(tx.variants.versions(variant.id)))
    }
    return Row(
        process=process.key,
        pillar=process.pillar,
        texts=process.texts,
        base_n=offered.base_n,
        running=sum(counted.values()),
        behind=sum(one.base_n != offered.base_n for one in offered.variants.values()),
        cells=tuple(_cell(key, offered, book, pending.get(key), counted) for key in book.groups),
    )


def _cell(
    group: str,
    offered: choose.Offer,
    book: rules.Book,
    pending: variation.VariantVersion | None,
    counted: Mapping[str, int],
) -> Cell:
    found = next((offered.variants[key] for key in reversed(book.chain(group)) if key in offered.variants), None)
    state: State = "base" if found is None else "own" if found.group == group else "inherited"
    program = found.program if found else offered.base_program
    return Cell(
        group=group,
        state="draft" if pending and state != "own" else state,
        variant=found.id if found else "",
        n=found.n if found else offered.base_n,
        fingerprint=found.fingerprint if found else compose.Fingerprint(),
        program=program,
        running=counted.get(program, 0) if state in ("own", "base") else 0,
        draft=pending.n if pending else 0,
        valid_from=pending.valid_from if pending else None,
        problems=sum(problem.severity == "error" for problem in pending.problems) if pending else 0,
    )
