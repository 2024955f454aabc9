"""Instances: the step that moves them, what they are, what happened to them, why they run what they run."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol, TypeVar

from engine import queries, records

R = TypeVar("R", bound=records.Record)


class Steps(Protocol):
    """The hot path: what one step reads and writes, in as few statements as the database allows."""

    def read(self, instance_id: str) -> records.Kept | None: ...

    def read_all(self, instance_ids: Sequence[str]) -> dict[str, records.Kept]:
        """By id, those that there are."""
        ...

    def gathered(self) -> AbstractContextManager[None]:
        """What is written inside leaves together at the end, one step of each instance at most: nothing that is asked
        inside sees it. Raises Stale as ``write`` does, then."""
        ...

    def begin(self, instance: records.Instance, state: bytes, written: records.Written) -> records.Kept:
        """A new instance with its first waits and facts; as it is kept from now on."""
        ...

    def write(
        self, kept: records.Kept, state: bytes, status: records.InstanceStatus, written: records.Written
    ) -> records.Kept:
        """Revision + 1; as it is kept from now on. Raises Stale when the revision is not the one that was read."""
        ...


class Instances(Protocol):
    def get(self, instance_id: str) -> records.Instance | None: ...
    def suspend(self, instance_id: str, *, by: str, at: datetime, reason: str, awaits_customer: bool = False) -> None:
        """With its timers, jobs and rungs, due NEVER from now on; ``hold``: those that came since. Its work items are
        changed one by one, see runtime/standstill.py. Raises Stale when it is on hold already."""
        ...

    def resume(self, instance_id: str) -> None:
        """Each has its own moment again. Raises Stale when it is not on hold."""
        ...

    def hold(self, instance_id: str) -> None: ...
    def forget(self, instance_ids: Sequence[str]) -> dict[str, int]:
        """Takes instances away with all that is kept about them; how many rows went, by table."""
        ...

    def ended(
        self, process: str, *, before: datetime, after: tuple[datetime, str] | None = None, limit: int
    ) -> list[tuple[datetime, str]]:
        """(when, id) of those of the process that ended before ``before``, the oldest first, behind ``after``."""
        ...

    def by_key(self, process: str, business_key: str) -> records.Instance | None: ...
    def search(self, *, where: Mapping[str, Any], after: str, limit: int) -> list[records.Instance]:
        """Newest first, after the instance ``after``. ``where``: process, program, customer_id, status,
        business_key, number, id, incidents (True: with open ones), suspended (True: on hold), awaits_customer
        (True: until the customer answers), ascending, seen_by (see people/scope.py); sort
        (ended_at, number, business_key), then ``behind`` that value of ``after``."""
        ...


class Facts(Protocol):
    def of_instance(self, instance_id: str, *, after: int = 0, limit: int = 1000) -> list[records.FactRow]: ...
    def of_customer(self, customer_id: str, *, limit: int = 1000) -> list[records.FactRow]:
        """Of all instances of the customer, newest first."""
        ...

    def activities(
        self, *, where: Sequence[queries.Where], ended: bool | None = None, cut_off: bool = False
    ) -> list[tuple[str, str, int]]:
        """(program, node, how many times) of what began in the instances that ``where`` says, each with the program it
        has now; perhaps only what has ``ended``, or not, or was cut off."""
        ...

    def variables(self, *, where: Sequence[queries.Where]) -> dict[str, int]:
        """In how many of the instances that ``where`` says each variable of the process was ever set."""
        ...

    def append(self, instance_id: str, facts: Sequence[Any], *, agent: str, now: datetime) -> None:
        """Facts that moved no token; the revision goes up as in a step. Raises Stale for an unknown instance."""
        ...


class Resolutions(Protocol):
    def add(self, resolution: records.Resolution) -> None: ...
    def of_instance(self, instance_id: str) -> records.Resolution | None: ...


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

    def states(
        self, *, where: Sequence[queries.Where] = (), order: Sequence[str] = ()
    ) -> Iterator[tuple[records.Instance, bytes]]:
        """Instances with their states as bytes of the codec, a few in memory at a time."""
        ...
