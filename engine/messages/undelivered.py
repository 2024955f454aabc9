"""Letters that cannot be delivered: those tried again, and the dead, which somebody sends again or discards."""

from datetime import datetime
from typing import Literal

import msgspec

from engine import errors, records
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction
from engine.trust import deeds

Status = Literal["dead", "failing"]
LONGEST_REASON = 1000


class Undelivered(msgspec.Struct, frozen=True, kw_only=True):
    letter: records.Mail
    number: str = ""
    """Of the case that threw it, or that it is for; empty where there is none (any more)."""
    process: str = ""


def listed(
    engine: Engine, *, agent: Agent, status: Status = "dead", after: str = "", limit: int = 50
) -> list[Undelivered]:
    """The newest first, after the letter ``after``. Raises errors.Forbidden."""
    rights.need(agent, "message.send")
    with engine.store.reading() as tx:
        found = tx.messages.failing(dead=status == "dead", after=after, limit=limit)
        cases = {key: tx.instances.get(key) for key in {one.instance_id for one in found} if key}
    return [_shown(one, cases.get(one.instance_id or "")) for one in found]


def count(engine: Engine) -> int:
    """Of the dead."""
    with engine.store.reading() as tx:
        return tx.messages.dead_count()


def send_again(engine: Engine, *, letter_id: str, agent: Agent, now: datetime) -> Undelivered:
    """It is due at once, with all its tries. Raises errors.Forbidden and errors.NotFound for what is no dead letter."""
    rights.need(agent, "message.send")

    def work(tx: Transaction) -> Undelivered:
        found = tx.messages.dead(letter_id)
        if found is None or not tx.messages.revive(letter_id, now):
            raise _unknown(letter_id)
        _note(engine, tx, "letter.sent_again", found, agent, now)
        tx.ring("mail")
        again = msgspec.structs.replace(found, attempts=0, due_at=now, dead_at=None)
        return _shown(again, tx.instances.get(found.instance_id) if found.instance_id else None)

    return engine.store.run(work)


def discard(engine: Engine, *, letter_id: str, reason: str, agent: Agent, now: datetime) -> None:
    """It is gone; the reason stays on record.

    Raises errors.Forbidden, errors.NotFound, errors.Invalid without a reason, errors.TooLarge.
    """
    rights.need(agent, "message.send")
    if not reason.strip():
        raise errors.Invalid(
            "reason_missing", zh="请说明为什么不再发送此消息。", en="Say why the message is not sent any more."
        )
    if len(reason) > LONGEST_REASON:
        raise errors.TooLarge(
            "text_too_long",
            zh=f"说明最多 {LONGEST_REASON} 个字。",
            en=f"A reason has at most {LONGEST_REASON} characters.",
        )

    def work(tx: Transaction) -> None:
        found = tx.messages.dead(letter_id)
        if found is None or not tx.messages.bury(letter_id):
            raise _unknown(letter_id)
        _note(engine, tx, "letter.discarded", found, agent, now, reason=reason.strip())

    engine.store.run(work)


def _unknown(letter_id: str) -> errors.NotFound:
    return errors.NotFound(
        "letter_unknown",
        zh=f"没有未送达的消息 {letter_id}：可能已被重发或丢弃。",
        en=f"There is no undelivered message {letter_id!r}: it may have been sent again, or discarded.",
        letter=letter_id,
    )


def _note(
    engine: Engine, tx: Transaction, what: str, found: records.Mail, agent: Agent, now: datetime, **more: str
) -> None:
    about = {"letter": found.id, "instance": found.instance_id or "", **more}
    deeds.note(engine, tx, what, found.name, agent=agent, now=now, **about)


def _shown(letter: records.Mail, case: records.Instance | None) -> Undelivered:
    return Undelivered(letter=letter, number=case.number if case else "", process=case.process if case else "")
