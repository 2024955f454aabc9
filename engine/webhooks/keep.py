"""Webhooks as administrators keep them: who is told what, with which secret, and how it went."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import msgspec

from engine import errors
from engine.model.problem import Problem
from engine.model.text import both
from engine.outside import targets
from engine.outward import Delivery, Webhook
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction
from engine.trust import deeds, vault
from engine.webhooks import events, signing

MOST = 100
"""Webhooks of a house."""
LONGEST_OVERLAP = timedelta(days=7)
STATUSES = ("pending", "delivered", "dead")
KEEP_DELIVERED, KEEP_DEAD = timedelta(days=7), timedelta(days=60)


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What an administrator says of a webhook."""

    name: str
    url: str
    events: tuple[str, ...] = ()
    processes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    with_data: bool = False


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    webhook: Webhook
    counts: dict[str, int]
    """Deliveries by status."""


def add(engine: Engine, *, draft: Draft, agent: Agent, now: datetime) -> tuple[Webhook, str]:
    """The webhook and its secret, which is shown this once. It is told what happens from now on.

    Raises errors.Forbidden, errors.Invalid with a Problem for each wrong field, errors.Conflict for one too many.
    """
    rights.need(agent, "outside.manage")
    key, secret = engine.store.new_id(), signing.new_secret()
    made = Webhook(
        id=key,
        **msgspec.structs.asdict(draft),
        sealed=_sealed(engine, key, secret),
        created_at=now,
        created_by=agent.key,
    )

    def work(tx: Transaction) -> None:
        _check(tx, draft)
        if len(tx.webhooks.all()) >= MOST:
            raise errors.Conflict(
                "webhooks_many", zh=f"最多 {MOST} 个事件推送。", en=f"There are at most {MOST} webhooks."
            )
        tx.webhooks.put(made)
        deeds.note(engine, tx, "webhook.added", draft.name, agent=agent, now=now, url=draft.url, id=key)

    engine.store.run(work)
    return made, secret


def change(
    engine: Engine, *, webhook_id: str, draft: Draft, agent: Agent, now: datetime, revision: int | None = None
) -> Webhook:
    """What is waiting goes to the new address, too. Raises as ``add``, errors.NotFound, and errors.Conflict."""

    def changed(tx: Transaction, before: Webhook) -> Webhook:
        _check(tx, draft)
        return msgspec.structs.replace(before, **msgspec.structs.asdict(draft))

    return _changed(engine, webhook_id, "webhook.changed", changed, agent=agent, now=now, revision=revision)


def rotate(engine: Engine, *, webhook_id: str, overlap: timedelta, agent: Agent, now: datetime) -> tuple[Webhook, str]:
    """A new secret, shown this once; the old one signs beside it for ``overlap``, at most 7 days."""
    secret = signing.new_secret()
    if not timedelta() <= overlap <= LONGEST_OVERLAP:
        raise errors.Invalid(
            "overlap_invalid",
            zh="两个密钥同时有效的时间为 0 到 7 天。",
            en="Two secrets are valid side by side for 0 to 7 days.",
        )

    def changed(tx: Transaction, before: Webhook) -> Webhook:
        return msgspec.structs.replace(
            before,
            sealed=_sealed(engine, webhook_id, secret),
            old_sealed=before.sealed if overlap else None,
            old_until=now + overlap if overlap else None,
        )

    return _changed(engine, webhook_id, "webhook.rotated", changed, agent=agent, now=now), secret


def stop(engine: Engine, *, webhook_id: str, agent: Agent, now: datetime) -> Webhook:
    """What happens meanwhile is not told; what is waiting waits."""

    def changed(tx: Transaction, before: Webhook) -> Webhook:
        return msgspec.structs.replace(before, active=False, stopped="")

    return _changed(engine, webhook_id, "webhook.stopped", changed, agent=agent, now=now)


