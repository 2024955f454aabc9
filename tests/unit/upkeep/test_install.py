"""The shipped catalogue, put into a database by a command."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine import app, cli, files
from engine.definitions import catalogue
from engine.settings import Settings

ALL = sorted(one.parent.name for one in files.shipped("processes").glob("*/process.bpmn"))


def called(*words: str, language: str = "en_GB.UTF-8") -> Result:
    return CliRunner().invoke(cli.main, ["install", *words], env={"LANG": language})


def released(folder: Path) -> dict[str, int]:
    """Key -> number of the released version."""
    engine = app.build(Settings(data_dir=folder, queue="inline"), dispatcher=False)
    try:
        found = catalogue.processes(engine)
        return {one.process.key: one.released.n for one in found if one.released}
    finally:
        engine.close()


def test_a_named_process_is_released_with_its_variants(tmp_path: Path) -> None:
    done = called("CSS-02", "--data", str(tmp_path))
    assert done.exit_code == 0, done.output
    assert released(tmp_path) == {"CSS-02": 1}
    variants = len(list((files.shipped("processes") / "CSS-02" / "variants").glob("*.json")))
    assert f"1 processes with {variants} variants are released" in done.output


def test_what_is_there_and_unchanged_gets_no_new_version(tmp_path: Path) -> None:
    for _ in range(2):
        assert called("CSS-02", "SFA-03", "--data", str(tmp_path)).exit_code == 0
    assert released(tmp_path) == {"CSS-02": 1, "SFA-03": 1}


@pytest.mark.parametrize(
    ("language", "words"), [("en_GB.UTF-8", "has no XYZ-99"), ("zh_CN.UTF-8", "流程目录中没有 XYZ-99")]
)
def test_a_key_that_is_not_shipped_is_refused_before_anything_is_done(
    language: str, words: str, tmp_path: Path
) -> None:
    refused = called("CSS-02", "XYZ-99", "--data", str(tmp_path), language=language)
    assert refused.exit_code == 1
    assert words in refused.output
    assert "CSS-02" in refused.output, "what there is, is told"
    assert released(tmp_path) == {}


@pytest.mark.parametrize("key", ["../CSS-02", "/etc", "CSS-02/forms", ""])
def test_a_key_is_no_path(key: str, tmp_path: Path) -> None:
    assert called(key, "--data", str(tmp_path)).exit_code == 1
    assert released(tmp_path) == {}


def test_the_keys_are_listed_without_a_database(tmp_path: Path) -> None:
    listed = called("--list", "--data", str(tmp_path / "none"))
    assert listed.output.split() == ALL
    assert not os.path.exists(tmp_path / "none")
