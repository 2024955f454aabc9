"""Canned phrases: words ready for the comment of a yes, a no or a return, or for any; one's own, and everybody's."""

from collections.abc import Mapping
from datetime import datetime
from typing import get_args

from engine import errors, records
from engine.model.text import LOCALES, Text
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction
from engine.records.desk import PhraseKind

KINDS: tuple[PhraseKind, ...] = get_args(PhraseKind)
LONGEST = 300
MOST = 100
"""Of one person, and of everybody."""


def shown(engine: Engine, *, agent: Agent) -> list[records.Phrase]:
    """Their own first, then everybody's."""
    rights.need(agent, "case.see")
    with engine.store.reading() as tx:
        return tx.phrases.of_person(agent.key)


def keep(
    engine: Engine, *, kind: str, texts: Mapping[str, str], everybody: bool, agent: Agent, now: datetime
) -> records.Phrase:
    """One more; the same words a second time change nothing. ``everybody``'s are kept by administrators of staff.

    Raises errors.Forbidden, errors.Invalid for an unknown kind, no words or one too many.
    """
    rights.need(agent, "people.manage" if everybody else "case.see")
    said: Text = {locale: texts[locale].strip() for locale in LOCALES if texts.get(locale, "").strip()}
    if kind not in KINDS:
        raise errors.Invalid(
            "phrase_kind",
            zh=f"种类应为以下之一：{'、'.join(KINDS)}。",
            en=f"A kind is one of {', '.join(KINDS)}.",
            field="kind",
        )
    if not said or any(len(words) > LONGEST for words in said.values()):
        raise errors.Invalid(
            "phrase_text",
            zh=f"请填写常用语，最多 {LONGEST} 字。",
            en=f"A phrase has 1 to {LONGEST} characters.",
            field="text",
        )
    owner = "" if everybody else agent.key

    def work(tx: Transaction) -> records.Phrase:
        own = [one for one in tx.phrases.of_person(agent.key) if one.owner == owner]
        same = next((one for one in own if (one.kind, one.texts) == (kind, said)), None)
        if same is not None:
            return same
        if len(own) >= MOST:
            raise errors.Invalid(
                "phrases_full", zh=f"最多 {MOST} 条常用语。", en=f"At most {MOST} phrases.", field="text"
            )
        made = records.Phrase(id=engine.store.new_id(), owner=owner, kind=kind, texts=said, created_at=now)
        tx.phrases.put(made)
        return made

    return engine.store.run(work)


def drop(engine: Engine, *, phrase_id: str, agent: Agent) -> None:
    """One's own; everybody's by administrators of staff. Raises errors.NotFound and errors.Forbidden."""

    def work(tx: Transaction) -> None:
        found = tx.phrases.get(phrase_id)
        if found is None or found.owner not in ("", agent.key):
            raise errors.NotFound(
                "phrase_unknown", zh="没有这条常用语。", en="There is no such phrase.", phrase=phrase_id
            )
        if not found.owner:
            rights.need(agent, "people.manage")
        tx.phrases.remove(phrase_id)

    engine.store.run(work)
