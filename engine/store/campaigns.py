"""Campaigns, their sends and the answers."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from engine import marketing
from engine.store import contacts, rows
from engine.store.tables.marketing import campaign, response, send


class Campaigns:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def get(self, campaign_id: str) -> marketing.Campaign | None:
        found = sa.select(campaign).where(campaign.c.id == campaign_id)
        return rows.maybe(marketing.Campaign, self._db.execute(found).first())

    def all(self, limit: int) -> list[marketing.Campaign]:
        newest = sa.select(campaign).order_by(campaign.c.changed_at.desc(), campaign.c.id).limit(limit)
        return [rows.record(marketing.Campaign, row) for row in self._db.execute(newest)]

    def put(self, record: marketing.Campaign) -> None:
        rows.put(self._db, campaign, campaign.c.id == record.id, record)

    def lock(self, campaign_id: str) -> None:
        contacts.lock(self._db, f"campaign {campaign_id}")

    def send(self, record: marketing.Send) -> None:
        self._db.execute(send.insert().values(rows.values(record, send)))

    def of_job(self, job: str) -> list[marketing.Send]:
        found = sa.select(send).where(send.c.job == job).order_by(send.c.customer)
        return [rows.record(marketing.Send, row) for row in self._db.execute(found)]

    def of_wave(self, campaign_id: str, wave: int, outcome: str, limit: int) -> list[marketing.Send]:
        mine = (send.c.campaign == campaign_id) & (send.c.wave == wave) & (send.c.outcome == outcome)
        found = sa.select(send).where(mine).order_by(send.c.customer).limit(limit)
        return [rows.record(marketing.Send, row) for row in self._db.execute(found)]

    def has_reached(self, campaign_id: str, wave: int, customer: str) -> bool:
        mine = (send.c.campaign == campaign_id) & (send.c.wave == wave) & (send.c.customer == customer)
        return self._db.scalar(sa.select(send.c.customer).where(mine)) is not None

    def reached(self, campaign_id: str, wave: int) -> set[str]:
        mine = (send.c.campaign == campaign_id) & (send.c.wave == wave)
        return set(self._db.scalars(sa.select(send.c.customer).where(mine)))

    def outcomes(self, campaign_id: str, wave: int | None = None) -> Mapping[str, int]:
        mine = send.c.campaign == campaign_id
        if wave is not None:
            mine &= send.c.wave == wave
        counted = sa.select(send.c.outcome, sa.func.count()).where(mine).group_by(send.c.outcome)
        return {str(row[0]): int(row[1]) for row in self._db.execute(counted)}

    def respond(self, record: marketing.Response) -> None:
        if self._db.scalar(sa.select(response.c.id).where(response.c.id == record.id)) is None:
            self._db.execute(response.insert().values(rows.values(record, response)))

    def answered(self, campaign_id: str, customers: Sequence[str]) -> set[str]:
        mine = (
            (response.c.campaign == campaign_id) & response.c.customer.in_(customers) & (response.c.kind != "receipt")
        )
        return set(self._db.scalars(sa.select(response.c.customer).where(mine)))

    def responses(self, campaign_id: str) -> Mapping[str, int]:
        mine = response.c.campaign == campaign_id
        counted = sa.select(response.c.kind, sa.func.count()).where(mine).group_by(response.c.kind)
        return {str(row[0]): int(row[1]) for row in self._db.execute(counted)}
