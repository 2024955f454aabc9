"""One repository for each aggregate, as floors 4 to 6 see it. They live on a transaction, see engine/ports.py."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from engine import queries, records, variation
from engine.model.program import Program

R = TypeVar("R", bound=records.Record)


class Stale(Exception):
    """Another transaction changed what this one had read. The unit of work is undone; run the use case again."""


class Steps(Protocol):
    """The hot path: what one step reads and writes, in as few statements as the database allows."""

    def read(self, instance_id: str) -> records.Kept | None: ...

    def begin(self, instance: records.Instance, state: bytes, written: records.Written) -> None:
        """A new instance with its first waits and facts."""
        ...

    def write(self, kept: records.Kept, state: bytes, status: records.InstanceStatus, written: records.Written) -> None:
        """Revision + 1. Raises Stale when the revision is no longer the one that was read."""
        ...


class Instances(Protocol):
    def get(self, instance_id: str) -> records.Instance | None: ...
    def suspend(self, instance_id: str) -> None:
        """With whatever it waits for: work items are held, timers and jobs due NEVER. ``hold``: what came since."""
        ...

    def resume(self, instance_id: str) -> None: ...
    def hold(self, instance_id: str) -> None: ...
    def by_key(self, process: str, business_key: str) -> records.Instance | None: ...
    def search(self, *, where: Mapping[str, Any], after: str, limit: int) -> list[records.Instance]:
        """Newest first, after the instance ``after``. ``where``: process, program, customer_id, status,
        business_key, number, id, incidents (True: with open ones), seen_by (see people/scope.py)."""
        ...


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
        """Puts the step on this person's ``done`` list, though others still have to sign."""
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
        """Rows with their rank, in order. ``shelf``: mine, claimable, done. ``who``: person keys for mine and done,
        ``u:``/``g:`` keys for claimable."""
        ...

    def count(self, *, shelf: str, who: Sequence[str], where: Mapping[str, Any]) -> int: ...
    def surroundings(self, items: Sequence[records.WorkItem]) -> dict[str, tuple[str, str, str]]:
        """By instance: its number, its customer's name and group (empty without a customer)."""
        ...

    def load(self, people: Sequence[str]) -> dict[str, tuple[int, datetime | None]]:
        """For each person: how many open items, and when the last one was given to them."""
        ...

    def performers(self, instance_id: str, nodes: Sequence[str]) -> list[str]:
        """Who completed any of ``nodes`` in this instance."""
        ...


class Due(Protocol):
    """Work of the engine itself that may be taken now, oldest first."""

    def timers(self, now: datetime, limit: int) -> list[records.Timer]: ...
    def rungs(self, now: datetime, limit: int) -> list[records.Rung]: ...
    def reached(self, rung: records.Rung) -> bool:
        """Takes the rung away; False when it was gone already."""
        ...

    def mail(self, now: datetime, limit: int) -> list[records.Mail]: ...
    def put_off(self, timer: records.Timer, due_at: datetime) -> None:
        """A timer that cannot be fired now does not stand in the way of the others."""
        ...

    def starts(self, now: datetime, limit: int) -> list[records.StartTimer]: ...
    def set_starts(self, process: str, starts: Sequence[records.StartTimer]) -> None:
        """Replaces those of the process."""
        ...

    def move_start(self, start: records.StartTimer, due_at: datetime | None, left: int) -> None:
        """To its next moment; None: that was the last."""
        ...

    def next(self) -> datetime | None:
        """The earliest moment at which anything becomes due; None when nothing waits."""
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
    ) -> list[records.Job]:
        """Leases up to ``limit`` due jobs until ``until``: fence + 1, attempts + 1. ``handlers`` None takes any."""
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


class Lists(Protocol):
    """Lists of any kind of row, for those who ask across all instances."""

    def find(
        self,
        kind: type[R],
        *,
        where: Sequence[queries.Where] = (),
        order: Sequence[str] = (),
        first: int = 0,
        limit: int | None = None,
    ) -> list[R]:
        """``order``: columns, descending with a ``-`` before the name; then by key."""
        ...

    def count(self, kind: type[records.Record], *, where: Sequence[queries.Where] = ()) -> int: ...


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

    def put_off(self, mail: records.Mail) -> None:
        """Writes attempts and due_at of a letter that could not be carried out."""
        ...


class Facts(Protocol):
    def of_instance(self, instance_id: str, *, after: int = 0, limit: int = 1000) -> list[records.FactRow]: ...
    def of_customer(self, customer_id: str, *, limit: int = 1000) -> list[records.FactRow]:
        """Of all instances of the customer, newest first."""
        ...

    def append(self, instance_id: str, facts: Sequence[Any], *, agent: str, now: datetime) -> None:
        """Facts that moved no token; the revision goes up as in a step. Raises Stale for an unknown instance."""
        ...


class Programs(Protocol):
    def get(self, sha256: str) -> Program | None: ...
    def add(self, program: Program, *, process: str, now: datetime) -> str:
        """Stores it unless it is there already; its hash."""
        ...


class Processes(Protocol):
    def get(self, key: str) -> records.Process | None: ...
    def all(self) -> list[records.Process]: ...
    def put(self, process: records.Process) -> None: ...
    def number(self, key: str) -> str:
        """The next short number for people: ``SFA-03-000042``."""
        ...

    def deploy(self, deployment: records.Deployment, resources: Sequence[records.Resource]) -> None: ...
    def deployment(self, deployment_id: str) -> records.Deployment | None: ...
    def resources(self, deployment_id: str) -> list[records.Resource]: ...
    def resource(self, resource_id: str) -> records.Resource | None: ...
    def versions(self, process: str) -> list[records.BaseVersion]:
        """Newest first."""
        ...

    def version(self, process: str, n: int) -> records.BaseVersion | None: ...
    def released(self, process: str) -> records.BaseVersion | None:
        """The newest released one."""
        ...

    def put_version(self, version: records.BaseVersion) -> None: ...


