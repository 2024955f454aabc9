"""Filters that leave little of what may be claimed: open work is looked up by them, not each queue walked along.

A planner that multiplies the shares of process, step and state cannot know which of the two ways is short. So what is
left is counted as far as it matters, by one index alone, and read in that index's order: no statistics lead elsewhere.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa

from engine.store.tables.catalogue import process
from engine.store.tables.instances import instance
from engine.store.tables.waits import work_item

FEW = 10_000
"""Steps, or cases of a customer, that are looked at one by one."""
OPEN = work_item.c.status == sa.literal_column("'open'")
"""A literal, not a parameter: else the planner could not see that a partial index fits."""
AWAITED: sa.ColumnElement[Any] = sa.literal_column("instance.awaits_customer")
"""As the partial index has it, for the same reason."""

_CASES = ("customer_id", "awaits_customer")


def ways(db: sa.Connection, where: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """Values for ``source``, once for each way to come to all that is left; None where that may be much."""
    cases = next((name for name in _CASES if name in where), None)
    if cases is not None:
        given = {"customer_id": where["customer_id"]} if cases == "customer_id" else {}
        found = db.scalar(_cases_counted(cases), {**given, "few": FEW + 1}) or 0
        return [{"few": FEW}] if found <= FEW else None
    given = {name: where[name] for name in ("node", "process") if name in where}
    if not given:
        return None
    counted = db.execute(_open_counted(tuple(given)), {**given, "few": FEW + 1})
    left = {key: count for key, count in counted if count}
    return [{"process": key, "few": FEW} for key in left] if sum(left.values()) <= FEW else None


@cache
def source(filters: tuple[str, ...]) -> sa.Subquery:
    """The keys of what is left, at most ``few``: of steps, or of cases where ``filters`` name a customer, or those
    who wait for theirs."""
    cases = next((name for name in _CASES if name in filters), None)
    return _cases(cases) if cases is not None else _open(sa.bindparam("process"), "node" in filters)


@cache
def _cases_counted(by: str) -> sa.Select[Any]:
    return sa.select(sa.func.count()).select_from(_cases(by))


@cache
def _open_counted(given: tuple[str, ...]) -> sa.Select[Any]:
    """(process, how many): of the one that is given, else of each."""
    one = sa.select(sa.func.count()).select_from(_open(process.c.key, "node" in given))
    counted = sa.select(process.c.key, one.scalar_subquery())
    return counted.where(process.c.key == sa.bindparam("process")) if "process" in given else counted


def _cases(by: str) -> sa.Subquery:
    of = sa.select(instance.c.id.label("instance_id"))
    if by == "customer_id":
        found = of.where(instance.c.customer_id == sa.bindparam("customer_id")).order_by(instance.c.started_at)
    else:
        found = of.where(AWAITED).order_by(instance.c.id)
    return found.limit(sa.bindparam("few")).subquery("few")


def _open(of: sa.ColumnElement[str], one_node: bool) -> sa.Subquery:
    found = sa.select(work_item.c.instance_id, work_item.c.wait).where(OPEN, work_item.c.process == of)
    if one_node:  # not ``=``: what has one value only is in no order that an index could save
        found = found.where(work_item.c.node >= sa.bindparam("node"), work_item.c.node <= sa.bindparam("node"))
    return found.order_by(work_item.c.node).limit(sa.bindparam("few")).correlate(process).subquery("few")
