"""What moves no work: urging whoever has it, showing the case to somebody, saying something about it."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from engine import errors, facts, records
from engine.inbox import act, recipients
from engine.model import handling
from engine.model.handling import Urge
from engine.model.text import Text, both
from engine.people import scope
from engine.people.agent import Agent
from engine.ports import Engine, Transaction
from engine.runtime import suspend

URGE_AGAIN_AFTER = timedelta(hours=2)
MOST_COPIES = 50
_MENTION = re.compile(r"(?<![\w@.])@([\w.-]{1,100})")


def urge(engine: Engine, *, work_item_id: str, text: str = "", agent: Agent, now: datetime) -> records.WorkItem:
    """Whoever has the step is told; the same person urges it again after two hours at the earliest.

    Raises errors.Conflict, naming when.
    """

    def work(tx: Transaction) -> records.WorkItem:
        item = act.allowed(tx, work_item_id, "urge", agent)
        last = max((one.at for one in item.shared.urges if one.by == agent.key), default=None)
        if last is not None and now < last + URGE_AGAIN_AFTER:
            raise _too_soon(item, last + URGE_AGAIN_AFTER)
        urges = (*item.shared.urges, Urge(by=agent.key, at=now))
        changed = msgspec.structs.replace(item, handling=msgspec.structs.replace(item.shared, urges=urges))
        said = recipients.bounded(text)
        name = agent.name or agent.key
        subject = both(zh=f"{name} 催办“{item.name}”", en=f"{name} urges {item.name!r}")
        tell(tx, item, _holders(item), subject, said, mark=f"urge{len(urges)}", now=now)
        return act.write(tx, changed, act.acted(item, "urge", agent, reason=said), agent=agent, now=now)

    return engine.store.run(work)


def copy(
    engine: Engine, *, work_item_id: str, people: Sequence[str], text: str = "", agent: Agent, now: datetime
) -> records.WorkItem:
    """The case is shown to these people, who have nothing to do in it.

    Raises errors.Invalid for nobody, or strangers."""

    def work(tx: Transaction) -> records.WorkItem:
        item = act.allowed(tx, work_item_id, "copy", agent)
        named = list(dict.fromkeys(people))
        if not named or len(named) > MOST_COPIES:
            raise errors.Invalid(
                "nobody_named",
                zh=f"请选择抄送人，最多 {MOST_COPIES} 人。",
                en=f"Please name who gets a copy, at most {MOST_COPIES} people.",
                field="to",
            )
        said = recipients.bounded(text)
        for person in named:
            _known(tx, person)
            _show(engine, tx, item, person, said, agent, now)
        _say(tx, item, facts.WorkItemActed(node=item.node, verb="copy", to=",".join(named), reason=said), agent, now)
        return item

    return engine.store.run(work)


def comment(engine: Engine, *, work_item_id: str, text: str, agent: Agent, now: datetime) -> tuple[str, ...]:
    """Into the history of the case; who is mentioned as ``@login`` is told and may see the case. Who was mentioned.

    Raises errors.Invalid for an empty comment.
    """
    said = recipients.bounded(text)
    if not said:
        raise errors.Invalid("comment_empty", zh="请填写评论。", en="Please write something.", field="text")

    def work(tx: Transaction) -> tuple[str, ...]:
        item = act.allowed(tx, work_item_id, "comment", agent)
        place = _Place(instance_id=item.instance_id, customer_id=item.customer_id, node=item.node, name=item.name)
        named = _commented(engine, tx, place, said, agent, now)
        if agent.key == item.assignee:
            tx.items.touch(item)
        return named

    return engine.store.run(work)


def remark(
    engine: Engine, *, instance_id: str, text: str, agent: Agent, now: datetime, answered: bool = False
) -> tuple[str, ...]:
    """The same about a case as a whole, by anybody who sees it, also when it has ended. ``answered``: it is what the
    customer answered, and ends a hold that waits for it.

    Raises errors.Invalid for an empty comment and errors.NotFound.
    """
    said = recipients.bounded(text)
    if not said:
        raise errors.Invalid("comment_empty", zh="请填写评论。", en="Please write something.", field="text")
    scope.need(engine, instance_id=instance_id, agent=agent)

    def work(tx: Transaction) -> tuple[str, ...]:
        case = tx.instances.get(instance_id)
        if case is None:
            raise scope.unknown(instance_id)
        place = _Place(instance_id=case.id, customer_id=case.customer_id, node="", name=case.number)
        named = _commented(engine, tx, place, said, agent, now)
        if answered:
            suspend.answered(engine, tx, instance_id, agent=agent, now=now)
        return named

    return engine.store.run(work)


class _Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where something is said: at a step, or about a case."""

    instance_id: str
    customer_id: str | None
    node: str
    name: str


