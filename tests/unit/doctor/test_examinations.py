"""Each examination by itself: what it looks at, what it says in both languages, and how that is mended."""

import importlib.metadata
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import files
from engine.doctor import examine
from engine.settings import Settings
from engine.store.unit_of_work import Store

HERE = Settings(data_dir=Path("/nowhere"))


def only(findings: Iterator[examine.Finding]) -> examine.Finding:
    (finding,) = findings
    return finding


def told(finding: examine.Finding) -> tuple[str, str, bool]:
    """Verdict, English words, and whether it says how to mend it in both languages."""
    assert set(finding.text) == {"zh-CN", "en"}
    assert set(finding.mend) in ({"zh-CN", "en"}, set())
    return finding.verdict, finding.text["en"], bool(finding.mend)


@pytest.mark.parametrize(
    ("version", "verdict"), [((3, 10, 9), "bad"), ((3, 11, 0), "good"), ((3, 14, 2), "good"), ((2, 7, 18), "bad")]
)
def test_python_is_3_11_or_later(version: tuple[int, int, int], verdict: str, monkeypatch) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    found = only(examine.python(HERE, 0))
    assert told(found) == (verdict, f"Python {'.'.join(map(str, version))}", verdict == "bad")
    if verdict == "bad":
        assert found.mend["en"] == "install Python 3.11 or later"


REQUIRED = ["click>=8.1", "msgspec>=0.20", "psycopg[binary]>=3.2; extra == 'postgresql'"]


@pytest.mark.parametrize(
    ("installed", "verdict", "words"),
    [
        ({"crmflow", "click", "msgspec"}, "good", "all there"),
        ({"crmflow", "click"}, "bad", "missing: msgspec"),
        ({"crmflow"}, "bad", "missing: click, msgspec"),  # what an extra needs may be missing
        ({"click", "msgspec"}, "bad", "crmflow is not installed, only run from its folder"),
    ],
)
def test_libraries_are_those_that_the_package_asks_for(
    installed: set[str], verdict: str, words: str, monkeypatch
) -> None:
    monkeypatch.setattr(examine, "_is_installed", lambda name: name in installed)
    monkeypatch.setattr(importlib.metadata, "requires", lambda name: REQUIRED)
    assert told(only(examine.libraries(HERE, 0))) == (verdict, words, verdict == "bad")


def test_what_is_installed_is_asked_of_the_machine() -> None:
    assert examine._is_installed("click")
    assert not examine._is_installed("no-such-library-anywhere")


def test_shipped_files_are_counted_and_their_absence_is_told(monkeypatch) -> None:
    found = list(examine.shipped_files(HERE, 0))
    assert [(finding.what, finding.verdict) for finding in found] == [("processes", "good"), ("schemas", "good")]
    assert all(int(finding.text["en"].split()[0]) > 5 for finding in found)

    def gone(name: str) -> Path:
        raise FileNotFoundError(f"no {name} in the package")

    monkeypatch.setattr(files, "shipped", gone)
    assert [told(finding)[:2] for finding in examine.shipped_files(HERE, 0)] == [
        ("bad", "no processes in the package"),
        ("bad", "no schemas in the package"),
    ]


@pytest.mark.parametrize(
    ("zone", "verdict"),
    [("Asia/Shanghai", "good"), ("UTC", "good"), ("Europe/Paris", "good"), ("Mars/Olympus", "bad"), ("", "bad")],
)
def test_the_time_zone_is_one_of_the_database(zone: str, verdict: str) -> None:
    assert told(only(examine.time_zone(Settings(time_zone=zone), 0))) == (verdict, zone, verdict == "bad")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("CRMFLOW_QUEUE", []),
        ("crmflow_queue", []),  # as pydantic reads them
        ("CRMFLOW_QEUE", [("CRMFLOW_QEUE", "absent", "is CRMFLOW_QUEUE meant?")]),
        ("CRMFLOW_ZZZZZZZZZ", [("CRMFLOW_ZZZZZZZZZ", "absent", "")]),
    ],
)
def test_a_variable_that_names_no_setting_is_told(name: str, found: list[object], monkeypatch) -> None:
    monkeypatch.setattr(os, "environ", {name: "1", "HOME": "/"})
    told = [(one.what, one.verdict, one.mend.get("en", "")) for one in examine.variables(HERE, 0)]
    assert told == found


