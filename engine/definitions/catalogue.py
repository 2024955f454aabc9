"""Which processes there are, and what they look like."""

from datetime import datetime

import msgspec

from engine import errors, records
from engine.model.program import Program
from engine.model.text import Text
from engine.ports import Engine


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    process: records.Process
    released: records.BaseVersion | None


def processes(engine: Engine) -> tuple[Entry, ...]:
    """All, by key, with what is released of each."""
    with engine.store.reading() as tx:
        return tuple(
            Entry(process=process, released=tx.processes.released(process.key)) for process in tx.processes.all()
        )


def get(engine: Engine, *, process: str) -> tuple[records.Process, tuple[records.BaseVersion, ...]]:
    """A process with all versions of its base, newest first. Raises errors.NotFound."""
    with engine.store.reading() as tx:
        found = tx.processes.get(process)
        if found is None:
            raise unknown(process)
        return found, tuple(tx.processes.versions(process))


def program(engine: Engine, *, sha256: str) -> Program:
    """Raises errors.NotFound."""
    with engine.store.reading() as tx:
        found = tx.programs.get(sha256)
    if found is None:
        raise errors.NotFound(
            "program_unknown", zh=f"找不到执行方案 {sha256}。", en=f"There is no program {sha256}.", program=sha256
        )
    return found


def xml(engine: Engine, *, process: str, n: int) -> bytes:
    """The drawing of a base version, as it was uploaded. Raises errors.NotFound."""
    with engine.store.reading() as tx:
        version = tx.processes.version(process, n)
        resource = tx.processes.resource(version.resource_id) if version else None
    if resource is None:
        raise unknown(f"{process} v{n}")
    return resource.content


def unknown(process: str) -> errors.NotFound:
    return errors.NotFound(
        "process_unknown", zh=f"找不到流程 {process}。", en=f"There is no process {process!r}.", process=process
    )


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """What the calendar begins next."""

    timer: records.StartTimer
    texts: Text
    name: str

    @property
    def next_at(self) -> datetime | None:
        """None while the first moment is still to be found, which takes a round of the dispatcher."""
        return None if self.timer.left == records.NOT_SET else self.timer.due_at


def rounds(engine: Engine, *, process: str) -> tuple[Round, ...]:
    """Those for all first, then those of customer groups."""
    with engine.store.reading() as tx:
        timers, version = tx.due.starts_of(process), tx.processes.released(process)
        program = tx.programs.get(version.program) if version else None
    known = {node.id: node for node in program.nodes} if program else {}
    return tuple(
        Round(timer=timer, texts=known[timer.node].texts, name=known[timer.node].name)
        for timer in timers
        if timer.node in known
    )
