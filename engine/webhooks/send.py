"""Sends what is due: at least once, in the order of each instance, to whoever answers with a 2xx."""

from datetime import datetime, timedelta

import msgspec
import structlog

from engine import errors
from engine.model.text import Text, both
from engine.outside import http, line
from engine.outward import Delivery, Webhook
from engine.people.agent import SYSTEM
from engine.ports import Engine, Transaction
from engine.trust import deeds, openings, vault
from engine.webhooks import pace, signing

BATCH = 5
SECONDS = 15.0
LEASE = timedelta(seconds=2 * BATCH * SECONDS)
LARGEST_ANSWER = 64 * 1024
GONE = 410
"""Standard Webhooks: do not call again."""
_LOG = structlog.get_logger("crmflow.webhooks")


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """How a try went."""

    status: int = 0
    error: Text = {}
    asked: timedelta | None = None

    @property
    def well(self) -> bool:
        return 200 <= self.status < 300


def send_due(engine: Engine, *, now: datetime, limit: int = BATCH) -> int:
    """Up to ``limit`` deliveries; how many it took up. A webhook that failed once in this round is left alone."""
    claimed = engine.store.run(lambda tx: tx.webhooks.claim(now=now, until=now + LEASE, limit=limit))
    failed: set[str] = set()
    for delivery in claimed:
        if delivery.webhook_id in failed:
            back = msgspec.structs.replace(delivery, attempts=delivery.attempts - 1, due_at=now)
            engine.store.run(lambda tx, one=back: tx.webhooks.settle(one, attempt=one.attempts + 1))  # type: ignore[misc]
        elif not _one(engine, delivery, now):
            failed.add(delivery.webhook_id)
    return len(claimed)


def _one(engine: Engine, delivery: Delivery, now: datetime) -> bool:
    """Whether it was heard. What it was signed with is opened for this call alone."""
    with engine.store.reading() as tx:
        webhook = tx.webhooks.get(delivery.webhook_id)
        gate = openings.gate(tx)
    if webhook is None:
        return True
    began = max(now, engine.clock.now())
    heard = _call(engine, webhook, delivery, gate, began)
    later = max(now, engine.clock.now())
    engine.store.run(lambda tx: _settle(engine, tx, delivery, heard, later))
    return heard.well


def _call(engine: Engine, webhook: Webhook, delivery: Delivery, gate: line.Gate, now: datetime) -> Heard:
    body = delivery.body.encode()
    try:
        known = secrets(vault.of(engine.settings), webhook, now)
        request = http.Request(
            method="POST",
            url=webhook.url,
            headers={
                "Content-Type": "application/cloudevents+json; charset=UTF-8",
                "User-Agent": "crmflow",
                **signing.headers(body, event=delivery.event, now=now, known=known),
            },
            body=body,
            seconds=SECONDS,
            largest=LARGEST_ANSWER,
        )
        answer = http.call(request, gate)
    except errors.CrmflowError as error:
        return Heard(error=error.text)
    if 200 <= answer.status < 300:
        return Heard(status=answer.status)
    words = " ".join(answer.body[:1000].decode("utf-8", "replace").split())[:200]
    said = both(zh=f"对方应答 {answer.status} {words}", en=f"answered {answer.status} {words}")
    return Heard(status=answer.status, error=said, asked=http.pause(answer.headers, now))


def secrets(keeper: vault.Vault, webhook: Webhook, now: datetime) -> list[str]:
    """The newest first. Raises errors.Conflict when they cannot be decrypted."""
    about = f"webhook:{webhook.id}"
    known = [keeper.open(webhook.sealed, about=about)]
    if webhook.old_sealed is not None and webhook.old_until is not None and now < webhook.old_until:
        known.append(keeper.open(webhook.old_sealed, about=about))
    return known


def _settle(engine: Engine, tx: Transaction, delivery: Delivery, heard: Heard, now: datetime) -> None:
    if not tx.webhooks.settle(outcome(delivery, heard, now), attempt=delivery.attempts):
        _LOG.info("late answer of a webhook", delivery=delivery.id, attempt=delivery.attempts)
        return
    webhook = tx.webhooks.get(delivery.webhook_id)
    if webhook is None:
        return
    after = fared(webhook, heard, now)
    if after == webhook:
        return
    tx.webhooks.fared(after)
    if webhook.active and not after.active:
        _LOG.warning("a webhook is stopped", webhook=webhook.name, why=after.stopped)
        deeds.note(engine, tx, "webhook.stopped", webhook.name, agent=SYSTEM, now=now, why=after.stopped)


def outcome(delivery: Delivery, heard: Heard, now: datetime) -> Delivery:
    """The delivery after this try."""
    if heard.well:
        return msgspec.structs.replace(delivery, status="delivered", answered=heard.status, error={}, ended_at=now)
    again = None
    if heard.status != GONE:
        again = pace.again_at(delivery.attempts, delivery=delivery.id, now=now, asked=heard.asked)
    return msgspec.structs.replace(
        delivery,
        status="pending" if again else "dead",
        due_at=again or now,
        answered=heard.status,
        error=heard.error,
        ended_at=None if again else now,
    )


def fared(webhook: Webhook, heard: Heard, now: datetime) -> Webhook:
    """The webhook after this try: well again, resting, or stopped."""
    if heard.well:
        return msgspec.structs.replace(webhook, failures=0, failing_since=None, resting_until=None)
    since = webhook.failing_since or now
    failures = webhook.failures + 1
    stopped = "gone" if heard.status == GONE else "failing" if pace.give_up(since, now) else ""
    return msgspec.structs.replace(
        webhook,
        failures=failures,
        failing_since=since,
        resting_until=pace.rest_until(failures, now),
        active=webhook.active and not stopped,
        stopped=stopped or webhook.stopped,
    )
