"""The short form of the long torment: everything dies a few times under load, nothing is lost or doubled."""

import json
import socket
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.faults import __main__ as faults
from bench.faults import clients, clocks, effects, hosts, relays, torment
from bench.faults.blows import KILLS
from bench.faults.town import Town
from engine import ports
from engine.evaluation import HouseEvaluator
from engine.inbox import act
from engine.settings import Settings
from tests import sockets
from tests.house import ANNA, house

ROOT = Path(__file__).resolve().parent.parent.parent


def report(*words: str) -> dict[str, Any]:
    """Of the command itself, which must have ended with ``code``."""
    ended = subprocess.run(
        [sys.executable, "-m", "bench.faults", "--json", *words], cwd=ROOT, capture_output=True, text=True, timeout=400
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def examined(found: dict[str, Any]) -> None:
    assert (found["losses"], found["doubles"], found["wrong"]) == (0, 0, 0), found["words"]
    assert found["cases"] > 0
    assert found["answered"] == found["cases"] * 3 // 2, "two starts and a completion for each pair"
    assert found["effects"] == found["cases"] + 1, "one for each case, and the first deal's"
    assert found["tries"] >= found["effects"]


def test_web_servers_workers_and_dispatchers_killed_on_one_file_lose_and_double_nothing() -> None:
    found = report("--minutes", "0.15", "--store", "sqlite")
    examined(found)
    assert found["kills"] >= 1
    assert found["hosts"] == 0


def test_hosts_cut_off_and_processes_killed_lose_and_double_nothing() -> None:
    """In networks of their own, or behind relays where a machine refuses those."""
    found = report("--minutes", "0.2", "--seed", "11", "--apart")
    examined(found)
    assert found["hosts"] == 8
    assert found["lines"] == ("relays" if hosts.refusal() else "networks")
    assert sum(found["blows"].values()) >= 3


def test_one_file_cannot_stand_on_several_hosts(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        faults.main(["--store", "sqlite", "--apart"])
    assert "one host" in capsys.readouterr().err


def test_a_machine_that_refuses_hosts_says_why_and_goes_on_with_relays(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(faults, "torment", lambda *words, apart, **named: asked.append(apart) or figures())
    monkeypatch.setenv("PATH", "/nowhere")
    assert faults.main(["--apart"]) == 0
    assert "unshare is not installed" in capsys.readouterr().err
    assert faults.main(["--apart", "--relays"]) == 0
    assert asked == [True, True]


def test_hosts_are_never_made_in_the_machines_own_network() -> None:
    with pytest.raises(RuntimeError, match="network of one's own"), hosts.hosts(["a"]):
        pass


REACHED = """
import socket

def reached(address, port):
    try:
        with socket.create_connection((address, port), timeout=0.5) as line:
            line.sendall(b"?")
            return line.recv(1) == b"!"
    except OSError:
        return False
"""
LISTEN = """
import socket
door = socket.create_server(("", 7))
print(flush=True)
while True:
    line, _ = door.accept()
    line.recv(1)
    line.sendall(b"!")
"""
HOSTS = f"""
import subprocess, sys
from bench.faults import hosts
{REACHED}
with hosts.hosts(["a", "b"]) as made:
    servers = [subprocess.Popen([*one.inside, sys.executable, "-c", {LISTEN!r}], stdout=-1) for one in made.values()]
    [server.stdout.readline() for server in servers]
    seen = [[reached(one.address, 7) for one in made.values()]]
    made["a"].cut()
    seen.append([reached(one.address, 7) for one in made.values()])
    made["a"].heal()
    # The kernel may still hold the neighbour for gone, and asks for it anew within a second or two.
    [reached(made["a"].address, 7) for _ in range(20) if not reached(made["a"].address, 7)]
    seen.append([reached(one.address, 7) for one in made.values()])
    [server.kill() for server in servers]
print(seen)
"""
RELAYED = f"""
import socket, threading
from bench.faults import relays
{REACHED}
doors = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]

def answer(door):
    while True:
        line, _ = door.accept()
        threading.Thread(target=lambda: line.sendall(b"!") if line.recv(1) else line.close(), daemon=True).start()

[threading.Thread(target=answer, args=(door,), daemon=True).start() for door in doors]
with relays.relayed(["a", "b"]) as made:
    ports = [host.line(door.getsockname()) for host, door in zip(made.values(), doors)]
    seen = [[reached("127.0.0.1", port) for port in ports]]
    made["a"].cut()
    seen.append([reached("127.0.0.1", port) for port in ports])
    made["a"].heal()
    seen.append([reached("127.0.0.1", port) for port in ports])
print(seen)
"""


def test_a_host_that_is_cut_off_is_reached_again_when_it_is_healed() -> None:
    """By its own network where the machine makes any, else by its relays."""
    enter, tried = ([], RELAYED) if hosts.refusal() else (["unshare", "--net"], HOSTS)
    assert seen(enter, tried) == "[[True, True], [False, True], [True, True]]"


def test_a_relay_that_is_cut_says_nothing_and_loses_nothing() -> None:
    assert seen([], RELAYED) == "[[True, True], [False, True], [True, True]]"


def seen(enter: list[str], tried: str) -> str:
    ended = subprocess.run(
        [*enter, sys.executable, "-c", tried], cwd=ROOT, capture_output=True, text=True, timeout=60,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "CRMFLOW_FAULTS_INSIDE": "1"},
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


def test_what_is_sent_while_a_relay_is_cut_arrives_when_it_is_healed() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as door,
        relays.relayed(["a"]) as made,
        socket.create_connection(("127.0.0.1", made["a"].line(door.getsockname()))) as near,
    ):
        far, _ = door.accept()
        near.sendall(b"one")
        assert far.recv(9) == b"one"
        made["a"].cut()
        near.sendall(b"two")
        far.settimeout(0.2)
        with pytest.raises(TimeoutError):
            far.recv(9)
        made["a"].heal()
        far.settimeout(10)
        assert far.recv(9) == b"two"
        far.close()
        assert near.recv(9) == b"", "an end is handed on"


def test_a_relay_before_a_closed_door_ends_who_comes() -> None:
    with relays.relayed(["a"]) as made:
        line = made["a"].line(("127.0.0.1", sockets.free_port()))
        with socket.create_connection(("127.0.0.1", line), timeout=10) as caller:
            assert caller.recv(1) == b""


@pytest.mark.skipif(bool(hosts.refusal()), reason="without networks of their own the hosts above stood behind relays")
def test_a_town_behind_relays_loses_and_doubles_nothing() -> None:
    found = report("--minutes", "0.1", "--seed", "3", "--apart", "--relays")
    examined(found)
    assert (found["hosts"], found["lines"]) == (8, "relays")


# --- the examination itself: it sees what is lost and what is doubled -----------------------------------------------


def test_the_book_of_effects_takes_a_key_once_and_notes_each_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = effects.Book(tmp_path / "book.db")
    monkeypatch.setenv(effects.BOOK, str(book.path))

    class Call:
        id = "i.1"
        input = {"n": 4}

    for _ in range(3):
        assert effects.pay(Call()).data == {"paid": 4}  # type: ignore[arg-type]
    assert (book.tries(), book.effects()) == (3, Counter({4: 1}))
    Call.id = "i.2"
    effects.pay(Call())  # type: ignore[arg-type]
    assert book.effects() == Counter({4: 2}), "two jobs that pay the same are seen as two"


def test_the_handler_is_found_as_that_of_an_installed_package(tmp_path: Path) -> None:
    effects.install(tmp_path)
    asked = "from engine import plugins; print(plugins.handlers()['pay'].point.load().__module__)"
    ended = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True,
        env={"PYTHONPATH": f"{ROOT}:{tmp_path}"},
    )  # fmt: skip
    assert ended.stdout.strip() == "bench.faults.effects", ended.stderr


def test_a_process_reads_each_time_how_wrong_its_clock_is(tmp_path: Path) -> None:
    clock = clocks.Clock(tmp_path / "clock")
    clocks.install(tmp_path)
    asked = (
        "import time, pathlib, os\n"
        "from datetime import UTC, datetime\n"
        "from engine.clock import SystemClock\n"
        "wrong = lambda: round((SystemClock().now() - datetime.now(UTC)).total_seconds())\n"
        f"first = wrong(); pathlib.Path(os.environ[{clocks.FILE!r}]).write_text('-15.0'); print(first, wrong())"
    )
    clock.set_wrong_by(20)
    ended = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True,
        env={"PYTHONPATH": f"{ROOT}:{tmp_path}", clocks.FILE: str(clock.path)},
    )  # fmt: skip
    assert ended.stdout.split() == ["20", "-15"], ended.stderr


