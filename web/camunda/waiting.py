"""Polls that wait for external tasks: each in its thread, without a database connection, until its topic is rung.

The bell of this process rings at once; what other processes make, and leases that end, a look into the database finds
twice a second, one query for all who wait. A ring calls the one who waits longest; who takes something, has gone, or
wants only certain instances, passes the call on.
"""

import threading
import time
from collections.abc import Iterable, Sequence

import structlog

from engine.jobs import external
from engine.ports import Engine, Ring

_LOG = structlog.get_logger("crmflow.rest")
LOOK_SECONDS = 0.5


class Ticket:
    def __init__(self, topics: frozenset[str]) -> None:
        self.topics = topics
        self.call = 0
        """The last call that this one heard."""
        self._rung = threading.Event()

    def ring(self, call: int) -> None:
        self.call = call
        self._rung.set()

    def wait(self, seconds: float) -> bool:
        """True when called."""
        rung = self._rung.wait(seconds)
        if rung:
            self._rung.clear()
        return rung

    @property
    def called(self) -> bool:
        return self._rung.is_set()


class Hall:
    def __init__(self, engine: Engine, *, seats: int) -> None:
        self._engine = engine
        self._seats = seats
        self._calls = 0
        self._tickets: dict[Ticket, None] = {}
        self._lock = threading.Lock()
        self._lookout: threading.Thread | None = None
        engine.bell.listen(self._hear)

    def enter(self, topics: Iterable[str]) -> Ticket | None:
        """None when every seat is taken: then nobody may wait."""
        ticket = Ticket(frozenset(topics))
        with self._lock:
            if len(self._tickets) >= self._seats:
                return None
            self._tickets[ticket] = None
            if self._lookout is None:
                self._lookout = threading.Thread(target=self._look, name="crmflow-topics", daemon=True)
                self._lookout.start()
        return ticket

    def leave(self, ticket: Ticket) -> None:
        with self._lock:
            self._tickets.pop(ticket, None)
            if ticket.called:  # nobody answered this call
                self._ring(ticket.topics, ticket.call)

    def pass_on(self, ticket: Ticket) -> None:
        """The call goes to the next who has not heard it."""
        with self._lock:
            self._ring(ticket.topics, ticket.call)

    def waiting(self) -> int:
        with self._lock:
            return len(self._tickets)

    def _hear(self, rings: Sequence[Ring]) -> None:
        topics = {ring.ref for ring in rings if ring.kind == "topic"}
        if topics and self._tickets:
            self._call(topics)

    def _call(self, topics: Iterable[str]) -> None:
        with self._lock:
            self._calls += 1
            for topic in topics:
                self._ring(frozenset((topic,)), self._calls)

    def _ring(self, topics: frozenset[str], call: int) -> None:
        for ticket in self._tickets:
            if ticket.call < call and not ticket.called and ticket.topics & topics:
                ticket.ring(call)
                return

    def _look(self) -> None:
        """Ends when nobody has waited for a while."""
        while True:
            time.sleep(LOOK_SECONDS)
            with self._lock:
                topics = set().union(*(ticket.topics for ticket in self._tickets))
                if not topics or self._engine.bell.closed:
                    self._lookout = None
                    return
            try:
                self._call(external.ready(self._engine, topics=sorted(topics), now=self._engine.clock.now()))
            except Exception as error:  # the database may be away for a while; those who wait go on waiting
                _LOG.warning("looking for external tasks failed", error=repr(error))