def _commented(
    engine: Engine, tx: Transaction, place: _Place, said: str, agent: Agent, now: datetime
) -> tuple[str, ...]:
    named = tuple(key for key in mentioned(said) if key != agent.key and _is_staff(tx, key))
    name = agent.name or agent.key
    for person in named:
        if not any(one.person == person for one in tx.notices.copied(place.instance_id)):
            _show(engine, tx, place, person, "", agent, now)
        notice = records.Notice(
            id=engine.store.new_id(),
            instance_id=place.instance_id,
            customer_id=place.customer_id,
            channel="desk",
            to=person,
            subject=both(zh=f"{name} 在“{place.name}”中提到您", en=f"{name} mentioned you at {place.name!r}"),
            text=both(zh=said, en=said),
            created_at=now,
        )
        tx.notices.add(notice)
    _say(tx, place, facts.Commented(node=place.node, text=said), agent, now)
    return named


def mentioned(text: str) -> tuple[str, ...]:
    """Logins behind an @, each once, in their order; an e-mail address mentions nobody."""
    return tuple(dict.fromkeys(found.rstrip(".-") for found in _MENTION.findall(text)))


def tell(
    tx: Transaction,
    item: records.WorkItem,
    people: Sequence[str],
    subject: Text,
    text: str,
    *,
    mark: str,
    now: datetime,
) -> None:
    """A notice on the desk of each of them."""
    for person in people:
        tx.notices.add(
            records.Notice(
                id=f"{item.id}.{mark}.{person}"[:64],
                instance_id=item.instance_id,
                customer_id=item.customer_id,
                channel="desk",
                to=person,
                subject=subject,
                text=both(zh=text, en=text),
                created_at=now,
            )
        )


def _holders(item: records.WorkItem) -> list[str]:
    """People, or the groups that could claim it."""
    if item.shared.signatures:
        return list(handling.active(item.shared.signatures))
    return [item.assignee] if item.assignee else [*item.users, *item.groups]


def _show(
    engine: Engine,
    tx: Transaction,
    item: records.WorkItem | _Place,
    person: str,
    said: str,
    agent: Agent,
    now: datetime,
) -> None:
    """The case, to somebody who has nothing to do in it."""
    tx.notices.copy(
        records.Circulation(
            id=engine.store.new_id(),
            person=person,
            instance_id=item.instance_id,
            node=item.node,
            by=agent.key,
            text=said,
            at=now,
        )
    )


def _say(tx: Transaction, item: records.WorkItem | _Place, fact: facts.AnyFact, agent: Agent, now: datetime) -> None:
    tx.facts.append(item.instance_id, [fact], agent=agent.key, now=now)
    tx.changes.add("instance", item.instance_id, now)


def _is_staff(tx: Transaction, key: str) -> bool:
    person = tx.people.get(key)
    return person is not None and person.active


def _known(tx: Transaction, key: str) -> None:
    if not _is_staff(tx, key):
        raise errors.Invalid(
            "person_unknown", zh=f"没有用户“{key}”。", en=f"There is no user {key!r}.", person=key, field="to"
        )


def _too_soon(item: records.WorkItem, again: datetime) -> errors.Conflict:
    return errors.Conflict(
        "urged_lately",
        zh=f"您刚催办过，{again.isoformat(timespec='minutes')} 之后可以再催。",
        en=f"You urged this a short while ago; you may again after {again.isoformat(timespec='minutes')}.",
        work_item=item.id,
        again=again.isoformat(timespec="seconds"),
    )
