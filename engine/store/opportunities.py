"""Opportunities, their moves from stage to stage, what was learnt from them, and the rivals met."""

from collections.abc import Sequence
from datetime import UTC, datetime

import sqlalchemy as sa

from engine import deals
from engine.store import contacts, rows
from engine.store.tables.deals import opportunity, opportunity_move, opportunity_review, rival


class Opportunities:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def lock(self, opportunity_id: str) -> None:
        contacts.lock(self._db, f"opportunity {opportunity_id}")

    def get(self, opportunity_id: str) -> deals.Opportunity | None:
        found = sa.select(opportunity).where(opportunity.c.id == opportunity_id)
        return rows.maybe(deals.Opportunity, self._db.execute(found).first())

    def put(self, record: deals.Opportunity) -> None:
        rows.put(self._db, opportunity, opportunity.c.id == record.id, record)

    def of_leads(self, leads: Sequence[str]) -> list[deals.Opportunity]:
        found = sa.select(opportunity).where(opportunity.c.lead.in_(leads))
        oldest_first = found.order_by(opportunity.c.opened_at, opportunity.c.id)
        return [rows.record(deals.Opportunity, row) for row in self._db.execute(oldest_first)]

    def of_customer(self, customer: str) -> list[deals.Opportunity]:
        found = sa.select(opportunity).where(opportunity.c.customer == customer)
        oldest_first = found.order_by(opportunity.c.opened_at, opportunity.c.id)
        return [rows.record(deals.Opportunity, row) for row in self._db.execute(oldest_first)]

    def open(self) -> list[deals.Opportunity]:
        found = sa.select(opportunity).where(opportunity.c.closed_at.is_(None))
        oldest_first = found.order_by(opportunity.c.opened_at, opportunity.c.id)
        return [rows.record(deals.Opportunity, row) for row in self._db.execute(oldest_first)]

    def closed(self, since: str, until: str) -> list[deals.Opportunity]:
        first, last = (datetime.fromisoformat(day).replace(tzinfo=UTC) for day in (since, until))
        found = sa.select(opportunity).where((opportunity.c.closed_at >= first) & (opportunity.c.closed_at < last))
        in_order = found.order_by(opportunity.c.closed_at, opportunity.c.id)
        return [rows.record(deals.Opportunity, row) for row in self._db.execute(in_order)]

    def moved(self, move: deals.Move) -> bool:
        known = sa.select(opportunity_move.c.job).where(opportunity_move.c.job == move.job)
        if self._db.scalar(known) is not None:
            return False
        self._db.execute(opportunity_move.insert().values(rows.values(move, opportunity_move)))
        return True

    def moves(self, opportunity_id: str) -> list[deals.Move]:
        found = sa.select(opportunity_move).where(opportunity_move.c.opportunity == opportunity_id)
        in_order = found.order_by(opportunity_move.c.moved_at, opportunity_move.c.job)
        return [rows.record(deals.Move, row) for row in self._db.execute(in_order)]

    def review(self, record: deals.Review) -> None:
        rows.put(self._db, opportunity_review, opportunity_review.c.id == record.id, record)

    def reviewed(self, opportunity_id: str) -> list[deals.Review]:
        found = sa.select(opportunity_review).where(opportunity_review.c.opportunity == opportunity_id)
        in_order = found.order_by(opportunity_review.c.reviewed_at, opportunity_review.c.id)
        return [rows.record(deals.Review, row) for row in self._db.execute(in_order)]

    def know_rival(self, key: str, name: str, review_id: str, now: datetime) -> bool:
        contacts.lock(self._db, "rivals")
        met = self._db.scalar(sa.select(rival.c.met_in).where(rival.c.key == key))
        if met is None:
            self._db.execute(rival.insert().values(key=key, name=name, met_in=review_id, known_since=now))
        return met in (None, review_id)
