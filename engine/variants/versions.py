"""Two versions of a base beside each other: what differs in words, and marks for both drawings."""

from collections.abc import Iterator

import msgspec

from engine import records
from engine.definitions import bases, publish
from engine.model import program as programs
from engine.model.program import Program
from engine.model.text import both
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction
from engine.variants import upgrade
from engine.variants.upgrade import Change


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    old: records.BaseVersion
    new: records.BaseVersion
    before: Program
    after: Program
    changes: tuple[Change, ...]
    """Empty where both mean the same."""
    versions: tuple[records.BaseVersion, ...]
    """All that can be compared, the newest first."""

    def marks(self, *, of_old: bool) -> dict[str, str]:
        """Element -> ``inserted``, ``deleted``, ``moved`` or ``changed``, for the drawing of one of them: what is gone
        stands on the old one, what is new on the new one, what changed on both."""
        away = "inserted" if of_old else "deleted"
        return {key: change.kind for change in reversed(self.changes) if change.kind != away for key in change.elements}


def compare(engine: Engine, *, process: str, old: int, new: int, agent: Agent) -> Compared:
    """Raises errors.Forbidden, and errors.NotFound for a version that is not there or never could be read."""
    rights.need(agent, "process.see")
    with engine.store.reading() as tx:
        entry = bases.get(tx, process)
        first, second = _version(tx, process, old), _version(tx, process, new)
        before, after = bases.program(tx, first), bases.program(tx, second)
        versions = tuple(version for version in tx.processes.versions(process) if version.program)
    said = bases.definition(entry.process)
    names = {key: one.names for key, one in said.parameters.items()} if said else {}
    told = upgrade.changes(_meaning(before), _meaning(after), names=names)
    return Compared(
        old=first,
        new=second,
        before=before,
        after=after,
        changes=(*told, *_papers(before, after)),
        versions=versions,
    )


def _version(tx: Transaction, process: str, n: int) -> records.BaseVersion:
    found = tx.processes.version(process, n)
    if found is None:
        raise publish.no_version(process, n)
    return found


def _meaning(program: Program) -> Program:
    """Without lines of files and notes: the same thing written elsewhere is no difference."""
    return programs.decode(programs.canonical(program))


def _papers(before: Program, after: Program) -> Iterator[Change]:
    """Forms and decisions that came, went or say something else."""
    for zh, en, old, new in (
        ("表单", "form", before.forms, after.forms),
        ("决策表", "decision", before.decisions, after.decisions),
    ):
        for key in sorted({**old, **new}):
            if key not in old:
                yield Change(kind="inserted", elements=(key,), says=both(zh=f"新增{zh} {key}", en=f"new {en} {key}"))
            elif key not in new:
                says = both(zh=f"取消{zh} {key}", en=f"the {en} {key} is gone")
                yield Change(kind="deleted", elements=(key,), says=says)
            elif old[key] != new[key]:
                says = both(zh=f"{zh} {key} 有变", en=f"the {en} {key} changed")
                yield Change(kind="changed", elements=(key,), says=says)


def before(engine: Engine, *, process: str, n: int) -> int:
    """The version that ``n`` follows and can be compared with; 0 for the first."""
    with engine.store.reading() as tx:
        known = [version.n for version in tx.processes.versions(process) if version.program and version.n < n]
    return max(known, default=0)
