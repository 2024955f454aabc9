"""The doctor finds what is wrong, says how to mend it, and leaves nothing behind."""

import json
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.doctor import command, examine
from engine.settings import Settings


def findings(settings: Settings, port: int = 0) -> dict[str, examine.Finding]:
    return {finding.what: finding for finding in examine.examine(settings, port=port)}


def test_a_writable_folder_gives_a_database_that_stands(tmp_path: Path) -> None:
    found = findings(Settings(data_dir=tmp_path / "new" / "folder"))
    assert found["database"].verdict == "good"
    assert found["python"].verdict == "good"
    assert found["processes"].verdict == found["schemas"].verdict == "good"


def test_a_file_in_place_of_the_folder_is_a_bad_database_and_says_what_to_set(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    found = findings(Settings(data_dir=tmp_path / "file" / "below"))
    assert found["database"].verdict == "bad"
    assert "CRMFLOW_DATA_DIR" in found["database"].mend["en"]
    assert "CRMFLOW_DATA_DIR" in found["database"].mend["zh-CN"]


def test_an_unsupported_database_is_named(tmp_path: Path) -> None:
    found = findings(Settings(data_dir=tmp_path, database_url="mysql://user:secret@host/db"))
    assert found["database"].verdict == "bad"
    assert "secret" not in found["database"].text["en"]


def test_an_unknown_time_zone_is_bad(tmp_path: Path) -> None:
    assert findings(Settings(data_dir=tmp_path, time_zone="Mars/Olympus"))["time zone"].verdict == "bad"


def test_a_taken_port_is_told_but_stops_nothing(tmp_path: Path) -> None:
    with socket.socket() as guest:
        guest.bind(("127.0.0.1", 0))
        guest.listen()
        port = guest.getsockname()[1]
        found = findings(Settings(data_dir=tmp_path), port=port)
    assert found[f"port {port}"].verdict == "absent"


@pytest.mark.parametrize("zone, status", [("Asia/Shanghai", 0), ("Mars/Olympus", 1)])
def test_the_command_ends_with_1_when_something_must_be_mended(
    zone: str, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRMFLOW_TIME_ZONE", zone)
    monkeypatch.setattr(examine, "EXAMINATIONS", (examine.python, examine.time_zone, examine.database))
    answer = CliRunner().invoke(command.doctor_command, ["--data", str(tmp_path), "--json"])
    assert answer.exit_code == status, answer.output
    assert {finding["what"] for finding in json.loads(answer.output)} == {"python", "time zone", "database"}
