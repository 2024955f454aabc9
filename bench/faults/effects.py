"""What the tormented processes do outside: a handler of an installed package, and the book of what it did.

The book is the world outside: it takes an idempotency key (the job's id) once, and notes each try.
"""

import os
import sqlite3
from collections import Counter
from pathlib import Path

from engine.ports import JobAnswer, JobCall

BOOK = "CRMFLOW_FAULTS_BOOK"
NAME = "pay"


def pay(call: JobCall) -> JobAnswer:
    with sqlite3.connect(os.environ[BOOK], timeout=60) as book:
        book.execute("INSERT INTO tried (id) VALUES (?)", (call.id,))
        book.execute("INSERT OR IGNORE INTO done (id, amount) VALUES (?, ?)", (call.id, call.input["n"]))
    return JobAnswer(data={"paid": call.input["n"]})


class Book:
    def __init__(self, path: Path) -> None:
        self.path = path
        with sqlite3.connect(path) as book:
            book.execute("PRAGMA journal_mode=WAL")
            book.execute("CREATE TABLE tried (id TEXT)")
            book.execute("CREATE TABLE done (id TEXT PRIMARY KEY, amount INTEGER)")

    def tries(self) -> int:
        return int(self._ask("SELECT count(*) FROM tried")[0][0])

    def effects(self) -> Counter[int]:
        """How often each amount was paid, by different jobs."""
        return Counter(amount for (amount,) in self._ask("SELECT amount FROM done"))

    def _ask(self, question: str) -> list[tuple[int]]:
        with sqlite3.connect(self.path) as book:
            return book.execute(question).fetchall()


def install(folder: Path) -> None:
    """A package in ``folder`` whose entry point is the handler: whoever has the folder on its path has it."""
    info = folder / "crmflow_faults-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: crmflow-faults\nVersion: 1\n")
    (info / "entry_points.txt").write_text(f"[crmflow.handlers]\n{NAME} = {__name__}:pay\n")
