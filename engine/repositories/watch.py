"""What those who run the house ask across all cases."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from engine import records


class Watch(Protocol):
    def counts(self, now: datetime) -> dict[str, int]:
        """running, on_hold, open_tasks, incidents, jobs_due, jobs_later, jobs_outside, timers, letters, undelivered."""
        ...

    def idle(self, limit: int) -> list[records.Instance]:
        """Running, not on hold, and nothing waits for anything, oldest first."""
        ...

    def unowned(self, limit: int) -> list[records.WorkItem]:
        """Open, and no active person has it or may claim it, oldest first."""
        ...

    def history(
        self, where: Mapping[str, Any], *, after: tuple[datetime, str, int] | None, limit: int
    ) -> list[tuple[records.FactRow, str, str, str]]:
        """Facts of all instances, newest first, each with number, process and program of its instance.

        ``where``: since, until, agent, type, process, number, customer_id; what is empty asks nothing.
        """
        ...
