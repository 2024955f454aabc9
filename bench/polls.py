"""What waiting workers cost, and how soon a new task reaches one: python -m bench.polls [--polls 200] [--seconds 10]

A server in a process of its own, on loopback, with its own SQLite database; the polls are sockets of this process.
Prints the share of one core that the server used while nothing happened, and the milliseconds from the start of an
instance (before it is asked for, and when it was answered) to the answer of a poll.
"""

import argparse
import http.client
import json
import os
import selectors
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

PROCESS = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="bench" id="d"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn"><process id="p" isExecutable="true">
  <startEvent id="s"/><sequenceFlow id="a" sourceRef="s" targetRef="t"/>
  <serviceTask id="t" camunda:type="external" camunda:topic="bench"/>
  <sequenceFlow id="b" sourceRef="t" targetRef="e"/><endEvent id="e"/></process></definitions>"""
SERVER = """
import pathlib, sys
from engine import app
from engine.people import api_tokens, users
from engine.people.agent import SYSTEM
from engine.settings import Settings
from web.serving import server as web_server
engine = app.build(Settings(data_dir=pathlib.Path(sys.argv[1])))
now = engine.clock.now()
users.add_user(engine, key="ada", profile=users.Profile(name="Ada", roles=("admin",)),
               password="a long enough password 7", agent=SYSTEM, now=now)
token, _ = api_tokens.issue(engine, person="ada", name="bench", scopes=("admin",), agent=SYSTEM, now=now)
server = web_server.listen(engine, host="127.0.0.1", port=0)
print(server.effective_port, token, flush=True)
server.run()
"""


class Server:
    def __init__(self, folder: Path) -> None:
        words = [sys.executable, "-c", SERVER, str(folder)]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        port, self.token = self.process.stdout.readline().split()
        self.port = int(port)

    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def post(self, path: str, body: Any) -> Any:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        head = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        link.request("POST", path, json.dumps(body), head)
        answer = link.getresponse()
        content = answer.read()
        link.close()
        if answer.status >= 300:
            raise SystemExit(f"{path} was answered with {answer.status}: {content[:500]!r}")
        return json.loads(content) if content else None

    def poll(self, name: str) -> socket.socket:
        """A socket whose poll is sent."""
        body = json.dumps(
            {
                "workerId": name,
                "maxTasks": 1,
                "asyncResponseTimeout": 600_000,
                "topics": [{"topicName": "bench", "lockDuration": 600_000}],
            }
        )
        link = socket.create_connection(("127.0.0.1", self.port))
        head = (
            "POST /engine-rest/external-task/fetchAndLock HTTP/1.1\r\nHost: x\r\n"
            f"Authorization: Bearer {self.token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        )
        link.sendall(head.encode())
        return link


def measure(*, polls: int, seconds: float, tasks: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        try:
            file = {"name": "p.bpmn", "content": PROCESS, "encoding": "text"}
            server.post("/api/v1/deployments", {"name": "bench", "files": [file], "release": True})
            waiting = selectors.DefaultSelector()
            for number in range(polls):
                waiting.register(server.poll(f"w{number}"), selectors.EVENT_READ)
            time.sleep(3)
            before, begun = server.cpu_seconds(), time.monotonic()
            time.sleep(seconds)
            idle = (server.cpu_seconds() - before) / (time.monotonic() - begun)
            asked, answered = [], []
            for number in range(min(tasks, polls)):
                start = time.perf_counter()
                server.post("/api/v1/instances", {"process": "p", "business_key": str(number)})
                made = time.perf_counter()
                ready = waiting.select(timeout=10)
                if not ready:
                    raise SystemExit("a new task reached nobody within ten seconds")
                now = time.perf_counter()
                asked.append((now - start) * 1000)
                answered.append((now - made) * 1000)
                for key, _ in ready:
                    waiting.unregister(key.fileobj)
                time.sleep(0.05)
        finally:
            server.process.terminate()
            server.process.wait(timeout=20)
    return {
        "idle_percent": idle * 100,
        "from_asked_ms": statistics.median(asked),
        "from_asked_worst_ms": max(asked),
        "from_answered_ms": statistics.median(answered),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--polls", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--tasks", type=int, default=20)
    words = parser.parse_args()
    found = measure(polls=words.polls, seconds=words.seconds, tasks=words.tasks)
    print(f"{words.polls} idle polls cost {found['idle_percent']:.2f} % of a core")
    print(
        f"a new task reaches a poll {found['from_asked_ms']:.0f} ms after its instance was asked for "
        f"(worst {found['from_asked_worst_ms']:.0f}), {found['from_answered_ms']:.0f} ms after that was answered"
    )


if __name__ == "__main__":
    main()
