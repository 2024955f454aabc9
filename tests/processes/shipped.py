"""The shipped processes as the tests see them: each folder read once, its variants composed along their groups."""

import functools
import json
from pathlib import Path
from typing import Any

from engine.bpmn import read as bpmn
from engine.definitions import folder as folders
from engine.evaluation import HouseEvaluator
from engine.model.program import Program
from engine.variants import compose
from engine.variants.operations import kinds
from tests.shared import ROOT

PROCESSES = ROOT / "processes"
KEYS = tuple(sorted(path.name for path in PROCESSES.iterdir() if (path / "process.json").exists()))
GROUPS: dict[str, Any] = json.loads((PROCESSES / "groups.json").read_text(encoding="utf-8"))
PARENTS = {group["key"]: group.get("parent", "") for group in GROUPS["groups"]}
EVALUATOR = HouseEvaluator()


@functools.cache
def folder(key: str) -> folders.Folder:
    return folders.load(PROCESSES / key, read=lambda data, name: bpmn.read(data, file=name))


def base(key: str) -> Program:
    program = folder(key).program
    assert program is not None, [problem.text["en"] for problem in folder(key).problems]
    return program


def variant(key: str, group: str) -> dict[str, Any] | None:
    return next((found for found in folder(key).variants.values() if found.get("group") == group), None)


def operations(key: str, group: str) -> tuple[kinds.AnyOperation, ...]:
    """From the root group's variant down to this group's."""
    above = operations(key, PARENTS[group]) if PARENTS.get(group) else ()
    own = variant(key, group)
    return above + (kinds.read(own["operations"]) if own else ())


@functools.cache
def composed(key: str, group: str) -> compose.Composed:
    return compose.compose(base(key), operations(key, group), definition=folder(key).definition)


def program(key: str, group: str = "") -> Program:
    return composed(key, group).program if group else base(key)


def files(part: str) -> list[tuple[str, Path]]:
    """(process key, file) of every file below ``<key>/<part>/``."""
    return [(key, path) for key in KEYS for path in sorted((PROCESSES / key / part).glob("*.json"))]


def named(pair: tuple[str, Path]) -> str:
    return f"{pair[0]}/{pair[1].stem}"
