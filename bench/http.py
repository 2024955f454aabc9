"""Clients of a real ``crmflow serve`` on loopback: each keeps its connection, as programs do."""

import http.client
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from bench import world
from engine.people import api_tokens, groups, users
from engine.people.agent import SYSTEM


def token(engine: Any, now: datetime) -> str:
    """Of somebody who may start and complete everything that the workloads do."""
    groups.put_group(engine, key="sales", texts={"en": "Sales", "zh-CN": "销售"}, agent=SYSTEM)
    profile = users.Profile(name="Bench", roles=("admin", "staff"), groups=("sales",))
    users.add_user(engine, key="bench", profile=profile, password="a long enough password 7", agent=SYSTEM, now=now)
    made, _ = api_tokens.issue(engine, person="bench", name="bench", scopes=("admin",), agent=SYSTEM, now=now)
    return made


@contextmanager
def server(place: world.World, processes: int = 1) -> Iterator[tuple[int, int]]:
    """(port, pid) of a server over the world's database; ended at the end."""
    environment = {
        **os.environ,
        "CRMFLOW_DATABASE_URL": place.settings.database,
        "CRMFLOW_DATA_DIR": str(place.settings.data_dir),
    }
    command = [sys.executable, "-m", "engine.cli", "serve", "--port", "0", "--processes", str(processes)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    try:
        for line in process.stdout:
            found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
            if found:
                yield int(found[1]), process.pid
                break
    finally:
        process.terminate()
        process.wait(60)
        process.stdout.close()


class Client:
    def __init__(self, port: int, bearer: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._head = {"Authorization": f"Bearer {bearer}", "Content-Type": "application/json"}

    def call(self, method: str, path: str, body: Any = None, **head: str) -> Any:
        """The answer's JSON. Raises RuntimeError for anything but 2xx."""
        sent = None if body is None else json.dumps(body)
        self._connection.request(method, f"/api/v1{path}", sent, {**self._head, **head})
        answer = self._connection.getresponse()
        data = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {data[:300]!r}")
        return json.loads(data)

    def close(self) -> None:
        self._connection.close()


def load(place: world.World, *, clients: Sequence[int], cases: int, processes: int = 1) -> dict[str, dict[str, Any]]:
    """With so many clients, one number after the other, of one server: each starts its cases and completes their tasks.

    The figures by ``<clients>_clients``.
    """
    place.bearer = place.bearer or token(place.engine, place.now)
    waits = world.waits_of(place, "lead")
    with server(place, processes) as (port, pid):
        return {f"{count}_clients": _load(place, port, pid, waits, clients=count, cases=cases) for count in clients}


def _load(place: world.World, port: int, pid: int, waits: list[int], *, clients: int, cases: int) -> dict[str, Any]:
    cases = max(cases, clients)
    client = Client(port, place.bearer)
    begun = time.perf_counter()
    cpu, database = world.family_cpu(pid), place.database_cpu()
    starts = [client.call("POST", "/instances", {"process": "lead", "data": world.PAYLOAD}) for _ in range(cases)]
    started = world.told(
        [0.0] * cases,
        time.perf_counter() - begun,
        world.family_cpu(pid) - cpu,
        place.database_cpu() - database,
    )
    client.close()
    ids = [one["instance"]["id"] for one in starts]
    times: list[float] = []
    cpu, database, begun = world.family_cpu(pid), place.database_cpu(), time.perf_counter()
    threads = [
        threading.Thread(target=_complete, args=(port, place.bearer, ids[number::clients], waits, times))
        for number in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall = time.perf_counter() - begun
    done = world.told(times, wall, world.family_cpu(pid) - cpu, place.database_cpu() - database)
    if len(times) != cases * len(waits):
        raise RuntimeError(f"expected {cases * len(waits)} completions, but {len(times)} were answered")
    return {
        "completions_per_second": done.per_second,
        "server_cpu_ms": done.cpu_ms,
        "database_cpu_ms": done.database_cpu_ms,
        "p50_ms": done.p50_ms,
        "p95_ms": done.p95_ms,
        "starts_per_second": started.per_second,
        "start_cpu_ms": started.cpu_ms,
    }


def _complete(port: int, bearer: str, ids: list[str], waits: list[int], times: list[float]) -> None:
    client = Client(port, bearer)
    for one in ids:
        for number, wait in enumerate(waits):
            before = time.perf_counter()
            client.call("POST", f"/tasks/{one}.{wait}/complete", {"data": {f"answer_{number}": "x" * 20}})
            times.append(time.perf_counter() - before)
    client.close()