DATABASES = [
    # address, verdict, what is said
    ("sqlite:///{}/crmflow.db", "good", "the first start makes its tables"),
    ("sqlite:///{}/new/folder/crmflow.db", "good", "the first start makes its tables"),
    ("sqlite:////proc/version/crmflow.db", "bad", "the folder /proc/version cannot be written"),
    ("sqlite://", "bad", "needs a file"),
    ("mysql://user:secret@host/db", "bad", "'mysql' is not supported"),
    ("nonsense", "bad", "no address of a database"),
    ("postgresql+psycopg://user:secret@127.0.0.1:1/db", "bad", "cannot be opened"),
]


@pytest.mark.parametrize(("address", "verdict", "words"), DATABASES)
def test_the_database_is_opened_or_it_says_why_not_and_never_its_password(
    tmp_path: Path, address: str, verdict: str, words: str
) -> None:
    settings = Settings(database_url=address.format(tmp_path))
    found = only(examine.database(settings, 0))
    assert found.verdict == verdict and words in found.text["en"]
    assert "secret" not in found.text["en"] + found.text["zh-CN"]
    assert bool(found.mend) == (verdict == "bad")
    assert list(tmp_path.iterdir()) == [], "it was only looked at"


STATES = [
    # what its tables say they are; verdict, words, what is to be done
    ("", "good", "stands", False),
    ("m0007", "absent", "an older version", True),
    ("m9999", "bad", "a newer crmflow", True),
]


@pytest.mark.parametrize(("version", "verdict", "words", "mend"), STATES)
def test_a_database_is_told_how_it_stands_to_this_program_and_stays_as_it_is(
    tmp_path: Path, version: str, verdict: str, words: str, mend: bool
) -> None:
    settings = Settings(data_dir=tmp_path)
    store = Store(settings.database, bell=lambda rings: None)
    store.upgrade()
    if version:
        with store.transaction() as tx:
            tx.connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{version}'")
    before = store.version()
    found = only(examine.database(settings, 0))
    assert told(found)[::2] == (verdict, mend) and words in found.text["en"]
    assert store.version() == before
    store.close()


def test_a_folder_that_cannot_be_written_is_told_before_anything_is_opened(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(examine, "_can_write", lambda folder: False)
    found = only(examine.database(Settings(data_dir=tmp_path), 0))
    assert (found.verdict, found.text["en"]) == ("bad", f"the folder {tmp_path} cannot be written")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("below", "can"), [("", True), ("a/b/c", True), ("file/x", False), ("file", False)])
def test_a_folder_can_be_written_when_the_nearest_above_it_can(tmp_path: Path, below: str, can: bool) -> None:
    (tmp_path / "file").touch()
    assert examine._can_write(tmp_path / below) is can


def test_a_free_port_is_free_and_a_taken_one_is_no_reason_to_stop() -> None:
    with socket.socket() as guest:
        guest.bind(("127.0.0.1", 0))
        guest.listen()
        port = guest.getsockname()[1]
        taken = only(examine.door(HERE, port))
    assert (taken.what, taken.verdict, bool(taken.mend)) == (f"port {port}", "absent", True)
    assert only(examine.door(HERE, 0)).verdict == "good"


def test_everything_is_examined_in_the_order_a_newcomer_would_ask(tmp_path: Path) -> None:
    found = [finding.what for finding in examine.examine(Settings(data_dir=tmp_path), port=0)]
    assert found == ["python", "libraries", "processes", "schemas", "time zone", "database", "port 0"]