def go_on(engine: Engine, *, webhook_id: str, agent: Agent, now: datetime) -> Webhook:
    """What was waiting is sent; what happened meanwhile is not."""

    def changed(tx: Transaction, before: Webhook) -> Webhook:
        return msgspec.structs.replace(
            before, active=True, stopped="", failures=0, failing_since=None, resting_until=None
        )

    return _changed(engine, webhook_id, "webhook.started", changed, agent=agent, now=now)


def drop(engine: Engine, *, webhook_id: str, agent: Agent, now: datetime) -> None:
    """With its deliveries. Raises errors.Forbidden and errors.NotFound."""
    rights.need(agent, "outside.manage")

    def work(tx: Transaction) -> None:
        found = _found(tx, webhook_id)
        tx.webhooks.drop(webhook_id)
        deeds.note(engine, tx, "webhook.dropped", found.name, agent=agent, now=now, id=webhook_id)

    engine.store.run(work)


def all_of(engine: Engine, *, agent: Agent) -> list[Shown]:
    """By name. Raises errors.Forbidden."""
    rights.need(agent, "outside.manage")
    with engine.store.reading() as tx:
        counts = tx.webhooks.counts()
        return [Shown(webhook=one, counts=counts.get(one.id, {})) for one in tx.webhooks.all()]


def get(engine: Engine, *, webhook_id: str, agent: Agent) -> Shown:
    """Raises errors.Forbidden and errors.NotFound."""
    rights.need(agent, "outside.manage")
    with engine.store.reading() as tx:
        return Shown(webhook=_found(tx, webhook_id), counts=tx.webhooks.counts().get(webhook_id, {}))


# --- deliveries ----------------------------------------------------------------------------------------------------


def deliveries(
    engine: Engine, *, webhook_id: str, agent: Agent, status: str = "", after: str = "", limit: int = 50
) -> list[Delivery]:
    """The newest first, after the delivery ``after``. Raises errors.Forbidden and errors.NotFound."""
    rights.need(agent, "outside.manage")
    with engine.store.reading() as tx:
        _found(tx, webhook_id)
        return tx.webhooks.deliveries(webhook_id, status=status, after=after, limit=limit)


def replay(engine: Engine, *, webhook_id: str, agent: Agent, now: datetime, delivery_id: str = "") -> int:
    """The dead letters, or one delivery whatever became of it, are sent again as the same events; how many.

    Raises errors.Forbidden and errors.NotFound.
    """
    rights.need(agent, "outside.manage")

    def work(tx: Transaction) -> int:
        found = _found(tx, webhook_id)
        one = tx.webhooks.delivery(delivery_id) if delivery_id else None
        if delivery_id and (one is None or one.webhook_id != webhook_id):
            raise errors.NotFound(
                "delivery_unknown", zh=f"没有投递 {delivery_id}。", en=f"There is no delivery {delivery_id!r}."
            )
        count = tx.webhooks.replay(webhook_id, delivery_id=delivery_id, now=now)
        deeds.note(engine, tx, "webhook.replayed", found.name, agent=agent, now=now, count=count, delivery=delivery_id)
        tx.ring("mail")
        return count

    return engine.store.run(work)


def test(engine: Engine, *, webhook_id: str, agent: Agent, now: datetime) -> Delivery:
    """An event of the type ``test`` on its way. Raises errors.Forbidden and errors.NotFound."""
    rights.need(agent, "outside.manage")
    key = engine.store.new_id()

    def work(tx: Transaction) -> Delivery:
        found = _found(tx, webhook_id)
        event = f"test_{key}"
        made = Delivery(
            id=key,
            webhook_id=webhook_id,
            instance_id="",
            seq=0,
            event=event,
            type=events.TEST,
            body=events.test(event, found, now),
            due_at=now,
            created_at=now,
        )
        tx.webhooks.add([made])
        tx.ring("mail")
        return made

    return engine.store.run(work)


def sweep(tx: Transaction, now: datetime) -> int:
    """Deliveries that ended long ago; how many went."""
    return tx.webhooks.sweep(delivered_before=now - KEEP_DELIVERED, dead_before=now - KEEP_DEAD)


