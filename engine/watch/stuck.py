"""Cases that do not go on although nobody put them on hold, each with the reason. Found by what waits, or does not."""

from datetime import datetime

import msgspec

from engine import queries, records
from engine.model.text import Text, both
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction
from engine.watch import health

MOST = 200
"""Of each reason."""


class Stuck(msgspec.Struct, frozen=True, kw_only=True):
    instance_id: str
    number: str
    process: str
    node: str
    """Empty where the case as a whole stands still."""
    wait: int
    """What waits there; 0 where nothing does."""
    why: str
    """``incident``, ``overdue_timer``, ``nobody`` or ``nothing_waits``."""
    text: Text
    since: datetime
    incident: str = ""
    """Its id, to be retried or skipped."""


def stuck(engine: Engine, *, agent: Agent, now: datetime, limit: int = MOST) -> list[Stuck]:
    """The longest first. Raises Forbidden."""
    rights.need(agent, "operations.see")
    with engine.store.reading() as tx:
        found = [*_incidents(tx, limit), *_overdue(tx, now, limit), *_nobody(tx, limit), *_nothing(tx, limit)]
        return sorted(found, key=lambda one: one.since)


def _incidents(tx: Transaction, limit: int) -> list[Stuck]:
    found = tx.lists.find(records.Incident, order=["created_at"], limit=limit)
    cases = _cases(tx, [one.instance_id for one in found])
    return [
        _stuck(cases[one.instance_id], one, "incident", one.message, one.created_at)
        for one in found
        if one.instance_id in cases
    ]


def _overdue(tx: Transaction, now: datetime, limit: int) -> list[Stuck]:
    late = [queries.Where("due_at", "<", now - health.LATE)]
    found = tx.lists.find(records.Timer, where=late, order=["due_at"], limit=limit)
    cases = _cases(tx, [one.instance_id for one in found])
    text = both(
        zh="定时已到期但未触发：请检查调度程序是否在运行。",
        en="Its time has come and nothing happened: see whether the dispatcher runs.",
    )
    return [
        _stuck(cases[one.instance_id], one, "overdue_timer", text, one.due_at)
        for one in found
        if one.instance_id in cases
    ]


def _nobody(tx: Transaction, limit: int) -> list[Stuck]:
    text = both(
        zh="没有人可以办理此步骤：请指定人员，或补充岗位组成员。",
        en="Nobody can do this step: give it to somebody, or add people to its group.",
    )
    found = tx.watch.unowned(limit)
    cases = _cases(tx, [one.instance_id for one in found])
    return [_stuck(cases[one.instance_id], one, "nobody", text, one.created_at) for one in found]


def _nothing(tx: Transaction, limit: int) -> list[Stuck]:
    text = both(
        zh="办理中，但没有任何待办、定时、消息或作业：请修改或取消此办件。",
        en="It runs, and nothing is waiting that could carry it on: change the case by hand, or cancel it.",
    )
    return [_stuck(one, None, "nothing_waits", text, one.started_at) for one in tx.watch.idle(limit)]


def _cases(tx: Transaction, ids: list[str]) -> dict[str, records.Instance]:
    found = (tx.instances.get(key) for key in sorted(set(ids)))
    return {case.id: case for case in found if case is not None}


def _stuck(
    case: records.Instance,
    wait: records.Incident | records.Timer | records.WorkItem | None,
    why: str,
    text: Text,
    since: datetime,
) -> Stuck:
    return Stuck(
        instance_id=case.id,
        number=case.number,
        process=case.process,
        node=wait.node if wait is not None else "",
        wait=wait.wait if wait is not None else 0,
        why=why,
        text=text,
        since=since,
        incident=wait.id if isinstance(wait, records.Incident) else "",
    )
