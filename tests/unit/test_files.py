"""What travels with the program is found in a checkout and in an installed wheel."""

from pathlib import Path

import pytest

from engine import files
from tests.shared import ROOT


@pytest.mark.parametrize("name", ["processes", "schemas"])
def test_in_a_checkout_the_folders_lie_beside_the_package(name: str) -> None:
    assert files.shipped(name) == ROOT / name


def test_in_a_wheel_they_lie_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "_shipped" / "schemas").mkdir(parents=True)
    monkeypatch.setattr(files, "_HERE", tmp_path)
    assert files.shipped("schemas") == tmp_path / "_shipped" / "schemas"


def test_a_broken_installation_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_HERE", tmp_path / "engine")
    with pytest.raises(FileNotFoundError, match="schemas"):
        files.shipped("schemas")
