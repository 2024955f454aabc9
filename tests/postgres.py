"""A PostgreSQL cluster of the tests' own: private folder, free port, gone afterwards."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

SETTINGS = {"fsync": "off", "full_page_writes": "off", "max_connections": "150", "shared_buffers": "32MB"}


class Cluster:
    """A server for one test run; each test gets a database of its own."""

    def __init__(self, port: int, data: Path | None = None) -> None:
        self._port = port
        self._data = data
        self._numbers = count(1)

    def database(self) -> str:
        """The URL of a new, empty database."""
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        with psycopg.connect(self._dsn("postgres"), autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name}")
        return f"postgresql+psycopg://crmflow@127.0.0.1:{self._port}/{name}"

    def pid(self) -> int:
        """Of the server's first process."""
        assert self._data is not None
        return int((self._data / "postmaster.pid").read_text().split()[0])

    def drop(self, url: str) -> None:
        with psycopg.connect(self._dsn("postgres"), autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")

    def _dsn(self, name: str) -> str:
        return f"host=127.0.0.1 port={self._port} user=crmflow dbname={name}"


def programs() -> Path:
    """The newest installed server's folder. Raises FileNotFoundError that says what to install."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    raise FileNotFoundError("these tests need the programs of PostgreSQL: apt-get install postgresql")


@contextmanager
def cluster(settings: Mapping[str, str] = SETTINGS) -> Iterator[Cluster]:
    binaries = programs()
    folder = Path(tempfile.mkdtemp(prefix="crmflow-postgres-"))
    owner = _owner(folder)
    data = folder / "data"

    def run(*command: str) -> None:
        subprocess.run(command, check=True, capture_output=True, cwd=folder, **owner)

    try:
        run(str(binaries / "initdb"), "-D", str(data), "-U", "crmflow", "-A", "trust", "-E", "UTF8", "--no-sync")
        port = _free_port()
        chosen = "".join(f" -c {name}={value}" for name, value in settings.items())
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder}{chosen}"
        control = str(binaries / "pg_ctl")
        run(control, "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start")
        try:
            yield Cluster(port, data)
        finally:
            run(control, "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _owner(folder: Path) -> dict[str, object]:
    """PostgreSQL refuses to run as root: the user that its package made, else nobody, owns the folder then."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
