"""Rollout programmes, customers' journeys, reviews of processes."""

from collections.abc import Sequence

import sqlalchemy as sa

from engine import steering
from engine.store import contacts, rows
from engine.store.tables.steering import journey, process_review, programme, programme_gate


class Programmes:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def lock(self, number: str) -> None:
        contacts.lock(self._db, f"programme {number}")

    def get(self, number: str) -> steering.Programme | None:
        found = sa.select(programme).where(programme.c.id == number)
        return rows.maybe(steering.Programme, self._db.execute(found).first())

    def put(self, record: steering.Programme) -> None:
        rows.put(self._db, programme, programme.c.id == record.id, record)

    def all(self, limit: int) -> list[steering.Programme]:
        newest_first = sa.select(programme).order_by(programme.c.opened_at.desc(), programme.c.id).limit(limit)
        return [rows.record(steering.Programme, row) for row in self._db.execute(newest_first)]

    def decide(self, record: steering.Gate) -> None:
        rows.put(self._db, programme_gate, programme_gate.c.id == record.id, record)

    def gates(self, number: str) -> list[steering.Gate]:
        table = programme_gate.c
        found = sa.select(programme_gate).where(table.programme == number).order_by(table.at, table.id)
        return [rows.record(steering.Gate, row) for row in self._db.execute(found)]


class Journeys:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def lock(self, journey_id: str) -> None:
        contacts.lock(self._db, f"journey {journey_id}")

    def get(self, journey_id: str) -> steering.Journey | None:
        found = sa.select(journey).where(journey.c.id == journey_id)
        return rows.maybe(steering.Journey, self._db.execute(found).first())

    def put(self, record: steering.Journey) -> None:
        rows.put(self._db, journey, journey.c.id == record.id, record)

    def of_campaign(self, campaign: str) -> list[steering.Journey]:
        found = sa.select(journey).where(journey.c.campaign == campaign)
        oldest_first = found.order_by(journey.c.started_at, journey.c.id)
        return [rows.record(steering.Journey, row) for row in self._db.execute(oldest_first)]

    def of_customer(self, customer: str, limit: int) -> list[steering.Journey]:
        found = sa.select(journey).where(journey.c.customer == customer)
        newest_first = found.order_by(journey.c.started_at.desc(), journey.c.id).limit(limit)
        return [rows.record(steering.Journey, row) for row in self._db.execute(newest_first)]

    def campaigns(self) -> Sequence[str]:
        named = sa.select(journey.c.campaign).where(journey.c.campaign != "").distinct().order_by(journey.c.campaign)
        return list(self._db.scalars(named))


class Reviews:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def get(self, review_id: str) -> steering.ProcessReview | None:
        found = sa.select(process_review).where(process_review.c.id == review_id)
        return rows.maybe(steering.ProcessReview, self._db.execute(found).first())

    def put(self, record: steering.ProcessReview) -> None:
        rows.put(self._db, process_review, process_review.c.id == record.id, record)

    def of_process(self, process: str, limit: int) -> list[steering.ProcessReview]:
        table = process_review.c
        found = sa.select(process_review).where(table.process == process)
        newest_first = found.order_by(table.until.desc(), table.id).limit(limit)
        return [rows.record(steering.ProcessReview, row) for row in self._db.execute(newest_first)]
