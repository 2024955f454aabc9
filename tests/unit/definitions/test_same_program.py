"""A stored program is the program that was stored."""

from pathlib import Path

import pytest

from engine.bpmn import read
from engine.definitions import folder
from engine.model import program
from tests.shared import ROOT

FOLDERS = sorted(path.parent for path in (ROOT / "processes").glob("*/process.json"))


@pytest.mark.parametrize("path", FOLDERS, ids=lambda path: path.name)
def test_a_program_keeps_its_hash_when_it_is_written_and_read_again(path: Path) -> None:
    made = folder.load(path, read=lambda data, file: read.read(data, file=file)).program
    assert made is not None
    assert program.decode(program.encode(made)).sha256 == made.sha256
