"""From files to programs that can be played: BPMN with the DMN and forms that lie beside it."""

from pathlib import Path
from typing import Any

import msgspec

from engine import dmn, errors
from engine.bpmn import read
from engine.bpmn.reading import Reading
from engine.model.program import Program


def load(path: Path) -> tuple[Reading, tuple[Program, ...]]:
    """The reading as it is, and its programs with every decision of the folder's ``*.dmn`` files."""
    reading = read.read(path.read_bytes(), file=path.name)
    decisions = _decisions(path.parent)
    programs = (
        msgspec.structs.replace(program, decisions={**decisions, **program.decisions}) for program in reading.programs
    )
    return reading, tuple(programs)


def _decisions(folder: Path) -> dict[str, str]:
    """A DMN file beside the model that cannot be read is left out: the play then says which decision is missing."""
    found: dict[str, Any] = {}
    for path in sorted(folder.glob("*.dmn")):
        try:
            model = dmn.read(path.read_bytes(), file=path.name)
        except errors.CrmflowError:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found |= dict.fromkeys([path.stem, *(decision.id for decision in model.definitions.decisions)], text)
    return found
