"""What the databases themselves can do: the writes of one step without an engine, one commit each."""

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

from bench import step, world
from tests import postgres

KEY = "0190c0de-0000-7000-8000-000000000000"
TABLES = """
    CREATE TABLE instance (id TEXT PRIMARY KEY, revision INT, state BYTEA);
    CREATE TABLE item (instance_id TEXT, wait INT, status TEXT, assignee TEXT, rank BIGINT, rest TEXT,
        PRIMARY KEY (instance_id, wait));
    CREATE TABLE candidate (who TEXT, rank BIGINT, instance_id TEXT, wait INT,
        PRIMARY KEY (who, rank, instance_id, wait));
    CREATE TABLE fact (instance_id TEXT, seq INT, at BIGINT, agent TEXT, type TEXT, node TEXT, data TEXT,
        PRIMARY KEY (instance_id, seq));
    CREATE TABLE change (id BIGSERIAL PRIMARY KEY, at BIGINT, kind TEXT, ref TEXT);
"""
FACTS = 4
WRITE = """
    WITH moved AS (UPDATE instance SET revision = %(n)s + 1, state = %(state)s
                   WHERE id = %(key)s AND revision = %(n)s RETURNING id),
         done AS (UPDATE item SET status = 'completed' WHERE instance_id = %(key)s AND wait = %(n)s),
         gone AS (DELETE FROM candidate WHERE who = 'g:sales' AND rank = 1 AND instance_id = %(key)s AND wait = %(n)s),
         opened AS (INSERT INTO item VALUES (%(key)s, %(n)s + 1, 'open', 'anna', 1, %(rest)s)),
         offered AS (INSERT INTO candidate VALUES ('g:sales', 1, %(key)s, %(n)s + 1)),
         told AS (INSERT INTO fact SELECT %(key)s, %(n)s * 4 + i, %(n)s, 'anna', 'ActivityStarted', 'work', %(data)s
                  FROM generate_series(1, 4) i),
         hint AS (INSERT INTO change (at, kind, ref) VALUES (%(n)s, 'instance', %(key)s))
    SELECT id FROM moved
"""


def measure(store: str, steps: int) -> dict[str, float]:
    with TemporaryDirectory(prefix="crmflow-limit-") as folder:
        if store == "sqlite":
            run = step.limit_steps(Path(folder), FACTS)
            run(20)
            return _measured(run, steps, lambda: 0.0)
        with postgres.cluster(world.SERVER) as cluster:
            url = cluster.database().replace("+psycopg", "")
            with psycopg.connect(url, autocommit=True) as db:
                run = _postgres(db)
                run(20)
                return _measured(run, steps, lambda: world.family_cpu(cluster.pid()))


def _measured(run: Callable[[int], None], steps: int, database_cpu: Callable[[], float]) -> dict[str, float]:
    begun, cpu, database = time.perf_counter(), time.process_time(), database_cpu()
    run(steps)
    wall = time.perf_counter() - begun
    return {
        "per_second": world.rounded(steps / wall),
        "cpu_ms": world.rounded((time.process_time() - cpu) / steps * 1000),
        "database_cpu_ms": world.rounded((database_cpu() - database) / steps * 1000),
    }


def _postgres(db: psycopg.Connection[Any]) -> Callable[[int], None]:
    for statement in TABLES.split(";"):
        if statement.strip():
            db.execute(statement.encode())
    rest, data = "x" * 300, "x" * 80
    db.execute("INSERT INTO instance VALUES (%s, 0, %s)", (KEY, bytes(2000)))
    db.execute("INSERT INTO item VALUES (%s, 0, 'open', 'anna', 1, %s)", (KEY, rest))
    db.execute("INSERT INTO candidate VALUES ('g:sales', 1, %s, 0)", (KEY,))
    done = [0]

    def run(steps: int) -> None:
        for _ in range(steps):
            n = done[0]
            with db.transaction(), db.cursor() as at:
                at.execute("SELECT revision, state FROM instance WHERE id = %s", (KEY,)).fetchone()
                at.execute(WRITE, {"n": n, "key": KEY, "state": n.to_bytes(8, "big") * 250, "rest": rest, "data": data})
                assert at.fetchone() is not None
            done[0] = n + 1

    return run
