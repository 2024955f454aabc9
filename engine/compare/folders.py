"""A process folder with its variants in the order of the group hierarchy, each composed and proved."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from engine import errors
from engine.bpmn import read
from engine.definitions import checks, folder, schemas
from engine.model import problem as problems
from engine.model.problem import Problem
from engine.model.program import Program
from engine.model.text import Text, both
from engine.proof import prove
from engine.variants import compose, drawn
from engine.variants.diff import Difference, diff
from engine.variants.inference import infer
from engine.variants.operations import kinds
from engine.variants.words import Words


class Composed(msgspec.Struct, frozen=True, kw_only=True):
    """One variant of a folder; ``difference`` counts what lies over the base, the groups above included."""

    name: str
    group: str
    difference: Difference
    problems: tuple[Problem, ...]


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """A customer group as the catalogue says it; ``parent`` is empty at the top."""

    names: Text
    parent: str = ""


def load(path: Path) -> folder.Folder:
    return folder.load(path, read=lambda data, file: read.read(data, file=file))


def groups(catalogue: Path) -> dict[str, Group]:
    """The groups of ``groups.json`` in their order; without a file there is none. Raises Invalid for a wrong file."""
    path = catalogue / "groups.json"
    if not path.is_file():
        return {}
    document, found = schemas.read(path.read_bytes(), schema="group-rules.json", file=path.name)
    if found:
        raise errors.Invalid("groups_wrong", zh="groups.json 有误", en="groups.json is wrong", problems=found)
    return {one["key"]: Group(names=one["names"], parent=one.get("parent", "")) for one in document["groups"]}


def compositions(
    path: Path, loaded: folder.Folder, *, known: Mapping[str, Group] | None = None, words: Words | None = None
) -> list[Composed]:
    """``known``: the groups, when they are read already; ``words``: names of what lies outside the folder.

    Raises Invalid with the problems of a folder without a base program, and of ``groups.json``.
    """
    base = loaded.program
    if base is None:
        raise errors.Invalid(
            "process_wrong",
            zh=f"流程文件夹 {loaded.name} 无法读取",
            en=f"the process folder {loaded.name!r} cannot be read",
            problems=loaded.problems,
        )
    parents = _parents(groups(path.parent) if known is None else known)
    parameters = loaded.definition.parameters if loaded.definition else {}
    named = msgspec.structs.replace(words or Words(), parameters=parameters)
    return [_composed(loaded, base, name, parents, named) for name in sorted(loaded.variants)]


class Inferred(msgspec.Struct, frozen=True, kw_only=True):
    """A variant's file, as schemas/variant.json has it, and what of the drawing it does not say."""

    document: dict[str, Any]
    remains: tuple[Problem, ...]


def inferred(path: Path, drawing: Path, *, group: str, name: str) -> Inferred:
    """A drawing on what its group inherits in the folder. Raises Invalid for a folder or a drawing that is wrong."""
    loaded = load(path)
    base = loaded.program
    reading = read.read(drawing.read_bytes(), file=drawing.name)
    programs = [one for one in reading.programs if one.nodes]
    alike = [one for one in programs if base is not None and one.key == base.key]
    chosen = programs if len(programs) == 1 else alike
    if base is None or len(chosen) != 1:
        raise errors.Invalid(
            "drawing_wrong",
            zh=f"{drawing.name} 中没有可与流程 {loaded.name} 比较的流程",
            en=f"{drawing.name!r} holds no process that can be compared with {loaded.name!r}",
            problems=problems.errors([*loaded.problems, *reading.problems]),
        )
    above = kinds.read(_inherited(loaded, group, _parents(groups(path.parent))))
    said = both(zh=f"由图 {drawing.name} 推导", en=f"inferred from the drawing {drawing.name}")
    under = compose.program(base, above, definition=loaded.definition)
    taken = {str(one["id"]) for other in loaded.variants.values() for one in other["operations"]}
    found = infer.infer(
        under, chosen[0], origin=_drawn(path), prefix=drawn.prefix(group or name), reason=said, taken=taken
    )
    names = both(zh=name, en=name)
    document: dict[str, Any] = {"process": base.key} | ({"group": group} if group else {})
    document |= {"names": names, "reason": said, "operations": kinds.write(found.operations)}
    return Inferred(document=document, remains=found.remains)


def _drawn(path: Path) -> Program | None:
    """The folder's drawing without what stands beside it."""
    programs = read.read((path / "process.bpmn").read_bytes(), file="process.bpmn").programs
    return programs[0] if len(programs) == 1 else None


def _inherited(loaded: folder.Folder, group: str, parents: dict[str, str]) -> list[Any]:
    """The operations of the groups above, from the root down."""
    return [
        operation
        for above in _line(group, parents)[:-1]
        for other in loaded.variants.values()
        if other.get("group") == above
        for operation in other["operations"]
    ]


def proved(loaded: folder.Folder, program: Program, file: str) -> list[Problem]:
    """What the rules of BPMN and the proof say of a program; proved only when nothing else is wrong."""
    found = list(checks.check(program))
    if not problems.errors(found):
        found += prove.problems(program, invariants=loaded.definition.invariants if loaded.definition else ())
    return [one if one.file else msgspec.structs.replace(one, file=file) for one in found]


def _composed(loaded: folder.Folder, base: Program, name: str, parents: dict[str, str], words: Words) -> Composed:
    document = loaded.variants[name]
    group = str(document.get("group", ""))
    read_all = kinds.read([*_inherited(loaded, group, parents), *document["operations"]])
    shown = diff(base, read_all, definition=loaded.definition, words=words)
    told = compose.compose(base, read_all, definition=loaded.definition).problems
    file = f"variants/{name}.json"
    found = [msgspec.structs.replace(one, file=file) for one in told] + proved(loaded, shown.program, file)
    return Composed(name=name, group=group, difference=shown, problems=tuple(found))


def _line(group: str, parents: dict[str, str]) -> list[str]:
    line = [group]
    while parents.get(line[0], "") not in ("", *line):
        line.insert(0, parents[line[0]])
    return line


def _parents(known: Mapping[str, Group]) -> dict[str, str]:
    return {key: group.parent for key, group in known.items()}
