"""Hosts of their own on one machine: a network namespace each, joined by a switch; any of them can be cut off.

Everything lives in namespaces without a name, which vanish with their processes: nothing is left on the machine
however this ends. Only who may make namespaces can have it (root; see ``refusal``).
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

NETWORK = "10.99.0"
HERE = f"{NETWORK}.1"
"""The address of whoever torments: it stands at the switch."""
_INSIDE = "CRMFLOW_FAULTS_INSIDE"


def refusal() -> str:
    """Why this machine gives us no hosts of our own; empty when it does."""
    for program in ("unshare", "nsenter", "ip", "setpriv"):
        if shutil.which(program) is None:
            return f"{program} is not installed"
    tried = subprocess.run(
        [
            "unshare",
            "--net",
            "sh",
            "-c",
            "ip link add name switch type bridge && ip link add name cable type veth peer name eth0",
        ],
        capture_output=True,
        text=True,
    )
    return tried.stderr.strip() if tried.returncode else ""


def inside() -> bool:
    """Whether this process stands in a network of its own already."""
    return os.environ.get(_INSIDE) == "1"


def enter(module: str, words: Sequence[str]) -> int:
    """Runs the module again in a network of its own; its exit code."""
    command = ["unshare", "--net", sys.executable, "-m", module, *words]
    return subprocess.run(command, env={**os.environ, _INSIDE: "1"}).returncode


class Host:
    """A network namespace, kept by a process that does nothing, with one cable to the switch."""

    def __init__(self, number: int) -> None:
        self.address = f"{NETWORK}.{number + 2}"
        self._cable = f"cable{number}"
        self._keeper = subprocess.Popen(["unshare", "--net", "sh", "-c", "echo; exec cat"], stdin=-1, stdout=-1)
        assert self._keeper.stdout is not None
        self._keeper.stdout.readline()  # by now it is in its own network
        self.inside = ("nsenter", "--target", str(self._keeper.pid), "--net", "--")
        _ip(f"link add name {self._cable} type veth peer name eth0 netns {self._keeper.pid}")
        _ip(f"link set {self._cable} master switch up")
        for line in ("link set lo up", f"addr add {self.address}/24 dev eth0", "link set eth0 up"):
            _ip(line, self.inside)

    def cut(self) -> None:
        """From now on nothing comes or goes, and nobody is told."""
        _ip(f"link set {self._cable} down")

    def heal(self) -> None:
        _ip(f"link set {self._cable} up")

    def close(self) -> None:
        self._keeper.kill()
        self._keeper.communicate()


@contextmanager
def hosts(names: Sequence[str]) -> Iterator[dict[str, Host]]:
    """One host for each name. Only ``inside``; raises RuntimeError elsewhere: the machine's own network is not ours."""
    if not inside():
        raise RuntimeError("hosts are made inside a network of one's own: see enter()")
    _ip("link set lo up")
    _ip("link add name switch type bridge")
    _ip(f"addr add {HERE}/24 dev switch")
    _ip("link set switch up")
    made: dict[str, Host] = {}
    try:
        for number, name in enumerate(names):
            made[name] = Host(number)
        yield made
    finally:
        for host in made.values():
            host.close()


def _ip(line: str, inside: Sequence[str] = ()) -> None:
    done = subprocess.run([*inside, "ip", *line.split()], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"ip {line}: {done.stderr.strip()}")
