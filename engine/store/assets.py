"""Released marketing material; guests of events and who is on duty there."""

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from engine import marketing
from engine.store import contacts, rows
from engine.store.tables.marketing import asset, duty, guest, mailing


class Assets:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def release(self, record: marketing.Asset) -> marketing.Asset:
        contacts.lock(self._db, f"asset {record.key}")
        mine = rows.maybe(marketing.Asset, self._db.execute(sa.select(asset).where(asset.c.job == record.job)).first())
        if mine:
            return mine
        before = self.latest(record.key)
        made = msgspec.structs.replace(record, n=before.n + 1 if before else 1)
        self._db.execute(asset.insert().values(rows.values(made, asset)))
        return made

    def latest(self, key: str) -> marketing.Asset | None:
        found = sa.select(asset).where(asset.c.key == key).order_by(asset.c.n.desc()).limit(1)
        return rows.maybe(marketing.Asset, self._db.execute(found).first())

    def standing(self, text: str, day: str, limit: int) -> list[marketing.Asset]:
        newest = sa.select(asset.c.key, sa.func.max(asset.c.n).label("n")).group_by(asset.c.key).subquery()
        told = asset.c.key.icontains(text, autoescape=True) | asset.c.title.icontains(text, autoescape=True)
        found = (
            sa.select(asset)
            .join(newest, (asset.c.key == newest.c.key) & (asset.c.n == newest.c.n))
            .where(told & ((asset.c.valid_until == "") | (asset.c.valid_until >= day)))
            .order_by(asset.c.key)
            .limit(limit)
        )
        return [rows.record(marketing.Asset, row) for row in self._db.execute(found)]

    def log(self, record: marketing.Mailing) -> None:
        rows.put(self._db, mailing, mailing.c.id == record.id, record)

    def mailings(self, key: str) -> list[marketing.Mailing]:
        found = sa.select(mailing).where(mailing.c.asset == key).order_by(mailing.c.at, mailing.c.id)
        return [rows.record(marketing.Mailing, row) for row in self._db.execute(found)]


class Events:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def put_guest(self, record: marketing.Guest) -> None:
        rows.put(self._db, guest, (guest.c.event == record.event) & (guest.c.id == record.id), record)

    def guest(self, event: str, guest_id: str) -> marketing.Guest | None:
        found = sa.select(guest).where((guest.c.event == event) & (guest.c.id == guest_id))
        return rows.maybe(marketing.Guest, self._db.execute(found).first())

    def guests(self, event: str) -> list[marketing.Guest]:
        found = sa.select(guest).where(guest.c.event == event).order_by(guest.c.id)
        return [rows.record(marketing.Guest, row) for row in self._db.execute(found)]

    def put_duty(self, record: marketing.Duty) -> None:
        rows.put(self._db, duty, (duty.c.event == record.event) & (duty.c.person == record.person), record)

    def duties(self, people: Sequence[str], first: str, last: str) -> list[marketing.Duty]:
        meets = duty.c.person.in_(people) & (duty.c.first <= last) & (duty.c.last >= first)
        found = sa.select(duty).where(meets).order_by(duty.c.first, duty.c.event, duty.c.person)
        return [rows.record(marketing.Duty, row) for row in self._db.execute(found)]
