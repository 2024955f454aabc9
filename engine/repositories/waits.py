"""What instances wait for, and what of it is due."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from engine import queries, records


class Waits(Protocol):
    """Reads of open waits by their instance; single ones by number."""

    def work_item(self, instance_id: str, wait: int) -> records.WorkItem | None: ...
    def work_items(self, instance_id: str) -> list[records.WorkItem]: ...
    def timers(self, instance_id: str) -> list[records.Timer]: ...
    def subscriptions(self, instance_id: str) -> list[records.Subscription]: ...
    def jobs(self, instance_id: str) -> list[records.Job]: ...
    def incidents(self, instance_id: str) -> list[records.Incident]: ...


class Items(Protocol):
    """The inbox's own writes and lists."""

    def change(self, item: records.WorkItem) -> None:
        """Writes what people change (assignee, draft, due, priority ...) and raises the revision by one.

        Raises Stale when the row's revision is not ``item.revision``."""
        ...

    def signed(self, item: records.WorkItem, person: str, now: datetime) -> None:
        """Puts the step on this person's ``done`` list: their part is done, though others have to go on."""
        ...

    def touch(self, item: records.WorkItem) -> None:
        """Whoever has it has done something that changes no field of it. ``change`` notes this by itself: as long as
        the assignee stays, somebody does something with it; another assignee begins anew."""
        ...

    def untouched(self, process: str, before: datetime, limit: int) -> list[records.WorkItem]:
        """Of a process what somebody has had since ``before`` or longer and has not touched, longest first."""
        ...

    def page(
        self,
        *,
        shelf: str,
        who: Sequence[str],
        where: Mapping[str, Any],
        after: tuple[int, str, int] | None,
        limit: int,
    ) -> list[tuple[int, records.WorkItem]]:
        """Rows with their rank, in order. ``shelf``: mine, claimable, done, away (what others have in somebody's
        stead). ``who``: person keys for mine, done and away, ``u:``/``g:`` keys for claimable."""
        ...

    def count(self, *, shelf: str, who: Sequence[str], where: Mapping[str, Any], most: int) -> int:
        """How many, each once: at most ``most``, however long the list is."""
        ...

    def surroundings(self, items: Sequence[records.WorkItem]) -> dict[str, tuple[str, str, str]]:
        """By instance: its number, its customer's name and group (empty without a customer)."""
        ...

    def load(self, people: Sequence[str]) -> dict[str, tuple[int, datetime | None]]:
        """For each person: how many open items, and when the last one was given to them."""
        ...

    def performers(self, instance_id: str, nodes: Sequence[str]) -> list[str]:
        """Who completed or signed any of ``nodes`` in this instance, and in whose stead."""
        ...


class Due(Protocol):
    """Work of the engine itself that may be taken now, oldest first."""

    def timers(self, now: datetime, limit: int) -> list[records.Timer]: ...
    def rungs(self, now: datetime, limit: int) -> list[records.Rung]: ...
    def move_rung(self, rung: records.Rung, due_at: datetime) -> None: ...
    def reached(self, rung: records.Rung) -> bool:
        """Takes the rung away; False when it was gone already."""
        ...

    def mail(self, now: datetime, limit: int) -> list[records.Mail]: ...
    def put_off(self, timer: records.Timer, due_at: datetime) -> None:
        """A timer that cannot be fired now does not stand in the way of the others."""
        ...

    def starts(self, now: datetime, limit: int) -> list[records.StartTimer]: ...
    def starts_of(self, process: str) -> list[records.StartTimer]:
        """Those for all first, then by customer group; the soonest first."""
        ...

    def set_starts(self, process: str, starts: Sequence[records.StartTimer]) -> None:
        """Replaces those of the process."""
        ...

    def move_start(self, start: records.StartTimer, due_at: datetime | None, left: int) -> None:
        """To its next moment; None: that was the last."""
        ...

    def next(self) -> datetime | None:
        """The earliest moment at which anything becomes due; None when nothing waits."""
        ...

    def soonest(self) -> dict[str, datetime]:
        """The same for each kind that has any: timer, rung, mail, start, job, release, move, follow."""
        ...


