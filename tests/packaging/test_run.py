"""run.py, the door of a fresh checkout: what it does with words, an old Python, a lacking program, a failed install."""

import importlib.util
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.shared import ROOT


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The script as a module; its environment lies in a folder of the test."""
    spec = importlib.util.spec_from_file_location("run_script", ROOT / "run.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    yield module


@pytest.mark.parametrize(("words", "code"), [([], 0), (["-h"], 0), (["--help"], 0), (["dance"], 2), (["--demo"], 2)])
def test_without_a_known_word_it_says_what_it_can(
    run: ModuleType, capsys: pytest.CaptureFixture[str], words: list[str], code: int
) -> None:
    assert run.main(words) == code
    said = capsys.readouterr().out
    for command in ("demo", "serve", "test", "doctor"):
        assert f"python3 run.py {command}" in said
    assert not run.VENV.exists()


def test_a_python_that_is_too_old_is_told_and_nothing_is_installed(
    run: ModuleType, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "OLDEST", (99, 1))
    assert run.main(["demo"]) == 1
    assert "crmflow needs Python 99.1 or later; this is 3." in capsys.readouterr().out
    assert not run.VENV.exists()


def test_it_asks_for_the_python_that_the_package_asks_for(run: ModuleType) -> None:
    asked = next(line for line in (ROOT / "pyproject.toml").read_text().splitlines() if "requires-python" in line)
    assert f">={run.OLDEST[0]}.{run.OLDEST[1]}" in asked


@pytest.fixture
def calls(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What would have been run; making an environment leaves an empty Python behind."""
    made: list[list[str]] = []

    def environment() -> None:
        made.append(["venv"])
        run.PYTHON.parent.mkdir(parents=True)
        run.PYTHON.touch()

    monkeypatch.setattr(run, "works", lambda python: python.exists())
    monkeypatch.setattr(run, "make_environment", environment)
    monkeypatch.setattr(run, "run_quietly", lambda command: made.append([str(word) for word in command]))
    monkeypatch.setattr(run.subprocess, "call", lambda command, cwd: made.append([str(word) for word in command]) or 0)
    monkeypatch.setattr(run, "become", lambda command: made.append([str(word) for word in command]) or 0)
    return made


@pytest.mark.parametrize("command", ["demo", "serve", "doctor"])
def test_the_first_run_installs_and_later_ones_start_at_once(
    run: ModuleType, calls: list[list[str]], command: str
) -> None:
    assert run.main([command, "--port", "8100"]) == 0
    assert [call[0] for call in calls] == ["venv", str(run.PYTHON), str(run.PYTHON)]
    assert calls[1][1:4] == ["-m", "pip", "--disable-pip-version-check"] and calls[1][-1] == str(ROOT)
    assert calls[2][1:] == ["-m", "engine.cli", command, "--port", "8100"]
    calls.clear()
    assert run.main([command]) == 0
    assert [call[1:] for call in calls] == [["-m", "engine.cli", command]]


TO_THE_END = """
import os, signal, sys
def ended(number, frame):
    sys.exit(7)
signal.signal(signal.SIGINT, ended)
print(os.getcwd(), flush=True)
signal.pause()
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no exec there")
def test_the_command_takes_the_place_of_the_script_and_ends_in_its_own_time(tmp_path: Path) -> None:
    """Ctrl-C in a terminal reaches everybody who runs there: nobody is left who would answer it with a traceback."""
    script = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import run; run.become([sys.executable, '-c', {TO_THE_END!r}])"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=tmp_path, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout and process.stdout.readline().strip() == str(ROOT)
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=60)
    assert (process.returncode, complaint) == (7, "")


def test_other_libraries_are_installed_again(run: ModuleType, calls: list[list[str]]) -> None:
    run.main(["doctor"])
    (stamp,) = run.VENV.glob("installed-*")
    stamp.write_text("an older pyproject.toml")
    calls.clear()
    run.main(["doctor"])
    assert any("pip" in call for call in calls)


def test_tests_install_what_tests_need_and_hand_their_words_on(
    run: ModuleType, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "missing_packages", list)
    assert run.main(["test", "tests/kernel", "-x"]) == 0
    assert calls[1][-1] == f"{ROOT}[test]"
    assert calls[2][1:] == ["-m", "pytest", "tests/kernel", "-x"]


def test_the_whole_suite_is_style_types_and_tests_and_stops_at_the_first_that_fails(
    run: ModuleType, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "missing_packages", list)
    assert run.test([]) == 0
    assert [call[2] for call in calls] == ["ruff", "ruff", "mypy", "pytest"]
    calls.clear()
    monkeypatch.setattr(run.subprocess, "call", lambda command, cwd: calls.append(command) or 3)
    assert run.test([]) == 3
    assert len(calls) == 1


def test_programs_that_cannot_be_installed_are_named_with_the_command(
    run: ModuleType, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "missing_packages", lambda: ["chromium", "redis-server"])
    monkeypatch.setattr(run, "apt_install", lambda packages: False)
    monkeypatch.setattr(run, "wheels_instead", lambda: None)
    assert run.test([]) == 1
    assert "sudo apt-get install chromium redis-server" in capsys.readouterr().out


def test_what_is_missing_is_named_by_its_debian_package(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run.shutil, "which", lambda program: None)
    monkeypatch.setattr(run, "POSTGRESQL", "/nowhere")
    missing = run.missing_packages()
    assert {"chromium", "chromium-driver", "redis-server", "postgresql", "fonts-noto-cjk"} <= set(missing)
    assert len(missing) == len(set(missing))


def test_without_a_package_manager_nothing_is_installed(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run.shutil, "which", lambda program: None)
    assert run.apt_install(["chromium"]) is False


def test_a_python_that_is_not_there_or_is_none_does_not_work(run: ModuleType, tmp_path: Path) -> None:
    assert run.works(tmp_path / "nothing") is False
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    assert run.works(broken) is False
    assert run.works(Path(sys.executable)) is True


def test_a_command_that_fails_ends_with_its_last_words(run: ModuleType) -> None:
    words = "import sys; [print(n) for n in range(50)]; sys.exit('no space left')"
    with pytest.raises(SystemExit) as ended:
        run.run_quietly([sys.executable, "-c", words])
    said = str(ended.value)
    assert "ended with 1" in said and "no space left" in said
    assert "\n49\n" in said and "\n10\n" not in said


def test_progress_without_a_terminal_is_one_line(run: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    with run.Progress("installing", expected_seconds=1):
        pass
    assert capsys.readouterr().out == "installing ...\n"


def test_it_needs_nothing_but_python(tmp_path: Path) -> None:
    """Without site packages, from another folder."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(ROOT / "run.py"), "--help"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0 and "python3 run.py demo" in done.stdout
