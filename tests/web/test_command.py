"""`crmflow serve` and `crmflow demo` as a newcomer meets them: a real process, a real port, a clean end."""

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.shared import ROOT

STARTED = re.compile(r"http://127\.0\.0\.1:(\d+)")
PATIENCE_SECONDS = 180


@contextmanager
def crmflow(*words: str, folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The running command and what it printed up to its address; killed at the end if it still runs."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "COLUMNS": "200"}
    process = subprocess.Popen(
        [sys.executable, "-m", "engine.cli", *words],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process, _until_started(process)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def _until_started(process: subprocess.Popen[str]) -> str:
    said = ""
    deadline = time.monotonic() + PATIENCE_SECONDS
    assert process.stdout is not None
    while time.monotonic() < deadline:
        line = process.stdout.readline()
        if not line:
            break
        said += line
        if STARTED.search(line):
            return said
    raise AssertionError(f"expected an address, got: {said}")


def get(said: str, path: str) -> tuple[int, str]:
    port = STARTED.search(said)
    assert port
    with urllib.request.urlopen(f"http://127.0.0.1:{port[1]}{path}", timeout=30) as answer:
        return answer.status, answer.read().decode()


def test_the_first_start_makes_an_administrator_and_later_ones_do_not(tmp_path: Path) -> None:
    words = ("serve", "--port", "0", "--data", str(tmp_path / "data"))
    with crmflow(*words, folder=tmp_path) as (process, said):
        assert re.search(r"as admin with the password \S{12,}", said)
        assert get(said, "/api/v1/health/ready") == (200, '{"status":"ready"}\n')
        assert get(said, "/login")[0] == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE_SECONDS) == 0
    with crmflow(*words, "--processes", "2", folder=tmp_path) as (process, said):
        assert "password" not in said
        _two_serve_and_a_dead_one_is_replaced(process.pid, said)
        servers = _servers(process.pid)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=PATIENCE_SECONDS) == 0
        assert not [pid for pid in servers if Path(f"/proc/{pid}").exists()], "nobody stays behind"


def _two_serve_and_a_dead_one_is_replaced(parent: int, said: str) -> None:
    first, second = _until_servers(parent, {0})
    assert get(said, "/api/v1/health/ready")[0] == 200
    os.kill(first, signal.SIGKILL)
    after = _until_servers(parent, {first})
    assert second in after
    assert get(said, "/login")[0] == 200


def _until_servers(parent: int, without: set[int]) -> list[int]:
    """Two of them, none of ``without``."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = _servers(parent)
        if len(found) == 2 and not without & set(found):
            return found
        time.sleep(0.05)
    raise AssertionError("expected two processes that serve")


def _servers(parent: int) -> list[int]:
    """Children that run our code, not Python's own helper beside them."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


def test_a_taken_port_is_told_and_nothing_is_left_running(tmp_path: Path) -> None:
    with socket.socket() as guest:
        guest.bind(("127.0.0.1", 0))
        guest.listen()
        port = str(guest.getsockname()[1])
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "engine.cli", "serve", "--port", port, "--data", str(tmp_path)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
    assert done.returncode == 1
    assert f"127.0.0.1:{port}" in done.stderr
    assert "--port" in done.stderr


def test_the_demo_prints_logins_that_open_an_inbox_with_work(tmp_path: Path) -> None:
    with crmflow("demo", "--year", "5", "--port", "0", "--data", str(tmp_path / "demo"), folder=tmp_path) as (
        process,
        said,
    ):
        assert process.stdout is not None
        assert process.stdout.readline().strip() == ""
        logins = [process.stdout.readline().split()[:2] for _ in range(8)]
        assert all(len(login) == 2 for login in logins)
        found = [_inbox(said, *login) for login in logins]
        assert any("SFA-03" in page for page in found), "somebody has a quote to work on"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE_SECONDS) == 0


def _inbox(said: str, key: str, password: str) -> str:
    """What this person sees after logging in."""
    port = STARTED.search(said)
    assert port
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    door = f"http://127.0.0.1:{port[1]}/login"
    page = opener.open(door, timeout=30).read().decode()
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    form = urllib.parse.urlencode({"key": key, "password": password, "csrf_token": token[1]}).encode()
    inside = opener.open(urllib.request.Request(door, data=form), timeout=30)
    assert not inside.url.endswith("/login"), f"{key} cannot log in"
    shown: str = opener.open(f"http://127.0.0.1:{port[1]}/cases", timeout=30).read().decode()
    return shown
