"""Wrong clocks: each process of the town reads from a file of its own how many seconds its clock is wrong, each time it
looks at it; a blow changes that while the process runs."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from engine.clock import SystemClock

FILE = "CRMFLOW_FAULTS_CLOCK"
"""The environment variable that names the file."""


class Clock:
    """That of one process, as whoever torments it sees it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.set_wrong_by(0)

    def set_wrong_by(self, seconds: float) -> None:
        draft = self.path.with_suffix(".draft")
        draft.write_text(repr(seconds))
        draft.replace(self.path)


def bend() -> None:
    """In the process itself, when it begins: its system clock is wrong from now on by what the file says."""
    if FILE not in os.environ:
        return
    path, right = Path(os.environ[FILE]), SystemClock.now

    def now(self: SystemClock) -> datetime:
        return right(self) + timedelta(seconds=float(path.read_text()))

    SystemClock.now = now  # type: ignore[method-assign]


def install(folder: Path) -> None:
    """Whatever Python begins with ``folder`` on its path bends its clock before anything else."""
    (folder / "sitecustomize.py").write_text(f"from {__name__} import bend\n\nbend()\n")
