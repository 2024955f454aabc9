"""Variants and their versions."""

from datetime import datetime

import sqlalchemy as sa

from engine import variation
from engine.store import raw, rows
from engine.store.tables.instances import instance
from engine.store.tables.variants import conflict_decision, variant, variant_version

_VARIANT = rows.columns(variation.Variant, variant)
_VERSION = rows.columns(variation.VariantVersion, variant_version)
_RELEASED = raw.Read(variation.VariantVersion, variant_version, "WHERE status = 'released' ORDER BY n")
_RELEASED_OF = raw.Read(
    variation.VariantVersion, variant_version, "WHERE process = ? AND status = 'released' ORDER BY n"
)
_DECISION = rows.columns(variation.ConflictDecision, conflict_decision)


class Variants:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def get(self, variant_id: str) -> variation.Variant | None:
        row = self._db.execute(sa.select(*_VARIANT).where(variant.c.id == variant_id)).first()
        return rows.maybe(variation.Variant, row)

    def all(self, process: str = "") -> list[variation.Variant]:
        found = sa.select(*_VARIANT).order_by(variant.c.process, variant.c.customer_group, variant.c.id)
        if process:
            found = found.where(variant.c.process == process)
        return [rows.record(variation.Variant, row) for row in self._db.execute(found)]

    def put(self, record: variation.Variant) -> None:
        values = rows.values(record, variant)
        if not self._db.execute(variant.update().where(variant.c.id == record.id).values(values)).rowcount:
            self._db.execute(variant.insert().values(values))

    def versions(self, variant_id: str) -> list[variation.VariantVersion]:
        found = self._db.execute(
            sa.select(*_VERSION).where(variant_version.c.variant_id == variant_id).order_by(variant_version.c.n.desc())
        )
        return [rows.record(variation.VariantVersion, row) for row in found]

    def version(self, variant_id: str, n: int) -> variation.VariantVersion | None:
        here = (variant_version.c.variant_id == variant_id) & (variant_version.c.n == n)
        return rows.maybe(variation.VariantVersion, self._db.execute(sa.select(*_VERSION).where(here)).first())

    def released(self, process: str = "") -> list[tuple[variation.Variant, variation.VariantVersion]]:
        versions = _RELEASED_OF.all(self._db, process) if process else _RELEASED.all(self._db)
        newest = {version.variant_id: version for version in versions}
        if not newest:
            return []
        return [(one, newest[one.id]) for one in self.all(process) if one.id in newest]

    def put_version(self, version: variation.VariantVersion) -> None:
        values = rows.values(version, variant_version)
        here = (variant_version.c.variant_id == version.variant_id) & (variant_version.c.n == version.n)
        if not self._db.execute(variant_version.update().where(here).values(values)).rowcount:
            self._db.execute(variant_version.insert().values(values))

    def scheduled(self, now: datetime, limit: int) -> list[variation.VariantVersion]:
        due = (variant_version.c.status == "approved") & (variant_version.c.valid_from <= now)
        found = sa.select(*_VERSION).where(due).order_by(variant_version.c.valid_from).limit(limit)
        return [rows.record(variation.VariantVersion, row) for row in self._db.execute(found)]

    def decisions(self, process: str) -> list[variation.ConflictDecision]:
        table = conflict_decision.c
        found = sa.select(*_DECISION).where(table.process == process).order_by(table.at.desc(), table.variant_id)
        return [rows.record(variation.ConflictDecision, row) for row in self._db.execute(found)]

    def decide(self, decision: variation.ConflictDecision) -> None:
        self.undecide(decision.variant_id, decision.base_n, decision.signature)
        self._db.execute(conflict_decision.insert().values(rows.values(decision, conflict_decision)))

    def undecide(self, variant_id: str, base_n: int, signature: str) -> bool:
        table = conflict_decision.c
        here = (table.variant_id == variant_id) & (table.base_n == base_n) & (table.signature == signature)
        return self._db.execute(conflict_decision.delete().where(here)).rowcount == 1

    def running(self) -> dict[tuple[str, str], int]:
        found = self._db.execute(
            sa.select(instance.c.process, instance.c.program, sa.func.count())
            .where(instance.c.status == "active")
            .group_by(instance.c.process, instance.c.program)
        )
        return {(process, program): count for process, program, count in found}

    def finished(self, since: datetime) -> dict[tuple[str, str], tuple[int, float]]:
        lasted = sa.type_coerce(instance.c.ended_at, sa.BigInteger) - sa.type_coerce(
            instance.c.started_at, sa.BigInteger
        )
        found = self._db.execute(
            sa.select(instance.c.process, instance.c.program, sa.func.count(), sa.func.sum(lasted))
            .where(instance.c.ended_at >= since, instance.c.status == "completed")
            .group_by(instance.c.process, instance.c.program)
        )
        return {
            (process, program): (count, float(total) / count / 1_000_000) for process, program, count, total in found
        }
