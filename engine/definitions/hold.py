"""A released version on hold: nothing starts with it, nor with a variant that stands on it, until it is resumed."""

from datetime import datetime

import msgspec

from engine import errors, records
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction


def suspend(engine: Engine, *, process: str, n: int, agent: Agent, now: datetime) -> records.BaseVersion:
    """Twice is the same as once. Raises errors.Forbidden, errors.NotFound."""
    return _set(engine, process, n, True, agent, now)


def resume(engine: Engine, *, process: str, n: int, agent: Agent, now: datetime) -> records.BaseVersion:
    """Raises as ``suspend``."""
    return _set(engine, process, n, False, agent, now)


def _set(engine: Engine, process: str, n: int, suspended: bool, agent: Agent, now: datetime) -> records.BaseVersion:
    rights.need(agent, "process.release")

    def work(tx: Transaction) -> records.BaseVersion:
        version = tx.processes.version(process, n)
        if version is None:
            raise errors.NotFound(
                "version_unknown",
                zh=f"流程 {process} 没有版本 {n}。",
                en=f"The process {process!r} has no version {n}.",
                process=process,
                n=n,
            )
        changed = msgspec.structs.replace(version, suspended=suspended)
        if changed != version:
            tx.processes.put_version(changed)
            tx.changes.add("process", process, now)
        return changed

    return engine.store.run(work)


def refusal(process: str) -> errors.Conflict:
    """What whoever wants to start it is told."""
    return errors.Conflict(
        "process_suspended",
        zh=f"流程 {process} 已暂停，恢复后才能发起。",
        en=f"The process {process!r} is on hold; nothing starts until it is resumed.",
        process=process,
    )
