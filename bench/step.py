"""The whole step on SQLite: read, decode, step, encode, write, commit; in CPU time and beside the limit.

    python bench/step.py [--json] [--steps N]

The limit is the same kind of writing without an engine, straight through sqlite3 with the same settings: begin, read
the row, update its 2 KB, close one wait, open another, append as many facts, a hint for screens, commit.
"""

import argparse
import json
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from engine import app
from engine.kernel import stimuli
from engine.model import nodes
from engine.model.expression import Expression
from engine.model.performer import Performer
from engine.model.program import Flow, Program
from engine.people.agent import SYSTEM
from engine.records import BaseVersion, Deployment, Process, Resource
from engine.runtime import deliver, start
from engine.settings import Settings

PAYLOAD = {f"field_{number}": "x" * 40 for number in range(20)}
"""About 1 KB of variables."""
ROUNDS = 5


def loop() -> Program:
    """One user task for the sales group, again and again."""
    sales = Performer(groups=(Expression("sales", "literal"),))
    drawn: tuple[Any, ...] = (
        nodes.StartEvent(id="begin"),
        nodes.UserTask(id="work", name="Work", performer=sales),
        nodes.ExclusiveGateway(id="again", default="back"),
        nodes.EndEvent(id="done"),
    )
    flows = (
        Flow(id="in", source="begin", target="work"),
        Flow(id="out", source="work", target="again"),
        Flow(id="back", source="again", target="work"),
        Flow(id="end", source="again", target="done", condition=Expression("finished = true")),
    )
    return Program(key="loop", nodes=drawn, flows=flows)


def house(folder: Path) -> tuple[Any, str]:
    """A running engine without dispatcher and an instance in it."""
    engine = app.build(Settings(data_dir=folder, queue="inline"), dispatcher=False)
    now, program = engine.clock.now(), loop()
    with engine.store.transaction() as tx:
        tx.processes.put(
            Process(
                key="loop",
                prefix="LOOP",
                pillar="X",
                texts={"en": "Loop"},
                details={"start": {"customer_required": False}},
                created_at=now,
            )
        )
        sha256 = tx.programs.add(program, process="loop", now=now)
        tx.processes.deploy(
            Deployment(id="d", name="d", created_at=now, created_by="bench"),
            [Resource(id="r", deployment_id="d", name="p.bpmn", kind="bpmn", content=b"", sha256="")],
        )
        tx.processes.put_version(
            BaseVersion(
                process="loop",
                n=1,
                resource_id="r",
                program=sha256,
                status="released",
                created_at=now,
                created_by="bench",
            )
        )
    begun = start.start(engine, process="loop", customer_id=None, data=PAYLOAD, agent=SYSTEM, now=now)
    return engine, begun.instance.id


def measured(work: Callable[[int], None], steps: int) -> tuple[float, float]:
    """CPU and wall milliseconds a step, medians of ``ROUNDS`` rounds."""
    cpu, wall = [], []
    for _ in range(ROUNDS):
        begun, cpu_begun = time.perf_counter(), time.process_time()
        work(steps)
        cpu.append((time.process_time() - cpu_begun) / steps * 1000)
        wall.append((time.perf_counter() - begun) / steps * 1000)
    return statistics.median(cpu), statistics.median(wall)


def engine_steps(folder: Path) -> tuple[Callable[[int], None], Callable[[], int]]:
    engine, instance_id = house(folder)
    now = engine.clock.now()
    with engine.store.reading() as tx:
        wait = [tx.waits.work_items(instance_id)[0].wait]
    facts = [0]

    def run(steps: int) -> None:
        for _ in range(steps):
            stimulus = stimuli.Complete(agent="anna", wait=wait[0], data={"n": wait[0]})
            done = deliver.deliver(engine, instance_id=instance_id, stimulus=stimulus, now=now)
            wait[0] = done.written.work_items[0].wait
            facts[0] = len(done.written.facts)

    return run, lambda: facts[0]


def limit_steps(folder: Path, facts: int) -> Callable[[int], None]:
    db = sqlite3.connect(folder / "limit.db", isolation_level=None)
    db.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        "CREATE TABLE instance (id TEXT PRIMARY KEY, revision INT, state BLOB);"
        "CREATE TABLE item (instance_id TEXT, wait INT, status TEXT, assignee TEXT, rank INT, rest TEXT,"
        " PRIMARY KEY (instance_id, wait));"
        "CREATE INDEX mine ON item (assignee, rank);"
        "CREATE TABLE candidate (who TEXT, rank INT, instance_id TEXT, wait INT,"
        " PRIMARY KEY (who, rank, instance_id, wait)) WITHOUT ROWID;"
        "CREATE TABLE fact (instance_id TEXT, seq INT, at INT, agent TEXT, type TEXT, node TEXT, data TEXT,"
        " PRIMARY KEY (instance_id, seq)) WITHOUT ROWID;"
        "CREATE TABLE change (id INTEGER PRIMARY KEY AUTOINCREMENT, at INT, kind TEXT, ref TEXT);"
    )
    key = "0190c0de-0000-7000-8000-000000000000"
    db.execute("INSERT INTO instance VALUES (?, 0, ?)", (key, bytes(2000)))
    db.execute("INSERT INTO item VALUES (?, 0, 'open', 'anna', 1, ?)", (key, "x" * 300))
    db.execute("INSERT INTO candidate VALUES ('g:sales', 1, ?, 0)", (key,))
    done = [0]

    def run(steps: int) -> None:
        for _ in range(steps):
            n = done[0]
            at = db.execute("BEGIN IMMEDIATE")
            at.execute("SELECT revision, state FROM instance WHERE id = ?", (key,)).fetchone()
            state = n.to_bytes(8, "big") * 250
            at.execute(
                "UPDATE instance SET revision = ?, state = ? WHERE id = ? AND revision = ?", (n + 1, state, key, n)
            )
            at.execute("UPDATE item SET status = 'completed' WHERE instance_id = ? AND wait = ?", (key, n))
            at.execute(
                "DELETE FROM candidate WHERE who = 'g:sales' AND rank = 1 AND instance_id = ? AND wait = ?", (key, n)
            )
            at.execute("INSERT INTO item VALUES (?, ?, 'open', 'anna', 1, ?)", (key, n + 1, "x" * 300))
            at.execute("INSERT INTO candidate VALUES ('g:sales', 1, ?, ?)", (key, n + 1))
            rows = [(key, n * facts + i, n, "anna", "ActivityStarted", "work", "x" * 80) for i in range(facts)]
            at.executemany("INSERT INTO fact VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
            at.execute("INSERT INTO change (at, kind, ref) VALUES (?, 'instance', ?)", (n, key))
            at.execute("COMMIT")
            done[0] = n + 1

    return run


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--steps", type=int, default=300, help="in each of five rounds")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run, facts = engine_steps(Path(folder))
        run(50)
        cpu, wall = measured(run, asked.steps)
        limit = limit_steps(Path(folder), facts())
        limit(50)
        limit_cpu, limit_wall = measured(limit, asked.steps)
    found = {
        "step_cpu_ms": round(cpu, 3),
        "step_wall_ms": round(wall, 3),
        "limit_cpu_ms": round(limit_cpu, 3),
        "limit_wall_ms": round(limit_wall, 3),
        "share_of_limit_cpu": round(limit_cpu / cpu, 3),
        "share_of_limit_wall": round(limit_wall / wall, 3),
        "facts_a_step": facts(),
    }
    sys.stdout.write(json.dumps(found) + "\n" if asked.json else "".join(f"{k:22} {v}\n" for k, v in found.items()))


if __name__ == "__main__":
    main()
