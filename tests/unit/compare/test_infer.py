"""``crmflow variant infer``: a drawing beside a process folder becomes a variant's file."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.bpmn import write
from engine.compare import folders
from engine.compare.command import variant_command
from engine.definitions import schemas
from engine.variants import diff
from engine.variants.inference import infer
from engine.variants.operations import kinds
from tests.unit.compare.test_command import copied, shipped

FOLDERS = ("CSS-03", "SFA-01", "SFA-03")


def run(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(variant_command, ["infer", *words])
    return done.exit_code, done.stdout, done.stderr


def composed(name: str) -> list[folders.Composed]:
    path = Path(shipped(name))
    return folders.compositions(path, folders.load(path))


@pytest.mark.parametrize("name", FOLDERS)
def test_the_shipped_variants_are_found_again_in_their_drawings(name: str, tmp_path: Path) -> None:
    loaded = folders.load(Path(shipped(name)))
    assert loaded.program is not None
    for one in composed(name):
        drawing = tmp_path / f"{one.name}.bpmn"
        drawing.write_bytes(write.write(one.difference.program))
        status, said, _ = run(shipped(name), str(drawing), "--name", one.name, "--group", one.group)
        assert status == 0, one.name
        document = json.loads(said)
        assert schemas.check(document, schema="variant.json") == []
        again = diff.diff(loaded.program, kinds.read(document["operations"]), definition=loaded.definition)
        assert not [line for line in again.lines if line.refused]
        assert infer.same(loaded.program, again.program, one.difference.program)


def test_the_folders_own_drawing_is_no_difference() -> None:
    status, said, _ = run(shipped("CSS-03"), shipped("CSS-03") + "/process.bpmn", "--name", "same")
    assert status == 0 and json.loads(said)["operations"] == []


def test_the_file_that_is_written_is_read_by_check(tmp_path: Path) -> None:
    place = copied(tmp_path, "CSS-03")
    drawing = tmp_path / "drawn.bpmn"
    (one, *_) = composed("CSS-03")
    drawing.write_bytes(write.write(one.difference.program))
    out = place / "variants" / "drawn.json"
    status, _, _ = run(str(place), str(drawing), "--name", "drawn", "--out", str(out))
    assert status == 0
    done = CliRunner().invoke(variant_command, ["diff", str(place), "drawn"])
    assert done.exit_code == 0 and "drawn (-)" in done.output


def test_what_no_operation_says_is_told_and_the_status_is_one(tmp_path: Path) -> None:
    drawing = tmp_path / "odd.bpmn"
    text = (Path(shipped("CSS-03")) / "process.bpmn").read_text(encoding="utf-8")
    end = "</bpmn:process>" if "</bpmn:process>" in text else "</process>"
    tag = "bpmn:boundaryEvent" if end.startswith("</bpmn") else "boundaryEvent"
    drawing.write_text(text.replace(end, f'<{tag} id="odd" attachedToRef="register"/>{end}'), encoding="utf-8")
    status, _, told = run(shipped("CSS-03"), str(drawing), "--name", "odd")
    assert status == 1 and "odd" in told and "no operation puts it in" in told
    _, _, told = run(shipped("CSS-03"), str(drawing), "--name", "odd", "--lang", "zh")
    assert "没有对应的变更" in told


@pytest.mark.parametrize("content", [b"", b"<a/>", b"\x00\x01", b"<!DOCTYPE a><a/>"])
def test_a_drawing_that_is_none_is_refused(content: bytes, tmp_path: Path) -> None:
    drawing = tmp_path / "bad.bpmn"
    drawing.write_bytes(content)
    status, _, told = run(shipped("CSS-03"), str(drawing), "--name", "x")
    assert status == 1 and "bad.bpmn" in told and "Traceback" not in told
