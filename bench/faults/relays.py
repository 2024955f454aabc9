"""Hosts of their own where a machine gives no networks of their own: every line of a host runs through a relay on
loopback, and all its relays are cut together. To both ends that looks as a cut cable: nothing comes, nothing is said.
"""

import selectors
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

LOOPBACK = "127.0.0.1"
PIECE = 65536
SILENCE_SECONDS = 30
"""Who takes nothing for so long is given up."""


class Relay:
    """Listens at ``port`` on loopback and hands every connection on to ``target``, until it is cut."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._door = socket.create_server((LOOPBACK, 0))
        self.port: int = self._door.getsockname()[1]
        self._waker, self._wakened = socket.socketpair()
        self._open = True
        self._over = False
        self._other: dict[socket.socket, socket.socket] = {}
        self._selector = selectors.DefaultSelector()
        self._thread = threading.Thread(target=self._run, name=f"relay-{self.port}", daemon=True)
        self._thread.start()

    def cut(self) -> None:
        """What is under way stays under way; who connects hears nothing."""
        self._say(lambda: setattr(self, "_open", False))

    def heal(self) -> None:
        self._say(lambda: setattr(self, "_open", True))

    def close(self) -> None:
        self._say(lambda: setattr(self, "_over", True))
        self._thread.join(SILENCE_SECONDS)

    def _say(self, what: Callable[[], None]) -> None:
        what()
        self._waker.send(b".")

    def _run(self) -> None:
        self._selector.register(self._wakened, selectors.EVENT_READ)
        self._selector.register(self._door, selectors.EVENT_READ)
        while not self._over:
            # While it is cut, only what is said to the relay itself is heard.
            ready = [key.fileobj for key, _ in self._selector.select()] if self._open else [self._wakened]
            for one in ready:
                if one is self._wakened:
                    self._wakened.recv(PIECE)
                elif not self._open:
                    continue  # cut since it was asked what is ready
                elif one is self._door:
                    self._connect()
                elif isinstance(one, socket.socket):
                    self._hand_on(one)
        for one in [*self._other, self._door, self._waker, self._wakened]:
            one.close()
        self._selector.close()

    def _connect(self) -> None:
        here, _ = self._door.accept()
        try:
            there = socket.create_connection(self._target, timeout=5)
        except OSError:
            here.close()  # nobody listens there: the caller is told so, as by the host itself
            return
        there.settimeout(SILENCE_SECONDS)
        here.settimeout(SILENCE_SECONDS)
        self._other |= {here: there, there: here}
        for one in (here, there):
            self._selector.register(one, selectors.EVENT_READ)

    def _hand_on(self, one: socket.socket) -> None:
        other = self._other.get(one)
        if other is None:
            return  # its other end was closed in this very round
        try:
            piece = one.recv(PIECE)
            other.sendall(piece)
        except OSError:
            piece = b""
        if not piece:
            for end in (one, other):
                self._selector.unregister(end)
                del self._other[end]
                end.close()


class Relayed:
    """A host that is cut off and healed as one of ``bench.faults.hosts`` is; it stands on this one."""

    address = LOOPBACK
    inside: tuple[str, ...] = ()

    def __init__(self) -> None:
        self._relays: list[Relay] = []

    def line(self, target: tuple[str, int]) -> int:
        """The port on loopback at which ``target`` is reached from, or at, this host."""
        self._relays.append(Relay(target))
        return self._relays[-1].port

    def cut(self) -> None:
        for relay in self._relays:
            relay.cut()

    def heal(self) -> None:
        for relay in self._relays:
            relay.heal()

    def close(self) -> None:
        for relay in self._relays:
            relay.close()


@contextmanager
def relayed(names: Sequence[str]) -> Iterator[dict[str, Relayed]]:
    """One host for each name."""
    made = {name: Relayed() for name in names}
    try:
        yield made
    finally:
        for host in made.values():
            host.close()
