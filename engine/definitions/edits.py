"""One part of a version is edited in the browser, a decision or a form: read, and saved into the process's draft."""

from collections.abc import Callable, Mapping
from datetime import datetime

from engine import records
from engine.definitions import drafts, parts, publish
from engine.model.program import Program
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction


def readable(tx: Transaction, process: str, n: int) -> tuple[records.BaseVersion, Program]:
    """A version and what it means. Raises errors.NotFound for one that cannot be read."""
    version = tx.processes.version(process, n)
    program = tx.programs.get(version.program) if version is not None and version.program else None
    if version is None or program is None:
        raise publish.no_version(process, n)
    return version, program


def newest(engine: Engine, *, process: str, agent: Agent) -> str:
    """What a save of a part that is not there yet has seen. Raises errors.Forbidden and errors.NotFound."""
    rights.need(agent, "process.see")
    with engine.store.reading() as tx:
        known = tx.processes.versions(process)
    if not known:
        raise publish.no_version(process, 1)
    return known[0].resource_id


def save(
    engine: Engine,
    *,
    process: str,
    n: int,
    change: Callable[[Program], tuple[Program, Mapping[str, bytes]]],
    what: str,
    seen: str,
    agent: Agent,
    now: datetime,
) -> publish.Deployed:
    """Version ``n`` with the change, and the files that come with it, over the draft that is the newest version, else
    as the draft of the next one. ``what`` is told as the source.

    Raises errors.NotFound, errors.Conflict when somebody else has saved since, and what the change raises.
    """

    def work(tx: Transaction) -> publish.Deployed:
        version, program = readable(tx, process, n)
        last = tx.processes.versions(process)[0]
        if last.resource_id != seen:
            raise drafts.changed(last)
        changed, beside = change(program)
        files = {**parts.files(engine, tx, version, changed), **beside}
        source, name = f"{what} of {process} v{n}", f"{process}.bpmn"
        return publish.within(engine, tx, name=name, files=files, agent=agent, now=now, source=source, drawn=process)

    return engine.store.run(work)
