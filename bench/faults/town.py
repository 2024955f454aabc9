"""A whole installation of real processes: web servers, workers, dispatchers, Redis, PostgreSQL or a SQLite file."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from bench import world
from bench.faults import clocks, effects
from bench.faults.hosts import Host, hosts, inside
from bench.faults.relays import Relayed, relayed
from engine.settings import Settings
from tests import postgres, sockets

ROOT = Path(__file__).resolve().parent.parent.parent
LEASE_SECONDS = 2
SERVERS = ("web-1", "web-2", "worker-1", "worker-2", "dispatcher-1", "dispatcher-2")
LOOPBACK = "127.0.0.1"
Place = Host | Relayed
COMPLAINT = re.compile(r"^(?!sqlalchemy\.exc\.)[\w.]*(?:Error|Exception|Failed|Exit)\b.*", re.MULTILINE)
"""The last line of a traceback."""


class Member:
    """One process of the town, begun anew whenever it died."""

    def __init__(
        self, name: str, command: Sequence[str], *, host: Place | None, environment: dict[str, str], log: Path
    ) -> None:
        self.name, self.log = name, log
        self._command = [*(host.inside if host else ()), *command]
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, env=self._environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=log
            )

    def family(self) -> list[int]:
        """Its process and the processes that it began; nobody's when it is dead."""
        if self._process is None or self._process.poll() is not None:
            return []
        found = [self._process.pid]
        for pid in found:
            found += [int(child) for child in _children(pid)]
        return found

    def kill(self, pid: int | None = None) -> None:
        """-9, at once; of ``pid`` alone, or of all and begun anew."""
        for one in [pid] if pid else self.family():
            _signal(one, signal.SIGKILL)
        if not pid:
            self.bury()
            self.begin()

    def freeze(self) -> None:
        for pid in self.family():
            _signal(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        for pid in self.family():
            _signal(pid, signal.SIGCONT)

    def bury(self) -> None:
        for pid in self.family():
            _signal(pid, signal.SIGKILL)
        if self._process is not None:
            self._process.wait(30)


class Town:
    def __init__(self, members: dict[str, Member], cluster: postgres.Cluster | None, settings: Settings) -> None:
        self.members = members
        self.cluster = cluster
        self.settings = settings
        self.hosts: dict[str, Place] = {}
        self.doors: list[tuple[str, int]] = []
        """Where the web servers listen."""
        self.clocks: dict[str, clocks.Clock] = {}
        """Of every server, by its name."""
        self.book: effects.Book

    def complaints(self) -> list[str]:
        """What web servers said of errors that they had not expected, with the place in the code of each."""
        found = []
        for name, member in sorted(self.members.items()):
            if name.startswith("web") and member.log.exists():
                text = member.log.read_text(errors="replace")
                for one in COMPLAINT.finditer(text):
                    found.append(
                        f"{name}: {one.group()} {' '.join(text[max(0, one.start() - 600) : one.start()].split())}"
                    )
        return found

    def crash_database(self) -> None:
        assert self.cluster is not None
        self.cluster.stop()
        self.cluster.start(address=self.cluster.address)

    def slow_database(self, seconds: float) -> None:
        """Its processes stand still most of the time."""
        assert self.cluster is not None
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            pid = self.cluster.pid()
            family = [pid, *map(int, _children(pid))]
            for one in family:
                _signal(one, signal.SIGSTOP)
            threading.Event().wait(0.08)
            for one in family:
                _signal(one, signal.SIGCONT)
            threading.Event().wait(0.02)


@contextmanager
def town(store: str, *, apart: bool) -> Iterator[Town]:
    """``apart``: PostgreSQL, Redis and every server on a host of its own. SQLite has one host, and no Redis."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="crmflow-faults-")))
        folder.chmod(0o755)
        names = ("database", "redis", *SERVERS)
        places: dict[str, Place] = {}
        if apart:
            places |= stack.enter_context(hosts(names) if inside() else relayed(names))
        cluster = stack.enter_context(_database(folder, places.get("database"))) if store == "postgresql" else None
        redis = (places["redis"].address if apart else LOOPBACK, sockets.free_port())
        settings = Settings(
            data_dir=folder,
            database_url=cluster.database() if cluster else "",
            queue="rq" if cluster else "threads",
            redis_url=_redis_url(*redis),
            lease_seconds=LEASE_SECONDS,
            sweep_seconds=0.2,
            secret_key="the same for all web servers",
        )
        made = Town({}, cluster, settings)
        made.hosts = places
        made.book = effects.Book(folder / "book.db")
        effects.install(folder)
        clocks.install(folder)
        _people(made, redis)
        try:
            yield made
        finally:
            for member in made.members.values():
                member.bury()


def begin(town: Town) -> None:
    """Every process of the town, and waits until the web servers listen."""
    for member in town.members.values():
        member.begin()
    for address, port in town.doors:
        _until_it_listens(address, port)


def _people(town: Town, redis: tuple[str, int]) -> None:
    settings = town.settings
    way = _Ways(town, redis)
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(settings.data_dir))),
        effects.BOOK: str(town.book.path),
        **{f"CRMFLOW_{name.upper()}": str(value) for name, value in settings.model_dump().items()},
    }

    def member(name: str, *command: str, **more: str) -> None:
        host = town.hosts.get(name)
        town.members[name] = Member(
            name, command, host=host, environment=environment | more, log=settings.data_dir / f"{name}.log"
        )

    program = (sys.executable, "-m", "engine.cli")
    if town.cluster:
        member("redis", *_redis(*redis, settings.data_dir))
    for name in SERVERS if town.cluster else ("web-1", "worker-1", "dispatcher-1"):
        kind = name.partition("-")[0]
        town.clocks[name] = clocks.Clock(settings.data_dir / f"{name}.clock")
        clock = {clocks.FILE: str(town.clocks[name].path)}
        if kind == "web":
            door = (town.hosts[name].address if name in town.hosts else LOOPBACK, sockets.free_port())
            town.doors.append(way.to(name, door))
            member(name, *program, "serve", "--host", door[0], "--port", str(door[1]), **clock, **way.of(name))
        else:
            member(name, *program, kind, **clock, **way.of(name))


class _Ways:
    """How members reach what they need: straight, or by relays where those stand for the cables of hosts."""

    def __init__(self, town: Town, redis: tuple[str, int]) -> None:
        self._town = town
        self._redis = self.to("redis", redis)
        self._database = self.to("database", town.cluster.door) if town.cluster else redis

    def to(self, name: str, door: tuple[str, int]) -> tuple[str, int]:
        """Where others find the door of ``name``."""
        host = self._town.hosts.get(name)
        return (LOOPBACK, host.line(door)) if isinstance(host, Relayed) else door

    def of(self, name: str) -> dict[str, str]:
        """The settings of a member whose own cable can be cut too."""
        if not isinstance(self._town.hosts.get(name), Relayed):
            return {}
        address, port = self.to(name, self._database)
        url = sa.make_url(self._town.settings.database_url).set(host=address, port=port)
        return {
            "CRMFLOW_DATABASE_URL": url.render_as_string(hide_password=False),
            "CRMFLOW_REDIS_URL": _redis_url(*self.to(name, self._redis)),
        }


def _redis_url(address: str, port: int) -> str:
    return f"redis://{address}:{port}/0"


def _redis(address: str, port: int, folder: Path) -> list[str]:
    return [
        "redis-server", "--port", str(port), "--bind", address, "--protected-mode", "no",
        "--save", "", "--appendonly", "no", "--dir", str(folder),
    ]  # fmt: skip


@contextmanager
def _database(folder: Path, host: Place | None) -> Iterator[postgres.Cluster]:
    home = folder / "postgresql"
    home.mkdir()
    cluster = postgres.Cluster(home, world.SERVER, inside=host.inside if host else ())
    cluster.initialise()
    cluster.start(address=host.address if host else LOOPBACK)
    try:
        yield cluster
    finally:
        cluster.stop()


def _until_it_listens(address: str, port: int, seconds: float = 300) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection((address, port), timeout=1).close()
            return
        except OSError:
            threading.Event().wait(0.05)
    raise TimeoutError(f"nobody listens at {address}:{port} after {seconds} s")


def _children(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return  # it was faster
