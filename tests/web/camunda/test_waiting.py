"""Polls that wait: woken by what comes, no lock for who has gone, and hundreds of them cost next to nothing."""

import json
import resource
import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.web.camunda import live
from tests.web.camunda.conftest import ORDER, basic
from web.camunda.waiting import Hall

MANY = 200


@pytest.fixture
def server(tmp_path: Path) -> Iterator[live.Live]:
    with live.serving(tmp_path) as made:
        file = {"order.bpmn": ("order.bpmn", ORDER, "text/xml")}
        post(made, "/deployment/create", files=file, data={"deployment-name": "o"})
        yield made


def post(server: live.Live, path: str, **more: Any) -> requests.Response:
    answer = requests.post(f"{server.url}{path}", headers=basic("ada"), timeout=30, **more)
    assert answer.status_code in (200, 204), answer.text
    return answer


def start(server: live.Live) -> str:
    return str(post(server, "/process-definition/key/order/start", json={}).json()["id"])


def poll(server: live.Live, worker: str, topic: str = "charge", seconds: float = 20) -> socket.socket:
    """A poll that has been sent; what comes back is read by ``answered``."""
    body = json.dumps(
        {
            "workerId": worker,
            "maxTasks": 1,
            "asyncResponseTimeout": seconds * 1000,
            "topics": [{"topicName": topic, "lockDuration": 60_000}],
        }
    )
    connection = socket.create_connection((server.host[7:].split(":")[0], int(server.host.rpartition(":")[2])))
    head = (
        f"POST /engine-rest/external-task/fetchAndLock HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
    )
    connection.sendall(f"{head}Authorization: {basic('ada')['Authorization']}\r\n\r\n{body}".encode())
    return connection


def answered(connection: socket.socket) -> list[dict[str, Any]]:
    connection.settimeout(30)
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)
    found: list[dict[str, Any]] = json.loads(body)
    return found


def readable(connections: list[socket.socket]) -> list[socket.socket]:
    """Those that something has come for."""
    return select.select(connections, [], [], 0)[0]


def hall(server: live.Live) -> Hall:
    """Whoever listens to the engine's bell beside the queue: the hall of this server."""
    (found,) = [ear.__self__ for ear in server.engine.bell._ears if isinstance(getattr(ear, "__self__", None), Hall)]
    return found


def until(true: Any, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        threading.Event().wait(0.01)


def test_a_waiting_poll_gets_what_comes(server: live.Live) -> None:
    waiting = poll(server, "w")
    until(lambda: hall(server).waiting() == 1)
    case = start(server)
    (task,) = answered(waiting)
    assert task["processInstanceId"] == case
    until(lambda: hall(server).waiting() == 0)


def test_a_poll_with_nothing_to_come_ends_at_its_time(server: live.Live) -> None:
    begun = time.monotonic()
    assert answered(poll(server, "w", seconds=0.3)) == []
    assert time.monotonic() - begun >= 0.3
    assert answered(poll(server, "w", seconds=0)) == []


def test_a_client_that_has_gone_locks_nothing(server: live.Live) -> None:
    gone = poll(server, "gone")
    until(lambda: hall(server).waiting() == 1)
    before = set(hall(server)._tickets)
    gone.close()  # noticed at its next look: at once, when it had not yet looked for the second time
    patient = poll(server, "patient")
    until(lambda: set(hall(server)._tickets) - before)
    start(server)
    (task,) = answered(patient)
    assert task["workerId"] == "patient"


def test_a_lock_that_ends_wakes_who_waits(server: live.Live) -> None:
    start(server)
    body = {"workerId": "short", "maxTasks": 1, "topics": [{"topicName": "charge", "lockDuration": 700}]}
    assert len(post(server, "/external-task/fetchAndLock", json=body).json()) == 1
    (task,) = answered(poll(server, "next"))
    assert task["workerId"] == "next"


def test_two_hundred_who_wait_cost_little_and_one_of_them_is_called(server: live.Live) -> None:
    idle = [poll(server, f"w{number}", seconds=60) for number in range(MANY)]
    until(lambda: hall(server).waiting() == MANY, seconds=60)
    before = resource.getrusage(resource.RUSAGE_SELF)
    begun = time.monotonic()
    threading.Event().wait(3)
    after = resource.getrusage(resource.RUSAGE_SELF)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert used < 0.1 * (time.monotonic() - begun), f"{MANY} idle polls used {used:.2f} s of processor time"
    version = time.monotonic()
    assert requests.get(f"{server.url}/version", headers=basic("ada"), timeout=10).ok
    assert time.monotonic() - version < 2
    cases = {start(server) for _ in range(3)}
    until(lambda: hall(server).waiting() == MANY - 3)
    until(lambda: len(readable(idle)) == len(cases))
    assert {task["processInstanceId"] for connection in readable(idle) for task in answered(connection)} == cases
    for connection in idle:
        connection.close()


def test_who_waits_holds_no_connection_to_the_database(server: live.Live, monkeypatch: pytest.MonkeyPatch) -> None:
    holding: list[str] = []
    database = server.engine.store.database  # type: ignore[attr-defined]

    def counted(enter: Any) -> Any:
        @contextmanager
        def around(*words: Any, **more: Any) -> Iterator[Any]:
            with enter(*words, **more) as connection:
                name = threading.current_thread().name
                holding.append(name)
                try:
                    yield connection
                finally:
                    holding.remove(name)

        return around

    monkeypatch.setattr(database, "reading", counted(database.reading))
    monkeypatch.setattr(database, "writing", counted(database.writing))
    idle = [poll(server, f"w{number}", seconds=60) for number in range(30)]
    until(lambda: hall(server).waiting() == 30)
    # Whoever waits has looked once more after taking a seat; then nobody holds anything.
    until(lambda: [name for name in holding if name.startswith("waitress")] == [])
    start(server)
    until(lambda: hall(server).waiting() == 29)
    until(lambda: [name for name in holding if name.startswith("waitress")] == [])
    for connection in idle:
        connection.close()
