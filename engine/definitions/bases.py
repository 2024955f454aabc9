"""Base processes within a unit of work: what is released, and how a folder of the catalogue comes to be that."""

import hashlib
from datetime import datetime

import msgspec

from engine import errors, records
from engine.definitions import checks, starts
from engine.definitions import process as processes
from engine.definitions.folder import Folder
from engine.model import problem as problems
from engine.model.problem import Problem
from engine.model.program import Program
from engine.model.text import both
from engine.people.agent import Agent
from engine.ports import Engine, Transaction


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    process: records.Process
    definition: processes.Definition | None
    """None for a process that came without process.json."""
    released: records.BaseVersion | None


def all_of(tx: Transaction) -> list[Entry]:
    """By key."""
    return [_entry(tx, process) for process in tx.processes.all()]


def get(tx: Transaction, key: str) -> Entry:
    """Raises NotFound."""
    process = tx.processes.get(key)
    if process is None:
        raise errors.NotFound("process_unknown", zh=f"没有流程 {key}", en=f"there is no process {key!r}", process=key)
    return _entry(tx, process)


def definition(process: records.Process) -> processes.Definition | None:
    return msgspec.convert(process.details, processes.Definition) if "key" in process.details else None


def program(tx: Transaction, version: records.BaseVersion) -> Program:
    """The frozen program of a base version. Raises NotFound for one that never could be read."""
    found = tx.programs.get(version.program) if version.program else None
    if found is None:
        raise errors.NotFound(
            "program_unknown",
            zh=f"{version.process} v{version.n} 没有可执行的程序",
            en=f"{version.process!r} v{version.n} has no program",
            process=version.process,
            n=version.n,
        )
    return found


def install(engine: Engine, tx: Transaction, *, folder: Folder, agent: Agent, now: datetime) -> records.BaseVersion:
    """The folder's process, released as the newest base version; the version that is there when nothing changed.

    Raises Invalid with every problem of the folder and of its program.
    """
    said, base = folder.definition, folder.program
    found: list[Problem] = list(folder.problems) + (list(checks.check(base)) if base else [])
    found += _without_calendar(engine, said) if said else []
    if said is None or base is None or problems.errors(found):
        raise errors.Invalid(
            "process_wrong",
            zh=f"流程文件夹 {folder.name} 有误",
            en=f"the process folder {folder.name!r} is wrong",
            problems=found,
        )
    _put_process(tx, said, now)
    newest = tx.processes.released(said.key)
    if newest is not None and newest.program == base.sha256:
        starts.wind(engine, tx, process=said.key, program=base, now=now)
        return newest
    return _release(engine, tx, folder=folder, base=base, found=tuple(found), agent=agent, now=now)


def _put_process(tx: Transaction, said: processes.Definition, now: datetime) -> None:
    old = tx.processes.get(said.key)
    tx.processes.put(
        records.Process(
            key=said.key,
            prefix=said.key,
            pillar=said.pillar,
            texts=said.names,
            owner=said.owner,
            details=msgspec.to_builtins(said),
            created_at=old.created_at if old else now,
        )
    )


def _release(
    engine: Engine,
    tx: Transaction,
    *,
    folder: Folder,
    base: Program,
    found: tuple[Problem, ...],
    agent: Agent,
    now: datetime,
) -> records.BaseVersion:
    deployment = records.Deployment(
        id=engine.store.new_id(), name=folder.name, source="folder", created_at=now, created_by=agent.key
    )
    resource = records.Resource(
        id=engine.store.new_id(),
        deployment_id=deployment.id,
        name="process.bpmn",
        kind="bpmn",
        content=folder.drawing,
        sha256=hashlib.sha256(folder.drawing).hexdigest(),
        problems=found,
    )
    tx.processes.deploy(deployment, [resource])
    version = records.BaseVersion(
        process=base.key,
        n=max((one.n for one in tx.processes.versions(base.key)), default=0) + 1,
        resource_id=resource.id,
        program=tx.programs.add(base, process=base.key, now=now),
        version_tag=base.version_tag,
        status="released",
        problems=found,
        created_at=now,
        created_by=agent.key,
        released_at=now,
        released_by=agent.key,
    )
    tx.processes.put_version(version)
    starts.arm(engine, tx, process=base.key, program=base, now=now)
    return version


def _entry(tx: Transaction, process: records.Process) -> Entry:
    return Entry(process=process, definition=definition(process), released=tx.processes.released(process.key))


def _without_calendar(engine: Engine, said: processes.Definition) -> list[Problem]:
    rule = said.untouched
    if rule is None or not rule.calendar or rule.calendar in engine.calendars:
        return []
    text = both(zh=f"日历“{rule.calendar}”不存在", en=f"The calendar {rule.calendar} does not exist")
    return [Problem(code="calendar_missing", text=text, file="process.json", pointer="/untouched/calendar")]
