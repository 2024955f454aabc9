"""Webhooks, the facts that wait to be looked at for them, and deliveries."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from engine.outward import Delivery, Outgoing, Webhook
from engine.store import rows
from engine.store.tables.outward import delivery, outgoing, webhook
from engine.store.types import EPOCH

_FARES = ("active", "stopped", "failures", "failing_since", "resting_until")
_OUTCOME = ("status", "due_at", "attempts", "answered", "error", "ended_at")


class Webhooks:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def get(self, webhook_id: str) -> Webhook | None:
        return rows.maybe(Webhook, self._db.execute(sa.select(webhook).where(webhook.c.id == webhook_id)).first())

    def all(self) -> list[Webhook]:
        found = self._db.execute(sa.select(webhook).order_by(webhook.c.name, webhook.c.id))
        return [rows.record(Webhook, row) for row in found]

    def put(self, record: Webhook) -> None:
        self._db.execute(webhook.insert().values(rows.values(record, webhook)))

    def change(self, record: Webhook) -> bool:
        here = (webhook.c.id == record.id) & (webhook.c.revision == record.revision)
        values = {**rows.values(record, webhook), "revision": record.revision + 1}
        return self._db.execute(webhook.update().where(here).values(values)).rowcount == 1

    def fared(self, record: Webhook) -> None:
        values = {name: getattr(record, name) for name in _FARES}
        self._db.execute(webhook.update().where(webhook.c.id == record.id).values(values))

    def drop(self, webhook_id: str) -> bool:
        self._db.execute(delivery.delete().where(delivery.c.webhook_id == webhook_id))
        return self._db.execute(webhook.delete().where(webhook.c.id == webhook_id)).rowcount == 1

    def outgoing(self, limit: int) -> list[Outgoing]:
        """Another who asks meanwhile waits: were the rows skipped instead, later facts might be told before earlier."""
        found = sa.select(outgoing).order_by(outgoing.c.instance_id, outgoing.c.first).limit(limit).with_for_update()
        return [rows.record(Outgoing, row) for row in self._db.execute(found)]

    def taken(self, these: Sequence[Outgoing]) -> None:
        for one in these:
            here = (outgoing.c.instance_id == one.instance_id) & (outgoing.c.first == one.first)
            self._db.execute(outgoing.delete().where(here))

    def add(self, these: Sequence[Delivery]) -> None:
        for one in these:
            there = sa.select(delivery.c.id).where(
                delivery.c.webhook_id == one.webhook_id, delivery.c.event == one.event
            )
            if self._db.execute(there).first() is None:
                self._db.execute(delivery.insert().values(rows.values(one, delivery)))

    def delivery(self, delivery_id: str) -> Delivery | None:
        return rows.maybe(Delivery, self._db.execute(sa.select(delivery).where(delivery.c.id == delivery_id)).first())

    def deliveries(self, webhook_id: str, *, status: str = "", after: str = "", limit: int = 50) -> list[Delivery]:
        found = sa.select(delivery).where(delivery.c.webhook_id == webhook_id)
        if status:
            found = found.where(delivery.c.status == status)
        if after:
            found = found.where(delivery.c.id < after)
        listed = self._db.execute(found.order_by(delivery.c.id.desc()).limit(limit))
        return [rows.record(Delivery, row) for row in listed]

    def counts(self) -> dict[str, dict[str, int]]:
        number = sa.func.count()
        found = sa.select(delivery.c.webhook_id, delivery.c.status, number).group_by(
            delivery.c.webhook_id, delivery.c.status
        )
        counts: dict[str, dict[str, int]] = {}
        for webhook_id, status, count in self._db.execute(found):
            counts.setdefault(webhook_id, {})[status] = count
        return counts

    def claim(self, *, now: datetime, until: datetime, limit: int) -> list[Delivery]:
        before = delivery.alias("before")
        earlier = sa.exists().where(
            before.c.webhook_id == delivery.c.webhook_id,
            before.c.instance_id == delivery.c.instance_id,
            before.c.status == sa.literal_column("'pending'"),
            before.c.seq < delivery.c.seq,
        )
        awake = sa.or_(webhook.c.resting_until.is_(None), webhook.c.resting_until <= now)
        due = (
            sa.select(delivery.c.id)
            .join(webhook, webhook.c.id == delivery.c.webhook_id)
            .where(_PENDING, delivery.c.due_at <= now, webhook.c.active, awake, ~earlier)
            .order_by(delivery.c.due_at, delivery.c.id)
            .limit(limit)
            .with_for_update(of=delivery, skip_locked=True)
            .cte("due")
        )
        taken = (
            delivery.update()
            .where(delivery.c.id.in_(sa.select(due.c.id)))
            .values(due_at=until, attempts=delivery.c.attempts + 1)
            .returning(delivery)
        )
        found = [rows.record(Delivery, row) for row in self._db.execute(taken)]
        return sorted(found, key=lambda one: one.id)

    def settle(self, record: Delivery, *, attempt: int) -> bool:
        here = (delivery.c.id == record.id) & _PENDING & (delivery.c.attempts == attempt)
        values = {name: getattr(record, name) for name in _OUTCOME}
        return self._db.execute(delivery.update().where(here).values(values)).rowcount == 1

    def replay(self, webhook_id: str, *, delivery_id: str = "", now: datetime) -> int:
        these = delivery.c.webhook_id == webhook_id
        these &= delivery.c.id == delivery_id if delivery_id else delivery.c.status == "dead"
        values = {"status": "pending", "attempts": 0, "due_at": now, "ended_at": None}
        return self._db.execute(delivery.update().where(these).values(values)).rowcount

    def next(self) -> datetime | None:
        if self._db.execute(sa.select(outgoing.c.first).limit(1)).first() is not None:
            return EPOCH
        rests = webhook.c.resting_until > delivery.c.due_at
        soonest = sa.case((rests, webhook.c.resting_until), else_=delivery.c.due_at)
        found = sa.select(sa.func.min(soonest)).select_from(delivery).join(webhook).where(_PENDING, webhook.c.active)
        moment: datetime | None = self._db.scalar(found)
        return moment

    def sweep(self, *, delivered_before: datetime, dead_before: datetime) -> int:
        old = sa.or_(
            (delivery.c.status == "delivered") & (delivery.c.ended_at < delivered_before),
            (delivery.c.status == "dead") & (delivery.c.ended_at < dead_before),
        )
        return self._db.execute(delivery.delete().where(old)).rowcount


# The literal lets both databases use the partial indexes.
_PENDING = delivery.c.status == sa.literal_column("'pending'")


def tell(connection: sa.Connection, instance_id: str, first: int, last: int) -> None:
    """Facts that were appended beside the hot path; see steps.py."""
    wanted = sa.exists().where(webhook.c.active)
    found = sa.select(sa.literal(instance_id), sa.literal(first), sa.literal(last)).where(wanted)
    connection.execute(outgoing.insert().from_select(["instance_id", "first", "last"], found))
