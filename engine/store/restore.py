"""Archived instances back into the database; the archive keeps them."""

from base64 import b64decode
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa

from engine import errors
from engine.store import archive, attachments
from engine.store.tables import metadata
from engine.store.tables.instances import instance
from engine.store.unit_of_work import Store, Transaction


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    instances: int
    there: int
    """How many stood in the database already and stay as they are."""


def restore(
    store: Store, folder: Path, *, only: Sequence[str] = (), told: archive.Told = lambda instances: None
) -> Restored:
    """Back into the database: the cases named by id or number, or all. The archive keeps them.

    Raises errors.NotFound for a name that is not in the archive, errors.Conflict where a customer, a process or a
    program that a case refers to is gone, and as ``cases``. May be begun again.
    """
    count = there = 0
    missing = set(only)
    for part in reversed(archive.manifest(folder).parts):
        wanted = [case for case in archive.cases(folder, part) if not only or {case.id, case.number} & set(only)]
        missing -= {name for case in wanted for name in (case.id, case.number)}
        for some in archive.batches(wanted):
            new = store.run(lambda tx, these=some: _put_back(tx, folder, these))  # type: ignore[misc]
            count, there = count + new, there + len(some) - new
            told(count)
    if missing:
        raise errors.NotFound(
            "archive_case_unknown",
            zh=f"归档中没有办件 {'、'.join(sorted(missing))}。",
            en=f"There is no case {', '.join(sorted(missing))} in the archive.",
        )
    return Restored(instances=count, there=there)


def _put_back(tx: Transaction, folder: Path, wanted: Sequence[archive.Case]) -> int:
    db = tx.connection
    present = set(db.scalars(sa.select(instance.c.id).where(instance.c.id.in_([case.id for case in wanted]))))
    new = {case.id: case for case in wanted if case.id not in present}
    for case in new.values():
        _known(case)
        for sha256 in archive.attached(case):
            attachments.keep(db, sha256, archive.content(folder, sha256))
    for table in archive.TABLES:
        rows = [_values(table, row) for case in new.values() for row in case.rows.get(table.name, ())]
        _refer(db, table, rows)
        if table is instance:
            rows = [{**row, "once": row["once"] and not _taken(db, row)} for row in rows]
        if rows:
            names = sorted(rows[0])
            bare = sa.table(table.name, *(sa.column(name, archive.kept_as(table.c[name])) for name in names))
            db.execute(bare.insert(), rows)
    return len(new)


def _known(case: archive.Case) -> None:
    for name, rows in case.rows.items():
        table = metadata.tables.get(name)
        strange = {column for row in rows for column in row} - set(table.c.keys() if table is not None else ())
        strange -= archive.DROPPED.get(name, frozenset())
        if table not in archive.TABLES or strange:
            raise errors.Invalid(
                "archive_newer",
                zh=f"办件 {case.number} 的归档含有此版本不认识的数据：{name} {'、'.join(sorted(strange))}",
                en=f"The archived case {case.number} holds what this version does not know: "
                f"{name} {', '.join(sorted(strange))}".strip(),
            )


def _values(table: sa.Table, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: b64decode(value) if isinstance(table.c[name].type, sa.LargeBinary) and value is not None else value
        for name, value in row.items()
        if name in table.c
    }


def _taken(db: sa.Connection, row: Mapping[str, Any]) -> bool:
    """Its business key belongs to a case that was begun since."""
    if row["business_key"] is None:
        return False
    same = (instance.c.process == row["process"]) & (instance.c.business_key == row["business_key"]) & instance.c.once
    return db.scalar(sa.select(sa.literal(1)).where(same).limit(1)) is not None


def _refer(db: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    for key in table.foreign_keys:
        there = key.column
        if there.table in archive.TABLES:
            continue
        wanted = {row[key.parent.name] for row in rows} - {None}
        gone = wanted - set(db.scalars(sa.select(there).where(there.in_(wanted))))
        if gone:
            raise errors.Conflict(
                "archive_refers",
                zh=f"归档的办件需要已不存在的数据：{there.table.name} {'、'.join(sorted(gone))}",
                en=f"Archived cases refer to what is gone: {there.table.name} {', '.join(sorted(gone))}",
                table=there.table.name,
            )
