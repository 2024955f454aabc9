"""Leads taken in, the public pool of leads, who claimed from it, and whose turn it is."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import trade
from engine.store import contacts, rows
from engine.store.tables.trade import lead, lead_block, lead_pick, pooled_lead


class Leads:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def known(self, lead_id: str) -> trade.Lead | None:
        return rows.maybe(trade.Lead, self._db.execute(sa.select(lead).where(lead.c.id == lead_id)).first())

    def keep(self, record: trade.Lead) -> None:
        if self.known(record.id) is None:
            self._db.execute(lead.insert().values(rows.values(record, lead)))

    def join(self, lead_id: str, joined: Sequence[dict[str, Any]]) -> None:
        self._db.execute(lead.update().where(lead.c.id == lead_id).values(joined=list(joined)))

    def reached_by(self, phone: str, email: str) -> list[trade.Lead]:
        wanted = [column == value for column, value in ((lead.c.phone, phone), (lead.c.email, email)) if value]
        if not wanted:
            return []
        found = sa.select(lead).where(sa.or_(*wanted)).order_by(lead.c.created_at, lead.c.id)
        return [rows.record(trade.Lead, row) for row in self._db.execute(found)]

    def named_like(self, part: str, limit: int) -> list[trade.Lead]:
        like = lead.c.name.icontains(part, autoescape=True) | lead.c.company.icontains(part, autoescape=True)
        found = sa.select(lead).where(like).order_by(lead.c.created_at.desc(), lead.c.id).limit(limit)
        return [rows.record(trade.Lead, row) for row in self._db.execute(found)]

    def of_campaign(self, campaign: str, limit: int) -> list[trade.Lead]:
        found = sa.select(lead).where(lead.c.campaign == campaign).order_by(lead.c.created_at, lead.c.id).limit(limit)
        return [rows.record(trade.Lead, row) for row in self._db.execute(found)]

    def get(self, lead: str) -> trade.PooledLead | None:
        found = sa.select(pooled_lead).where(pooled_lead.c.lead == lead)
        return rows.maybe(trade.PooledLead, self._db.execute(found).first())

    def pool(self, record: trade.PooledLead) -> None:
        values = rows.values(record, pooled_lead)
        if not self._db.execute(pooled_lead.update().where(pooled_lead.c.lead == record.lead).values(values)).rowcount:
            self._db.execute(pooled_lead.insert().values(values))

    def in_pool(self, pool: str) -> list[trade.PooledLead]:
        free = (pooled_lead.c.pool == pool) & (pooled_lead.c.claimed_by == "")
        found = sa.select(pooled_lead).where(free).order_by(pooled_lead.c.pooled_at, pooled_lead.c.lead)
        return [rows.record(trade.PooledLead, row) for row in self._db.execute(found)]

    def lock(self, person: str) -> None:
        contacts.lock(self._db, f"person {person}")

    def claim(self, lead: str, person: str, now: datetime) -> bool:
        free = (pooled_lead.c.lead == lead) & (pooled_lead.c.claimed_by == "")
        taken = pooled_lead.update().where(free).values(claimed_by=person, claimed_at=now)
        return self._db.execute(taken).rowcount == 1

    def claims(self, person: str, since: datetime) -> int:
        mine = (pooled_lead.c.claimed_by == person) & (pooled_lead.c.claimed_at >= since)
        return self._db.scalar(sa.select(sa.func.count()).select_from(pooled_lead).where(mine)) or 0

    def picks(self, people: Sequence[str]) -> Mapping[str, tuple[int, datetime]]:
        counted = (
            sa.select(lead_pick.c.person, sa.func.count(), sa.func.max(lead_pick.c.picked_at))
            .where(lead_pick.c.person.in_(people))
            .group_by(lead_pick.c.person)
        )
        return {person: (count, last) for person, count, last in self._db.execute(counted)}

    def block(self, person: str, reason: str, now: datetime) -> None:
        if not self.blocked([person]):
            self._db.execute(lead_block.insert().values(person=person, reason=reason, since=now))

    def unblock(self, people: Sequence[str]) -> None:
        self._db.execute(lead_block.delete().where(lead_block.c.person.in_(people)))

    def blocked(self, people: Sequence[str]) -> set[str]:
        return set(self._db.scalars(sa.select(lead_block.c.person).where(lead_block.c.person.in_(people))))

    def picked(self, person: str, job: str, now: datetime) -> None:
        self._db.execute(lead_pick.insert().values(job=job, person=person, picked_at=now))

    def picked_for(self, job: str) -> str | None:
        return self._db.scalar(sa.select(lead_pick.c.person).where(lead_pick.c.job == job))
