"""A deployment taken back: its files, the versions that came of them, and, when asked for, their instances."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from engine import errors, queries, records
from engine.definitions import starts
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction

BATCH = 200
"""Instances that are deleted in one transaction."""


def withdraw(engine: Engine, *, deployment_id: str, agent: Agent, now: datetime, cascade: bool = False) -> None:
    """What was released before is released again. ``cascade`` deletes the instances too, with their history; stopped
    in the middle it may be called again.

    Raises errors.Forbidden, errors.NotFound, and errors.Conflict when variants stand on a version of it or, without
    ``cascade``, when instances run.
    """
    rights.need(agent, "process.release")
    with engine.store.reading() as tx:
        versions = _versions(tx, deployment_id)
        _free(tx, versions)
    if cascade:
        rights.need(agent, "case.cancel")
        for version in versions:
            while engine.store.run(lambda tx, version=version: _forget(tx, version)):  # type: ignore[misc]
                pass

    def work(tx: Transaction) -> None:
        found = _versions(tx, deployment_id)
        _free(tx, found)
        for version in found:
            if tx.lists.count(records.Instance, where=[*_of(version), queries.Where("status", "=", "active")]):
                raise _running(version)
        for version in found:
            tx.processes.remove_version(version)
            if version.status == "released":
                _previous(engine, tx, version.process, now)
            tx.changes.add("process", version.process, now)
        tx.processes.remove_deployment(deployment_id)

    engine.store.run(work)


def _versions(tx: Transaction, deployment_id: str) -> Sequence[records.BaseVersion]:
    if tx.processes.deployment(deployment_id) is None:
        raise errors.NotFound(
            "deployment_unknown",
            zh=f"没有部署 {deployment_id}。",
            en=f"There is no deployment {deployment_id!r}.",
            deployment=deployment_id,
        )
    files = [one.id for one in tx.processes.resources(deployment_id)]
    return tx.lists.find(records.BaseVersion, where=[queries.Where("resource_id", "in", files)])


def _of(version: records.BaseVersion) -> list[queries.Where]:
    return [queries.Where("process", "=", version.process), queries.Where("program", "=", version.program)]


def _free(tx: Transaction, versions: Sequence[records.BaseVersion]) -> None:
    for version in versions:
        standing = sorted(
            one.id
            for one in tx.variants.all(version.process)
            if any(each.base_n == version.n for each in tx.variants.versions(one.id))
        )
        if standing:
            raise errors.Conflict(
                "deployment_in_use",
                zh=f"流程 {version.process} 第 {version.n} 版上建有变体 {'、'.join(standing)}，不能删除。",
                en=f"The variants {', '.join(standing)} stand on version {version.n} of {version.process}; it stays.",
                process=version.process,
                variants=standing,
            )


def _forget(tx: Transaction, version: records.BaseVersion) -> int:
    found = [one.id for one in tx.lists.find(records.Instance, where=_of(version), limit=BATCH)]
    tx.instances.forget(found)
    return len(found)


def _previous(engine: Engine, tx: Transaction, process: str, now: datetime) -> None:
    """The newest of those that were released before, or nothing: then nothing starts the process by itself either."""
    retired = [one for one in tx.processes.versions(process) if one.status == "retired"]
    program = tx.programs.get(retired[0].program) if retired else None
    if program is None:
        tx.messages.set_starts(process, [])
        tx.due.set_starts(process, [])
        return
    tx.processes.put_version(msgspec.structs.replace(retired[0], status="released"))
    starts.arm(engine, tx, process=process, program=program, now=now)


def _running(version: records.BaseVersion) -> errors.Conflict:
    return errors.Conflict(
        "instances_running",
        zh=f"流程 {version.process} 第 {version.n} 版还有进行中的办件，不能删除。",
        en=f"Instances of {version.process} version {version.n} run; it can be deleted only together with them.",
        process=version.process,
        n=version.n,
    )
