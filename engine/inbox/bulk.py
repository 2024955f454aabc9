"""One verb for many tasks: each by itself, with its own result; a failure undoes nothing that went well."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal, get_args

import msgspec

from engine import errors
from engine.inbox import act, direct, doing, filled
from engine.inbox.doing import Given
from engine.model.text import Text
from engine.people.agent import Agent
from engine.ports import Engine

Verb = Literal["claim", "release", "transfer", "approve", "urge", "due"]
VERBS: tuple[Verb, ...] = get_args(Verb)
MOST = 200


class Result(msgspec.Struct, frozen=True, kw_only=True):
    work_item_id: str
    code: str = ""
    """Of the refusal; empty: it was done."""
    text: Text = {}

    @property
    def done(self) -> bool:
        return not self.code


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What the verb is given, the same for all. ``to`` for transfer, ``due_at`` for due."""

    verb: Verb
    to: str = ""
    text: str = ""
    due_at: datetime | None = None


def do(
    engine: Engine, *, order: Order, work_item_ids: Sequence[str], agent: Agent, now: datetime
) -> tuple[Result, ...]:
    """In the order they were named, each once. ``approve`` hands in the form's yes, and only where the form asks for
    nothing more; what it refuses so is to be opened one by one.

    Raises errors.Invalid for what is wrong with all of them: none, too many, nobody to transfer to, no moment.
    """
    named = list(dict.fromkeys(work_item_ids))
    if not 1 <= len(named) <= MOST:
        raise errors.Invalid(
            "bulk_size", zh=f"请选择 1 至 {MOST} 项待办。", en=f"Choose 1 to {MOST} tasks.", field="ids"
        )
    if order.verb == "transfer" and not order.to:
        raise errors.Invalid("one_person", zh="请选择一个人。", en="Please name one person.", field="to")
    if order.verb == "due" and order.due_at is None:
        raise errors.Invalid("due_missing", zh="请填写新的到期时间。", en="Say when they are due.", field="due_at")
    return tuple(_result(engine, order, item, agent, now) for item in named)


def _result(engine: Engine, order: Order, item: str, agent: Agent, now: datetime) -> Result:
    try:
        _DEEDS[order.verb](engine, order, item, agent, now)
    except errors.CrmflowError as error:
        return Result(work_item_id=item, code=error.code, text=error.text)
    return Result(work_item_id=item)


def _plain(engine: Engine, order: Order, item: str, agent: Agent, now: datetime) -> None:
    given = Given(to=(order.to,) if order.to else (), text=order.text)
    doing.do(engine, order.verb, work_item_id=item, given=given, agent=agent, now=now)  # type: ignore[arg-type]


def _approve(engine: Engine, order: Order, item: str, agent: Agent, now: datetime) -> None:
    with engine.store.reading() as tx:
        form = filled.schema(engine, tx, act.seen(tx, item, agent))
    data = filled.yes(form)
    if data is None:
        raise errors.Conflict(
            "asks_for_more",
            zh="此待办的表单有必填项，请逐个办理。",
            en="Its form asks for more than a yes: open it by itself.",
            work_item=item,
        )
    act.complete(engine, work_item_id=item, data=data, agent=agent, now=now)


def _due(engine: Engine, order: Order, item: str, agent: Agent, now: datetime) -> None:
    direct.change(engine, work_item_id=item, agent=agent, now=now, due_at=order.due_at)


_DEEDS: dict[Verb, Callable[[Engine, Order, str, Agent, datetime], None]] = {
    "claim": _plain,
    "release": _plain,
    "transfer": _plain,
    "approve": _approve,
    "urge": _plain,
    "due": _due,
}
