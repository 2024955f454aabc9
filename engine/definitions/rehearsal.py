"""Played in the sandbox before it is released: whether a process asks for it, whether a version was, and the refusal.

A process says so for itself (``play_before_release`` in its details), else the house does (Settings).
"""

from datetime import datetime

import msgspec

from engine import errors, records
from engine.definitions import catalogue
from engine.people import rights
from engine.people.agent import SYSTEM, Agent
from engine.ports import Engine, Transaction

WORD = "play_before_release"


def asked(engine: Engine, process: records.Process | None) -> bool:
    said = process.details.get(WORD) if process is not None else None
    return engine.settings.play_before_release if said is None else said is True


def played(version: records.BaseVersion) -> bool:
    """As it is now: a draft that was changed since is another one."""
    return bool(version.program) and version.played == version.program


def need(engine: Engine, tx: Transaction, version: records.BaseVersion, agent: Agent) -> None:
    """Raises errors.Conflict for a version that should have been played and was not. What the house installs by itself
    was tried by its makers."""
    if agent == SYSTEM or played(version) or not asked(engine, tx.processes.get(version.process)):
        return
    raise errors.Conflict(
        "version_not_played",
        zh=f"流程 {version.process} 的第 {version.n} 版还没有在沙箱中试运行到结束，不能发布。",
        en=f"Version {version.n} of {version.process} was not played to an end in the sandbox yet; it is not released.",
        process=version.process,
        n=version.n,
    )


def mark(engine: Engine, *, process: str, n: int, program: str) -> None:
    """This version was played to an end with this program; nothing when it has another one by now."""

    def work(tx: Transaction) -> None:
        version = tx.processes.version(process, n)
        if version is not None and version.program == program and version.played != program:
            tx.processes.put_version(msgspec.structs.replace(version, played=program))

    with engine.store.reading() as tx:
        version = tx.processes.version(process, n)
    if version is not None and not played(version):
        engine.store.run(work)


def ask(engine: Engine, *, process: str, wanted: bool | None, agent: Agent, now: datetime) -> records.Process:
    """The process asks for it or not; None leaves it to the house. Raises errors.Forbidden and errors.NotFound."""
    rights.need(agent, "process.release")

    def work(tx: Transaction) -> records.Process:
        found = tx.processes.get(process)
        if found is None:
            raise catalogue.unknown(process)
        details = {key: value for key, value in found.details.items() if key != WORD}
        made = msgspec.structs.replace(found, details=details if wanted is None else {**details, WORD: wanted})
        tx.processes.put(made)
        tx.changes.add("process", process, now)
        return made

    return engine.store.run(work)