def test_a_process_that_has_no_such_clock_goes_by_the_right_one(tmp_path: Path) -> None:
    clocks.install(tmp_path)
    ended = subprocess.run(
        [sys.executable, "-c", "from engine.clock import SystemClock; print(SystemClock.now.__qualname__)"],
        cwd=ROOT, capture_output=True, text=True, env={"PYTHONPATH": f"{ROOT}:{tmp_path}"},
    )  # fmt: skip
    assert ended.stdout.strip() == "SystemClock.now", ended.stderr


def test_a_caller_whom_nobody_answers_is_reported_as_wrong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(clients, "LONGEST_SILENCE_SECONDS", 0.2)
    empty = Town({}, None, Settings(data_dir=tmp_path))
    empty.doors.append(("127.0.0.1", sockets.free_port()))
    caller = clients.Client(empty, "token", 1, 1, threading.Event())
    caller.run()
    assert (caller.tally.wrong, caller.tally.answered) == (1, 0)
    assert "got no answer" in caller.words[0]


def test_a_blow_waits_until_the_town_answers_but_not_for_ever(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    caller = clients.Client(Town({}, None, Settings(data_dir=tmp_path)), "", 1, 1, threading.Event())
    waited: list[int] = []

    class Pausing(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waited.append(1)
            caller.tally.answered += len(waited) == 3
            return False

    monkeypatch.setattr(torment.threading, "Event", Pausing)
    torment._until_somebody_is_answered([caller])
    assert len(waited) == 3
    monkeypatch.setattr(torment, "PATIENCE_SECONDS", 0.01)
    waited[:] = [0] * 9
    torment._until_somebody_is_answered([caller])
    assert caller.tally.answered == 1


def figures(**more: Any) -> torment.Report:
    plain: dict[str, Any] = {
        "store": "sqlite", "hosts": 0, "lines": "", "seconds": 1.0, "kills": 1, "blows": {}, "cases": 2, "answered": 3,
        "repeated": 0, "wrong": 0, "tries": 3, "effects": 3, "losses": 0, "doubles": 0, "words": [],
    }  # fmt: skip
    return torment.Report(**{**plain, **more})


@pytest.mark.parametrize(
    ("more", "code"), [({}, 0), ({"losses": 1}, 1), ({"doubles": 1}, 1), ({"wrong": 1}, 1), ({"repeated": 9}, 0)]
)
def test_the_command_fails_for_a_loss_a_double_or_a_wrong_answer(
    more: dict[str, Any], code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(faults, "torment", lambda *words, **named: figures(**more))
    assert faults.main(["--store", "sqlite"]) == code
    assert "losses" in capsys.readouterr().out


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[Any, Town, dict[int, list[str]]]]:
    """A town without processes in which one pair of cases ran to its end, beside the pair that showed the task."""
    made = Town({}, None, Settings(data_dir=tmp_path))
    made.book = effects.Book(tmp_path / "book.db")

    def pay(call: ports.JobCall) -> ports.JobAnswer:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(effects.BOOK, str(made.book.path))
            return effects.pay(call)

    with house(tmp_path, {"pay": pay}, evaluator=HouseEvaluator()) as home:
        for drawn in (clients.DEAL, clients.THANKS):
            home.release(drawn)
        pairs = {n: [home.start("thanks", n=n), home.start("deal", n=n)] for n in (0, 1)}
        home.settle()
        act.complete(home.engine, work_item_id=home.item(pairs[1][1], "look").id, data={}, agent=ANNA, now=home.now)
        home.pass_time(seconds=1)
        yield home, made, {1: pairs[1]}


def test_a_pair_that_ran_as_it_should_is_neither_loss_nor_double(place: Any) -> None:
    home, town, begun = place
    words: list[str] = []
    assert torment.examine(home.engine, town, begun, words) == (0, 0), words


def spoilt(place: Any, spoil: Any) -> tuple[tuple[int, int], str]:
    home, town, begun = place
    spoil(home, town, begun)
    words: list[str] = []
    return torment.examine(home.engine, town, begun, words), "; ".join(words)


def sql(text: str) -> Any:
    def run(home: Any, town: Town, begun: dict[int, list[str]]) -> None:
        with home.engine.store.transaction() as tx:
            tx.connection.exec_driver_sql(text.format(deal=begun[1][1]))

    return run


def book(text: str) -> Any:
    def run(home: Any, town: Town, begun: dict[int, list[str]]) -> None:
        with sqlite3.connect(town.book.path) as outside:
            outside.execute(text)

    return run


LAST = "(SELECT max(seq) FROM fact WHERE instance_id = '{deal}')"


@pytest.mark.parametrize(
    ("spoil", "losses", "doubles", "said"),
    [
        (book("DELETE FROM done WHERE amount = 1 AND id IN (SELECT min(id) FROM done WHERE amount = 1)"), 1, 0,
         "effects of 1: 1, expected 2"),
        (book("INSERT INTO done VALUES ('again', 1)"), 0, 1, "effects of 1: 3, expected 2"),
        (sql("DELETE FROM fact WHERE instance_id = '{deal}' AND seq = " + LAST), 1, 0, "InstanceEnded"),
        (sql("INSERT INTO fact SELECT instance_id, seq + 1, at, agent, type, node, data FROM fact"
             " WHERE instance_id = '{deal}' AND seq = " + LAST), 0, 1, "InstanceEnded"),
        (sql("UPDATE fact SET seq = seq + 1000 WHERE instance_id = '{deal}' AND seq = " + LAST), 0, 1, "gaps"),
    ],
)  # fmt: skip
def test_what_is_missing_is_a_loss_and_what_is_there_twice_a_double(
    spoil: Any, losses: int, doubles: int, said: str, place: Any
) -> None:
    found, words = spoilt(place, spoil)
    assert found == (losses, doubles), words
    assert said in words


def test_a_case_that_nobody_was_told_of_is_a_double_and_one_that_is_gone_a_loss(place: Any) -> None:
    home, town, begun = place
    extra = home.start("thanks", n=5)
    assert torment.examine(home.engine, town, begun, []) == (0, 1)
    assert torment.examine(home.engine, town, {**begun, 5: [extra, "never begun"]}, words := [])[0] > 0
    assert any("answered cases that are there" in line for line in words)


def test_a_crash_of_the_database_is_a_kill_and_a_cut_is_none() -> None:
    assert "crash database" in KILLS
    assert not {"cut", "freeze", "slow database"} & set(KILLS)
