"""What runs on which program, which version that is, and what has been released since."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from engine import errors
from engine.model.problem import Problem
from engine.model.text import EN, ZH, Text, both, pick
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """A version of the base or of a variant that has a program."""

    program: str
    name: Text
    """Without the number: the base, or the variant's name."""
    n: int
    owner: str
    """Id of the variant; empty: the base."""
    status: str
    chain: tuple[dict[str, Any], ...]

    @property
    def title(self) -> Text:
        return {locale: f"{pick(self.name, locale)} v{self.n}" for locale in (ZH, EN)}


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Instances that run a program which is not what a start would get now."""

    process: str
    program: str
    title: Text
    running: int
    oldest: datetime
    target: str
    """Program of what has been released since; empty when its variant was given up without a successor."""
    target_title: Text


def older(engine: Engine, *, process: str = "", agent: Agent) -> list[Standing]:
    """By process, those longest under way first. Raises Forbidden."""
    rights.need(agent, "case.migrate")
    with engine.store.reading() as tx:
        found = []
        known: dict[str, list[Version]] = {}
        for running in tx.moves.running(process):
            if running.process not in known:
                known[running.process] = versions(tx, running.process)
            here = known[running.process]
            own = _of(here, running.program)
            if own is None or own.status == "released":
                continue
            target = successor(here, own)
            found.append(
                Standing(
                    process=running.process,
                    program=running.program,
                    title=own.title,
                    running=running.instances,
                    oldest=running.oldest,
                    target=target.program if target else "",
                    target_title=target.title if target else {},
                )
            )
    return found


def versions(tx: Transaction, process: str) -> list[Version]:
    """Newest first, those with a program."""
    base = both(zh="基准流程", en="base")
    found = [
        Version(
            program=one.program,
            name=base,
            n=one.n,
            owner="",
            status=one.status,
            chain=({"kind": "base", "id": process, "n": one.n, "program": one.program},),
        )
        for one in tx.processes.versions(process)
        if one.program
    ]
    for variant in tx.variants.all(process):
        found += [
            Version(
                program=one.program, name=variant.texts, n=one.n, owner=variant.id, status=one.status, chain=one.chain
            )
            for one in tx.variants.versions(variant.id)
            if one.program
        ]
    return found


def successor(known: Sequence[Version], own: Version) -> Version | None:
    """What is released in its place; for a variant that was given up, the base."""
    released = [one for one in known if one.status == "released" and one.program != own.program]
    return next((one for one in released if one.owner == own.owner), None) or next(
        (one for one in released if not one.owner), None
    )


def title(known: Sequence[Version], old: str, new: str) -> Text:
    before, after = _title(known, old), _title(known, new)
    return both(zh=f"{before[ZH]} → {after[ZH]}", en=f"{before[EN]} → {after[EN]}")


def chain(known: Sequence[Version], program: str) -> tuple[dict[str, Any], ...]:
    found = _of(known, program)
    return found.chain if found else ()


def belongs(tx: Transaction, process: str, old: str, new: str) -> None:
    """Raises NotFound for an unknown process, Invalid for programs that are not of it, or the same."""
    if tx.processes.get(process) is None:
        raise errors.NotFound(
            "process_unknown", zh=f"找不到流程 {process}。", en=f"There is no process {process!r}.", process=process
        )
    known = {one.program: one for one in versions(tx, process)}
    known_running = {one.program for one in tx.moves.running(process)}
    problems = []
    for pointer, program in (("/old", old), ("/new", new)):
        if program not in known and (pointer == "/new" or program not in known_running):
            text = both(zh=f"流程 {process} 没有方案 {program or '（空）'}", en=f"{process} has no program {program!r}")
            problems.append(Problem(code="program_unknown", text=text, pointer=pointer))
    if not problems and old == new:
        text = both(zh="新旧方案相同", en="the old and the new program are the same")
        problems.append(Problem(code="same_program", text=text, pointer="/new"))
    if not problems and known[new].status not in ("released", "retired", "approved"):
        text = both(zh="新方案还没有发布", en="the new program was never released")
        problems.append(Problem(code="not_released", text=text, pointer="/new"))
    if problems:
        raise errors.Invalid("migration_wrong", zh="迁移有误", en="the migration is wrong", problems=problems)


def _of(known: Sequence[Version], program: str) -> Version | None:
    """The released version that has it, else the newest: equal versions share a program."""
    found = [one for one in known if one.program == program]
    return next((one for one in found if one.status == "released"), found[0] if found else None)


def _title(known: Sequence[Version], program: str) -> Mapping[str, str]:
    found = _of(known, program)
    return found.title if found else both(zh=program[:8], en=program[:8])
