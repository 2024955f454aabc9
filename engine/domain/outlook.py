"""What selling comes to: open deals by stage and seller, quotas and what was won against them, forecasts with history.

Deals are seen by whoever sees customers; quotas and forecasts by those they are of, those who lead them, and whoever
sees every case.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import get_args

import msgspec

from engine import deals, errors, selling
from engine.domain.opportunities import OPEN_STAGES
from engine.domain.quotas import TEAM
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction

FORECASTS = 6
"""Of a team, the newest."""
STAGES: tuple[deals.Stage, ...] = get_args(deals.Stage)


class Sum(msgspec.Struct, frozen=True, kw_only=True):
    """Deals together; ``expected`` weighs each amount by its probability."""

    key: str
    deals: int
    amount: float
    expected: float


class Aim(msgspec.Struct, frozen=True, kw_only=True):
    """A quota in force and what was won in its period so far. ``holder`` is a person, or a team by ``group``."""

    plan: str
    holder: str
    group: str
    quota: float
    won: float
    reached: float | None
    """Per cent; None without a quota."""
    ends: str


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """A team's locked forecasts, newest first."""

    team: str
    forecasts: tuple[selling.Forecast, ...]


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    stages: tuple[Sum, ...]
    sellers: tuple[Sum, ...]
    late: int
    """Open deals whose expected day has passed."""
    aims: tuple[Aim, ...]
    forecasts: tuple[Series, ...]


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """``late``: open, and the day it was expected on has passed."""

    deal: deals.Opportunity
    customer_name: str
    late: bool


def outlook(engine: Engine, *, agent: Agent, now: datetime) -> Outlook:
    """Raises Forbidden."""
    rights.need(agent, "customer.see")
    with engine.store.reading() as tx:
        open_deals = tx.opportunities.open()
        people, teams = _seen(tx, agent)
        return Outlook(
            stages=tuple(_sum(stage, (one for one in open_deals if one.stage == stage)) for stage in OPEN_STAGES),
            sellers=_by_seller(open_deals),
            late=sum(_late(one, now) for one in open_deals),
            aims=tuple(_aims(tx, people, teams, now.date())),
            forecasts=tuple(_forecasts(tx, teams)),
        )


def search(
    engine: Engine, *, agent: Agent, now: datetime, stage: str = "", owner: str = "", late: bool = False,
    after: str = "", limit: int = 50,
) -> list[Listed]:  # fmt: skip
    """Open deals, what is expected first first, from behind the one of the id ``after``. Raises Forbidden, Invalid."""
    rights.need(agent, "customer.see")
    if stage and stage not in OPEN_STAGES:
        raise errors.Invalid(
            "deal_stage",
            zh=f"没有商机阶段“{stage}”，可用：{'、'.join(OPEN_STAGES)}。",
            en=f"There is no open stage {stage!r} of a deal; there are {', '.join(OPEN_STAGES)}.",
        )
    with engine.store.reading() as tx:
        found = [
            one
            for one in sorted(tx.opportunities.open(), key=lambda one: (one.expected_close or "9999", one.id))
            if stage in ("", one.stage) and owner in ("", one.owner) and (not late or _late(one, now))
        ]
        ids = [one.id for one in found]
        shown = found[ids.index(after) + 1 if after in ids else 0 :][:limit]
        names = tx.customers.named(sorted({one.customer for one in shown}))
    return [
        Listed(deal=one, customer_name=names.get(one.customer, one.customer), late=_late(one, now)) for one in shown
    ]


def _sum(key: str, found: Iterable[deals.Opportunity]) -> Sum:
    these = list(found)
    expected = sum(one.amount * one.probability / 100 for one in these)
    return Sum(
        key=key, deals=len(these), amount=round(sum(one.amount for one in these), 2), expected=round(expected, 2)
    )


def _by_seller(open_deals: Sequence[deals.Opportunity]) -> tuple[Sum, ...]:
    """Who expects most first."""
    owners = {one.owner for one in open_deals}
    found = [_sum(owner, (one for one in open_deals if one.owner == owner)) for owner in owners]
    return tuple(sorted(found, key=lambda one: (-one.expected, one.key)))


def _late(deal: deals.Opportunity, now: datetime) -> bool:
    return bool(deal.expected_close) and deal.expected_close[:10] < now.date().isoformat()


def _seen(tx: Transaction, agent: Agent) -> tuple[set[str], set[str]]:
    """People and teams whose figures somebody sees: their own, and those of whom they lead."""
    everybody, groups = tx.people.all(), tx.people.groups()
    if rights.may(agent, "case.see_all"):
        return {one.key for one in everybody}, {one.key for one in groups}
    led = {one.key for one in groups if one.manager == agent.key}
    people = {one.key for one in everybody if one.manager == agent.key or led & set(one.groups)}
    return {agent.key, *people}, {*agent.groups, *led}


def _aims(tx: Transaction, people: Collection[str], teams: Collection[str], today: date) -> Iterable[Aim]:
    holders = sorted({*people, *(TEAM + one for one in teams)})
    won: dict[str, list[deals.Opportunity]] = {}
    for one in tx.quotas.standing(holders, today.isoformat()):
        plan = tx.quotas.plan(one.plan)
        if plan is None:
            continue
        if plan.id not in won:
            until = (date.fromisoformat(plan.ends) + timedelta(days=1)).isoformat()
            closed = tx.opportunities.closed(plan.begins, until)
            won[plan.id] = [deal for deal in closed if deal.stage == "won"]
        sellers = {row.holder for row in tx.quotas.of_plan(plan.id, one.unit)}
        mine = sellers if one.holder.startswith(TEAM) else {one.holder}
        total = round(sum(deal.amount for deal in won[plan.id] if deal.owner in mine), 2)
        yield Aim(
            plan=plan.id,
            holder="" if one.holder.startswith(TEAM) else one.holder,
            group=one.unit,
            quota=one.amount,
            won=total,
            reached=round(100 * total / one.amount, 1) if one.amount else None,
            ends=plan.ends,
        )


def _forecasts(tx: Transaction, teams: Collection[str]) -> Iterable[Series]:
    for team in sorted(teams):
        found = tx.forecasts.of_team(team, FORECASTS)
        if found:
            yield Series(team=team, forecasts=tuple(found))