def reseal(engine: Engine) -> int:
    """Every secret under the first key of the settings; how many were under another. Used by the command line."""
    keeper = vault.of(engine.settings)

    def renewed(sealed: bytes | None, about: str) -> bytes | None:
        return None if sealed is None else keeper.seal(keeper.open(sealed, about=about), about=about)

    def work(tx: Transaction) -> int:
        old = [one for one in tx.webhooks.all() if not keeper.fresh(one.sealed)]
        for one in old:
            about = f"webhook:{one.id}"
            sealed = renewed(one.sealed, about) or b""
            old_sealed = renewed(one.old_sealed, about)
            tx.webhooks.change(msgspec.structs.replace(one, sealed=sealed, old_sealed=old_sealed))
        return len(old)

    return engine.store.run(work)


# --- checks --------------------------------------------------------------------------------------------------------


def _changed(
    engine: Engine,
    webhook_id: str,
    deed: str,
    changed: Callable[[Transaction, Webhook], Webhook],
    *,
    agent: Agent,
    now: datetime,
    revision: int | None = None,
) -> Webhook:
    rights.need(agent, "outside.manage")

    def work(tx: Transaction) -> Webhook:
        before = _found(tx, webhook_id)
        after = changed(tx, before)
        if (revision is not None and revision != before.revision) or not tx.webhooks.change(after):
            raise errors.Conflict(
                "revision_old",
                zh=f"“{before.name}”已被他人修改，请刷新后重试。",
                en=f"Somebody else changed {before.name!r} meanwhile.",
                webhook=webhook_id,
            )
        deeds.note(engine, tx, deed, after.name, agent=agent, now=now, id=webhook_id, url=after.url)
        tx.ring("mail")
        return msgspec.structs.replace(after, revision=before.revision + 1)

    return engine.store.run(work)


def _found(tx: Transaction, webhook_id: str) -> Webhook:
    found = tx.webhooks.get(webhook_id)
    if found is None:
        raise errors.NotFound(
            "webhook_unknown", zh=f"没有事件推送 {webhook_id}。", en=f"There is no webhook {webhook_id!r}."
        )
    return found


def _sealed(engine: Engine, webhook_id: str, secret: str) -> bytes:
    return vault.of(engine.settings).seal(secret, about=f"webhook:{webhook_id}")


def _check(tx: Transaction, draft: Draft) -> None:
    problems = list(_problems(tx, draft))
    if problems:
        raise errors.Invalid(
            "webhook_invalid",
            zh=f"事件推送有 {len(problems)} 处不符合要求。",
            en=f"The webhook is wrong in {len(problems)} place(s).",
            problems=problems,
        )


def _problems(tx: Transaction, draft: Draft) -> Iterator[Problem]:
    if not 0 < len(draft.name.strip()) <= 80:
        yield _wrong("name", zh="名称须为 1 到 80 个字符", en="a name has 1 to 80 characters")
    try:
        targets.read(draft.url)
    except errors.Invalid as error:
        yield Problem(code=error.code, pointer="/url", text=error.text)
    for number, event in enumerate(draft.events):
        if not events.known(event):
            yield _wrong(f"events/{number}", zh=f"没有事件“{event[:80]}”", en=f"there is no event {event[:80]!r}")
    for number, process in enumerate(draft.processes):
        if tx.processes.get(process) is None:
            yield _wrong(f"processes/{number}", zh=f"没有流程“{process[:80]}”", en=f"no process {process[:80]!r}")
    for number, group in enumerate(draft.groups):
        if not re.fullmatch(r"[A-Za-z0-9_.-]{1,40}", group):
            yield _wrong(f"groups/{number}", zh="不是客户群的代号", en="expected the key of a customer group")
    for field in ("events", "processes", "groups"):
        if len(getattr(draft, field)) > 200:
            yield _wrong(field, zh="最多 200 项", en="at most 200 items")


def _wrong(field: str, *, zh: str, en: str) -> Problem:
    return Problem(code="webhook_field", pointer=f"/{field}", text=both(zh=zh, en=en))
