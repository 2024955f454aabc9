"""Products, credit files, valuations, frozen lists, finished cases, causes of complaints, known problems."""

import hashlib
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from engine import trade
from engine.store import rows
from engine.store.tables.trade import (
    case_record,
    complaint_cause,
    credit_file,
    list_version,
    problem_ticket,
    product,
    valuation,
)


class Ledger:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def _put(self, table: sa.Table, where: sa.ColumnElement[bool], values: dict[str, Any]) -> None:
        if not self._db.execute(table.update().where(where).values(values)).rowcount:
            self._db.execute(table.insert().values(values))

    def product(self, key: str) -> trade.Product | None:
        return rows.maybe(trade.Product, self._db.execute(sa.select(product).where(product.c.key == key)).first())

    def products(self, text: str, limit: int) -> list[trade.Product]:
        names = sa.type_coerce(product.c.texts, sa.Text)
        told = product.c.key.icontains(text, autoescape=True) | names.icontains(text, autoescape=True)
        found = sa.select(product).where(told).order_by(product.c.key).limit(limit)
        return [rows.record(trade.Product, row) for row in self._db.execute(found)]

    def put_product(self, record: trade.Product) -> None:
        self._put(product, product.c.key == record.key, rows.values(record, product))

    def credit_file(self, id_no: str) -> trade.CreditFile | None:
        found = sa.select(credit_file).where(credit_file.c.id_no == id_no)
        return rows.maybe(trade.CreditFile, self._db.execute(found).first())

    def put_credit_file(self, record: trade.CreditFile) -> None:
        self._put(credit_file, credit_file.c.id_no == record.id_no, rows.values(record, credit_file))

    def valuation(self, address: str) -> float | None:
        return self._db.scalar(sa.select(valuation.c.value).where(valuation.c.sha256 == _place(address)))

    def put_valuation(self, address: str, value: float) -> None:
        values = {"sha256": _place(address), "address": address, "value": value}
        self._put(valuation, valuation.c.sha256 == values["sha256"], values)

    def freeze(self, campaign: str, members: list[dict[str, Any]], job: str, now: datetime) -> trade.ListVersion:
        known = self.list_version(job)
        if known:
            return known
        last = self._db.scalar(sa.select(sa.func.max(list_version.c.n)).where(list_version.c.campaign == campaign))
        made = trade.ListVersion(id=job, campaign=campaign, n=(last or 0) + 1, members=members, frozen_at=now)
        self._db.execute(list_version.insert().values(msgspec.structs.asdict(made)))
        return made

    def list_version(self, list_id: str) -> trade.ListVersion | None:
        found = sa.select(list_version).where(list_version.c.id == list_id)
        return rows.maybe(trade.ListVersion, self._db.execute(found).first())

    def record_case(self, record: trade.CaseRecord) -> None:
        mine = case_record.c.instance_id == record.instance_id
        self._put(case_record, mine, rows.values(record, case_record))

    def case(self, instance_id: str) -> trade.CaseRecord | None:
        found = sa.select(case_record).where(case_record.c.instance_id == instance_id)
        return rows.maybe(trade.CaseRecord, self._db.execute(found).first())

    def count_cause(self, job: str, cause: str, category: str, now: datetime) -> None:
        values = {"job": job, "cause": cause, "category": category, "counted_at": now}
        self._put(complaint_cause, complaint_cause.c.job == job, values)

    def causes(self, cause: str, category: str, since: datetime) -> int:
        table = complaint_cause.c
        same = (table.cause == cause) & (table.category == category) & (table.counted_at > since)
        return self._db.scalar(sa.select(sa.func.count()).select_from(complaint_cause).where(same)) or 0

    def link_problem(self, problem: str, ticket: str, now: datetime) -> None:
        both = (problem_ticket.c.problem == problem) & (problem_ticket.c.ticket == ticket)
        self._put(problem_ticket, both, {"problem": problem, "ticket": ticket, "linked_at": now})

    def linked(self, problem: str) -> list[str]:
        found = sa.select(problem_ticket.c.ticket).where(problem_ticket.c.problem == problem)
        return list(self._db.scalars(found.order_by(problem_ticket.c.linked_at, problem_ticket.c.ticket)))


def _place(address: str) -> str:
    """Addresses may be long: their hash is the key."""
    return hashlib.sha256(" ".join(address.split()).encode()).hexdigest()
