"""What leads did and how good they are, what customers are worth, and rewards."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from engine import marketing
from engine.store import rows
from engine.store.tables.marketing import customer_value, lead_activity, lead_score, reward


class Scores:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def act(self, record: marketing.LeadActivity) -> None:
        rows.put(self._db, lead_activity, lead_activity.c.id == record.id, record)

    def activities(self, lead: str, since: datetime) -> list[marketing.LeadActivity]:
        mine = (lead_activity.c.lead == lead) & (lead_activity.c.at >= since)
        found = sa.select(lead_activity).where(mine).order_by(lead_activity.c.at, lead_activity.c.id)
        return [rows.record(marketing.LeadActivity, row) for row in self._db.execute(found)]

    def put_lead(self, record: marketing.LeadScore) -> None:
        rows.put(self._db, lead_score, lead_score.c.lead == record.lead, record)

    def lead(self, lead: str) -> marketing.LeadScore | None:
        found = sa.select(lead_score).where(lead_score.c.lead == lead)
        return rows.maybe(marketing.LeadScore, self._db.execute(found).first())

    def put_value(self, record: marketing.CustomerValue) -> None:
        rows.put(self._db, customer_value, customer_value.c.id == record.id, record)

    def values(self, customer: str, limit: int) -> list[marketing.CustomerValue]:
        mine = customer_value.c.customer == customer
        newest = sa.select(customer_value).where(mine).order_by(customer_value.c.at.desc(), customer_value.c.id.desc())
        return [rows.record(marketing.CustomerValue, row) for row in self._db.execute(newest.limit(limit))]

    def valued_at(self, customers: Sequence[str]) -> Mapping[str, datetime]:
        if not customers:
            return {}
        last = sa.select(customer_value.c.customer, sa.func.max(customer_value.c.at).label("at"))
        asked = last.where(customer_value.c.customer.in_(customers)).group_by(customer_value.c.customer)
        return {found.customer: found.at for found in self._db.execute(asked)}

    def reward(self, record: marketing.Reward) -> None:
        rows.put(self._db, reward, reward.c.id == record.id, record)

    def rewards(self, customer: str) -> list[marketing.Reward]:
        found = sa.select(reward).where(reward.c.customer == customer).order_by(reward.c.at, reward.c.id)
        return [rows.record(marketing.Reward, row) for row in self._db.execute(found)]
