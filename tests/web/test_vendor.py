"""What others made and we serve: named, licensed, unchanged."""

import hashlib
import json
from pathlib import Path

import pytest

from tests.shared import ROOT

VENDOR = ROOT / "web" / "static" / "vendor"
MANIFEST = json.loads((VENDOR / "MANIFEST.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("entry", MANIFEST["files"], ids=lambda entry: entry["file"])
def test_a_file_is_what_the_manifest_says_and_brings_its_licences(entry: dict) -> None:
    assert hashlib.sha256((VENDOR / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
    for part in [entry, *entry.get("contains", [])]:
        assert part["version"] and part["licence"]
        assert (VENDOR / part["licence_file"]).stat().st_size > 100


def test_nothing_lies_there_that_the_manifest_does_not_name() -> None:
    named = {entry.get(word) for entry in MANIFEST["files"] for word in ("file", "entry", "build")}
    assert {path.name for path in VENDOR.iterdir() if path.is_file()} - named == {"MANIFEST.json"}


def test_no_asset_of_ours_reaches_outside_the_house() -> None:
    own = [path for kind in ("css", "js") for path in Path(ROOT / "web" / "static" / kind).rglob("*.?s*")]
    for path in own:
        text = path.read_text(encoding="utf-8")
        assert "http://" not in text and "https://" not in text and "eval(" not in text, path
