"""Ids as clients of Camunda know them.

Instances keep theirs. What an instance waits for is known as ``<instance>.<number>`` here, but clients expect a UUID:
it is made of the instance's (a UUIDv7, whose first 96 bits nobody shares), with the number added to its last 32 bits
and 8 as its version. So it needs no table, and the instance is found again by the range of its key.

A process definition is ``key:version:uuid``, with the UUID of its file.
"""

import re
from collections.abc import Iterable

import flask

from engine import queries, records
from engine.ports import Transaction
from web.api import here
from web.camunda import refusals

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[78][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
_ALL = 2**32


def of_wait(wait_id: str) -> str:
    """The UUID of ``<instance>.<number>``."""
    instance_id, _, number = wait_id.rpartition(".")
    if not _UUID.fullmatch(instance_id) or not number.isdigit():
        return wait_id
    last = (int(instance_id[28:], 16) + int(number)) % _ALL
    return f"{instance_id[:14]}8{instance_id[15:28]}{last:08x}"


def wait(uuid: str) -> str:
    """``<instance>.<number>`` again; what is no such UUID, or of no instance, stays as it is."""
    if not _UUID.fullmatch(uuid) or uuid[14] != "8":
        return uuid
    start = f"{uuid[:14]}7{uuid[15:28]}"
    where = [queries.Where("id", ">=", f"{start}00000000"), queries.Where("id", "<=", f"{start}ffffffff")]
    with here.engine().store.reading() as tx:
        found = tx.lists.find(records.Instance, where=where, limit=1)
    if not found:
        return uuid
    number = (int(uuid[28:], 16) - int(found[0].id[28:], 16)) % _ALL
    return f"{found[0].id}.{number}"


def of_definition(version: records.BaseVersion) -> str:
    return f"{version.process}:{version.n}:{version.resource_id}"


def definition(tx: Transaction, given: str) -> records.BaseVersion | None:
    key, _, rest = given.partition(":")
    number, _, resource_id = rest.partition(":")
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        return None
    found = tx.processes.version(key, int(number))
    return found if found is not None and found.resource_id == resource_id and deployed(found) else None


def deployed(version: records.BaseVersion) -> bool:
    """A draft that was never released is nothing that clients of Camunda could start."""
    return version.status in ("released", "retired")


class Definitions:
    """Which base version an instance belongs to; each process is read once in a request."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._versions: dict[str, list[records.BaseVersion]] = {}

    def of(self, instance: records.Instance) -> records.BaseVersion | None:
        """The version whose program it runs; for a variant the one that was released when it started."""
        versions = self.versions(instance.process)
        for one in versions:
            if one.program == instance.program:
                return one
        before = [one for one in versions if one.released_at and one.released_at <= instance.started_at]
        return next(iter(before or versions), None)

    def id_of(self, instance: records.Instance | None) -> str | None:
        found = self.of(instance) if instance else None
        return of_definition(found) if found else None

    def versions(self, process: str) -> list[records.BaseVersion]:
        """Newest first."""
        if process not in self._versions:
            self._versions[process] = [one for one in self._tx.processes.versions(process) if deployed(one)]
        return self._versions[process]


def instances(tx: Transaction, ids: Iterable[str]) -> dict[str, records.Instance]:
    wanted = sorted(set(ids))
    found: dict[str, records.Instance] = {}
    for start in range(0, len(wanted), 500):
        where = [queries.Where("id", "in", wanted[start : start + 500])]
        found |= {one.id: one for one in tx.lists.find(records.Instance, where=where)}
    return found


def programs(tx: Transaction, definition_ids: Iterable[str]) -> tuple[str, ...]:
    """Hashes of the programs of these definitions."""
    found = [definition(tx, one) for one in definition_ids]
    return tuple(one.program for one in found if one is not None)


def link(path: str, rel: str = "self", method: str = "GET") -> dict[str, str]:
    return {"method": method, "href": f"{flask.request.url_root.rstrip('/')}{path}", "rel": rel}


def no_definition(given: str) -> refusals.Refusal:
    return refusals.Refusal(404, f"No matching definition with id {given}", kind="InvalidRequestException")
