"""Credentials, openings and the deeds of administrators."""

import sqlalchemy as sa

from engine.outward import Credential, Deed, Opening
from engine.store import rows
from engine.store.tables.outward import credential, deed, opening


class Trust:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def credential(self, name: str) -> Credential | None:
        row = self._db.execute(sa.select(credential).where(credential.c.name == name)).first()
        return rows.maybe(Credential, row)

    def credentials(self) -> list[Credential]:
        found = self._db.execute(sa.select(credential).order_by(credential.c.name))
        return [rows.record(Credential, row) for row in found]

    def put_credential(self, record: Credential) -> None:
        rows.put(self._db, credential, credential.c.name == record.name, record)

    def drop_credential(self, name: str) -> bool:
        return self._db.execute(credential.delete().where(credential.c.name == name)).rowcount == 1

    def openings(self) -> list[Opening]:
        return [rows.record(Opening, row) for row in self._db.execute(sa.select(opening).order_by(opening.c.place))]

    def put_opening(self, record: Opening) -> None:
        rows.put(self._db, opening, opening.c.place == record.place, record)

    def drop_opening(self, place: str) -> bool:
        return self._db.execute(opening.delete().where(opening.c.place == place)).rowcount == 1

    def add_deed(self, record: Deed) -> None:
        self._db.execute(deed.insert().values(rows.values(record, deed)))

    def deeds(self, *, prefix: str = "", about: str = "", after: str = "", limit: int = 100) -> list[Deed]:
        found = sa.select(deed)
        if prefix:
            found = found.where(deed.c.what.startswith(prefix, autoescape=True))
        if about:
            found = found.where(deed.c.about == about)
        if after:
            found = found.where(deed.c.id < after)
        return [rows.record(Deed, row) for row in self._db.execute(found.order_by(deed.c.id.desc()).limit(limit))]
