"""Territories, quotas, forecasts and commissions."""

from collections.abc import Sequence

import sqlalchemy as sa

from engine import selling
from engine.store import contacts, rows
from engine.store.tables.selling import (
    earning,
    forecast,
    forecast_line,
    quota,
    quota_plan,
    realignment,
    statement,
    territory,
)


class Territories:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def lock(self) -> None:
        contacts.lock(self._db, "territories")

    def get(self, key: str) -> selling.Territory | None:
        found = sa.select(territory).where(territory.c.id == key)
        return rows.maybe(selling.Territory, self._db.execute(found).first())

    def put(self, record: selling.Territory) -> None:
        rows.put(self._db, territory, territory.c.id == record.id, record)

    def all(self) -> list[selling.Territory]:
        found = self._db.execute(sa.select(territory).order_by(territory.c.id))
        return [rows.record(selling.Territory, row) for row in found]

    def realignment(self, number: str) -> selling.Realignment | None:
        found = sa.select(realignment).where(realignment.c.id == number)
        return rows.maybe(selling.Realignment, self._db.execute(found).first())

    def keep(self, record: selling.Realignment) -> None:
        rows.put(self._db, realignment, realignment.c.id == record.id, record)


class Quotas:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def lock(self, plan: str) -> None:
        contacts.lock(self._db, f"quotas {plan}")

    def plan(self, number: str) -> selling.QuotaPlan | None:
        found = sa.select(quota_plan).where(quota_plan.c.id == number)
        return rows.maybe(selling.QuotaPlan, self._db.execute(found).first())

    def keep(self, record: selling.QuotaPlan) -> None:
        rows.put(self._db, quota_plan, quota_plan.c.id == record.id, record)

    def of_plan(self, plan: str, unit: str = "") -> list[selling.Quota]:
        found = sa.select(quota).where(quota.c.plan == plan)
        if unit:
            found = found.where(quota.c.unit == unit)
        return self._quotas(found)

    def replace(self, plan: str, unit: str, quotas: Sequence[selling.Quota]) -> None:
        self._db.execute(quota.delete().where((quota.c.plan == plan) & (quota.c.unit == unit)))
        for record in quotas:
            self._db.execute(quota.insert().values(rows.values(record, quota)))

    def put(self, record: selling.Quota) -> None:
        here = (quota.c.plan == record.plan) & (quota.c.unit == record.unit) & (quota.c.holder == record.holder)
        rows.put(self._db, quota, here, record)

    def standing(self, holders: Sequence[str], day: str) -> list[selling.Quota]:
        found = sa.select(quota).join(quota_plan, quota_plan.c.id == quota.c.plan)
        running = (quota_plan.c.status == "locked") & (quota_plan.c.begins <= day) & (quota_plan.c.ends >= day)
        return self._quotas(found.where(running & quota.c.holder.in_(holders)))

    def _quotas(self, found: sa.Select[tuple[object, ...]]) -> list[selling.Quota]:
        in_order = found.order_by(quota.c.plan, quota.c.unit, quota.c.holder)
        return [rows.record(selling.Quota, row) for row in self._db.execute(in_order)]


class Forecasts:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def lock(self, number: str) -> None:
        contacts.lock(self._db, f"forecast {number}")

    def get(self, number: str) -> selling.Forecast | None:
        found = sa.select(forecast).where(forecast.c.id == number)
        return rows.maybe(selling.Forecast, self._db.execute(found).first())

    def keep(self, record: selling.Forecast) -> None:
        rows.put(self._db, forecast, forecast.c.id == record.id, record)

    def of_team(self, team: str, limit: int) -> list[selling.Forecast]:
        found = sa.select(forecast).where((forecast.c.team == team) & (forecast.c.status == "locked"))
        newest_first = found.order_by(forecast.c.locked_at.desc(), forecast.c.id.desc()).limit(limit)
        return [rows.record(selling.Forecast, row) for row in self._db.execute(newest_first)]

    def lines(self, number: str) -> list[selling.ForecastLine]:
        found = sa.select(forecast_line).where(forecast_line.c.forecast == number)
        in_order = found.order_by(forecast_line.c.owner, forecast_line.c.deal)
        return [rows.record(selling.ForecastLine, row) for row in self._db.execute(in_order)]

    def replace(self, number: str, owner: str, lines: Sequence[selling.ForecastLine]) -> None:
        theirs = (forecast_line.c.forecast == number) & (forecast_line.c.owner == owner)
        self._db.execute(forecast_line.delete().where(theirs))
        for record in lines:
            self._db.execute(forecast_line.insert().values(rows.values(record, forecast_line)))


class Commissions:
    def __init__(self, connection: sa.Connection) -> None:
        self._db = connection

    def lock(self, run: str) -> None:
        contacts.lock(self._db, f"commissions {run}")

    def earn(self, record: selling.Earning) -> bool:
        if self._db.scalar(sa.select(earning.c.id).where(earning.c.id == record.id)) is not None:
            return False
        self._db.execute(earning.insert().values(rows.values(record, earning)))
        return True

    def earned(self, begins: str, ends: str) -> list[selling.Earning]:
        return self._earnings((earning.c.day >= begins) & (earning.c.day <= ends))

    def of_order(self, order: str) -> list[selling.Earning]:
        return self._earnings(earning.c.order == order)

    def take(self, earnings: Sequence[str], run: str) -> None:
        free = earning.c.id.in_(earnings) & (earning.c.statement == "")
        self._db.execute(earning.update().where(free).values(statement=run))

    def statements(self, run: str) -> list[selling.Statement]:
        found = sa.select(statement).where(statement.c.run == run).order_by(statement.c.person)
        return [rows.record(selling.Statement, row) for row in self._db.execute(found)]

    def statement(self, run: str, person: str) -> selling.Statement | None:
        found = sa.select(statement).where((statement.c.run == run) & (statement.c.person == person))
        return rows.maybe(selling.Statement, self._db.execute(found).first())

    def put(self, record: selling.Statement) -> None:
        here = (statement.c.run == record.run) & (statement.c.person == record.person)
        rows.put(self._db, statement, here, record)

    def _earnings(self, where: sa.ColumnElement[bool]) -> list[selling.Earning]:
        found = sa.select(earning).where(where).order_by(earning.c.day, earning.c.id)
        return [rows.record(selling.Earning, row) for row in self._db.execute(found)]
