"""Staff, their groups, sessions and tokens."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine import records
from engine.repositories import Stale
from engine.store import rows
from engine.store.tables.people import api_token, login_tries, membership, person, session, staff_group

_PERSON = rows.columns(records.Person, person)
_GROUP = rows.columns(records.StaffGroup, staff_group)
_SESSION = rows.columns(records.Session, session)
_TOKEN = rows.columns(records.ApiToken, api_token)
_TRIES = rows.columns(records.LoginTries, login_tries)
_TRIED = ("failures", "untold", "failed_at", "good_at")


def _of(key: str) -> sa.ColumnElement[bool]:
    return login_tries.c.key == key


class People:
    """``changed`` is told when what a caller is or may has changed."""

    def __init__(self, connection: sa.Connection, changed: Callable[[], None]) -> None:
        self._db = connection
        self._changed = changed

    def get(self, key: str) -> records.Person | None:
        row = self._db.execute(sa.select(*_PERSON).where(person.c.key == key)).first()
        if row is None:
            return None
        return rows.record(records.Person, row, groups=self._memberships(membership.c.person == key).get(key, ()))

    def all(self) -> list[records.Person]:
        groups = self._memberships(sa.true())
        found = self._db.execute(sa.select(*_PERSON).order_by(person.c.key))
        return [rows.record(records.Person, row, groups=groups.get(row.key, ())) for row in found]

    def _memberships(self, where: sa.ColumnElement[bool]) -> dict[str, tuple[str, ...]]:
        found = sa.select(membership.c.person, membership.c.staff_group).where(where).order_by(membership.c.staff_group)
        groups: dict[str, tuple[str, ...]] = {}
        for key, group in self._db.execute(found):
            groups[key] = (*groups.get(key, ()), group)
        return groups

    def put(self, record: records.Person) -> None:
        self._changed()
        self._put(person, person.c.key == record.key, record)
        self._db.execute(membership.delete().where(membership.c.person == record.key))
        if record.groups:
            self._db.execute(
                membership.insert(), [{"person": record.key, "staff_group": group} for group in record.groups]
            )

    def groups(self) -> list[records.StaffGroup]:
        found = self._db.execute(sa.select(*_GROUP).order_by(staff_group.c.key))
        return [rows.record(records.StaffGroup, row) for row in found]

    def put_group(self, group: records.StaffGroup) -> None:
        self._put(staff_group, staff_group.c.key == group.key, group)

    def session(self, token_sha256: str) -> records.Session | None:
        found = sa.select(*_SESSION).where(session.c.token_sha256 == token_sha256)
        return rows.maybe(records.Session, self._db.execute(found).first())

    def put_session(self, record: records.Session) -> None:
        self._put(session, session.c.token_sha256 == record.token_sha256, record)

    def see_session(self, token_sha256: str, now: datetime) -> None:
        self._db.execute(session.update().where(session.c.token_sha256 == token_sha256).values(seen_at=now))

    def end_session(self, token_sha256: str) -> None:
        self._db.execute(session.delete().where(session.c.token_sha256 == token_sha256))

    def end_sessions(self, key: str) -> None:
        self._db.execute(session.delete().where(session.c.person == key))

    def sweep_sessions(self, seen_before: datetime, now: datetime) -> None:
        self._db.execute(session.delete().where((session.c.seen_at < seen_before) | (session.c.expires_at <= now)))

    def tries(self, key: str, source: str) -> records.LoginTries:
        row = self._db.execute(sa.select(*_TRIES).where(_of(key), login_tries.c.source == source)).first()
        return rows.maybe(records.LoginTries, row) or records.LoginTries(key=key, source=source)

    def put_tries(self, seen: records.LoginTries, changed: records.LoginTries) -> None:
        values: dict[str, Any] = rows.values(changed, login_tries)
        if seen.seen_at is None:
            insert = postgresql.insert if self._db.dialect.name == "postgresql" else sqlite.insert
            added = insert(login_tries).values(values).on_conflict_do_nothing().returning(login_tries.c.key)
            done = self._db.scalar(added) is not None
        else:
            same = [login_tries.c[name].is_not_distinct_from(getattr(seen, name)) for name in _TRIED]
            here = (_of(seen.key), login_tries.c.source == seen.source, *same)
            done = self._db.execute(login_tries.update().where(*here).values(values)).rowcount == 1
        if not done:
            raise Stale

    def untold_tries(self, key: str) -> list[records.LoginTries]:
        found = sa.select(*_TRIES).where(_of(key), login_tries.c.untold > 0)
        ordered = found.order_by(login_tries.c.failed_at.desc(), login_tries.c.source)
        return [rows.record(records.LoginTries, row) for row in self._db.execute(ordered)]

    def told_tries(self, key: str) -> None:
        self._db.execute(login_tries.update().where(_of(key)).values(untold=0))

    def forget_tries(self, key: str) -> None:
        self._db.execute(login_tries.delete().where(_of(key)))

    def sweep_tries(self, seen_before: datetime) -> None:
        self._db.execute(login_tries.delete().where(login_tries.c.seen_at < seen_before))

    def token(self, token_sha256: str) -> records.ApiToken | None:
        found = sa.select(*_TOKEN).where(api_token.c.token_sha256 == token_sha256)
        return rows.maybe(records.ApiToken, self._db.execute(found).first())

    def tokens(self, key: str) -> list[records.ApiToken]:
        found = sa.select(*_TOKEN).where(api_token.c.person == key).order_by(api_token.c.created_at.desc())
        return [rows.record(records.ApiToken, row) for row in self._db.execute(found)]

    def put_token(self, record: records.ApiToken) -> None:
        self._changed()
        self._put(api_token, api_token.c.id == record.id, record)

    def _put(self, table: sa.Table, same: sa.ColumnElement[bool], record: msgspec.Struct) -> None:
        values: dict[str, Any] = rows.values(record, table)
        if not self._db.execute(table.update().where(same).values(values)).rowcount:
            self._db.execute(table.insert().values(values))
