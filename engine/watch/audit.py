"""Who did what, when, to which case, with which reason: the facts of all cases, searched, newest first."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from engine import records
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine

PAGE = 500
MOST = 100_000
"""Rows of one export."""


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """All that are given have to hold."""

    since: datetime | None = None
    until: datetime | None = None
    agent: str = ""
    """Key of who did it, or in whose name."""
    type: str = ""
    """A kind of fact: ``WorkItemCompleted``."""
    types: tuple[str, ...] = ()
    """Any of these kinds."""
    process: str = ""
    number: str = ""
    """Of a case."""
    customer_id: str = ""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    row: records.FactRow
    number: str
    process: str
    program: str


Cursor = tuple[datetime, str, int]
"""Moment, instance and number of the last entry that was read."""


def search(
    engine: Engine, *, wanted: Search, agent: Agent, after: Cursor | None = None, limit: int = 50
) -> list[Entry]:
    """Raises Forbidden."""
    rights.need(agent, "operations.see")
    with engine.store.reading() as tx:
        found = tx.watch.history(msgspec.structs.asdict(wanted), after=after, limit=min(limit, PAGE))
    return [Entry(row=row, number=number, process=process, program=program) for row, number, process, program in found]


def export(engine: Engine, *, wanted: Search, agent: Agent) -> Iterator[Entry]:
    """All of them, page by page, each page in a view of its own; at most MOST."""
    rights.need(agent, "operations.see")
    after: Cursor | None = None
    for _ in range(MOST // PAGE):
        page = search(engine, wanted=wanted, agent=agent, after=after, limit=PAGE)
        yield from page
        if len(page) < PAGE:
            return
        after = cursor(page[-1])


def cursor(entry: Entry) -> Cursor:
    return entry.row.at, entry.row.instance_id, entry.row.seq
