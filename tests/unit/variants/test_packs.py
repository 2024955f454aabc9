"""Processes as one file: out, in again and out equal; what is no pack is refused in words before anything happens."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from engine import app, errors, ports
from engine.cli import main
from engine.clock import HandClock
from engine.customers import groups
from engine.people.agent import SYSTEM, Agent
from engine.settings import Settings
from engine.variants import packs
from tests.house import migrated
from tests.shared import ROOT

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SHIPPED = ROOT / "processes"
LENDING = ("SFA-15", "SFA-15-before")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[ports.Engine]:
    migrated(tmp_path / "crmflow.db")
    built = app.build(Settings(data_dir=tmp_path, queue="inline"), clock=HandClock(NOW), dispatcher=False)
    yield built
    built.close()


def zipped(**files: Any) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return made.getvalue()


WHOLE = {"A-1/process.bpmn": "<a/>", "A-1/process.json": "{}"}


def test_the_lending_pack_goes_out_and_comes_in_equal() -> None:
    made = packs.collect(SHIPPED, LENDING)
    data = packs.write(made)
    assert packs.read(data, file="lending.zip") == made
    assert packs.write(packs.read(data, file="lending.zip")) == data
    assert {"groups.json", "SFA-15/process.bpmn", "SFA-15/decisions/credit_policy.dmn"} <= set(made.files)
    assert made.processes == LENDING
    written = {path.relative_to(SHIPPED).as_posix() for key in LENDING for path in (SHIPPED / key).rglob("*.*")}
    assert set(made.files) - {"groups.json"} == {name for name in written if (SHIPPED / name).is_file()}


def test_every_shipped_process_fits_into_a_pack() -> None:
    keys = sorted(path.parent.name for path in SHIPPED.glob("*/process.json"))
    made = packs.collect(SHIPPED, keys)
    for key in keys:
        there = {path.relative_to(SHIPPED).as_posix() for path in (SHIPPED / key).rglob("*") if path.is_file()}
        assert there <= set(made.files), key


@pytest.mark.parametrize("keys", [(), ("SFA-404",), ("../etc",), ("SFA-15", "")])
def test_only_processes_that_are_there_are_packed(keys: tuple[str, ...]) -> None:
    with pytest.raises(errors.NotFound) as none:
        packs.collect(SHIPPED, keys)
    assert none.value.text["zh-CN"].startswith("没有流程文件夹")


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "holds no process"),
        ({"groups.json": "{}"}, "holds no process"),
        ({"A-1/process.bpmn": "<a/>"}, "A-1 lacks"),
        ({**WHOLE, "../evil.json": "x"}, "no part of a process folder"),
        ({**WHOLE, "/etc/passwd": "x"}, "no part of a process folder"),
        ({**WHOLE, "A-1/../../evil": "x"}, "no part of a process folder"),
        ({**WHOLE, "A-1/forms/../x.json": "x"}, "no part of a process folder"),
        ({**WHOLE, "A-1\\process.bpmn": "x"}, "no part of a process folder"),
        ({**WHOLE, "A-1/forms/start.exe": "x"}, "no part of a process folder"),
        ({**WHOLE, "A-1/code.py": "x"}, "no part of a process folder"),
        ({**WHOLE, "A-1/forms/ü.json": "x"}, "no part of a process folder"),
        ({**WHOLE, "a-1/process.bpmn": "x"}, "twice"),
    ],
)
def test_what_is_no_pack_is_refused_in_words(files: dict[str, str], words: str) -> None:
    with pytest.raises(errors.Invalid) as wrong:
        packs.read(zipped(**files), file="odd.zip")
    assert words in wrong.value.text["en"] and wrong.value.text["zh-CN"].startswith("odd.zip：")


@pytest.mark.parametrize("data", [b"", b"PK", b"no zip at all", zipped(**WHOLE)[:-30]])
def test_what_cannot_be_read_as_a_zip_is_told(data: bytes) -> None:
    with pytest.raises(errors.Invalid) as wrong:
        packs.read(data, file="odd.zip")
    assert "cannot be read as a zip" in wrong.value.text["en"] and "zip" in wrong.value.text["zh-CN"]


def test_a_file_that_is_longer_than_it_says_is_not_unpacked() -> None:
    data = zipped(**{**WHOLE, "A-1/README.md": "x" * 5000})
    lying = data.replace((5000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != data
    with pytest.raises(errors.Invalid):
        packs.read(lying, file="odd.zip")


def test_too_much_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs, "LARGEST", 10)
    with pytest.raises(errors.TooLarge):
        packs.read(zipped(**{**WHOLE, "A-1/README.md": "x" * 50}), file="big.zip")
    monkeypatch.setattr(packs, "LARGEST", 1000)
    monkeypatch.setattr(packs, "MOST_FILES", 1)
    with pytest.raises(errors.TooLarge) as large:
        packs.read(zipped(**WHOLE), file="big.zip")
    assert "at most 1 files" in large.value.text["en"] and "最多 1 个文件" in large.value.text["zh-CN"]


def test_a_pack_into_an_empty_house_is_released_with_its_variants_and_groups(engine: ports.Engine) -> None:
    held = packs.read(packs.write(packs.collect(SHIPPED, LENDING)), file="lending.zip")
    done = packs.install(engine, pack=held, agent=SYSTEM, now=NOW)
    assert done.processes == LENDING and set(done.variants) == {
        "SFA-15:key-accounts",
        "SFA-15:growth",
        "SFA-15:prospects",
    }
    with engine.store.reading() as tx:
        assert tx.processes.released("SFA-15") is not None
        present = tx.groups.released(NOW)
    assert present is not None and present.rules == json.loads((SHIPPED / "groups.json").read_bytes())
    again = packs.install(engine, pack=held, agent=SYSTEM, now=NOW)
    assert again.processes == LENDING
    with engine.store.reading() as tx:
        assert len(tx.processes.versions("SFA-15")) == 1, "what is there and unchanged stays"


def test_the_house_s_own_groups_stay(engine: ports.Engine) -> None:
    own = json.loads((SHIPPED / "groups.json").read_bytes())
    own["groups"].append({"key": "XX", "parent": "ST", "names": {"zh-CN": "自有", "en": "Own"}})
    groups.publish(engine, document=own, agent=SYSTEM, now=NOW)
    packs.install(engine, pack=packs.collect(SHIPPED, ("SFA-15-before",)), agent=SYSTEM, now=NOW)
    with engine.store.reading() as tx:
        present = tx.groups.released(NOW)
    assert present is not None and present.rules == own


def test_a_wrong_folder_keeps_the_whole_pack_out(engine: ports.Engine) -> None:
    held = packs.collect(SHIPPED, LENDING)
    broken = packs.Pack(processes=held.processes, files={**held.files, "SFA-15/process.bpmn": b"<definitions"})
    with pytest.raises(errors.Invalid) as wrong:
        packs.install(engine, pack=broken, agent=SYSTEM, now=NOW)
    assert wrong.value.problems and "SFA-15" in wrong.value.text["en"]
    with engine.store.reading() as tx:
        assert tx.processes.released("SFA-15-before") is None


def test_staff_may_not_install(engine: ports.Engine) -> None:
    staff = Agent(key="li", name="Li", roles=frozenset({"staff"}))
    with pytest.raises(errors.Forbidden):
        packs.install(engine, pack=packs.collect(SHIPPED, LENDING), agent=staff, now=NOW)


def test_the_commands_make_show_and_install(tmp_path: Path) -> None:
    out, house = tmp_path / "lending.zip", tmp_path / "house"
    house.mkdir()
    migrated(house / "crmflow.db")
    made = CliRunner().invoke(main, ["pack", "make", *LENDING, "--out", str(out)])
    assert made.exit_code == 0 and "SFA-15, SFA-15-before" in made.output
    shown = CliRunner().invoke(main, ["pack", "show", str(out)])
    assert "SFA-15\n" in shown.output and "  variants/key-accounts.json" in shown.output
    done = CliRunner().invoke(main, ["pack", "install", str(out), "--data", str(house)])
    assert done.exit_code == 0, done.output
    assert "with 3 variants are released" in done.output
    out.write_bytes(b"no zip")
    refused = CliRunner().invoke(main, ["pack", "install", str(out), "--data", str(house)])
    assert refused.exit_code == 1 and "cannot be read as a zip" in refused.output
