"""Questions across all cases, for those who run the house."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import records
from engine.store import facts, rows
from engine.store.tables.instances import fact, incident, instance
from engine.store.tables.messages import mail
from engine.store.tables.people import membership, person
from engine.store.tables.waits import candidate, job, subscription, timer, work_item
from engine.store.types import micros
from engine.store.waits import wait_record

_OWN = ("builtin", "continue", "unbound")
"""Styles of jobs that the engine does itself."""


class Watch:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def counts(self, now: datetime) -> dict[str, int]:
        active = instance.c.status == "active"
        own = job.c.style.in_(_OWN)
        asked = {
            "running": (instance, active),
            "on_hold": (instance, active & instance.c.suspended),
            "open_tasks": (work_item, work_item.c.status == "open"),
            "incidents": (incident, sa.true()),
            "jobs_due": (job, own & (job.c.run_at <= now)),
            "jobs_later": (job, own & (job.c.run_at > now)),
            "jobs_outside": (job, job.c.style.not_in(_OWN)),
            "timers": (timer, sa.true()),
            "letters": (mail, mail.c.dead_at.is_(None)),
            "undelivered": (mail, mail.c.dead_at.is_not(None)),
        }
        return {
            name: self._db.scalar(sa.select(sa.func.count()).select_from(table).where(where)) or 0
            for name, (table, where) in asked.items()
        }

    def idle(self, limit: int) -> list[records.Instance]:
        waiting = [
            sa.exists().where(table.c.instance_id == instance.c.id) for table in (timer, subscription, job, incident)
        ]
        waiting.append(sa.exists().where((work_item.c.instance_id == instance.c.id) & (work_item.c.status == "open")))
        found = (
            sa.select(*rows.columns(records.Instance, instance))
            .where(instance.c.status == "active", ~instance.c.suspended, *(~one for one in waiting))
            .order_by(instance.c.id)
            .limit(limit)
        )
        return [rows.record(records.Instance, row) for row in self._db.execute(found)]

    def unowned(self, limit: int) -> list[records.WorkItem]:
        """A candidate row names a person (``u:key``) or a group (``g:key``)."""
        here = (candidate.c.instance_id == work_item.c.instance_id) & (candidate.c.wait == work_item.c.wait)
        people = sa.select(sa.literal("u:") + person.c.key).where(person.c.active)
        groups = (
            sa.select(sa.literal("g:") + membership.c.staff_group)
            .join(person, person.c.key == membership.c.person)
            .where(person.c.active)
        )
        signing = sa.select(sa.literal("s:") + person.c.key).where(person.c.active)
        able = candidate.c.who.in_(people) | candidate.c.who.in_(groups) | candidate.c.who.in_(signing)
        held = sa.exists().where((person.c.key == work_item.c.assignee) & person.c.active)
        found = (
            sa.select(*rows.columns(records.WorkItem, work_item))
            .where(work_item.c.status == "open", ~held, ~sa.exists().where(here & able))
            .order_by(work_item.c.created_at)
            .limit(limit)
        )
        return [wait_record(records.WorkItem, row) for row in self._db.execute(found)]

    def history(
        self, where: Mapping[str, Any], *, after: tuple[datetime, str, int] | None, limit: int
    ) -> list[tuple[records.FactRow, str, str, str]]:
        """Cases that were running in the span are found by their own indexes first."""
        found = sa.select(fact, instance.c.number, instance.c.process, instance.c.program).join(
            instance, instance.c.id == fact.c.instance_id
        )
        for name in ("process", "number", "customer_id"):
            if where.get(name):
                found = found.where(instance.c[name] == where[name])
        if where.get("type"):
            found = found.where(fact.c.type == where["type"])
        if where.get("types"):
            found = found.where(fact.c.type.in_(where["types"]))
        if where.get("agent"):
            found = found.where(fact.c.agent == where["agent"])
        if where.get("since"):
            found = found.where(fact.c.at >= micros(where["since"]))
            found = found.where(instance.c.ended_at.is_(None) | (instance.c.ended_at >= where["since"]))
        if where.get("until"):
            found = found.where(fact.c.at < micros(where["until"]), instance.c.started_at < where["until"])
        order = (fact.c.at.desc(), fact.c.instance_id.desc(), fact.c.seq.desc())
        if after is not None:
            place = (micros(after[0]), after[1], after[2])
            found = found.where(sa.tuple_(fact.c.at, fact.c.instance_id, fact.c.seq) < place)
        listed = self._db.execute(found.order_by(*order).limit(limit)).all()
        rows_of = zip(facts.records_of(listed), listed, strict=True)
        return [(one, row.number, row.process, row.program) for one, row in rows_of]
