"""Migrations: plans, what became of each instance, and the rows of an instance that goes on with another program."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import lz4.block
import msgspec
import sqlalchemy as sa

from engine import moving, records
from engine.model.text import Text
from engine.repositories import Stale
from engine.store import rows
from engine.store.steps import names_of, rank_of
from engine.store.tables import waits
from engine.store.tables.customers import group_move
from engine.store.tables.instances import incident, instance
from engine.store.tables.moving import instance_migration as table
from engine.store.tables.moving import migration
from engine.store.tables.variants import resolution

_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(moving.Held)
_PLAN = rows.columns(moving.Plan, migration)
_MOVE = rows.columns(moving.Move, table)


class Moves:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    # Plans

    def put_plan(self, plan: moving.Plan) -> None:
        self._db.execute(migration.insert().values(rows.values(plan, migration)))

    def plan(self, plan_id: str) -> moving.Plan | None:
        row = self._db.execute(sa.select(*_PLAN).where(migration.c.id == plan_id)).first()
        return rows.maybe(moving.Plan, row)

    def plans(self, process: str = "", *, limit: int = 100) -> list[moving.Plan]:
        found = sa.select(*_PLAN).order_by(migration.c.created_at.desc(), migration.c.id.desc()).limit(limit)
        if process:
            found = found.where(migration.c.process == process)
        return [rows.record(moving.Plan, row) for row in self._db.execute(found)]

    # Instances of plans

    def add(self, moves: Sequence[moving.Move]) -> None:
        if moves:
            self._db.execute(table.insert(), [rows.values(move, table) | {"held": None} for move in moves])

    def get(self, plan_id: str, instance_id: str) -> moving.Move | None:
        row = self._db.execute(sa.select(*_MOVE).where(_is(plan_id, instance_id))).first()
        return rows.maybe(moving.Move, row)

    def page(
        self, *, plan_id: str = "", instance_id: str = "", status: str = "", after: str = "", limit: int = 100
    ) -> list[moving.Move]:
        found = sa.select(*_MOVE).order_by(table.c.instance_id, table.c.plan_id).limit(limit)
        for name, value in (("plan_id", plan_id), ("instance_id", instance_id), ("status", status)):
            if value:
                found = found.where(table.c[name] == value)
        if after:
            found = found.where(table.c.instance_id > after)
        return [rows.record(moving.Move, row) for row in self._db.execute(found)]

    def counts(self, plan_id: str) -> dict[tuple[str, str], int]:
        found = (
            sa.select(table.c.status, table.c.kind, sa.func.count())
            .where(table.c.plan_id == plan_id)
            .group_by(table.c.status, table.c.kind)
        )
        return {(status, kind): count for status, kind, count in self._db.execute(found)}

    def due(self, now: datetime, limit: int) -> list[moving.Move]:
        found = (
            sa.select(*_MOVE)
            .where(table.c.status.in_(("waiting", "returning")), table.c.due_at <= now)
            .order_by(table.c.due_at, table.c.instance_id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [rows.record(moving.Move, row) for row in self._db.execute(found)]

    def settle(self, move: moving.Move, *, was: moving.Status, held: moving.Held | None = None) -> None:
        values = rows.values(move, table)
        if held is not None:
            values["held"] = lz4.block.compress(_ENCODER.encode(held))
        elif move.status == "undone":
            values["held"] = None
        here = _is(move.plan_id, move.instance_id) & (table.c.status == was)
        if self._db.execute(table.update().where(here).values(values)).rowcount != 1:
            raise Stale

    def held(self, plan_id: str, instance_id: str) -> moving.Held | None:
        data = self._db.scalar(sa.select(table.c.held).where(_is(plan_id, instance_id)))
        return None if data is None else _DECODER.decode(lz4.block.decompress(data))

    def shift(
        self,
        plan_id: str,
        *,
        was: moving.Status,
        to: moving.Status,
        instances: Collection[str] | None,
        by: str,
        now: datetime,
    ) -> int:
        here = (table.c.plan_id == plan_id) & (table.c.status == was)
        if instances is not None:
            here &= table.c.instance_id.in_(list(instances))
        values: dict[str, Any] = {"status": to, "due_at": now, "attempts": 0, "settled_by": by}
        if to == "waiting":
            values["seen"] = 0  # looked at anew, though nothing may have happened
        return self._db.execute(table.update().where(here).values(values)).rowcount

    # Instances

    def running(self, process: str = "") -> list[moving.Running]:
        found = (
            sa.select(instance.c.process, instance.c.program, sa.func.count(), sa.func.min(instance.c.started_at))
            .where(instance.c.status == "active")
            .group_by(instance.c.process, instance.c.program)
            .order_by(instance.c.process, sa.func.min(instance.c.started_at))
        )
        if process:
            found = found.where(instance.c.process == process)
        return [moving.Running(*row) for row in self._db.execute(found)]

    def active(
        self, *, process: str = "", program: str = "", customer_id: str = "", after: str = "", limit: int = 200
    ) -> list[str]:
        found = sa.select(instance.c.id).where(instance.c.status == "active", instance.c.id > after)
        for name, value in (("process", process), ("program", program), ("customer_id", customer_id)):
            if value:
                found = found.where(instance.c[name] == value)
        return list(self._db.scalars(found.order_by(instance.c.id).limit(limit)))

    def rungs(self, instance_id: str) -> list[records.Rung]:
        found = sa.select(waits.rung).where(waits.rung.c.instance_id == instance_id)
        ordered = found.order_by(waits.rung.c.wait, waits.rung.c.at_percent, waits.rung.c.action, waits.rung.c.of)
        return [rows.record(records.Rung, row) for row in self._db.execute(ordered)]

    def rebind(self, instance_id: str, *, program: str, sentence: Text) -> None:
        here = instance.update().where(instance.c.id == instance_id)
        self._db.execute(here.values(program=program, sentence=sentence))

    def relabel(self, instance_id: str, labels: Sequence[moving.Label]) -> None:
        for label in labels:
            if label.item:
                item = waits.work_item
                here = (item.c.instance_id == instance_id) & (item.c.wait == label.wait) & (item.c.status == "open")
                values = {"node": label.node, "path": label.path, "revision": item.c.revision + 1, **label.item}
                self._db.execute(item.update().where(here).values(values))
                continue
            for one in (waits.timer, waits.subscription, waits.job, incident):
                values = {"node": label.node, "path": label.path} if "path" in one.c else {"node": label.node}
                here = (one.c.instance_id == instance_id) & (one.c.wait == label.wait)
                self._db.execute(one.update().where(here).values(values))

    def resolve(self, instance_id: str, chosen: records.Resolution | None) -> None:
        self._db.execute(resolution.delete().where(resolution.c.instance_id == instance_id))
        if chosen is not None:
            self._db.execute(resolution.insert().values(rows.values(chosen, resolution)))

    def restore(self, instance_id: str, held: moving.Held) -> None:
        for one in (waits.candidate, waits.rung, waits.timer, waits.subscription, waits.job, incident):
            self._db.execute(one.delete().where(one.c.instance_id == instance_id))
        item = waits.work_item
        again = [one.wait for one in held.work_items]
        opened = (item.c.status == "open") | item.c.wait.in_(again)
        self._db.execute(item.delete().where(item.c.instance_id == instance_id, opened))
        for kept in held.work_items:
            self._db.execute(item.insert().values(rows.values(kept, item) | {"rank": rank_of(kept)}))
            who = [
                {"who": name, "rank": rank_of(kept), "instance_id": instance_id, "wait": kept.wait}
                for name in names_of(kept)
            ]
            if who:
                self._db.execute(waits.candidate.insert(), who)
        parts: tuple[tuple[sa.Table, Sequence[records.Record]], ...] = (
            (waits.rung, held.rungs),
            (waits.timer, held.timers),
            (waits.subscription, held.subscriptions),
            (waits.job, held.jobs),
            (incident, held.incidents),
        )
        for one, those in parts:
            if those:
                self._db.execute(one.insert(), [rows.values(record, one) for record in those])
        values: dict[str, Any] = {"incidents": len(held.incidents), "status": "active", "ended_at": None}
        self._db.execute(instance.update().where(instance.c.id == instance_id).values(values))

    # Changes of group

    def group_changes(self, limit: int) -> list[moving.GroupChange]:
        found = (
            sa.select(
                group_move.c.customer_id, group_move.c.at, group_move.c.old, group_move.c.new, group_move.c.decided
            )
            .where(group_move.c.followed_at.is_(None))
            .order_by(group_move.c.at)
            .limit(limit)
        )
        return [moving.GroupChange(*row) for row in self._db.execute(found)]

    def followed(self, change: moving.GroupChange, now: datetime) -> bool:
        here = (
            (group_move.c.customer_id == change.customer_id)
            & (group_move.c.at == change.at)
            & group_move.c.followed_at.is_(None)
        )
        return self._db.execute(group_move.update().where(here).values(followed_at=now)).rowcount == 1


def _is(plan_id: str, instance_id: str) -> sa.ColumnElement[bool]:
    return (table.c.plan_id == plan_id) & (table.c.instance_id == instance_id)
