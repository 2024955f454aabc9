"""Service agreements, visits, surveys and onboarding."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from engine import care
from engine.store import contacts, rows
from engine.store.tables.care import agreement, onboarding, survey, visit


class Agreements:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def lock(self, number: str) -> None:
        contacts.lock(self._db, f"agreement {number}")

    def versions(self, number: str) -> list[care.Agreement]:
        found = sa.select(agreement).where(agreement.c.id == number).order_by(agreement.c.n.desc())
        return [rows.record(care.Agreement, row) for row in self._db.execute(found)]

    def put(self, record: care.Agreement) -> None:
        here = (agreement.c.id == record.id) & (agreement.c.n == record.n)
        rows.put(self._db, agreement, here, record)

    def of_customer(self, customer: str) -> list[care.Agreement]:
        active = (agreement.c.customer == customer) & (agreement.c.status == "active")
        found = sa.select(agreement).where(active).order_by(agreement.c.id)
        return [rows.record(care.Agreement, row) for row in self._db.execute(found)]


class Visits:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def lock(self, engineer: str) -> None:
        contacts.lock(self._db, f"engineer {engineer}")

    def put(self, record: care.Visit) -> None:
        rows.put(self._db, visit, visit.c.id == record.id, record)

    def get(self, visit_id: str) -> care.Visit | None:
        return rows.maybe(care.Visit, self._db.execute(sa.select(visit).where(visit.c.id == visit_id)).first())

    def of_number(self, visit_no: str) -> list[care.Visit]:
        return self._found(visit.c.visit_no == visit_no)

    def booked(self, engineers: Sequence[str], since: datetime, until: datetime) -> list[care.Visit]:
        touching = (visit.c.starts_at < until) & (visit.c.ends_at > since)
        return self._found(visit.c.engineer.in_(engineers) & touching & (visit.c.status != "cancelled"))

    def _found(self, where: sa.ColumnElement[bool]) -> list[care.Visit]:
        found = sa.select(visit).where(where).order_by(visit.c.starts_at, visit.c.id)
        return [rows.record(care.Visit, row) for row in self._db.execute(found)]


class Surveys:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def lock(self, customer: str) -> None:
        contacts.lock(self._db, f"survey {customer}")

    def put(self, record: care.Survey) -> None:
        rows.put(self._db, survey, survey.c.id == record.id, record)

    def get(self, survey_id: str) -> care.Survey | None:
        return rows.maybe(care.Survey, self._db.execute(sa.select(survey).where(survey.c.id == survey_id)).first())

    def of_customer(self, customer: str, limit: int) -> list[care.Survey]:
        newest = sa.select(survey).where(survey.c.customer == customer).order_by(survey.c.asked_at.desc(), survey.c.id)
        return [rows.record(care.Survey, row) for row in self._db.execute(newest.limit(limit))]

    def answered(self, since: datetime, limit: int) -> list[care.Survey]:
        lately = sa.select(survey).where(survey.c.answered_at >= since)
        newest = lately.order_by(survey.c.answered_at.desc(), survey.c.id).limit(limit)
        return [rows.record(care.Survey, row) for row in self._db.execute(newest)]


class Onboardings:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def lock(self, customer: str) -> None:
        contacts.lock(self._db, f"onboarding {customer}")

    def get(self, number: str) -> care.Onboarding | None:
        found = sa.select(onboarding).where(onboarding.c.id == number)
        return rows.maybe(care.Onboarding, self._db.execute(found).first())

    def put(self, record: care.Onboarding) -> None:
        rows.put(self._db, onboarding, onboarding.c.id == record.id, record)

    def of_customer(self, customer: str) -> list[care.Onboarding]:
        found = sa.select(onboarding).where(onboarding.c.customer == customer)
        newest_first = found.order_by(onboarding.c.started_at.desc(), onboarding.c.id)
        return [rows.record(care.Onboarding, row) for row in self._db.execute(newest_first)]
