"""The commands of whoever runs an installation, as they are called."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine import app
from engine.clock import HandClock, SystemClock
from engine.runtime import instances
from engine.settings import Settings
from engine.upkeep import command
from tests.kernel.models import node, program, timer
from tests.store.test_app import until
from tests.store.test_kill import release
from tests.store.test_worker import JOB, begin


def called(*words: str) -> Result:
    group = {"db": command.db_command, "history": command.history_command}[words[0]]
    return CliRunner().invoke(group, list(words[1:]), env={"LANG": "en_GB.UTF-8"})


def test_an_upgrade_says_from_which_version_to_which(tmp_path: Path) -> None:
    first, again = (called("db", "upgrade", "--data", str(tmp_path)) for _ in range(2))
    assert first.exit_code == again.exit_code == 0, first.output
    assert first.output.startswith("empty → m00")
    before, after = again.output.strip().split(" → ")
    assert before == after


def test_a_copy_lists_its_tables_and_a_second_one_is_refused(tmp_path: Path) -> None:
    engine = app.build(Settings(data_dir=tmp_path, queue="inline"), dispatcher=False)
    release(engine, JOB)
    begin(engine)
    engine.close()
    words = ("db", "copy", f"sqlite:///{tmp_path}/crmflow.db", f"sqlite:///{tmp_path}/new.db")
    done = called(*words)
    assert done.exit_code == 0, done.output
    assert "instance                     1" in done.output
    assert "the same on both sides" in done.output
    refused = called(*words)
    assert refused.exit_code == 1
    assert "holds data already" in refused.output


def test_a_database_of_another_make_is_refused_in_words(tmp_path: Path) -> None:
    refused = called("db", "copy", "mysql://x/y", f"sqlite:///{tmp_path}/new.db")
    assert refused.exit_code == 1
    assert "not supported" in refused.output


def ended_long_ago(folder: Path) -> None:
    engine = app.build(
        Settings(data_dir=folder, queue="inline"), clock=HandClock(SystemClock().now() - timedelta(days=200))
    )
    release(engine, JOB)
    case = begin(engine)
    assert instances.get(engine, instance_id=case).instance.status == "completed"
    engine.close()


def test_history_is_counted_first_and_then_deleted(tmp_path: Path) -> None:
    ended_long_ago(tmp_path)
    words = ("history", "purge", "--data", str(tmp_path), "--older-than")
    assert "0 instances are gone" in called(*words, "1y").output
    assert "1 instances would go" in called(*words, "90d", "--dry-run").output
    assert "0 instances are gone" in called(*words, "90d", "--process", "other").output
    assert "1 instances are gone" in called(*words, "90d", "--process", "logging").output
    assert "0 instances are gone" in called(*words, "90d").output


def test_history_moves_into_files_is_compared_read_and_put_back(tmp_path: Path) -> None:
    ended_long_ago(tmp_path)
    folder = str(tmp_path / "archive")
    data = ("--data", str(tmp_path))
    assert (
        "0 instances are archived in 0 new parts"
        in called("history", "archive", folder, "--older-than", "1y", *data).output
    )
    moved = called("history", "archive", folder, "--older-than", "90d", *data).output
    assert "1 instances are archived in 1 new parts" in moved
    assert re.search(r"^fact +\d+$", moved, re.MULTILINE)
    compared = called("history", "verify", folder).output
    assert "1 instances in 1 parts, all as they were written" in compared
    number = re.search(r"logging-\S+", called("history", "show", folder, case_in(folder)).output)
    assert number is not None
    shown = called("history", "show", folder, number.group())
    assert "InstanceStarted" in shown.output
    assert "InstanceEnded" in shown.output
    back = called("history", "restore", folder, number.group(), *data)
    assert "1 instances are back, 0 were there already" in back.output
    assert "0 instances are back, 1 were there already" in called("history", "restore", folder, *data).output


def case_in(folder: str) -> str:
    first: str = json.loads((Path(folder) / "manifest.json").read_bytes())["parts"][0]["first"]
    return first


def test_a_case_is_shown_with_all_its_rows(tmp_path: Path) -> None:
    ended_long_ago(tmp_path)
    folder = str(tmp_path / "archive")
    called("history", "archive", folder, "--older-than", "90d", "--data", str(tmp_path))
    shown = json.loads(called("history", "show", folder, case_in(folder), "--json").output)
    assert shown["rows"]["instance"][0]["status"] == "completed"
    assert shown["process"] == "logging"


@pytest.mark.parametrize("words", [("verify",), ("show", "x"), ("restore",)])
def test_a_folder_that_is_no_archive_is_refused_in_words(words: tuple[str, ...], tmp_path: Path) -> None:
    verb, *more = words
    data = ("--data", str(tmp_path)) if verb == "restore" else ()
    refused = called("history", verb, str(tmp_path), *more, *data)
    assert refused.exit_code == 1
    assert "is no folder of an archive" in refused.output


def test_a_damaged_archive_is_refused_in_words(tmp_path: Path) -> None:
    ended_long_ago(tmp_path)
    folder = tmp_path / "archive"
    called("history", "archive", str(folder), "--older-than", "90d", "--data", str(tmp_path))
    (folder / "000001.jsonl.gz").write_bytes(b"")
    refused = called("history", "verify", str(folder))
    assert refused.exit_code == 1
    assert "000001.jsonl.gz" in refused.output.replace("\n", "")


@pytest.mark.parametrize("age", ["", "d", "90", "-1d", "1h", "1.5d", "99999y", "²d"])
def test_an_age_that_is_none_is_refused(age: str, tmp_path: Path) -> None:
    refused = called("history", "purge", "--data", str(tmp_path), "--older-than", age)
    assert refused.exit_code == 2
    assert "90d" in refused.output


@contextmanager
def running(folder: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "CRMFLOW_SWEEP_SECONDS": "0.05", "CRMFLOW_THREADS": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "engine.cli", *words, "--data", str(folder)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=60)


def children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    lines = {int(one): Path(f"/proc/{one}/cmdline").read_bytes() for one in listed}
    return [child for child, line in lines.items() if b"spawn_main" in line]


def alive(pid: int) -> bool:
    try:
        return b") Z " not in Path(f"/proc/{pid}/stat").read_bytes()
    except FileNotFoundError:
        return False


linux = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for processes in /proc")


@linux
def test_workers_do_the_work_come_back_after_a_kill_and_end_together(tmp_path: Path) -> None:
    engine = app.build(Settings(data_dir=tmp_path, queue="inline"), dispatcher=False)
    release(engine, JOB)
    case = begin(engine)
    with running(tmp_path, "worker", "--processes", "2") as parent:
        until(lambda: instances.get(engine, instance_id=case).instance.status == "completed", 60)
        until(lambda: len(children(parent.pid)) == 2, 60)
        first = children(parent.pid)
        os.kill(first[0], signal.SIGKILL)
        until(lambda: len(set(children(parent.pid)) - {first[0]}) == 2, 60)
        both = children(parent.pid)
        parent.send_signal(signal.SIGTERM)
        assert parent.wait(60) == 0
        assert not any(alive(pid) for pid in both)
    engine.close()


@linux
def test_workers_whose_parent_is_killed_end_by_themselves(tmp_path: Path) -> None:
    with running(tmp_path, "worker") as parent:
        until(lambda: len(children(parent.pid)) == 1, 60)
        (child,) = children(parent.pid)
        threading.Event().wait(0.5)
        parent.kill()
        parent.wait(10)
        until(lambda: not alive(child), 60)


PAUSE = program(
    "start s", node("catch wait", triggers=(timer("PT0.05S"),)), "end e", flow=["s > wait > e"], key="pause"
)


def test_a_dispatcher_fires_timers_leaves_jobs_alone_and_ends_when_told_to(tmp_path: Path) -> None:
    engine = app.build(Settings(data_dir=tmp_path, queue="inline"), dispatcher=False)
    release(engine, JOB)
    release(engine, PAUSE)
    job = begin(engine)
    with running(tmp_path, "dispatcher") as process:
        for _ in range(2):  # the second fires after a whole round in which the job was due
            timed = begin(engine, "pause")
            until(lambda case=timed: instances.get(engine, instance_id=case).instance.status == "completed", 60)  # type: ignore[misc]
        assert instances.get(engine, instance_id=job).instance.status == "active"
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    engine.close()
