"""Moves what ended long ago into an archive: written down first, then compared, then deleted."""

import gzip
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa

from engine.store import archive, attachments, purge
from engine.store.forget import forget
from engine.store.gate import FileGate
from engine.store.tables.attachments import attachment
from engine.store.tables.instances import instance
from engine.store.types import moment
from engine.store.unit_of_work import Store, Transaction

PART = 500
"""Instances in a file; fewer in the last one of a run."""


class Archived(msgspec.Struct, frozen=True, kw_only=True):
    instances: int
    rows: dict[str, int]
    parts: int
    changed: int = 0
    """Instances that somebody changed while they were written down: they stay for the next run."""


def put_away(
    store: Store,
    folder: Path,
    *,
    before: datetime,
    processes: Sequence[str] = (),
    told: archive.Told = lambda instances: None,
) -> Archived:
    """Moves what ended before ``before`` into further parts of ``folder``, which is made when it is missing.

    A part is on the disk, with its hash in the manifest, before the first of its rows is deleted; may be stopped at
    any moment and begun again. Raises errors.Invalid for a folder that cannot be written or whose manifest is damaged.
    """
    rows: dict[str, int] = {}
    count = parts = changed = 0
    with _alone(folder):
        known = archive.manifest(folder) if (folder / archive.MANIFEST).exists() else archive.Manifest()
        for found in purge.ended(store, before=before, processes=processes, size=PART):
            with store.reading() as tx:
                lines = _lines(tx, found)
                _keep_files(tx, folder, found)
            if not lines:
                continue  # others took them away meanwhile
            part = _write(folder, len(known.parts) + 1, lines)
            known = archive.Manifest(parts=(*known.parts, part))
            archive.keep(folder / archive.MANIFEST, msgspec.json.format(msgspec.json.encode(known)))
            for some in archive.batches(found):
                gone, stayed = store.run(lambda tx, these=some, kept=lines: _delete(tx, these, kept))  # type: ignore[misc]
                purge.add(rows, gone)
                changed += stayed
                count += len(some) - stayed
                told(count)
            parts += 1
    return Archived(instances=count, rows=rows, parts=parts, changed=changed)


def _lines(tx: Transaction, instances: Sequence[str]) -> dict[str, bytes]:
    """id -> the line of those instances that there are."""
    rows: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for table in archive.TABLES:
        whose = table.c.id if table is instance else table.c.instance_id
        found = sa.select(*map(_plain, table.c)).where(whose.in_(instances)).order_by(*table.primary_key)
        for row in tx.connection.execute(found).mappings():
            rows.setdefault(row[whose.name], {}).setdefault(table.name, []).append(dict(row))
    return {key: _line(rows[key]) for key in sorted(instances) if "instance" in rows.get(key, ())}


def _keep_files(tx: Transaction, folder: Path, instances: Sequence[str]) -> None:
    """What is attached, each content once in the whole archive."""
    for sha256 in attachments.hashes_of(tx.connection, attachment.c.instance_id.in_(instances)):
        path = archive.file_of(folder, sha256)
        if not path.exists():
            archive.keep(path, attachments.content_of(tx.connection, sha256))


def _line(rows: dict[str, list[dict[str, Any]]]) -> bytes:
    (own,) = rows["instance"]
    made = archive.Case(id=own["id"], number=own["number"], process=own["process"], ended_at=own["ended_at"], rows=rows)
    return msgspec.json.encode(made)


def _plain(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """As the database holds it, so that nothing is read and written anew on the way."""
    return sa.type_coerce(column, archive.kept_as(column)).label(column.name)


def _delete(tx: Transaction, instances: Sequence[str], lines: Mapping[str, bytes]) -> tuple[dict[str, int], int]:
    """(rows that went, instances that stay): locked first, then compared with what was written down."""
    tx.connection.execute(sa.select(instance.c.id).where(instance.c.id.in_(instances)).with_for_update()).all()
    now = _lines(tx, instances)
    same = [key for key in instances if key in lines and now.get(key) == lines[key]]
    return forget(tx.connection, same), len(instances) - len(same)


def _write(folder: Path, number: int, lines: Mapping[str, bytes]) -> archive.Part:
    cases = [msgspec.json.decode(line, type=archive.Case) for line in lines.values()]
    data = gzip.compress(b"".join(line + b"\n" for line in lines.values()), compresslevel=6, mtime=0)
    name = f"{number:06}.jsonl.gz"
    archive.keep(folder / name, data)
    return archive.Part(
        name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        instances=len(cases),
        rows=sum(len(rows) for case in cases for rows in case.rows.values()),
        first=min(lines),
        last=max(lines),
        ended_from=moment(min(case.ended_at for case in cases)),
        ended_to=moment(max(case.ended_at for case in cases)),
    )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Who archives into the folder does so alone."""
    try:
        (folder / archive.FILES).mkdir(parents=True, exist_ok=True)
        gate = FileGate(folder / ".gate")
    except OSError as error:
        raise archive.unwritable(folder, error) from error
    try:
        with gate.passed():
            yield
    finally:
        gate.close()
