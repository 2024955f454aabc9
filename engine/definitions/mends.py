"""A draft's problems, the mends that are offered for them, and a new draft with those that its author chose."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from engine import errors, records
from engine.definitions import bindings, checks, publish
from engine.model.problem import Problem
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One offered mend: ``fix`` and ``element`` of the problem that offers it."""

    fix: str
    element: str = ""


class Mended(msgspec.Struct, frozen=True, kw_only=True):
    version: records.BaseVersion
    """The draft with the mended file."""
    mended: tuple[Problem, ...]
    """What is wrong no more. A mend may uncover problems that hid behind it; they stand in the version."""


def problems(engine: Engine, *, process: str, n: int, agent: Agent) -> tuple[Problem, ...]:
    """All that is wrong with a version now; those whose ``fix`` is not empty can be mended. Raises errors.NotFound.

    Handlers may have been bound or unbound since the version was kept.
    """
    rights.need(agent, "process.see")
    with engine.store.reading() as tx:
        version = _version(tx, process, n)
        program = tx.programs.get(version.program) if version.program else None
        if program is None:
            return version.problems
        kept = tuple(problem for problem in version.problems if problem.code != "handler_missing")
        missing = bindings.problems(engine, tx, program)
    resource = next((problem.file for problem in version.problems if problem.file), "")
    return checks.together(kept, tuple(msgspec.structs.replace(problem, file=resource) for problem in missing))


def mend(
    engine: Engine, *, process: str, n: int, fixes: Iterable[Choice] | None, agent: Agent, now: datetime
) -> Mended:
    """A new draft of the file with the chosen mends, None for all; DMN and form files come along from its deployment.

    Missing ids are given all at once. Raises errors.Forbidden, errors.NotFound for an unknown version, and
    errors.Invalid for a choice that the version does not offer or when there is nothing to mend.
    """
    rights.need(agent, "process.draw")
    wanted = None if fixes is None else {(choice.fix, choice.element) for choice in fixes}

    def work(tx: Transaction) -> Mended:
        version = _version(tx, process, n)
        resource = tx.processes.resource(version.resource_id)
        if resource is None:
            raise publish.no_version(process, n)
        _offered(version, wanted)
        data, done = engine.mender(resource.content, file=resource.name, wanted=wanted)
        beside = tx.processes.resources(resource.deployment_id)
        files = {one.name: one.content for one in beside if one.kind != "bpmn"} | {resource.name: data}
        made = publish.within(
            engine, tx, name=resource.name, files=files, agent=agent, now=now, source=f"mend of {process} v{n}"
        )
        return Mended(version=next(one for one in made.versions if one.process == process), mended=done)

    return engine.store.run(work)


def _offered(version: records.BaseVersion, wanted: set[tuple[str, str]] | None) -> None:
    offered = {(problem.fix, problem.element) for problem in version.problems if problem.fix}
    unknown = sorted((wanted or set()) - offered)
    if unknown or not offered or wanted == set():
        listed = ", ".join(f"{fix} {element}".strip() for fix, element in unknown) or "-"
        raise errors.Invalid(
            "mend_not_offered",
            zh=f"第 {version.n} 版没有提供这样的修正：{listed}",
            en=f"Version {version.n} offers no such mend: {listed}",
            problems=tuple(problem for problem in version.problems if problem.fix),
        )


def _version(tx: Transaction, process: str, n: int) -> records.BaseVersion:
    version = tx.processes.version(process, n)
    if version is None:
        raise publish.no_version(process, n)
    return version
