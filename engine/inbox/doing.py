"""Every verb by its name: what it asks for and what it does. Pages and API are generated from this one table."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple

import msgspec

from engine import errors
from engine.inbox import act, handing, holding, reminding, returning, signing
from engine.inbox.verbs import Verb
from engine.model.handling import Rule
from engine.people.agent import Agent
from engine.ports import Engine

Ask = Literal["person", "people", "reason", "text", "node", "straight", "where", "rule", "data", "awaits"]


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What a verb may be given; each takes what it asks for and refuses to go without what it needs."""

    to: tuple[str, ...] = ()
    """Logins of colleagues."""
    text: str = ""
    """A reason, an answer, a comment."""
    node: str = ""
    """The earlier step that a step is sent back to."""
    straight: bool = False
    where: signing.Where = "before"
    rule: Rule = "all"
    data: Mapping[str, Any] | None = None
    awaits: bool = False
    """The hold ends with the customer's answer."""


Deed = Callable[[Engine, str, Given, Agent, datetime], object]


class Doing(NamedTuple):
    deed: Deed
    asks: tuple[Ask, ...] = ()
    needs: tuple[Ask, ...] = ()


def do(engine: Engine, verb: Verb, *, work_item_id: str, given: Given, agent: Agent, now: datetime) -> None:
    """Raises what the verb's use case raises; errors.Invalid for more than one person where one is asked for."""
    if "person" in TABLE[verb].asks and len(given.to) != 1:
        raise errors.Invalid("one_person", zh="请选择一个人。", en="Please name one person.", field="to")
    TABLE[verb].deed(engine, work_item_id, given, agent, now)


def _claim(engine: Engine, item: str, given: Given, agent: Agent, now: datetime) -> object:
    return act.claim(engine, work_item_id=item, agent=agent, now=now)


def _release(engine: Engine, item: str, given: Given, agent: Agent, now: datetime) -> object:
    return act.release(engine, work_item_id=item, agent=agent, now=now)


def _complete(engine: Engine, item: str, given: Given, agent: Agent, now: datetime) -> object:
    return act.complete(engine, work_item_id=item, data=given.data or {}, agent=agent, now=now)


def _save_draft(engine: Engine, item: str, given: Given, agent: Agent, now: datetime) -> object:
    return act.save_draft(engine, work_item_id=item, data=given.data or {}, agent=agent, now=now)


def _answer(engine: Engine, item: str, given: Given, agent: Agent, now: datetime) -> object:
    return handing.answer(engine, work_item_id=item, text=given.text, data=given.data, agent=agent, now=now)


def _transfer(engine: Engine, item: str, given: Given, agent: Agent, now: datetime) -> object:
    return handing.transfer(engine, work_item_id=item, to=given.to[0], reason=given.text, agent=agent, now=now)


def _delegate(engine: Engine, item: str, given: Given, agent: Agent, now: datetime) -> object:
    return handing.delegate(engine, work_item_id=item, to=given.to[0], reason=given.text, agent=agent, now=now)


def _add_sign(engine: Engine, item: str, given: Given, agent: Agent, now: datetime) -> object:
    return handing.add_sign(
        engine,
        work_item_id=item,
        people=given.to,
        where=given.where,
        rule=given.rule,
        reason=given.text,
        agent=agent,
        now=now,
    )


def _remove_sign(engine: Engine, item: str, given: Given, agent: Agent, now: datetime) -> object:
    return handing.remove_sign(engine, work_item_id=item, person=given.to[0], agent=agent, now=now)


def _send_back(engine: Engine, item: str, given: Given, agent: Agent, now: datetime) -> object:
    return returning.send_back(
        engine,
        work_item_id=item,
        to=given.node,
        reason=given.text,
        straight=given.straight,
        agent=agent,
        now=now,
    )


def _take_back(engine: Engine, item: str, given: Given, agent: Agent, now: datetime) -> object:
    return returning.take_back(engine, work_item_id=item, agent=agent, now=now)


def _urge(engine: Engine, item: str, given: Given, agent: Agent, now: datetime) -> object:
    return reminding.urge(engine, work_item_id=item, text=given.text, agent=agent, now=now)


def _copy(engine: Engine, item: str, given: Given, agent: Agent, now: datetime) -> object:
    return reminding.copy(engine, work_item_id=item, people=given.to, text=given.text, agent=agent, now=now)


def _comment(engine: Engine, item: str, given: Given, agent: Agent, now: datetime) -> object:
    return reminding.comment(engine, work_item_id=item, text=given.text, agent=agent, now=now)


def _hold(engine: Engine, item: str, given: Given, agent: Agent, now: datetime) -> object:
    return holding.hold_at(
        engine, work_item_id=item, reason=given.text, awaits_customer=given.awaits, agent=agent, now=now
    )


def _resume(engine: Engine, item: str, given: Given, agent: Agent, now: datetime) -> object:
    return holding.resume_at(engine, work_item_id=item, reason=given.text, agent=agent, now=now)


TABLE: Mapping[Verb, Doing] = {
    "claim": Doing(_claim),
    "release": Doing(_release),
    "complete": Doing(_complete, ("data",)),
    "save_draft": Doing(_save_draft, ("data",)),
    "answer": Doing(_answer, ("text", "data")),
    "transfer": Doing(_transfer, ("person", "reason"), ("person",)),
    "delegate": Doing(_delegate, ("person", "reason"), ("person",)),
    "add_sign": Doing(_add_sign, ("people", "where", "rule", "reason"), ("people",)),
    "remove_sign": Doing(_remove_sign, ("person",), ("person",)),
    "send_back": Doing(_send_back, ("node", "straight", "reason"), ("node", "reason")),
    "take_back": Doing(_take_back),
    "urge": Doing(_urge, ("text",)),
    "copy": Doing(_copy, ("people", "text"), ("people",)),
    "comment": Doing(_comment, ("text",), ("text",)),
    "hold": Doing(_hold, ("awaits", "reason"), ("reason",)),
    "resume": Doing(_resume, ("reason",)),
}
