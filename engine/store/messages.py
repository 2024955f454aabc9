"""Messages and signals between instances, the buffer of early ones, and what people were told."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from engine import records
from engine.store import rows
from engine.store.tables.messages import circulation, mail, message_buffer, message_start, notice
from engine.store.tables.waits import subscription

_SUBSCRIPTION = rows.columns(records.Subscription, subscription)


class Messages:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def waiting(self, *, trigger: str, name: str, key: str | None) -> list[records.Subscription]:
        found = sa.select(*_SUBSCRIPTION).where(subscription.c.trigger == trigger, subscription.c.name == name)
        if key is not None:
            found = found.where((subscription.c.key == key) | subscription.c.key.is_(None))
        found = found.order_by(subscription.c.instance_id, subscription.c.wait)
        return [rows.record(records.Subscription, row) for row in self._db.execute(found)]

    def subscription(self, instance_id: str, wait: int) -> records.Subscription | None:
        here = (subscription.c.instance_id == instance_id) & (subscription.c.wait == wait)
        row = self._db.execute(sa.select(*_SUBSCRIPTION).where(here)).first()
        return rows.maybe(records.Subscription, row)

    def starts(self, *, trigger: str, name: str) -> list[tuple[str, str]]:
        here = (message_start.c.trigger == trigger) & (message_start.c.name == name)
        found = sa.select(message_start.c.process, message_start.c.node).where(here)
        return [tuple(row) for row in self._db.execute(found.order_by(message_start.c.process))]

    def set_starts(self, process: str, starts: Sequence[tuple[str, str, str]]) -> None:
        self._db.execute(message_start.delete().where(message_start.c.process == process))
        for node, trigger, name in starts:
            self._db.execute(message_start.insert().values(process=process, node=node, trigger=trigger, name=name))

    def keep(self, early: records.Early) -> None:
        self._db.execute(message_buffer.insert().values(rows.values(early, message_buffer)))

    def early(self, *, name: str, key: str | None, now: datetime) -> list[records.Early]:
        found = sa.select(message_buffer).where(message_buffer.c.name == name, message_buffer.c.expires_at > now)
        if key is not None:
            found = found.where((message_buffer.c.key == key) | message_buffer.c.key.is_(None))
        found = found.order_by(message_buffer.c.id)
        return [rows.record(records.Early, row) for row in self._db.execute(found)]

    def forget(self, early_id: str) -> bool:
        return self._db.execute(message_buffer.delete().where(message_buffer.c.id == early_id)).rowcount == 1

    def expire(self, now: datetime) -> int:
        return self._db.execute(message_buffer.delete().where(message_buffer.c.expires_at <= now)).rowcount

    def post(self, letter: records.Mail) -> None:
        self._db.execute(mail.insert().values(rows.values(letter, mail)))

    def taken(self, mail_id: str) -> bool:
        return self._db.execute(mail.delete().where(mail.c.id == mail_id)).rowcount == 1

    def put_off(self, before: records.Mail, after: records.Mail) -> bool:
        here = (mail.c.id == before.id) & (mail.c.attempts == before.attempts) & (mail.c.due_at == before.due_at)
        changed = {name: getattr(after, name) for name in ("attempts", "due_at", "error", "dead_at")}
        return self._db.execute(mail.update().where(here).values(changed)).rowcount == 1

    def failing(self, *, dead: bool, after: str, limit: int) -> list[records.Mail]:
        these = mail.c.dead_at.is_not(None) if dead else mail.c.dead_at.is_(None) & (mail.c.attempts > 0)
        if after:
            these &= mail.c.id < after
        found = sa.select(mail).where(these).order_by(mail.c.id.desc()).limit(limit)
        return [rows.record(records.Mail, row) for row in self._db.execute(found)]

    def dead(self, mail_id: str) -> records.Mail | None:
        here = (mail.c.id == mail_id) & mail.c.dead_at.is_not(None)
        return rows.maybe(records.Mail, self._db.execute(sa.select(mail).where(here)).first())

    def dead_count(self) -> int:
        return self._db.scalar(sa.select(sa.func.count()).where(mail.c.dead_at.is_not(None))) or 0

    def revive(self, mail_id: str, now: datetime) -> bool:
        here = (mail.c.id == mail_id) & mail.c.dead_at.is_not(None)
        again = mail.update().where(here).values(attempts=0, due_at=now, dead_at=None)
        return self._db.execute(again).rowcount == 1

    def bury(self, mail_id: str) -> bool:
        here = (mail.c.id == mail_id) & mail.c.dead_at.is_not(None)
        return self._db.execute(mail.delete().where(here)).rowcount == 1

    def bury_all(self, *, before: datetime) -> int:
        return self._db.execute(mail.delete().where(mail.c.dead_at < before)).rowcount


class Notices:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def add(self, record: records.Notice) -> None:
        if self._db.scalar(sa.select(notice.c.id).where(notice.c.id == record.id)) is None:
            self._db.execute(notice.insert().values(rows.values(record, notice)))

    def of_instance(self, instance_id: str) -> list[records.Notice]:
        found = sa.select(notice).where(notice.c.instance_id == instance_id).order_by(notice.c.created_at, notice.c.id)
        return [rows.record(records.Notice, row) for row in self._db.execute(found)]

    def of_people(self, keys: Sequence[str], *, before: datetime | None, limit: int) -> list[records.Notice]:
        found = sa.select(notice).where(notice.c.to.in_(keys), notice.c.channel == "desk")
        if before is not None:
            found = found.where(notice.c.created_at < before)
        found = found.order_by(notice.c.created_at.desc(), notice.c.id.desc()).limit(limit)
        return [rows.record(records.Notice, row) for row in self._db.execute(found)]

    def unread(self, keys: Sequence[str]) -> int:
        found = sa.select(sa.func.count()).select_from(notice)
        unread = notice.c.to.in_(keys) & (notice.c.channel == "desk") & notice.c.read_at.is_(None)
        return self._db.scalar(found.where(unread)) or 0

    def read(self, keys: Sequence[str], now: datetime) -> None:
        unread = notice.c.to.in_(keys) & (notice.c.channel == "desk") & notice.c.read_at.is_(None)
        self._db.execute(notice.update().where(unread).values(read_at=now))

    def copy(self, record: records.Circulation) -> None:
        self._db.execute(circulation.insert().values(rows.values(record, circulation)))

    def copies(self, person: str, *, before: datetime | None, limit: int) -> list[records.Circulation]:
        found = sa.select(circulation).where(circulation.c.person == person)
        if before is not None:
            found = found.where(circulation.c.at < before)
        found = found.order_by(circulation.c.at.desc(), circulation.c.id.desc()).limit(limit)
        return [rows.record(records.Circulation, row) for row in self._db.execute(found)]

    def copied(self, instance_id: str) -> list[records.Circulation]:
        found = sa.select(circulation).where(circulation.c.instance_id == instance_id)
        return [
            rows.record(records.Circulation, row)
            for row in self._db.execute(found.order_by(circulation.c.at, circulation.c.id))
        ]

    def receipt(self, instance_id: str, person: str, now: datetime) -> None:
        unread = (circulation.c.instance_id == instance_id) & (circulation.c.person == person)
        self._db.execute(circulation.update().where(unread & circulation.c.read_at.is_(None)).values(read_at=now))
