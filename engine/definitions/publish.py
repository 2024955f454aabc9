"""From an uploaded file to what runs: every file is kept as a draft with its problems; released is what has none."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from engine import errors, records
from engine.definitions import bindings, checks, contents, rehearsal, starts
from engine.model import problem as problems_of
from engine.model.problem import Problem
from engine.model.program import Program
from engine.model.text import both
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction

MOST_FILES = 200
LARGEST_FILE = 10_000_000


class Deployed(msgspec.Struct, frozen=True, kw_only=True):
    deployment: records.Deployment
    resources: tuple[records.Resource, ...]
    versions: tuple[records.BaseVersion, ...]
    """A draft for each process in the files."""
    problems: tuple[Problem, ...]
    """Of all files, each with its file's name."""
    missing: tuple[bindings.Named, ...] = ()
    """Handlers that the processes name and nobody does yet."""


def deploy(
    engine: Engine, *, name: str, files: Mapping[str, bytes], agent: Agent, now: datetime, source: str = ""
) -> Deployed:
    """Keeps every file byte for byte, with everything that is wrong in it. DMN and form files belong to all processes
    of the same deployment.

    Raises errors.Forbidden and errors.TooLarge, never for what an author wrote.
    """
    rights.need(agent, "process.draw")
    _bounded(files)
    return engine.store.run(lambda tx: within(engine, tx, name=name, files=files, agent=agent, now=now, source=source))


def within(
    engine: Engine,
    tx: Transaction,
    *,
    name: str,
    files: Mapping[str, bytes],
    agent: Agent,
    now: datetime,
    source: str = "",
    drawn: str = "",
) -> Deployed:
    """The same as part of a larger unit of work. ``drawn``: see ``draft``."""
    deployment = records.Deployment(
        id=engine.store.new_id(), name=name, source=source, created_at=now, created_by=agent.key
    )
    held = contents.read(engine, files)
    resources = tuple(_resource(engine, deployment, file, files[file], held.problems.get(file, ())) for file in files)
    tx.processes.deploy(deployment, resources)
    by_name = {resource.name: resource for resource in resources}
    versions = []
    for file, program in held.programs:
        _process(tx, program, now)
        found = contents.problems(engine, tx, held, file, program)
        again = program.key == drawn
        versions.append(
            draft(tx, program=program, resource=by_name[file], problems=found, agent=agent, now=now, drawn=again)
        )
    every = [problem for resource in resources for problem in resource.problems]
    every += [problem for version in versions for problem in version.problems if problem not in every]
    return Deployed(
        deployment=deployment,
        resources=resources,
        versions=tuple(versions),
        problems=tuple(every),
        missing=bindings.missing(engine, tx, [program for _, program in held.programs]),
    )


def _resource(
    engine: Engine, deployment: records.Deployment, file: str, content: bytes, found: Iterable[Problem]
) -> records.Resource:
    return records.Resource(
        id=engine.store.new_id(),
        deployment_id=deployment.id,
        name=file,
        kind=contents.kind_of(file),
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        problems=tuple(found),
    )


def deploy_and_release(
    engine: Engine, *, name: str, files: Mapping[str, bytes], agent: Agent, now: datetime, source: str = ""
) -> Deployed:
    """All or nothing: raises as ``deploy`` and ``release``, and then nothing is stored."""
    rights.need(agent, "process.draw")
    rights.need(agent, "process.release")
    _bounded(files)

    def work(tx: Transaction) -> Deployed:
        made = within(engine, tx, name=name, files=files, agent=agent, now=now, source=source)
        stopping = problems_of.errors(made.problems)
        if stopping:
            raise errors.Invalid(
                "deployment_has_problems",
                zh=f"有 {len(stopping)} 个问题，未发布。",
                en=f"There are {len(stopping)} problems; nothing was released.",
                problems=stopping,
            )
        released = [
            release_within(engine, tx, process=one.process, n=one.n, agent=agent, now=now) for one in made.versions
        ]
        return msgspec.structs.replace(made, versions=tuple(released))

    return engine.store.run(work)


