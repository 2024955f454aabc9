"""Ports for servers that have to be told theirs before they begin."""

import socket
from pathlib import Path
from secrets import randbelow

_GIVEN_AWAY = Path("/proc/sys/net/ipv4/ip_local_port_range")
_FIRST = 15_000


def free_port(address: str = "127.0.0.1") -> int:
    """One that nobody has now, and below those that the system gives to outgoing connections: between this answer and
    the server's beginning, seconds later for PostgreSQL, any connection of another test could be given one of those."""
    last = int(_GIVEN_AWAY.read_text().split()[0]) if _GIVEN_AWAY.exists() else 32_768
    for _ in range(1000):
        port = _FIRST + randbelow(max(1, last - _FIRST))
        with socket.socket() as found:
            try:
                found.bind((address, port))
            except OSError:
                continue
            return port
    raise RuntimeError(f"no port between {_FIRST} and {last} is free at {address}")
