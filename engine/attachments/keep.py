"""Adding, reading and removing the files of a case. Whoever sees the case reads them, and nobody else."""

import hashlib
from datetime import datetime, timedelta

import msgspec

from engine import errors, facts, records
from engine.attachments import kinds
from engine.model.problem import Problem
from engine.model.text import both
from engine.people import rights, scope
from engine.people.agent import Agent
from engine.ports import Engine, Transaction

LARGEST = 20 * 1024 * 1024
"""Bytes of one file."""
MOST = 200
"""Files of one case."""
MOST_WAITING = 20
"""Files of one person for starts that have not happened yet."""
WAITS = timedelta(days=1)
"""How long these are kept."""


class File(msgspec.Struct, frozen=True):
    name: str
    data: bytes


def add(
    engine: Engine, *, instance_id: str | None, file: File, agent: Agent, now: datetime, node: str = ""
) -> records.Attachment:
    """Without an instance it waits for the start that its person is filling in.

    Raises NotFound for a case that is not the agent's to see, Invalid for a file of no kind that is taken or without
    content, TooLarge for one that is larger than LARGEST, Conflict for one too many.
    """
    rights.need(agent, "case.start" if instance_id is None else "case.see")
    made = _made(engine, file, instance_id=instance_id, node=node, agent=agent, now=now)

    def work(tx: Transaction) -> records.Attachment:
        if instance_id is None:
            _room(len(tx.attachments.waiting(agent.key)), MOST_WAITING)
        else:
            _seen(tx, instance_id, agent)
            _room(len(tx.attachments.of_instance(instance_id)), MOST)
            tx.facts.append(instance_id, [told(made)], agent=agent.key, now=now)
            tx.changes.add("instance", instance_id, now)
        tx.attachments.add(made, file.data)
        return made

    return engine.store.run(work)


def of_case(engine: Engine, *, instance_id: str, agent: Agent) -> list[records.Attachment]:
    """Oldest first. Raises NotFound."""
    rights.need(agent, "case.see")
    with engine.store.reading() as tx:
        _seen(tx, instance_id, agent)
        return tx.attachments.of_instance(instance_id)


def find(tx: Transaction, attachment_id: str, agent: Agent) -> records.Attachment | None:
    """None where it is not the agent's to see."""
    found = tx.attachments.get(attachment_id)
    if found is None or not rights.may(agent, "case.see"):
        return None
    if found.instance_id is None:
        return found if found.added_by == agent.key else None
    return found if scope.sees(tx, instance_id=found.instance_id, agent=agent) else None


def read(engine: Engine, *, attachment_id: str, agent: Agent) -> tuple[records.Attachment, bytes]:
    """With its content. Raises NotFound."""
    with engine.store.reading() as tx:
        found = find(tx, attachment_id, agent)
        if found is None:
            raise unknown(attachment_id)
        return found, tx.attachments.content(found.sha256)


def remove(engine: Engine, *, attachment_id: str, reason: str, agent: Agent, now: datetime) -> None:
    """By who added it while the case runs, or by who may cancel cases; the history keeps its name and the reason.

    Raises NotFound, Forbidden for somebody else's file, Conflict when the case has ended.
    """

    def work(tx: Transaction) -> None:
        found = find(tx, attachment_id, agent)
        if found is None:
            raise unknown(attachment_id)
        if not removable(tx, found, agent):
            raise _not_yours(attachment_id)
        tx.attachments.drop([found.id])
        if found.instance_id is not None:
            gone = facts.AttachmentRemoved(
                node=found.node, attachment=found.id, name=found.name, reason=reason.strip()[:1000]
            )
            tx.facts.append(found.instance_id, [gone], agent=agent.key, now=now)
            tx.changes.add("instance", found.instance_id, now)

    engine.store.run(work)


def removable(tx: Transaction, attachment: records.Attachment, agent: Agent) -> bool:
    if rights.may(agent, "case.cancel"):
        return True
    if attachment.added_by != agent.key:
        return False
    instance = tx.instances.get(attachment.instance_id) if attachment.instance_id else None
    return instance is None or instance.status == "active"


def sweep(tx: Transaction, now: datetime) -> int:
    """What waited for a start that did not come."""
    return tx.attachments.sweep(now - WAITS)


def told(attachment: records.Attachment) -> facts.AttachmentAdded:
    return facts.AttachmentAdded(
        node=attachment.node, attachment=attachment.id, name=attachment.name, size=attachment.size
    )


def unknown(attachment_id: str) -> errors.NotFound:
    return errors.NotFound(
        "attachment_unknown", zh="没有此附件。", en="There is no such attachment.", attachment=attachment_id
    )


def _made(
    engine: Engine, file: File, *, instance_id: str | None, node: str, agent: Agent, now: datetime
) -> records.Attachment:
    name = kinds.cleaned(file.name)
    if not file.data:
        raise _refused("attachment_empty", name, zh=f"文件“{name}”是空的。", en=f"The file “{name}” is empty.")
    if len(file.data) > LARGEST:
        raise errors.TooLarge(
            "attachment_too_large",
            zh=f"文件“{name}”超过 {LARGEST // 2**20} MB。",
            en=f"The file “{name}” is larger than {LARGEST // 2**20} MB.",
            name=name,
        )
    kind = kinds.of(name, file.data)
    if kind is None:
        raise _no_kind(name)
    return records.Attachment(
        id=engine.store.new_id(),
        instance_id=instance_id,
        node=node,
        name=name,
        type=kind.type,
        size=len(file.data),
        sha256=hashlib.sha256(file.data).hexdigest(),
        added_by=agent.key,
        added_at=now,
    )


def _seen(tx: Transaction, instance_id: str, agent: Agent) -> None:
    if not scope.sees(tx, instance_id=instance_id, agent=agent):
        raise scope.unknown(instance_id)


def _room(there: int, most: int) -> None:
    if there >= most:
        raise errors.Conflict(
            "attachments_too_many",
            zh=f"最多 {most} 个附件，请先删除不需要的。",
            en=f"There are {most} attachments already; remove what is not needed first.",
        )


def _no_kind(name: str) -> errors.Invalid:
    if kinds.ending(name) in kinds.KINDS:
        return _refused(
            "attachment_not_what_it_says",
            name,
            zh=f"文件“{name}”的内容与扩展名不符。",
            en=f"The content of “{name}” is not what its ending says.",
        )
    return _refused(
        "attachment_kind",
        name,
        zh=f"不接受“{name}”这种文件。可以上传：{'、'.join(sorted(kinds.KINDS))}。",
        en=f"Files like “{name}” are not taken; these are: {', '.join(sorted(kinds.KINDS))}.",
    )


def _refused(code: str, name: str, *, zh: str, en: str) -> errors.Invalid:
    place = Problem(code=code, text=both(zh=zh, en=en), pointer="/file", file=name)
    return errors.Invalid(code, zh=zh, en=en, problems=[place], name=name)


def _not_yours(attachment_id: str) -> errors.Forbidden:
    return errors.Forbidden(
        "attachment_not_yours",
        zh="只有添加者（办理期间）或管理员可以删除附件。",
        en="Only who added it, while the case runs, or an administrator removes an attachment.",
        attachment=attachment_id,
    )
