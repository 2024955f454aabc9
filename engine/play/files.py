"""From files to programs that can be played: BPMN with the DMN and forms that lie beside it."""

from pathlib import Path
from typing import Any

import msgspec

from engine import dmn, errors
from engine.bpmn import read, survey
from engine.model.problem import Problem
from engine.model.program import Program


class Loaded(msgspec.Struct, frozen=True, kw_only=True):
    programs: tuple[Program, ...] = ()
    problems: tuple[Problem, ...] = ()
    """Errors: something of the file has no place in the programs. Warnings: what was mended on the way, what is odd."""


def load(path: Path) -> Loaded:
    """The programs of the file with every decision of the folder's ``*.dmn`` files.

    Mends that need no thought are done on the copy that is read, and told as warnings.
    """
    data, mended = survey.mended(path.read_bytes(), file=path.name)
    reading = read.read(data, file=path.name)
    decisions = _decisions(path.parent)
    programs = (
        msgspec.structs.replace(program, decisions={**decisions, **program.decisions}) for program in reading.programs
    )
    told = (msgspec.structs.replace(problem, severity="warning") for problem in mended)
    return Loaded(programs=tuple(programs), problems=(*told, *reading.problems))


def _decisions(folder: Path) -> dict[str, str]:
    """A DMN file beside the model that cannot be read is left out: the play then says which decision is missing."""
    found: dict[str, Any] = {}
    for path in sorted(path for path in folder.glob("*.dmn") if path.is_file()):
        try:
            model = dmn.read(path.read_bytes(), file=path.name)
        except errors.CrmflowError:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found |= dict.fromkeys([path.stem, *(decision.id for decision in model.definitions.decisions)], text)
    return found
