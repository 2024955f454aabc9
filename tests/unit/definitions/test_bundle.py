"""A version travels as one file and is the same version elsewhere; a hostile file is refused before it unfolds."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import errors
from engine.bpmn import read
from engine.definitions import bases, bundle, catalogue, decisions, drafts, edits, folder, publish
from engine.people.agent import Agent
from tests.house import BOSS, House, house
from tests.shared import ROOT
from tests.unit.definitions.test_decisions import GOOD
from tests.unit.dmn.test_sheet import LEVEL


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path, reader=read.read) as made:
        yield made


def zipped(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return made.getvalue()


def named(name: str, content: bytes = b"{}") -> bytes:
    return zipped(**{name: content})


SHIPPED = sorted(path.name for path in (ROOT / "processes").iterdir() if (path / "process.json").exists())[:6]


@pytest.mark.parametrize("key", SHIPPED)
def test_a_shipped_process_means_the_same_after_the_journey(home: House, tmp_path: Path, key: str) -> None:
    loaded = folder.load(ROOT / "processes" / key, read=lambda data, file: read.read(data, file=file))
    with home.engine.store.transaction() as tx:
        version = bases.install(home.engine, tx, folder=loaded, agent=BOSS, now=home.now)
    packed = bundle.pack(home.engine, process=version.process, n=1, agent=BOSS)
    (tmp_path / "other").mkdir()
    with house(tmp_path / "other", reader=read.read) as other:
        files = bundle.unpacked({"b.zip": packed})
        made = publish.deploy(other.engine, name="b", files=files, agent=BOSS, now=other.now)
        assert [one.program for one in made.versions] == [version.program]
        assert bundle.pack(other.engine, process=version.process, n=1, agent=BOSS) == packed


def test_test_rows_travel_too(home: House) -> None:
    drafts.begin(home.engine, key="q", names={"en": "Q"}, agent=BOSS, now=home.now)
    seen = edits.newest(home.engine, process="q", agent=BOSS)
    table = type(LEVEL)(**{**{name: getattr(LEVEL, name) for name in LEVEL.__struct_fields__}, "trials": (GOOD,)})
    decisions.save(home.engine, process="q", n=1, table=table, seen=seen, agent=BOSS, now=home.now)
    files = bundle.unpacked({"b.zip": bundle.pack(home.engine, process="q", n=1, agent=BOSS)})
    assert set(files) == {"q.bpmn", "level.dmn", "level.tests"}


def test_files_that_are_no_bundle_stay_as_they_are() -> None:
    files = {"a.bpmn": b"<a/>", "b.json": b"{}", "c.txt": b"anything"}
    assert bundle.unpacked(files) == files


NAMES = ["../a.json", "/etc/a.json", "a/b.json", "a\\b.json", "C:a.json", "..", "a\x07.json", "x" * 201 + ".json"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_is_a_path_is_refused_in_both_languages(name: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        bundle.unpacked({"b.zip": named(name)})
    assert caught.value.code == "bundle_wrong" and "路径" in caught.value.text["zh-CN"]


@pytest.mark.parametrize("name", ["a.exe", "a.py", "a.html", "a.zip", "noending", "a.bpmn.txt"])
def test_only_parts_of_a_process_come_in(name: str) -> None:
    with pytest.raises(errors.Invalid, match="no drawing, decision, form or test"):
        bundle.unpacked({"b.zip": named(name)})


@pytest.mark.parametrize("data", [b"", b"PK", b"no zip", named("a.json")[:-10], named("a.json")[10:]])
def test_what_is_no_zip_file_is_refused(data: bytes) -> None:
    with pytest.raises(errors.Invalid, match="zip"):
        bundle.unpacked({"b.zip": data})


def test_a_bomb_is_refused_before_it_unfolds(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = named("a.json", b"0" * 30_000_000)
    assert len(bomb) < 100_000
    monkeypatch.setattr(bundle, "_content", lambda packed, info: pytest.fail("it was unpacked"))
    with pytest.raises(errors.TooLarge):
        bundle.unpacked({"b.zip": bomb})


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    honest = bytearray(named("a.json", b"0" * 3_000_000))
    entry = honest.index(b"PK\x01\x02")
    honest[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    with pytest.raises(errors.Invalid):
        bundle.unpacked({"b.zip": bytes(honest)})


def test_too_many_files_are_refused() -> None:
    many = {f"f{number}.json": b"{}" for number in range(201)}
    with pytest.raises(errors.TooLarge):
        bundle.unpacked({"b.zip": zipped(**many)})


def test_one_name_from_two_places_is_refused() -> None:
    with pytest.raises(errors.Invalid, match="twice"):
        bundle.unpacked({"a.json": b"{}", "b.zip": named("a.json")})


def test_what_is_not_there_is_not_found_and_nobody_without_rights_gets_it(home: House) -> None:
    with pytest.raises(errors.NotFound):
        bundle.pack(home.engine, process="nothing", n=1, agent=BOSS)
    drafts.begin(home.engine, key="q", names={"en": "Q"}, agent=BOSS, now=home.now)
    with pytest.raises(errors.Forbidden):
        bundle.pack(home.engine, process="q", n=1, agent=Agent(key="x", name="X", roles=frozenset()))
    assert [entry.process.key for entry in catalogue.processes(home.engine)] == ["q"]
