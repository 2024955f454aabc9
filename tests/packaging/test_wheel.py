"""What an installed wheel holds and can do, away from any checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.shared import ROOT


def crmflow(installed: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The installed command, started where no checkout is near."""
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"}
    command = [sys.executable, "-m", "engine.cli", *words]
    return subprocess.run(command, cwd=installed.parent, env=environment, capture_output=True, text=True, timeout=120)


def test_the_wheel_carries_every_shipped_file(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("processes", "schemas"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file():
                assert f"engine/_shipped/{path.relative_to(ROOT).as_posix()}" in names
    for folder in ("templates", "static"):
        for path in (ROOT / "web" / folder).rglob("*"):
            if path.is_file():
                assert path.relative_to(ROOT).as_posix() in names


def test_the_wheel_carries_no_tests_and_no_caches(wheel: Path) -> None:
    for name in zipfile.ZipFile(wheel).namelist():
        assert name.split("/")[0] in ("engine", "web") or ".dist-info/" in name, name
        assert "__pycache__" not in name


def test_the_command_knows_its_version_and_its_commands(installed: Path) -> None:
    answer = crmflow(installed, "--help")
    assert answer.returncode == 0, answer.stderr
    for word in ("demo", "serve", "doctor", "check", "play", "feel", "decide"):
        assert word in answer.stdout


def test_the_installed_command_evaluates_and_finds_its_files(installed: Path) -> None:
    answer = crmflow(installed, "feel", "amount * 2 > 10", "--context", '{"amount": 6}')
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.strip() == "true"


def test_the_installed_doctor_finds_nothing_wrong(installed: Path, tmp_path: Path) -> None:
    answer = crmflow(installed, "doctor", "--data", str(tmp_path), "--json")
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_pipx_installs_a_command_that_works(wheel: Path, tmp_path: Path) -> None:
    """In an environment of its own, with its libraries from the package index: what a user types."""
    environment = {
        **os.environ,
        "PIPX_HOME": str(tmp_path / "home"),
        "PIPX_BIN_DIR": str(tmp_path / "bin"),
        "PIPX_MAN_DIR": str(tmp_path / "man"),
        "PYTHONSAFEPATH": "1",
    }
    pipx = [sys.executable, "-m", "pipx", "install", "--quiet", "--python", sys.executable, str(wheel)]
    done = subprocess.run(pipx, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    command = [str(tmp_path / "bin" / "crmflow")]
    version = subprocess.run([*command, "--version"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert "crmflow" in version.stdout, version.stderr
    doctor = subprocess.run(
        [*command, "doctor", "--data", str(tmp_path / "data"), "--port", "0"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
