"""kill -9 in the middle of work, again and again: nothing lost, nothing done twice.

Each case runs: start, a job with an effect outside, a timer, a message to a second process, a job there, end.
"""

import multiprocessing
import os
import random
import signal
import sqlite3
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from engine import facts, ports
from engine.definitions import publish
from engine.model.nodes import Work
from engine.people.agent import SYSTEM
from engine.records import Process, Resource
from engine.runtime import instances, start
from tests.kernel.models import feel, mapping, message, node, program, timer
from tests.store import worker_process

CASES = 25
KILLS = int(os.environ.get("CRMFLOW_TEST_KILLS", "6"))
"""The long form of the test sets more."""
SECONDS = 120
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.store.worker_process"])


def pay(name: str) -> Any:
    return node(f"service {name}", work=Work(handler="pay", parameters=(mapping("n", "n"),), retries=50))


SENDER = program(
    "start s", pay("first"), node("catch pause", triggers=(timer("PT0.05S"),)),
    node("throw tell", triggers=(message("go", key=feel("string(n)"), mappings=(("n", feel("n")),)),)), "end e",
    flow=["s > first > pause > tell > e"], key="sender",
)  # fmt: skip
RECEIVER = program(
    "start s", node("catch go", triggers=(message("go", key=feel("string(n)")),)), pay("second"), "end e",
    flow=["s > go > second > e"], key="receiver",
)  # fmt: skip


def release(engine: ports.Engine, drawn: Any) -> None:
    now = engine.clock.now()
    with engine.store.transaction() as tx:
        details = {"start": {"customer_required": False}}
        tx.processes.put(
            Process(key=drawn.key, prefix=drawn.key, pillar="X", texts={}, details=details, created_at=now)
        )
        deployed = publish.within(engine, tx, name=drawn.key, files={drawn.key: b""}, agent=SYSTEM, now=now)
        resource: Resource = deployed.resources[0]
        version = publish.draft(tx, program=drawn, resource=resource, problems=(), agent=SYSTEM, now=now)
        publish.release_within(engine, tx, process=drawn.key, n=version.n, agent=SYSTEM, now=now)


def begin(engine: ports.Engine, count: int) -> None:
    for number in range(count):
        for process in ("sender", "receiver"):
            key = f"{process} {number}"
            for _ in range(2):  # the caller was not sure that it was heard
                start.start(
                    engine,
                    process=process,
                    customer_id=None,
                    business_key=key,
                    data={"n": number},
                    agent=SYSTEM,
                    now=engine.clock.now(),
                )


class Worker:
    """Forked from a server that has read all modules: seven pythons from nothing took most of the test's time."""

    def __init__(self, url: str, effects: Path) -> None:
        self.line, theirs = _FORKS.Pipe()
        self.process = _FORKS.Process(target=worker_process.main, args=(url, str(effects), theirs), daemon=True)
        self.process.start()
        theirs.close()
        assert self.line.poll(60)
        assert self.line.recv() == "ready"

    def kill(self) -> None:
        self.process.kill()
        self._bury(-signal.SIGKILL)

    def end(self) -> None:
        """Lets it stop by itself."""
        self.line.close()
        self._bury(0)

    def _bury(self, code: int) -> None:
        self.process.join(60)
        assert self.process.exitcode == code
        self.line.close()


def finished(engine: ports.Engine) -> int:
    query = instances.Query(status="completed")
    return len(instances.search(engine, query=query, limit=200))


def test_a_worker_killed_again_and_again_loses_nothing_and_doubles_nothing(url: str, tmp_path: Path) -> None:
    effects = tmp_path / "effects.db"
    with sqlite3.connect(effects) as outside:
        outside.execute("PRAGMA journal_mode=WAL")
        outside.execute("CREATE TABLE tried (id TEXT)")
        outside.execute("CREATE TABLE done (id TEXT PRIMARY KEY, amount INT)")
    engine = worker_process.build(url, str(effects), dispatcher=False)
    for drawn in (SENDER, RECEIVER):
        release(engine, drawn)
    starter = threading.Thread(target=begin, args=(engine, CASES))
    starter.start()
    chance = random.Random(7)
    for _ in range(KILLS):
        worker = Worker(url, effects)
        threading.Event().wait(chance.uniform(0.0, 0.4))
        worker.kill()
    starter.join()
    worker = Worker(url, effects)
    end = time.monotonic() + SECONDS
    while finished(engine) < 2 * CASES and time.monotonic() < end:
        threading.Event().wait(0.1)
    worker.end()
    examine(engine, effects)
    engine.close()


def examine(engine: ports.Engine, effects: Path) -> None:
    found = instances.search(engine, limit=200)
    assert Counter((one.process, one.status) for one in found) == {
        ("sender", "completed"): CASES,
        ("receiver", "completed"): CASES,
    }
    with sqlite3.connect(effects) as outside:
        amounts = Counter(amount for (amount,) in outside.execute("SELECT amount FROM done"))
    assert amounts == dict.fromkeys(range(CASES), 2), "each of the two processes pays once"
    with engine.store.reading() as tx:
        assert tx.due.next() is None, "nothing is left to do"
        for one in found:
            told = Counter(type(row.fact) for row in tx.facts.of_instance(one.id))
            assert told[facts.JobCompleted] == 1
            assert told[facts.InstanceEnded] == 1
            assert told[facts.TimerFired] == (1 if one.process == "sender" else 0)
            assert [row.seq for row in tx.facts.of_instance(one.id)] == list(range(1, sum(told.values()) + 1))
            assert len(tx.notices.of_instance(one.id)) == 1
            assert tx.waits.incidents(one.id) == []
