"""Threads for waitress: who was busy last goes on, nobody is begun in vain, nothing under way is lost at the end."""

import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house import house
from web.serving import server
from web.serving.crew import Crew
from web.ui.app import LARGEST_WITH_FILES

PATIENCE_SECONDS = 30


class Job:
    """A task that waits for ``go`` when it has one, and remembers who did it."""

    def __init__(self, go: threading.Event | None = None, fails: bool = False) -> None:
        self.go, self.fails = go, fails
        self.begun, self.done = threading.Event(), threading.Event()
        self.thread = ""
        self.cancelled = False

    def service(self) -> None:
        self.thread = threading.current_thread().name
        self.begun.set()
        try:
            if self.go is not None:
                assert self.go.wait(PATIENCE_SECONDS)
            if self.fails:
                raise SystemExit("a view may raise anything")
        finally:
            self.done.set()

    def cancel(self) -> None:
        self.cancelled = True


def done(crew: Crew, job: Job) -> Job:
    crew.add_task(job)
    assert job.done.wait(PATIENCE_SECONDS)
    return job


def idle(crew: Crew, count: int) -> None:
    """Until so many sleep: a job is over a moment before its thread sleeps again."""
    until = threading.Event()
    for _ in range(PATIENCE_SECONDS * 1000):
        if len(crew._idle) == count:
            return
        until.wait(0.001)
    raise AssertionError(f"expected {count} idle threads, there are {len(crew._idle)}")


def busy(crew: Crew, count: int) -> tuple[threading.Event, list[Job]]:
    go = threading.Event()
    jobs = [Job(go) for _ in range(count)]
    for job in jobs:
        crew.add_task(job)
    for job in jobs:
        assert job.begun.wait(PATIENCE_SECONDS)
    return go, jobs


def test_one_request_after_the_other_needs_one_thread() -> None:
    crew = Crew(8)
    names = set()
    for _ in range(20):
        names.add(done(crew, Job()).thread)
        idle(crew, 1)
    assert names == {"waitress-1"}
    assert crew.shutdown() is False


def test_whoever_was_busy_last_is_asked_first() -> None:
    crew = Crew(8)
    gates = [threading.Event() for _ in range(3)]
    jobs = [Job(gate) for gate in gates]
    for job in jobs:
        crew.add_task(job)
    for number, place in enumerate((2, 0, 1), 1):
        gates[place].set()
        assert jobs[place].done.wait(PATIENCE_SECONDS)
        idle(crew, number)
    go = threading.Event()
    again = [Job(go) for _ in range(3)]
    for job in again:
        crew.add_task(job)
        assert job.begun.wait(PATIENCE_SECONDS)
    assert [job.thread for job in again] == [jobs[1].thread, jobs[0].thread, jobs[2].thread]
    go.set()
    crew.shutdown()


def test_no_more_threads_than_allowed_and_the_rest_in_order() -> None:
    crew = Crew(2)
    go, first = busy(crew, 2)
    order: list[int] = []

    def noting(number: int) -> Callable[[], None]:
        return lambda: order.append(number)

    later = [Job() for _ in range(5)]
    for number, job in enumerate(later):
        job.service = noting(number)  # type: ignore[method-assign]
        crew.add_task(job)
    assert order == []
    go.set()
    for job in first:
        assert job.done.wait(PATIENCE_SECONDS)
    idle(crew, 2)
    assert sorted(order) == list(range(5))
    crew.shutdown()


@pytest.mark.parametrize("times", [1, 5])
def test_what_a_request_raises_costs_no_thread(times: int) -> None:
    crew = Crew(1)
    for _ in range(times):
        done(crew, Job(fails=True))
    assert done(crew, Job()).thread == "waitress-1"
    crew.shutdown()


def test_the_end_waits_for_what_is_under_way_and_for_what_waits() -> None:
    crew = Crew(1)
    go, (first,) = busy(crew, 1)
    second = Job()
    crew.add_task(second)
    ending = threading.Thread(target=crew.shutdown, kwargs={"timeout": PATIENCE_SECONDS})
    ending.start()
    go.set()
    ending.join(PATIENCE_SECONDS)
    assert not ending.is_alive()
    assert first.done.is_set() and second.done.is_set() and not second.cancelled
    assert crew._size == 0


def test_the_end_cancels_what_still_waits_when_time_is_up() -> None:
    crew = Crew(1)
    go, (slow,) = busy(crew, 1)
    waiting = Job()
    crew.add_task(waiting)
    assert crew.shutdown(timeout=0) is True
    assert waiting.cancelled and not waiting.begun.is_set()
    go.set()
    assert slow.done.wait(PATIENCE_SECONDS)


def test_idle_threads_go_home_at_the_end() -> None:
    others = set(threading.enumerate())
    crew = Crew(4)
    go, jobs = busy(crew, 4)
    go.set()
    for job in jobs:
        assert job.done.wait(PATIENCE_SECONDS)
    idle(crew, 4)
    ours = [one for one in threading.enumerate() if one not in others and one.name in {job.thread for job in jobs}]
    assert len(ours) == 4
    crew.shutdown()
    for one in ours:
        one.join(PATIENCE_SECONDS)
    assert not [one for one in ours if one.is_alive()]


def test_a_socket_for_many_listens_before_anybody_serves() -> None:
    with server.bind("127.0.0.1", 0) as shared:
        port = shared.getsockname()[1]
        with pytest.raises(OSError):
            server.bind("127.0.0.1", port)


def test_a_name_that_is_no_address_is_refused() -> None:
    with pytest.raises(OSError):
        server.bind("no.such.host.invalid", 0)


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (f"Content-Length: {LARGEST_WITH_FILES + 1}", b"413"),
        ("Content-Length: 99999999999999999999", b"413"),
        ("Content-Length: -1", b"400"),
        ("Content-Length: 0", b"401"),
    ],
)
def test_what_nobody_takes_is_refused_before_it_is_sent(tmp_path: Path, head: str, status: bytes) -> None:
    with house(tmp_path) as home:
        listening = server.listen(home.engine, host="127.0.0.1", port=0)
        serving = threading.Thread(target=listening.run, daemon=True)
        serving.start()
        try:
            with socket.create_connection(("127.0.0.1", int(listening.effective_port)), PATIENCE_SECONDS) as line:
                line.sendall(f"POST /api/v1/attachments?name=a.txt HTTP/1.1\r\nHost: x\r\n{head}\r\n\r\n".encode())
                said = line.recv(100)
        finally:
            listening.close()
            listening.task_dispatcher.shutdown(timeout=PATIENCE_SECONDS)
            serving.join(PATIENCE_SECONDS)
    assert said.split()[1] == status
