"""What staff say about a page, its process or its step: told to who owns the process, answered, seen by who said it."""

from datetime import datetime

import msgspec

from engine import errors, records
from engine.model.text import both
from engine.people import rights, scope
from engine.people.agent import Agent
from engine.ports import Engine, Transaction

LONGEST = 2000
LONGEST_PAGE = 500
MOST = 200


class About(msgspec.Struct, frozen=True, kw_only=True):
    """Where it was said; empty for what is not known or was left out."""

    page: str = ""
    """An address within the house: ``/tasks/...``."""
    process: str = ""
    node: str = ""
    instance_id: str = ""


def say(engine: Engine, *, text: str, about: About, agent: Agent, now: datetime) -> records.Feedback:
    """Whoever owns the process gets a notice where a case is known.

    Raises errors.Invalid for nothing said, a page elsewhere or a process that is none, errors.TooLarge, and
    errors.NotFound for a case that is not the agent's to see.
    """
    said = _bounded(text)
    if about.page and (not about.page.startswith("/") or about.page.startswith("//") or len(about.page) > LONGEST_PAGE):
        raise errors.Invalid(
            "feedback_page",
            zh="页面地址应为本系统内的地址。",
            en="The page is an address within this house.",
            field="page",
        )
    if about.instance_id:
        scope.need(engine, instance_id=about.instance_id, agent=agent)

    def work(tx: Transaction) -> records.Feedback:
        instance = tx.instances.get(about.instance_id) if about.instance_id else None
        key = instance.process if instance else about.process
        process = tx.processes.get(key) if key else None
        if key and process is None:
            raise errors.Invalid(
                "process_unknown", zh=f"没有流程 {key}。", en=f"There is no process {key!r}.", field="process"
            )
        made = records.Feedback(
            id=engine.store.new_id(),
            by=agent.key,
            text=said,
            page=about.page,
            process=key,
            node=about.node[:100],
            instance_id=about.instance_id,
            created_at=now,
        )
        tx.feedbacks.put(made)
        if process is not None and process.owner and instance is not None:
            name = agent.name or agent.key
            subject = both(zh=f"{name} 的反馈", en=f"Feedback from {name}")
            tx.notices.add(_notice(engine, made, process.owner, subject, said, now))
        return made

    return engine.store.run(work)


def mine(engine: Engine, *, agent: Agent, before: str = "", limit: int = 50) -> list[records.Feedback]:
    """What the agent said, newest first, with the answers."""
    with engine.store.reading() as tx:
        return tx.feedbacks.of_person(agent.key, before=before, limit=min(limit, MOST))


def unseen(engine: Engine, *, agent: Agent) -> int:
    with engine.store.reading() as tx:
        return tx.feedbacks.unseen(agent.key)


def see(engine: Engine, *, agent: Agent, now: datetime) -> None:
    """The agent looks at the answers."""
    if unseen(engine, agent=agent):
        engine.store.run(lambda tx: tx.feedbacks.see(agent.key, now))


def owned(engine: Engine, *, agent: Agent) -> tuple[str, ...] | None:
    """Processes whose feedback the agent answers; None for all, with the right to see operations."""
    if rights.may(agent, "operations.see"):
        return None
    names = {agent.key, *agent.groups}
    with engine.store.reading() as tx:
        return tuple(process.key for process in tx.processes.all() if process.owner in names)


def listed(
    engine: Engine, *, agent: Agent, unanswered: bool = False, before: str = "", limit: int = 50
) -> list[records.Feedback]:
    """What the agent may answer, newest first; nothing for who owns no process."""
    processes = owned(engine, agent=agent)
    if processes is not None and not processes:
        return []
    with engine.store.reading() as tx:
        return tx.feedbacks.listed(processes, unanswered=unanswered, before=before, limit=min(limit, MOST))


def answer(engine: Engine, *, feedback_id: str, text: str, agent: Agent, now: datetime) -> records.Feedback:
    """Once; who said it is told where a case is known, and sees it among what they said.

    Raises errors.NotFound for what is not the agent's to answer, errors.Conflict when it is answered, errors.Invalid
    for nothing said and errors.TooLarge.
    """
    said = _bounded(text)
    processes = owned(engine, agent=agent)

    def work(tx: Transaction) -> records.Feedback:
        found = tx.feedbacks.get(feedback_id)
        if found is None or (processes is not None and found.process not in processes):
            raise errors.NotFound(
                "feedback_unknown", zh="没有此反馈。", en="There is no such feedback.", feedback=feedback_id
            )
        if found.answered_at is not None:
            raise errors.Conflict(
                "feedback_answered",
                zh=f"{found.answered_by} 已经答复。",
                en=f"{found.answered_by} has answered already.",
                feedback=feedback_id,
                by=found.answered_by,
            )
        made = msgspec.structs.replace(found, answer=said, answered_by=agent.key, answered_at=now)
        tx.feedbacks.put(made)
        if found.instance_id and tx.instances.get(found.instance_id) is not None:
            name = agent.name or agent.key
            subject = both(zh=f"{name} 答复了您的反馈", en=f"{name} answered your feedback")
            tx.notices.add(_notice(engine, found, found.by, subject, said, now))
        return made

    return engine.store.run(work)


def _notice(
    engine: Engine, said: records.Feedback, to: str, subject: dict[str, str], text: str, now: datetime
) -> records.Notice:
    return records.Notice(
        id=engine.store.new_id(),
        instance_id=said.instance_id,
        channel="desk",
        to=to,
        subject=subject,
        text=both(zh=text, en=text),
        created_at=now,
    )


def _bounded(text: str) -> str:
    if len(text) > LONGEST:
        raise errors.TooLarge(
            "text_too_long", zh=f"最多 {LONGEST} 个字。", en=f"At most {LONGEST} characters.", field="text"
        )
    if not text.strip():
        raise errors.Invalid("feedback_empty", zh="请写下您的反馈。", en="Please write something.", field="text")
    return text.strip()
