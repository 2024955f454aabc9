"""What staff say about the desk, and the phrases they keep."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from engine import records
from engine.store import rows
from engine.store.tables.desk import feedback, phrase


class Feedbacks:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def get(self, feedback_id: str) -> records.Feedback | None:
        row = self._db.execute(sa.select(feedback).where(feedback.c.id == feedback_id)).first()
        return rows.maybe(records.Feedback, row)

    def put(self, said: records.Feedback) -> None:
        rows.put(self._db, feedback, feedback.c.id == said.id, said)

    def of_person(self, person: str, *, before: str, limit: int) -> list[records.Feedback]:
        return self._newest(feedback.c.by == person, before=before, limit=limit)

    def listed(
        self, processes: Sequence[str] | None, *, unanswered: bool, before: str, limit: int
    ) -> list[records.Feedback]:
        here: sa.ColumnElement[bool] = sa.true() if processes is None else feedback.c.process.in_(list(processes))
        if unanswered:
            here = sa.and_(here, feedback.c.answered_at.is_(None))
        return self._newest(here, before=before, limit=limit)

    def unseen(self, person: str) -> int:
        found = sa.select(sa.func.count()).select_from(feedback).where(self._unseen(person))
        return int(self._db.scalar(found) or 0)

    def see(self, person: str, now: datetime) -> None:
        self._db.execute(feedback.update().where(self._unseen(person)).values(seen_at=now))

    @staticmethod
    def _unseen(person: str) -> sa.ColumnElement[bool]:
        answered = feedback.c.answered_at.is_not(None) & feedback.c.seen_at.is_(None)
        return (feedback.c.by == person) & answered

    def _newest(self, here: sa.ColumnElement[bool], *, before: str, limit: int) -> list[records.Feedback]:
        found = sa.select(feedback).where(here).order_by(feedback.c.id.desc()).limit(limit)
        if before:
            found = found.where(feedback.c.id < before)
        return [rows.record(records.Feedback, row) for row in self._db.execute(found)]


class Phrases:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def get(self, phrase_id: str) -> records.Phrase | None:
        return rows.maybe(records.Phrase, self._db.execute(sa.select(phrase).where(phrase.c.id == phrase_id)).first())

    def put(self, kept: records.Phrase) -> None:
        rows.put(self._db, phrase, phrase.c.id == kept.id, kept)

    def remove(self, phrase_id: str) -> None:
        self._db.execute(phrase.delete().where(phrase.c.id == phrase_id))

    def of_person(self, person: str) -> list[records.Phrase]:
        found = (
            sa.select(phrase)
            .where(phrase.c.owner.in_([person, ""]))
            .order_by((phrase.c.owner == "").asc(), phrase.c.kind, phrase.c.id)
        )
        return [rows.record(records.Phrase, row) for row in self._db.execute(found)]
