"""The lists of the inbox: mine, what my groups may claim, what I did. Pages by key, never by offset."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from engine import errors, records
from engine.inbox import act, filled, verbs
from engine.model.text import Text
from engine.people.agent import Agent
from engine.ports import Engine

Shelf = Literal["mine", "claimable", "done"]
Kept = Literal["mine", "claimable", "drafts", "done"]
"""Lists that a filter may be kept for."""
MOST = 200
MOST_COUNTED = 100
_Whole = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    process: str = ""
    customer_id: str = ""
    group: str = ""
    """The customer's group."""
    node: str = ""
    drafts: bool = False
    """Only what somebody has begun to fill in."""
    overdue: bool = False
    awaits_customer: bool = False
    """Only what is on hold until the customer answers."""
    due_before: datetime | None = None
    """With ``overdue`` the earlier of the two counts."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    item: records.WorkItem
    number: str
    """Of the instance."""
    customer_name: str
    customer_group: str
    breached: bool
    """Past its deadline."""
    goal_missed: bool
    """Past its goal: when it should have been done."""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    rows: tuple[Row, ...]
    cursor: str
    """Hand it in as ``after`` for the next page; empty on the last one."""


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """Each at most ``MOST_COUNTED``, which says: so many or more. Nobody waits for the count of a million."""

    mine: int
    claimable: int
    overdue: int
    """Of mine."""


class Detail(msgspec.Struct, frozen=True, kw_only=True):
    row: Row
    form: dict[str, Any] | None
    data: dict[str, Any]
    """The variables that the form shows."""
    actions: dict[verbs.Verb, Text | None]


def mine(
    engine: Engine, *, agent: Agent, now: datetime, where: Filter | None = None, after: str = "", limit: int = 50
) -> Page:
    """What is assigned to the agent, the most urgent first."""
    return _page(engine, "mine", [agent.key], where or Filter(), after, limit, now)


def claimable(
    engine: Engine, *, agent: Agent, now: datetime, where: Filter | None = None, after: str = "", limit: int = 50
) -> Page:
    """What the agent, or one of the agent's groups as it is today, may claim."""
    return _page(engine, "claimable", _names(agent), where or Filter(), after, limit, now, excluding=agent.key)


def drafts(
    engine: Engine, *, agent: Agent, now: datetime, where: Filter | None = None, after: str = "", limit: int = 50
) -> Page:
    """Of the agent's own, what is begun and not handed in."""
    chosen = msgspec.structs.replace(where or Filter(), drafts=True)
    return _page(engine, "mine", [agent.key], chosen, after, limit, now)


def done(
    engine: Engine, *, agent: Agent, now: datetime, where: Filter | None = None, after: str = "", limit: int = 50
) -> Page:
    """What the agent completed, the latest first."""
    return _page(engine, "done", [agent.key], where or Filter(), after, limit, now)


def counts(engine: Engine, *, agent: Agent, now: datetime) -> Counts:
    def count(shelf: Shelf, who: Sequence[str], **where: Any) -> int:
        return tx.items.count(shelf=shelf, who=who, where=where, most=MOST_COUNTED)

    with engine.store.reading() as tx:
        return Counts(
            mine=count("mine", [agent.key]),
            claimable=count("claimable", _names(agent), excluding=agent.key),
            overdue=count("mine", [agent.key], due_before=now),
        )


def count(engine: Engine, *, shelf: Kept, where: Filter, agent: Agent, now: datetime, most: int) -> int:
    """How many of a list fit the conditions, ``most`` for as many or more: a short look at a long list."""
    wanted = _wanted(where, now)
    if shelf == "drafts":
        wanted["drafts"] = True
    if shelf == "claimable":
        wanted["excluding"] = agent.key
    who = _names(agent) if shelf == "claimable" else [agent.key]
    with engine.store.reading() as tx:
        found = tx.items.count(shelf="mine" if shelf == "drafts" else shelf, who=who, where=wanted, most=most)
    return min(found, most)


def get(engine: Engine, *, work_item_id: str, agent: Agent, now: datetime) -> Detail:
    """One work item with its form, what the form shows, and what the agent may do.

    Raises errors.NotFound for an item that does not exist or does not concern the agent.
    """
    with engine.store.reading() as tx:
        item = act.seen(tx, work_item_id, agent)
        return Detail(
            row=_rows(tx.items.surroundings([item]), [item], now)[0],
            form=filled.schema(engine, tx, item),
            data=filled.given(engine, tx, item),
            actions=verbs.actions(item, agent),
        )


def of_instance(engine: Engine, *, instance_id: str, agent: Agent, now: datetime) -> tuple[Row, ...]:
    """All work items of a case, open and over, in the order they were opened."""
    with engine.store.reading() as tx:
        items = tx.waits.work_items(instance_id)
        return tuple(_rows(tx.items.surroundings(items), items, now))


def _names(agent: Agent) -> list[str]:
    return [f"u:{agent.key}", *(f"g:{group}" for group in sorted(agent.groups))]


def _page(
    engine: Engine,
    shelf: Shelf,
    who: Sequence[str],
    where: Filter,
    after: str,
    limit: int,
    now: datetime,
    excluding: str = "",
) -> Page:
    wanted = _wanted(where, now)
    if excluding:
        wanted["excluding"] = excluding
    limit = max(1, min(limit, MOST))
    with engine.store.reading() as tx:
        found = tx.items.page(shelf=shelf, who=who, where=wanted, after=_place(after), limit=limit + 1)
        items = [item for _, item in found[:limit]]
        rows = _rows(tx.items.surroundings(items), items, now)
    more = len(found) > limit
    return Page(rows=tuple(rows), cursor=_cursor(found[limit - 1]) if more else "")


def _wanted(where: Filter, now: datetime) -> dict[str, Any]:
    wanted: dict[str, Any] = {name: value for name, value in msgspec.structs.asdict(where).items() if value}
    if wanted.pop("overdue", False):
        wanted["due_before"] = min(where.due_before or now, now)
    return wanted


def _rows(around: Mapping[str, tuple[str, str, str]], items: Sequence[records.WorkItem], now: datetime) -> list[Row]:
    rows = []
    for item in items:
        number, name, group = around[item.instance_id]
        until = item.ended_at or item.held_at or now
        late, missed = (moment is not None and moment < until for moment in (item.due_at, item.goal_at))
        rows.append(
            Row(item=item, number=number, customer_name=name, customer_group=group, breached=late, goal_missed=missed)
        )
    return rows


def _cursor(last: tuple[int, records.WorkItem]) -> str:
    place = msgspec.json.encode((last[0], last[1].instance_id, last[1].wait))
    return base64.urlsafe_b64encode(place).decode().rstrip("=")


def _place(cursor: str) -> tuple[int, str, int] | None:
    if not cursor:
        return None
    try:
        data = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return msgspec.json.decode(data, type=tuple[_Whole, str, _Whole])
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        raise errors.Invalid(
            "cursor_unknown",
            zh="翻页标记无效，请从第一页开始。",
            en="The page cursor is none; begin at the first page.",
        ) from None
