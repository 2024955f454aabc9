"""Attachments, and their contents by hash: added once, gone with the last attachment that has them."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from engine import records
from engine.store import rows
from engine.store.tables.attachments import attachment, content, content_part

PART = 64 * 1024


class Attachments:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def get(self, attachment_id: str) -> records.Attachment | None:
        row = self._db.execute(sa.select(attachment).where(attachment.c.id == attachment_id)).first()
        return rows.maybe(records.Attachment, row)

    def of_instance(self, instance_id: str) -> list[records.Attachment]:
        return self._where(attachment.c.instance_id == instance_id)

    def waiting(self, person: str) -> list[records.Attachment]:
        return self._where((attachment.c.added_by == person) & attachment.c.instance_id.is_(None))

    def _where(self, here: sa.ColumnElement[bool]) -> list[records.Attachment]:
        found = sa.select(attachment).where(here).order_by(attachment.c.added_at, attachment.c.id)
        return [rows.record(records.Attachment, row) for row in self._db.execute(found)]

    def add(self, record: records.Attachment, data: bytes) -> None:
        keep(self._db, record.sha256, data)
        self._db.execute(attachment.insert().values(rows.values(record, attachment)))

    def place(self, ids: Sequence[str], instance_id: str, node: str) -> None:
        mine = attachment.c.id.in_(ids) & attachment.c.instance_id.is_(None)
        self._db.execute(attachment.update().where(mine).values(instance_id=instance_id, node=node))

    def content(self, sha256: str) -> bytes:
        return content_of(self._db, sha256)

    def drop(self, ids: Sequence[str]) -> None:
        gone = attachment.c.id.in_(ids)
        hashes = hashes_of(self._db, gone)
        self._db.execute(attachment.delete().where(gone))
        forget(self._db, hashes)

    def sweep(self, before: datetime) -> int:
        waited = attachment.c.instance_id.is_(None) & (attachment.c.added_at < before)
        ids = list(self._db.scalars(sa.select(attachment.c.id).where(waited)))
        if ids:
            self.drop(ids)
        return len(ids)


def content_of(connection: sa.Connection, sha256: str) -> bytes:
    found = sa.select(content_part.c.data).where(content_part.c.sha256 == sha256).order_by(content_part.c.number)
    return b"".join(connection.scalars(found))


def keep(connection: sa.Connection, sha256: str, data: bytes) -> None:
    """The content, once."""
    # The update holds the row: whoever drops the last other attachment of it waits, and then sees this one.
    same = content.update().where(content.c.sha256 == sha256).values(size=len(data))
    if connection.execute(same).rowcount:
        return
    connection.execute(content.insert().values(sha256=sha256, size=len(data)))
    parts = [data[start : start + PART] for start in range(0, len(data), PART)]
    if parts:
        numbered = [{"sha256": sha256, "number": number, "data": part} for number, part in enumerate(parts)]
        connection.execute(content_part.insert(), numbered)


def hashes_of(connection: sa.Connection, here: sa.ColumnElement[bool]) -> list[str]:
    """Of the contents that these attachments have, in one order for all: two who forget do not wait for each other."""
    return sorted(connection.scalars(sa.select(attachment.c.sha256).where(here).distinct()))


def forget(connection: sa.Connection, hashes: Sequence[str]) -> int:
    """Contents that no attachment has any more; how many."""
    if not hashes:
        return 0
    these = content.c.sha256.in_(hashes)
    connection.execute(content.update().where(these).values(size=content.c.size))  # holds them, see ``add``
    kept = set(connection.scalars(sa.select(attachment.c.sha256).where(attachment.c.sha256.in_(hashes))))
    alone = [sha256 for sha256 in hashes if sha256 not in kept]
    connection.execute(content_part.delete().where(content_part.c.sha256.in_(alone)))
    return connection.execute(content.delete().where(content.c.sha256.in_(alone))).rowcount
