"""Process x customer group: which variant, its own or inherited, how different, and how many instances run now."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from engine import records, variation
from engine.customers import groups, rules
from engine.model.text import Text
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction
from engine.variants import choose, compose, context, version

State = Literal["own", "inherited", "base", "draft", "blocked", "nothing"]
"""``draft``: a variant of its own exists and was never released, so the group runs what is above it. ``blocked``: that
variant cannot be released as it is, or the process is on hold. ``nothing``: the process has no released base."""

LOOKED_BACK = timedelta(days=90)
"""Over which finished cases are counted."""


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
    finished: int = 0
    """Cases that were completed with this program in the last 90 days, in the cell that owns it."""
    mean_seconds: float = 0
    """How long those took from start to end; 0 without any."""
    against_base: float = 0
    """That time as a part of what cases of the base took: 0.8 is a fifth quicker; 0 with nothing to compare."""


class Special(msgspec.Struct, frozen=True, kw_only=True):
    """A variant that is chosen by the circumstances of a start, or by its name only."""

    id: str
    name: str
    """As in its address."""
    texts: Text
    group: str
    """Of the customers that it is for; empty: all."""
    says: Text
    """Under which circumstances; empty: it is chosen by name."""
    n: int
    """Of the version in use; 0: none is."""
    fingerprint: compose.Fingerprint
    running: int
    draft: int = 0
    problems: int = 0


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
    suspended: bool = False
    """On hold: nothing starts."""
    special: tuple[Special, ...] = ()


class Matrix(msgspec.Struct, frozen=True, kw_only=True):
    groups: tuple[rules.Group, ...]
    rows: tuple[Row, ...]


def matrix(engine: Engine, *, agent: Agent) -> Matrix:
    """The admin's home. Raises Conflict before group rules are released."""
    rights.need(agent, "matrix.see")
    now = engine.clock.now()
    with engine.store.reading() as tx:
        book = groups.book(tx, now)
        counts = Counts(running=tx.variants.running(), finished=tx.variants.finished(now - LOOKED_BACK))
        rows = [_row(tx, process, book, counts.of(process.key)) for process in tx.processes.all()]
    return Matrix(groups=tuple(book.groups.values()), rows=tuple(rows))


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """By process and program; ``of`` one process by program alone, with '' for its key."""

    running: Mapping[tuple[str, str], int]
    finished: Mapping[tuple[str, str], tuple[int, float]]

    def of(self, process: str) -> "Counts":
        return Counts(
            running={("", program): count for (key, program), count in self.running.items() if key == process},
            finished={("", program): found for (key, program), found in self.finished.items() if key == process},
        )


def _row(tx: Transaction, process: records.Process, book: rules.Book, counts: Counts) -> Row:
    if tx.processes.released(process.key) is None:
        cells = tuple(Cell(group=key, state="nothing") for key in book.groups)
        return Row(process=process.key, pillar=process.pillar, texts=process.texts, base_n=0, running=0, cells=cells)
    offered = choose.offer(tx, process)
    known = [(variant, tx.variants.versions(variant.id)) for variant in tx.variants.all(process.key)]
    pending = {
        variant.customer_group: found
        for variant, versions in known
        if _is_plain(variant) and (found := version.pending(versions))
    }
    return Row(
        process=process.key,
        pillar=process.pillar,
        texts=process.texts,
        base_n=offered.base_n,
        running=sum(counts.running.values()),
        behind=sum(one.base_n != offered.base_n for one in offered.variants.values()),
        suspended=offered.suspended,
        cells=tuple(_cell(key, offered, book, pending.get(key), counts) for key in book.groups),
        special=tuple(_special(variant, versions, counts) for variant, versions in known if not _is_plain(variant)),
    )


def _is_plain(variant: variation.Variant) -> bool:
    """Whether it is what a customer group gets, whatever the circumstances: it has a cell."""
    return bool(variant.customer_group) and not variant.context


def _cell(
    group: str,
    offered: choose.Offer,
    book: rules.Book,
    pending: variation.VariantVersion | None,
    counts: Counts,
) -> Cell:
    found = next((offered.variants[key] for key in reversed(book.chain(group)) if key in offered.variants), None)
    program = found.program if found else offered.base_program
    owns = found is None or found.group == group
    finished, mean = counts.finished.get(("", program), (0, 0.0)) if owns else (0, 0.0)
    _, base_mean = counts.finished.get(("", offered.base_program), (0, 0.0))
    return Cell(
        group=group,
        state=_state(group, offered, found, pending),
        variant=found.id if found else "",
        n=found.n if found else offered.base_n,
        fingerprint=found.fingerprint if found else compose.Fingerprint(),
        program=program,
        running=counts.running.get(("", program), 0) if owns else 0,
        draft=pending.n if pending else 0,
        valid_from=pending.valid_from if pending else None,
        problems=_wrong(pending),
        finished=finished,
        mean_seconds=mean,
        against_base=mean / base_mean if found and mean and base_mean else 0,
    )


def _state(
    group: str, offered: choose.Offer, found: choose.Candidate | None, pending: variation.VariantVersion | None
) -> State:
    if offered.suspended:
        return "blocked"
    if found is not None and found.group == group:
        return "own"
    if pending is not None:
        return "blocked" if _wrong(pending) else "draft"
    return "base" if found is None else "inherited"


def _wrong(pending: variation.VariantVersion | None) -> int:
    return sum(problem.severity == "error" for problem in pending.problems) if pending else 0


def _special(variant: variation.Variant, versions: list[variation.VariantVersion], counts: Counts) -> Special:
    used, pending = version.released(versions), version.pending(versions)
    return Special(
        id=variant.id,
        name=variant.id.partition(":")[2],
        texts=variant.texts,
        group=variant.customer_group,
        says=context.asked(variant.context) if variant.context else {},
        n=used.n if used else 0,
        fingerprint=choose.fingerprint(used) if used else compose.Fingerprint(),
        running=counts.running.get(("", used.program), 0) if used else 0,
        draft=pending.n if pending else 0,
        problems=_wrong(pending),
    )
