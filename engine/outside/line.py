"""One connection to the world outside: resolved once, every address checked, pinned, and over at its deadline.

A name is resolved here and nowhere else, and the connection goes to the very address that was checked: a name server
that answers differently the second time (DNS rebinding) is not asked a second time.
"""

import io
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection, Sequence
from typing import Any

from engine import errors
from engine.outside import addresses, targets

Resolver = Callable[[str, int], Sequence[str]]
"""Host and port to addresses as text. Raises OSError."""


class Deadline:
    """A span that began with its making; by the monotonic clock, for a wait is no moment of the house."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds, more than 0. Raises TimeoutError."""
        rest = self._end - time.monotonic()
        if rest <= 0:
            raise TimeoutError("the deadline has passed")
        return rest


def system_resolver(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[4][0]) for address in found))


class Line:
    """A socket whose every read and write knows the deadline: a peer that sends a byte a second gains nothing."""

    def __init__(self, raw: socket.socket, deadline: Deadline) -> None:
        self.raw = raw
        self.deadline = deadline

    def sendall(self, data: Any) -> None:
        self.raw.settimeout(self.deadline.left())
        self.raw.sendall(data)

    def makefile(self, mode: str = "rb", *args: Any, **more: Any) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self))

    def encrypt(self, host: str, context: ssl.SSLContext) -> None:
        """TLS from now on, with the certificate checked against ``host``, not against the pinned address."""
        self.raw.settimeout(self.deadline.left())
        self.raw = context.wrap_socket(self.raw, server_hostname=host)

    def close(self) -> None:
        self.raw.close()

    def shutdown(self, how: int) -> None:
        self.raw.shutdown(how)


class _Reader(io.RawIOBase):
    def __init__(self, line: Line) -> None:
        self._line = line

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._line.raw.settimeout(self._line.deadline.left())
        return self._line.raw.recv_into(buffer)


class Gate:
    """Opens lines to where calls may go. ``open_to`` are the openings of the administrators at this moment."""

    def __init__(
        self,
        open_to: Collection[targets.Opening] = (),
        *,
        resolver: Resolver = system_resolver,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.open_to = tuple(open_to)
        self._resolver = resolver
        self.context = context or ssl.create_default_context()

    def checked(
        self, host: str, port: int, *, secure: bool, deadline: Deadline, ports: Collection[int] = targets.WEB_PORTS
    ) -> list[addresses.Address]:
        """The addresses of ``host``, all of them allowed: one that is not spoils the name.

        Raises errors.Forbidden, and errors.Unavailable when nobody knows the name.
        """
        try:
            texts = self._resolved(host, port, deadline)
            found = [addresses.parse(text) for text in texts]
        except (OSError, ValueError, UnicodeError) as error:
            raise unreachable(host, port, error) from error
        if not found:
            raise unreachable(host, port, OSError("no address"))
        for address in found:
            refused = targets.refusal(host, address, port, secure=secure, open_to=self.open_to, ports=ports)
            if refused is not None:
                raise refused
        return found

    def open(
        self, host: str, port: int, *, secure: bool, deadline: Deadline, ports: Collection[int] = targets.WEB_PORTS
    ) -> Line:
        """A connected line, not yet encrypted; ``secure`` says that it will be. Addresses are tried in turn."""
        last: OSError = OSError("no address")
        for address in self.checked(host, port, secure=secure, deadline=deadline, ports=ports):
            try:
                raw = socket.create_connection((str(address), port), timeout=deadline.left())
            except OSError as error:
                last = error
                continue
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return Line(raw, deadline)
        raise unreachable(host, port, last)

    def _resolved(self, host: str, port: int, deadline: Deadline) -> Sequence[str]:
        """In a thread that nobody waits for beyond the deadline: resolvers take their own time."""
        answer: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answer.put(self._resolver(host, port))
            except Exception as error:  # handed to the asking thread, which raises it
                answer.put(error)

        threading.Thread(target=ask, name="crmflow-resolver", daemon=True).start()
        try:
            found = answer.get(timeout=deadline.left())
        except queue.Empty:
            raise TimeoutError("the name server did not answer in time") from None
        if isinstance(found, Exception):
            raise found
        return found


def unreachable(host: str, port: int, error: BaseException) -> errors.Unavailable:
    words = _words(error)
    return errors.Unavailable(
        "target_unreachable",
        zh=f"无法与 {host}:{port} 通信：{words}。",
        en=f"{host}:{port} could not be talked to: {words}.",
        host=host,
        port=port,
    )


def _words(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time / 超时"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"certificate: {error.verify_message}"
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__)[:300]
