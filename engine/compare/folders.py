"""A process folder with its variants in the order of the group hierarchy, each composed and proved."""

from pathlib import Path
from typing import Any

import msgspec

from engine import errors
from engine.bpmn import read
from engine.definitions import checks, folder, schemas
from engine.model import problem as problems
from engine.model.problem import Problem
from engine.model.program import Program
from engine.proof import prove
from engine.variants import compose
from engine.variants.diff import Difference, diff
from engine.variants.operations import kinds


class Composed(msgspec.Struct, frozen=True, kw_only=True):
    """One variant of a folder; ``difference`` counts what lies over the base, the groups above included."""

    name: str
    group: str
    difference: Difference
    problems: tuple[Problem, ...]


def load(path: Path) -> folder.Folder:
    return folder.load(path, read=lambda data, file: read.read(data, file=file))


def compositions(path: Path, loaded: folder.Folder) -> list[Composed]:
    """Raises Invalid with the problems of a folder without a base program, and of ``groups.json``."""
    base = loaded.program
    if base is None:
        raise errors.Invalid(
            "process_wrong",
            zh=f"流程文件夹 {loaded.name} 无法读取",
            en=f"the process folder {loaded.name!r} cannot be read",
            problems=loaded.problems,
        )
    parents = _parents(path.parent / "groups.json")
    return [_composed(loaded, base, name, parents) for name in sorted(loaded.variants)]


def proved(loaded: folder.Folder, program: Program, file: str) -> list[Problem]:
    """What the rules of BPMN and the proof say of a program; proved only when nothing else is wrong."""
    found = list(checks.check(program))
    if not problems.errors(found):
        found += prove.problems(program, invariants=loaded.definition.invariants if loaded.definition else ())
    return [one if one.file else msgspec.structs.replace(one, file=file) for one in found]


def _composed(loaded: folder.Folder, base: Program, name: str, parents: dict[str, str]) -> Composed:
    document = loaded.variants[name]
    group = str(document.get("group", ""))
    operations: list[Any] = []
    for above in _line(group, parents)[:-1]:
        for other in loaded.variants.values():
            operations += other["operations"] if other.get("group") == above else []
    read_all = kinds.read([*operations, *document["operations"]])
    shown = diff(base, read_all, definition=loaded.definition)
    told = compose.compose(base, read_all, definition=loaded.definition).problems
    file = f"variants/{name}.json"
    found = [msgspec.structs.replace(one, file=file) for one in told] + proved(loaded, shown.program, file)
    return Composed(name=name, group=group, difference=shown, problems=tuple(found))


def _line(group: str, parents: dict[str, str]) -> list[str]:
    line = [group]
    while parents.get(line[0], "") not in ("", *line):
        line.insert(0, parents[line[0]])
    return line


def _parents(path: Path) -> dict[str, str]:
    """The hierarchy beside the folder; without a file there is none. Raises Invalid for a file that is wrong."""
    if not path.is_file():
        return {}
    document, found = schemas.read(path.read_bytes(), schema="group-rules.json", file=path.name)
    if found:
        raise errors.Invalid("groups_wrong", zh="groups.json 有误", en="groups.json is wrong", problems=found)
    return {group["key"]: group.get("parent", "") for group in document["groups"]}