class Customers(Protocol):
    def get(self, customer_id: str) -> records.Customer | None: ...
    def by_number(self, number: str) -> records.Customer | None: ...
    def add(self, customer: records.Customer) -> None: ...
    def change(self, customer: records.Customer) -> None:
        """Revision + 1; raises Stale when ``customer.revision`` is not the stored one."""
        ...

    def search(self, *, text: str, group: str, after: str, limit: int) -> list[records.Customer]: ...
    def reached_by(self, addresses: Sequence[str], limit: int) -> list[records.Customer]:
        """Candidates: one of these phone numbers or e-mails stands somewhere in their contacts."""
        ...


class Groups(Protocol):
    """The customer groups with their rules, version by version, and who changed group when."""

    def released(self, at: datetime) -> variation.GroupRules | None:
        """The newest released version that is valid at that moment."""
        ...

    def versions(self) -> list[variation.GroupRules]:
        """Newest first."""
        ...

    def version(self, n: int) -> variation.GroupRules | None: ...
    def put(self, version: variation.GroupRules) -> None: ...
    def add_move(self, move: variation.GroupMove) -> None: ...
    def moves(self, customer_id: str) -> list[variation.GroupMove]:
        """Newest first."""
        ...


class Variants(Protocol):
    def get(self, variant_id: str) -> variation.Variant | None: ...
    def all(self, process: str = "") -> list[variation.Variant]:
        """Of one process, or of all; by process and group."""
        ...

    def put(self, variant: variation.Variant) -> None: ...
    def versions(self, variant_id: str) -> list[variation.VariantVersion]:
        """Newest first."""
        ...

    def version(self, variant_id: str, n: int) -> variation.VariantVersion | None: ...
    def released(self, process: str = "") -> list[tuple[variation.Variant, variation.VariantVersion]]:
        """The released version of each variant that has one."""
        ...

    def put_version(self, version: variation.VariantVersion) -> None: ...
    def scheduled(self, now: datetime, limit: int) -> list[variation.VariantVersion]:
        """Approved versions whose moment has come, the earliest first."""
        ...

    def decisions(self, process: str) -> list[variation.ConflictDecision]:
        """About conflicts with new bases, newest first."""
        ...

    def decide(self, decision: variation.ConflictDecision) -> None:
        """Over the one of the same variant, base and signature."""
        ...

    def undecide(self, variant_id: str, base_n: int, signature: str) -> bool:
        """False when nothing was decided."""
        ...

    def running(self) -> dict[tuple[str, str], int]:
        """How many instances run now, by process and program."""
        ...


class People(Protocol):
    """Staff with their groups, their browsers' sessions, and the tokens of programs."""

    def get(self, key: str) -> records.Person | None: ...
    def all(self) -> list[records.Person]:
        """By key, the inactive among them."""
        ...

    def put(self, person: records.Person) -> None:
        """Adds the person or overwrites the row of that key, memberships included."""
        ...

    def groups(self) -> list[records.StaffGroup]: ...
    def put_group(self, group: records.StaffGroup) -> None: ...

    def session(self, token_sha256: str) -> records.Session | None: ...
    def put_session(self, session: records.Session) -> None: ...
    def see_session(self, token_sha256: str, now: datetime) -> None: ...
    def end_session(self, token_sha256: str) -> None: ...
    def end_sessions(self, person: str) -> None: ...
    def sweep_sessions(self, seen_before: datetime, now: datetime) -> None:
        """Forgets those that were last seen before that moment or have expired."""
        ...

    def token(self, token_sha256: str) -> records.ApiToken | None: ...
    def tokens(self, person: str) -> list[records.ApiToken]:
        """Newest first."""
        ...

    def put_token(self, token: records.ApiToken) -> None: ...


class Notices(Protocol):
    def add(self, notice: records.Notice) -> None:
        """Once for each id: a second one of the same id changes nothing."""
        ...

    def of_instance(self, instance_id: str) -> list[records.Notice]: ...
    def of_people(self, keys: Sequence[str], *, before: datetime | None, limit: int) -> list[records.Notice]:
        """Told to any of these people or groups, newest first."""
        ...

    def unread(self, keys: Sequence[str]) -> int: ...
    def read(self, keys: Sequence[str], now: datetime) -> None:
        """All of theirs count as read."""
        ...

    def copy(self, circulation: records.Circulation) -> None: ...
    def copies(self, person: str, *, before: datetime | None, limit: int) -> list[records.Circulation]:
        """Newest first."""
        ...

    def copied(self, instance_id: str) -> list[records.Circulation]:
        """Who got a copy of this case, oldest first."""
        ...

    def receipt(self, instance_id: str, person: str, now: datetime) -> None:
        """The person has read what was copied to them of this case."""
        ...


class Changes(Protocol):
    def add(self, kind: str, ref: str, now: datetime) -> None: ...
    def since(self, number: int, limit: int) -> list[tuple[int, str, str]]:
        """(number, kind, ref) after ``number``."""
        ...

    def last(self) -> int: ...
    def sweep(self, before: datetime) -> int: ...


class Repeats(Protocol):
    """Answers kept for requests that may come again."""

    def get(self, agent: str, key: str, now: datetime) -> records.Repeat | None: ...
    def add(self, repeat: records.Repeat) -> None: ...
    def sweep(self, now: datetime) -> int:
        """Forgets those whose time is over; how many."""
        ...


class Resolutions(Protocol):
    def add(self, resolution: records.Resolution) -> None: ...
    def of_instance(self, instance_id: str) -> records.Resolution | None: ...
