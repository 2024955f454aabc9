"""The contact budget and the marketing stops; the row of ``contact_budget`` is the lock on both databases."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from engine import trade
from engine.store import rows
from engine.store.tables.trade import contact_budget, marketing_stop, reservation


def lock(db: sa.Connection, holder: str) -> None:
    """An UPDATE takes the row on PostgreSQL; on SQLite the writer is alone anyway."""
    mine = contact_budget.c.holder == holder
    raised = contact_budget.update().where(mine).values(locks=contact_budget.c.locks + 1)
    if db.execute(raised).rowcount:
        return
    try:
        with db.begin_nested():
            db.execute(contact_budget.insert().values(holder=holder, locks=1))
    except sa.exc.IntegrityError:  # another made the row meanwhile: wait for it
        db.execute(raised)


class Contacts:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def lock(self, customer: str) -> None:
        lock(self._db, f"customer {customer}")

    def of_job(self, job: str) -> list[trade.Reservation]:
        found = sa.select(reservation).where(reservation.c.id.startswith(f"{job}:", autoescape=True))
        return [rows.record(trade.Reservation, row) for row in self._db.execute(found)]

    def of_campaign(self, campaign: str, customer: str, now: datetime) -> trade.Reservation | None:
        table = reservation.c
        open_one = (table.status == "reserved") & (table.expires_at > now)
        mine = (table.customer == customer) & (table.campaign == campaign) & open_one
        found = sa.select(reservation).where(mine).order_by(table.reserved_at, table.id).limit(1)
        return rows.maybe(trade.Reservation, self._db.execute(found).first())

    def held(self, customer: str, since: datetime, now: datetime) -> list[trade.Reservation]:
        table = reservation.c
        counts = (table.status == "used") | ((table.status == "reserved") & (table.expires_at > now))
        found = sa.select(reservation).where((table.customer == customer) & (table.reserved_at > since) & counts)
        newest_first = found.order_by(table.reserved_at.desc(), table.id)
        return [rows.record(trade.Reservation, row) for row in self._db.execute(newest_first)]

    def add(self, record: trade.Reservation) -> None:
        self._db.execute(reservation.insert().values(rows.values(record, reservation)))

    def use(self, reservation_id: str) -> None:
        self._db.execute(reservation.update().where(reservation.c.id == reservation_id).values(status="used"))

    def settle(self, campaign: str, status: Literal["used", "released"]) -> int:
        open_ones = (reservation.c.campaign == campaign) & (reservation.c.status == "reserved")
        return self._db.execute(reservation.update().where(open_ones).values(status=status)).rowcount

    def stop(self, record: trade.MarketingStop) -> None:
        if self._db.scalar(sa.select(marketing_stop.c.id).where(marketing_stop.c.id == record.id)) is None:
            self._db.execute(marketing_stop.insert().values(rows.values(record, marketing_stop)))

    def lift(self, stop_id: str, now: datetime) -> None:
        mine = (marketing_stop.c.id == stop_id) & marketing_stop.c.lifted_at.is_(None)
        self._db.execute(marketing_stop.update().where(mine).values(lifted_at=now))

    def stopped(self, customers: Sequence[str]) -> set[str]:
        open_stop = marketing_stop.c.customer.in_(customers) & marketing_stop.c.lifted_at.is_(None)
        return set(self._db.scalars(sa.select(marketing_stop.c.customer).where(open_stop)))

    def stops(self, customer: str) -> list[trade.MarketingStop]:
        found = sa.select(marketing_stop).where(
            marketing_stop.c.customer == customer, marketing_stop.c.lifted_at.is_(None)
        )
        oldest_first = found.order_by(marketing_stop.c.since, marketing_stop.c.id)
        return [rows.record(trade.MarketingStop, row) for row in self._db.execute(oldest_first)]