def draft(
    tx: Transaction,
    *,
    program: Program,
    resource: records.Resource,
    problems: Iterable[Problem],
    agent: Agent,
    now: datetime,
    drawn: bool = False,
) -> records.BaseVersion:
    """The next version of the process's base. A program that is the newest version's already makes no new one: a draft
    then gets the new file and its problems, for those may lie in the file alone.

    ``drawn``: the newest version itself, changed in the designer. A draft is saved over, whatever it means now; of a
    released one a draft is made even when only the drawing differs.
    """
    known = tx.processes.versions(program.key)
    sha256 = tx.programs.add(program, process=program.key, now=now)
    if drawn:
        tx.programs.redraw(program)
    newest = known[0] if known else None
    if newest is not None and newest.status == "draft" and (drawn or newest.program == sha256):
        mine = {"created_at": now, "created_by": agent.key} if drawn else {}
        again = msgspec.structs.replace(
            newest,
            resource_id=resource.id,
            program=sha256,
            version_tag=program.version_tag,
            problems=tuple(problems),
            **mine,
        )
        tx.processes.put_version(again)
        return again
    if newest is not None and newest.status == "released" and newest.program == sha256 and not drawn:
        return newest
    version = records.BaseVersion(
        process=program.key,
        n=newest.n + 1 if newest else 1,
        resource_id=resource.id,
        program=sha256,
        version_tag=program.version_tag,
        status="draft",
        problems=tuple(problems),
        created_at=now,
        created_by=agent.key,
    )
    tx.processes.put_version(version)
    return version


def release(engine: Engine, *, process: str, n: int, agent: Agent, now: datetime) -> records.BaseVersion:
    """From now on starts get this version; running instances keep theirs.

    Raises errors.Forbidden, errors.NotFound, errors.Conflict when it is released or retired already, and
    errors.Invalid with every problem that stands in the way.
    """
    rights.need(agent, "process.release")
    return engine.store.run(lambda tx: release_within(engine, tx, process=process, n=n, agent=agent, now=now))


def release_within(
    engine: Engine, tx: Transaction, *, process: str, n: int, agent: Agent, now: datetime
) -> records.BaseVersion:
    version = tx.processes.version(process, n)
    if version is None:
        raise no_version(process, n)
    if version.status == "released":
        return version
    if version.status == "retired":
        raise errors.Conflict(
            "version_retired",
            zh=f"流程 {process} 的第 {n} 版已停用，请部署新版本。",
            en=f"Version {n} of {process} is retired; deploy a new one.",
            process=process,
            n=n,
        )
    stopping = problems_of.errors(version.problems)
    if stopping or not version.program:
        raise errors.Invalid(
            "version_has_problems",
            zh=f"流程 {process} 的第 {n} 版还有 {len(stopping)} 个问题，不能发布。",
            en=f"Version {n} of {process} has {len(stopping)} problems; it cannot be released.",
            problems=stopping,
            process=process,
            n=n,
        )
    rehearsal.need(engine, tx, version, agent)
    before = tx.processes.released(process)
    if before is not None:
        tx.processes.put_version(msgspec.structs.replace(before, status="retired"))
    released = msgspec.structs.replace(version, status="released", released_at=now, released_by=agent.key)
    program = tx.programs.get(version.program)
    if program is not None:
        standing = tuple(problem for problem in version.problems if problem.code != "handler_missing")
        unbound = bindings.problems(engine, tx, program)
        released = msgspec.structs.replace(released, problems=checks.together(standing, unbound))
    tx.processes.put_version(released)
    if program is not None:
        starts.arm(engine, tx, process=process, program=program, now=now)
    return released


def _process(tx: Transaction, program: Program, now: datetime) -> None:
    """A drawing alone says nothing about customers, so its process starts with or without one."""
    if tx.processes.get(program.key) is not None:
        return
    tx.processes.put(
        records.Process(
            key=program.key,
            prefix=program.key,
            pillar="X",
            texts=program.texts or both(zh=program.name or program.key, en=program.name or program.key),
            details={"start": {"customer_required": False}},
            created_at=now,
        )
    )


def _bounded(files: Mapping[str, bytes]) -> None:
    if len(files) > MOST_FILES or any(len(content) > LARGEST_FILE for content in files.values()):
        raise errors.TooLarge(
            "deployment_too_large",
            zh=f"一次最多上传 {MOST_FILES} 个文件，每个不超过 {LARGEST_FILE // 1_000_000} MB。",
            en=f"A deployment holds at most {MOST_FILES} files of {LARGEST_FILE // 1_000_000} MB each.",
        )


def no_version(process: str, n: int) -> errors.NotFound:
    """Raised here and by what works on one version."""
    return errors.NotFound(
        "version_unknown",
        zh=f"流程 {process} 没有第 {n} 版。",
        en=f"There is no version {n} of the process {process!r}.",
        process=process,
        n=n,
    )