class Jobs(Protocol):
    def get(self, instance_id: str, wait: int) -> records.Job | None: ...
    def claim(
        self,
        *,
        styles: Sequence[str],
        handlers: Sequence[str] | None,
        worker: str,
        until: datetime,
        now: datetime,
        limit: int,
        outside: bool | None = None,
    ) -> list[records.Job]:
        """Leases up to ``limit`` due jobs until ``until``: fence + 1, attempts + 1. ``handlers`` None takes any.

        ``outside`` True takes only jobs that wait for somebody outside (``outward.CALLING``), by their name or by what
        it is bound to; False only the others.
        """
        ...

    def calls_due(self, styles: Sequence[str], *, now: datetime) -> bool:
        """Whether ``claim`` with ``outside`` True would find any; takes no lock."""
        ...

    def topics(self, names: Sequence[str], *, now: datetime) -> set[str]:
        """Those of ``names`` that have a job for workers outside which may be taken now."""
        ...

    def pick(
        self,
        topics: Sequence[queries.Topic],
        *,
        now: datetime,
        limit: int,
        by_priority: bool = True,
        newest: bool = False,
    ) -> list[records.Job]:
        """Due jobs of workers outside, for this transaction to lease: by priority, then the oldest or newest first."""
        ...

    def lease(self, job: records.Job, *, worker: str, until: datetime) -> records.Job | None:
        """Fence + 1, attempts + 1; None when the job no longer carries ``job.fence``."""
        ...

    def change(self, job: records.Job) -> bool:
        """Writes retries, run_at, worker, error, details, told, priority of the job that still carries ``fence``;
        False when it does not."""
        ...


class Messages(Protocol):
    def waiting(self, *, trigger: str, name: str, key: str | None) -> list[records.Subscription]:
        """Open subscriptions of that name; with ``key`` those of that key and those without one."""
        ...

    def subscription(self, instance_id: str, wait: int) -> records.Subscription | None: ...
    def starts(self, *, trigger: str, name: str) -> list[tuple[str, str]]:
        """(process, start event) of released processes that begin with this message or signal."""
        ...

    def set_starts(self, process: str, starts: Sequence[tuple[str, str, str]]) -> None:
        """Replaces a process's (start event, trigger, name)."""
        ...

    def keep(self, early: records.Early) -> None: ...
    def early(self, *, name: str, key: str | None, now: datetime) -> list[records.Early]:
        """Buffered messages of that name and key, oldest first, not expired."""
        ...

    def forget(self, early_id: str) -> bool: ...
    def expire(self, now: datetime) -> int:
        """Throws away early messages whose time is over; how many."""
        ...

    def post(self, mail: records.Mail) -> None: ...
    def taken(self, mail_id: str) -> bool:
        """Takes a letter out of the outbox; False when somebody else did."""
        ...

    def put_off(self, before: records.Mail, after: records.Mail) -> bool:
        """Writes how a try failed: attempts, due_at, error, dead_at. False when the letter is not as it was before."""
        ...

    def failing(self, *, dead: bool, after: str, limit: int) -> list[records.Mail]:
        """Letters that were given up, or else those that failed and are tried again; the newest first, after the letter
        ``after``."""
        ...

    def dead(self, mail_id: str) -> records.Mail | None: ...
    def dead_count(self) -> int: ...
    def revive(self, mail_id: str, now: datetime) -> bool:
        """A dead letter is due again, with all its tries; False when it is none."""
        ...

    def bury(self, mail_id: str) -> bool:
        """Takes a dead letter away for good; False when it is none."""
        ...

    def bury_all(self, *, before: datetime) -> int:
        """Those that died before then; how many."""
        ...
