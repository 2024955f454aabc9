"""A worker process that a test starts and kills: it dispatches in threads until it is killed."""

import sqlite3
from multiprocessing.connection import Connection
from pathlib import Path

from engine import app, ports
from engine.settings import Settings


def effect(database: str) -> ports.Handler:
    """Something done outside: one row for each idempotency key, one line for each try."""

    def handle(call: ports.JobCall) -> ports.JobAnswer:
        with sqlite3.connect(database, timeout=30) as outside:
            outside.execute("INSERT INTO tried (id) VALUES (?)", (call.id,))
            outside.execute("INSERT OR IGNORE INTO done (id, amount) VALUES (?, ?)", (call.id, call.input["n"]))
        note = ports.Notification(to="customer", subject={"en": "done"}, text={"en": str(call.input["n"])})
        return ports.JobAnswer(data={"paid": call.input["n"]}, notifications=(note,))

    return handle


def build(url: str, effects: str, *, dispatcher: bool) -> ports.Engine:
    settings = Settings(database_url=url, threads=2, sweep_seconds=0.1, lease_seconds=1, data_dir=Path(effects).parent)
    return app.build(settings, more_handlers={"pay": effect(effects)}, dispatcher=dispatcher)


def main(url: str, effects: str, line: Connection) -> None:
    """Nobody stops it but the test: when the test is gone, its end of the line is too."""
    engine = build(url, effects, dispatcher=True)
    line.send("ready")
    try:
        line.recv()
    except EOFError:
        engine.close()
