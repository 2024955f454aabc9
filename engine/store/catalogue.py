"""Processes, deployments, base versions and programs."""

from collections.abc import Sequence
from datetime import datetime

import lz4.frame
import sqlalchemy as sa

from engine import records
from engine.model import program as programs
from engine.model.program import Program
from engine.store import raw, rows
from engine.store.tables.catalogue import base_version, deployment, process, program, resource

_PROCESS = rows.columns(records.Process, process)
_VERSION = rows.columns(records.BaseVersion, base_version)
# What every start asks for.
_ONE = raw.Read(records.Process, process, 'WHERE "key" = ?')
_RELEASED = raw.Read(
    records.BaseVersion, base_version, "WHERE process = ? AND status = 'released' ORDER BY n DESC LIMIT 1"
)
_NUMBER = 'UPDATE process SET last_number = last_number + 1 WHERE "key" = ? RETURNING prefix, last_number'


class Programs:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def get(self, sha256: str) -> Program | None:
        content = self._db.scalar(sa.select(program.c.content).where(program.c.sha256 == sha256))
        return None if content is None else programs.decode(lz4.frame.decompress(content))

    def add(self, frozen: Program, *, process: str, now: datetime) -> str:
        sha256 = frozen.sha256
        if self._db.scalar(sa.select(program.c.sha256).where(program.c.sha256 == sha256)) is None:
            content = lz4.frame.compress(programs.encode(frozen))
            self._db.execute(program.insert().values(sha256=sha256, process=process, content=content, created_at=now))
        return sha256

    def redraw(self, frozen: Program) -> None:
        content = lz4.frame.compress(programs.encode(frozen))
        self._db.execute(program.update().where(program.c.sha256 == frozen.sha256).values(content=content))


class Processes:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def get(self, key: str) -> records.Process | None:
        return _ONE.first(self._db, key)

    def all(self) -> list[records.Process]:
        found = self._db.execute(sa.select(*_PROCESS).order_by(process.c.key))
        return [rows.record(records.Process, row) for row in found]

    def put(self, record: records.Process) -> None:
        values = rows.values(record, process)
        changed = self._db.execute(process.update().where(process.c.key == record.key).values(values))
        if not changed.rowcount:
            self._db.execute(process.insert().values(values))

    def number(self, key: str) -> str:
        said = raw.statement(_NUMBER, self._db.dialect.name)
        prefix, number = raw.cursor(self._db).execute(said, (key,)).fetchone()
        return f"{prefix}-{number:06d}"

    def deploy(self, record: records.Deployment, resources: Sequence[records.Resource]) -> None:
        self._db.execute(deployment.insert().values(rows.values(record, deployment)))
        for item in resources:
            self._db.execute(resource.insert().values(rows.values(item, resource)))

    def deployment(self, deployment_id: str) -> records.Deployment | None:
        row = self._db.execute(sa.select(deployment).where(deployment.c.id == deployment_id)).first()
        return rows.maybe(records.Deployment, row)

    def resources(self, deployment_id: str) -> list[records.Resource]:
        found = self._db.execute(
            sa.select(resource).where(resource.c.deployment_id == deployment_id).order_by(resource.c.id)
        )
        return [rows.record(records.Resource, row) for row in found]

    def resource(self, resource_id: str) -> records.Resource | None:
        row = self._db.execute(sa.select(resource).where(resource.c.id == resource_id)).first()
        return rows.maybe(records.Resource, row)

    def versions(self, key: str) -> list[records.BaseVersion]:
        found = self._db.execute(
            sa.select(*_VERSION).where(base_version.c.process == key).order_by(base_version.c.n.desc())
        )
        return [rows.record(records.BaseVersion, row) for row in found]

    def version(self, key: str, n: int) -> records.BaseVersion | None:
        row = self._db.execute(sa.select(*_VERSION).where(base_version.c.process == key, base_version.c.n == n)).first()
        return rows.maybe(records.BaseVersion, row)

    def released(self, key: str) -> records.BaseVersion | None:
        return _RELEASED.first(self._db, key)

    def put_version(self, version: records.BaseVersion) -> None:
        values = rows.values(version, base_version)
        here = (base_version.c.process == version.process) & (base_version.c.n == version.n)
        if not self._db.execute(base_version.update().where(here).values(values)).rowcount:
            self._db.execute(base_version.insert().values(values))

    def remove_version(self, version: records.BaseVersion) -> None:
        here = (base_version.c.process == version.process) & (base_version.c.n == version.n)
        self._db.execute(base_version.delete().where(here))

    def remove_deployment(self, deployment_id: str) -> None:
        self._db.execute(resource.delete().where(resource.c.deployment_id == deployment_id))
        self._db.execute(deployment.delete().where(deployment.c.id == deployment_id))
