"""Work that somebody has and does nothing with: after a while of working time it is open to the others again.

A draft, a comment, any verb is something. Each process says whether and after how long (``untouched`` of process.json).
"""

from collections.abc import Iterator
from datetime import datetime

import msgspec
import structlog

from engine import errors, facts, records
from engine.definitions.process import Untouched
from engine.inbox import reminding
from engine.model.text import Text, both
from engine.ports import Engine, Transaction
from engine.schedule import due

BATCH = 50
"""Steps of one process at a time."""
_LOG = structlog.get_logger("crmflow.untouched")


def return_due(engine: Engine, *, now: datetime) -> int:
    """Takes what was left untouched from who has it; how many steps."""
    with engine.store.reading() as tx:
        asked = list(_asked(tx.processes.all()))
    return sum(_of_process(engine, key, rule, now) for key, rule in asked)


def _asked(processes: list[records.Process]) -> Iterator[tuple[str, Untouched]]:
    for process in processes:
        said = process.details.get("untouched")
        if said:
            yield process.key, msgspec.convert(said, Untouched)


def _of_process(engine: Engine, key: str, rule: Untouched, now: datetime) -> int:
    def work(tx: Transaction) -> int:
        found = [item for item in tx.items.untouched(key, now, BATCH) if _is_due(engine, item, rule, now)]
        for item in found:
            _take(tx, item, rule, now)
        return len(found)

    try:
        return engine.store.run(work)
    except errors.Invalid as error:  # a calendar that was taken away, or one without open hours
        _LOG.error("work that nobody touches stays where it is", process=key, why=error.text["en"])
        return 0


def _is_due(engine: Engine, item: records.WorkItem, rule: Untouched, now: datetime) -> bool:
    if rule.calendar and rule.calendar not in engine.calendars:
        raise errors.Invalid(
            "calendar_unknown",
            zh=f"找不到工作日历 {rule.calendar}。",
            en=f"There is no calendar {rule.calendar!r}.",
            calendar=rule.calendar,
        )
    calendar = engine.calendars[rule.calendar] if rule.calendar else None
    return due.after(rule.after, item.claimed_at or item.created_at, calendar) <= now


def _take(tx: Transaction, item: records.WorkItem, rule: Untouched, now: datetime) -> None:
    """Delegated work goes back to who delegated it, other work to those who may claim it; else it only is told."""
    person = item.assignee or ""
    owner = item.shared.owner
    others = owner or item.groups or set(item.users) - {person}
    times = _times(tx, item)
    goes = times < rule.most and bool(others)
    if goes:
        handling = msgspec.structs.replace(item.shared, owner="", absent="")
        since = now if owner else None
        tx.items.change(msgspec.structs.replace(item, assignee=owner or None, claimed_at=since, handling=handling))
    else:
        tx.items.touch(item)
    told = facts.WorkItemActed(node=item.node, verb="untouched" if goes else "untouched_kept", to=person)
    tx.facts.append(item.instance_id, [told], agent="system", now=now)
    tx.changes.add("instance", item.instance_id, now)
    mark = f"u{times}" if goes else f"u{int(now.timestamp()):x}"
    number = tx.instances.get(item.instance_id)
    case = number.number if number is not None else ""
    if goes:
        reminding.tell(tx, item, [person], _gone(item), case, mark=mark, now=now)
    above = [key for key in _above(tx, item, person) if key != person]
    reminding.tell(tx, item, above, _left(item, _name(tx, person)), case, mark=mark, now=now)


def _times(tx: Transaction, item: records.WorkItem) -> int:
    """How often this step was taken from somebody already."""
    said = (row.fact for row in tx.facts.of_instance(item.instance_id))
    return sum(isinstance(fact, facts.WorkItemActed) and _same(fact, item) for fact in said)


def _same(fact: facts.WorkItemActed, item: records.WorkItem) -> bool:
    return fact.node == item.node and fact.verb == "untouched"


def _above(tx: Transaction, item: records.WorkItem, person: str) -> list[str]:
    """The manager of who had it, else of the step's groups; ``managers`` where nobody is named."""
    known = tx.people.get(person)
    if known is not None and known.manager:
        return [known.manager]
    found = [group.manager for group in tx.people.groups() if group.key in item.groups and group.manager]
    return found[:1] or ["managers"]


def _name(tx: Transaction, person: str) -> str:
    known = tx.people.get(person)
    return known.name if known is not None else person


def _gone(item: records.WorkItem) -> Text:
    return both(
        zh=f"“{item.texts.get('zh-CN') or item.name}”长时间未处理，已退回待领",
        en=f"{item.texts.get('en') or item.name!r} was left untouched: others may claim it now",
    )


def _left(item: records.WorkItem, name: str) -> Text:
    return both(
        zh=f"{name} 长时间未处理“{item.texts.get('zh-CN') or item.name}”",
        en=f"{name} did nothing with {item.texts.get('en') or item.name!r}",
    )
