"""Filters of the inbox kept under a name: one's own, and those that colleagues share with a staff group."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from engine import errors, records
from engine.inbox import listing
from engine.model.problem import Problem
from engine.model.text import both
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction

MOST = 50
"""Filters of one person."""
LONGEST_NAME = 60
COUNTED = 100
"""Further than this nobody counts: 99+."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a person keeps; the fields as in records.SavedFilter."""

    name: str
    staff_group: str = ""
    shelf: listing.Kept = "mine"
    process: str = ""
    customer_id: str = ""
    group: str = ""
    node: str = ""
    due: str = ""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    kept: records.SavedFilter
    count: int
    """Of the reader's own list, ``COUNTED`` for as many or more."""
    own: bool


def save(engine: Engine, *, wanted: Wanted, agent: Agent, now: datetime) -> records.SavedFilter:
    """Under its name; what the agent kept under that name before is replaced.

    Raises errors.Invalid with a problem for each wrong field.
    """
    rights.need(agent, "task.work")
    wanted = msgspec.structs.replace(wanted, name=" ".join(wanted.name.split()))

    def work(tx: Transaction) -> records.SavedFilter:
        own = [one for one in tx.filters.of_person(agent.key, ()) if one.owner == agent.key]
        same = next((one for one in own if one.name == wanted.name), None)
        problems = list(_problems(tx, wanted, agent, now))
        if same is None and len(own) >= MOST:
            problems.append(_problem("", zh=f"最多保存 {MOST} 个筛选。", en=f"At most {MOST} filters can be kept."))
        if problems:
            raise errors.Invalid(
                "filter_invalid", zh="筛选设置有误。", en="The filter is not right.", problems=problems
            )
        kept = records.SavedFilter(
            id=same.id if same is not None else engine.store.new_id(),
            owner=agent.key,
            created_at=now,
            **msgspec.structs.asdict(wanted),
        )
        tx.filters.put(kept)
        return kept

    return engine.store.run(work)


def remove(engine: Engine, *, filter_id: str, agent: Agent) -> None:
    """One's own; an administrator's word removes any. Raises errors.NotFound."""

    def work(tx: Transaction) -> None:
        kept = tx.filters.get(filter_id)
        if kept is None or not (kept.owner == agent.key or rights.may(agent, "people.manage")):
            raise _unknown(filter_id)
        tx.filters.remove(filter_id)

    engine.store.run(work)


def shown(engine: Engine, *, agent: Agent, now: datetime) -> list[Shown]:
    """The agent's own and those shared with their groups, by name, each with how much it finds for the agent."""
    with engine.store.reading() as tx:
        found = tx.filters.of_person(agent.key, sorted(agent.groups))
    return [
        Shown(
            kept=one,
            own=one.owner == agent.key,
            count=listing.count(
                engine, shelf=one.shelf, where=conditions(engine, one, now), agent=agent, now=now, most=COUNTED
            ),
        )
        for one in found
    ]


def conditions(engine: Engine, kept: records.SavedFilter, now: datetime) -> listing.Filter:
    """As a list takes them; today ends at midnight on the house's clock."""
    there = now.astimezone(ZoneInfo(engine.settings.time_zone)) + timedelta(days=1)
    midnight = there.replace(hour=0, minute=0, second=0, microsecond=0)
    return listing.Filter(
        process=kept.process,
        customer_id=kept.customer_id,
        group=kept.group,
        node=kept.node,
        overdue=kept.due == "late",
        awaits_customer=kept.due == "customer",
        due_before=midnight if kept.due == "today" else None,
    )


def _problems(tx: Transaction, wanted: Wanted, agent: Agent, now: datetime) -> Iterable[Problem]:
    if not 1 <= len(wanted.name) <= LONGEST_NAME:
        yield _problem(
            "/name",
            zh=f"请填写名称，最多 {LONGEST_NAME} 个字。",
            en=f"Enter a name of at most {LONGEST_NAME} characters.",
        )
    if wanted.due not in ("", "late", "today", "customer"):
        yield _problem("/due", zh="时限条件有误。", en="This deadline is not known.")
    if wanted.staff_group and wanted.staff_group not in agent.groups and not rights.may(agent, "people.manage"):
        yield _problem("/staff_group", zh="只能共享给自己的岗位组。", en="It can be shared with one's own groups only.")
    if wanted.staff_group and wanted.staff_group not in {group.key for group in tx.people.groups()}:
        yield _problem("/staff_group", zh="没有此岗位组。", en="There is no such staff group.")
    if wanted.process and tx.processes.get(wanted.process) is None:
        yield _problem("/process", zh="没有此流程。", en="There is no such process.")
    if wanted.customer_id and tx.customers.get(wanted.customer_id) is None:
        yield _problem("/customer_id", zh="没有此客户。", en="There is no such customer.")
    if len(wanted.group) > 100 or len(wanted.node) > 100:
        yield _problem("/group", zh="条件过长。", en="A condition is too long.")


def _problem(pointer: str, *, zh: str, en: str) -> Problem:
    return Problem(code="filter_invalid", text=both(zh=zh, en=en), pointer=pointer)


def _unknown(filter_id: str) -> errors.NotFound:
    return errors.NotFound("filter_unknown", zh="没有此筛选。", en="There is no such filter.", filter=filter_id)
