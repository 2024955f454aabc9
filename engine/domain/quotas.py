"""Quotas: a target is broken down to units and people, to the cent, with everybody's consent or a decision."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import msgspec

from engine import errors, selling
from engine.domain import given, shares
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction
from engine.records import Person

TEAM = "team:"
"""Before the key of a unit: the holder of a quota that a team has together."""
ANSWERS = ("accepted", "silent", "appealed")
YEAR = timedelta(days=365)


def weight(history: float, before: float, potential: float, *, told: Mapping[str, float], team: Counter[str]) -> float:
    """What somebody sold, may sell and grew by, each as a share of the team's, by what the plan makes of it."""
    parts = {"history": history, "potential": potential, "growth": max(0.0, history - before)}
    return sum(told[name] * part / team[name] for name, part in parts.items() if team[name])


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "quotas.suggest": lambda call: store.run(lambda tx: _suggest(tx, call)),
        "quotas.split": lambda call: store.run(lambda tx: _split(tx, call)),
        "quotas.answer": lambda call: store.run(lambda tx: _answer(tx, call)),
        "quotas.tally": lambda call: _tally(store, call),
        "quotas.lock": lambda call: store.run(lambda tx: _lock(tx, call)),
    }


def _suggest(tx: Transaction, call: JobCall) -> JobAnswer:
    """The plan with a first split is written down; ``problems`` in both languages, else ``shares`` by unit."""
    number, target = given.text(call, "plan"), given.number(call, "target")
    begins, ends = _day(call, "begins"), _day(call, "ends")
    told = {name: given.number(call, name, 0) for name in ("history", "potential", "growth")}
    _open(tx, number)
    everybody = [person for person in tx.people.all() if person.active]
    teams = {str(row.get("unit")): _members(everybody, row) for row in given.rows(call, "units")}
    found = [f"单元 {unit} 没有人 / nobody is in {unit}" for unit, members in teams.items() if not members]
    if not teams:
        found.append("没有单元 / there is no unit")
    if ends < begins:
        found.append("止期早于起期 / the period ends before it begins")
    twice = [
        key for key, times in Counter(one.key for members in teams.values() for one in members).items() if times > 1
    ]
    found += [f"{key} 在两个单元里 / {key} is in two units" for key in twice]
    if found:
        return JobAnswer(data={"problems": found, "shares": []})
    found_shares = _shares(tx, teams, target=target, begins=begins, told=told)
    units = [{**row, **found_shares[str(row["unit"])]} for row in given.rows(call, "units")]
    tx.quotas.keep(
        selling.QuotaPlan(
            id=number,
            period=given.text(call, "period"),
            begins=begins.isoformat(),
            ends=ends.isoformat(),
            target=target,
            units=tuple({name: unit.get(name, "") for name in ("unit", "manager", "target")} for unit in units),
            made_at=call.now,
        )
    )
    for unit in units:
        tx.quotas.replace(number, unit["unit"], _quotas(call, number, unit["unit"], unit["children"]))
    return JobAnswer(data={"problems": [], "shares": units})


def _members(people: Sequence[Person], row: Mapping[str, Any]) -> list[Person]:
    return [person for person in people if row.get("unit") in person.groups and person.key != row.get("manager")]


def _shares(
    tx: Transaction, teams: Mapping[str, Sequence[Person]], *, target: float, begins: date, told: Mapping[str, float]
) -> dict[str, dict[str, Any]]:
    """By unit: its target, and each of its people with what they sold in the year before and may sell."""
    sold, before = _won(tx, begins - YEAR, begins), _won(tx, begins - 2 * YEAR, begins - YEAR)
    potential: dict[str, float] = defaultdict(float)
    for deal in tx.opportunities.open():
        potential[deal.owner] += deal.amount * deal.probability / 100
    people = [(unit, person) for unit, members in teams.items() for person in members]
    team: Counter[str] = Counter()
    for _, one in people:
        parts = {"history": sold[one.key], "potential": potential[one.key]}
        team.update({**parts, "growth": max(0.0, sold[one.key] - before[one.key])})
    weights = [weight(sold[one.key], before[one.key], potential[one.key], told=told, team=team) for _, one in people]
    found: dict[str, dict[str, Any]] = {unit: {"target": 0.0, "children": []} for unit in teams}
    for (unit, one), amount in zip(people, shares.split(target, weights), strict=True):
        row = {"holder": one.key, "name": one.name, "history": sold[one.key], "potential": round(potential[one.key], 2)}
        found[unit]["children"].append({**row, "amount": amount})
        found[unit]["target"] = round(found[unit]["target"] + amount, 2)
    return found


def _won(tx: Transaction, since: date, until: date) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for deal in tx.opportunities.closed(since.isoformat(), until.isoformat()):
        if deal.stage == "won":
            found[deal.owner] += deal.amount
    return found


def _split(tx: Transaction, call: JobCall) -> JobAnswer:
    """``children`` are the unit's quotas when they add up to its target; else its ``problems``."""
    number, unit = given.text(call, "plan"), given.text(call, "unit")
    plan = _open(tx, number)
    target = next((float(one["target"]) for one in plan.units if one["unit"] == unit), None) if plan else None
    if target is None:
        raise errors.NotFound(
            "quota_unit_unknown", zh=f"计划 {number} 没有单元 {unit}", en=f"{number!r} has no unit {unit!r}", unit=unit
        )
    rows = given.rows(call, "children")
    holders, wanted = [str(row.get("holder")) for row in rows], {one.holder for one in tx.quotas.of_plan(number, unit)}
    amounts = [row.get("amount") for row in rows]
    found = []
    if sorted(holders) != sorted(wanted):
        found.append(f"人员须为：{'、'.join(sorted(wanted))} / the people are {', '.join(sorted(wanted))}")
    if any(not given.is_number(one) or one < 0 for one in amounts):
        found.append("金额须不小于零 / an amount is none, or below nothing")
    elif abs(sum(amounts) - target) >= 0.005:  # type: ignore[arg-type]
        found.append(f"合计 {sum(amounts):.2f}，应为 {target:.2f} / the sum is {sum(amounts):.2f}, not {target:.2f}")  # type: ignore[arg-type]
    if not found:
        tx.quotas.replace(number, unit, _quotas(call, number, unit, rows))
    return JobAnswer(data={"problems": found, "children": rows})


def _quotas(call: JobCall, plan: str, unit: str, rows: Sequence[Mapping[str, Any]]) -> list[selling.Quota]:
    calls, new = round(given.number(call, "calls", 0)), round(given.number(call, "new_customers", 0))
    return [
        selling.Quota(
            plan=plan, unit=unit, holder=str(row["holder"]), amount=float(row["amount"]), calls=calls, new_customers=new
        )
        for row in rows
    ]


def _answer(tx: Transaction, call: JobCall) -> JobAnswer:
    """One person's word; whoever says nothing accepts in silence. What was said first stays."""
    number, unit, holder = given.text(call, "plan"), given.text(call, "unit"), given.text(call, "holder")
    answer = given.choice(call, "answer", ANSWERS)
    _open(tx, number)
    theirs = next((one for one in tx.quotas.of_plan(number, unit) if one.holder == holder), None)
    if theirs is None:
        raise errors.NotFound(
            "quota_unknown", zh=f"{holder} 在 {unit} 没有定额", en=f"{holder!r} has no quota in {unit!r}", holder=holder
        )
    if not theirs.answer:
        told = given.text(call, "reason", "")
        tx.quotas.put(msgspec.structs.replace(theirs, answer=answer, reason=told, answered_at=call.now))
    return JobAnswer()


def _tally(store: Store, call: JobCall) -> JobAnswer:
    """``appeals`` with their reasons, and how many ``rounds`` there have been."""
    with store.reading() as tx:
        theirs = tx.quotas.of_plan(given.text(call, "plan"), given.text(call, "unit"))
    appeals = [
        {"holder": one.holder, "amount": one.amount, "reason": one.reason} for one in theirs if one.answer == "appealed"
    ]
    return JobAnswer(data={"appeals": appeals, "rounds": round(given.number(call, "rounds", 0)) + 1})


def _lock(tx: Transaction, call: JobCall) -> JobAnswer:
    """The plan is in force as it stands: whoever has not answered has accepted. ``team``: units have one together.

    Raises Conflict when the quotas do not add up to the target.
    """
    number = given.text(call, "plan")
    tx.quotas.lock(number)
    plan = tx.quotas.plan(number)
    if plan is None:
        raise _unknown(number)
    quotas = [one for one in tx.quotas.of_plan(number) if not one.holder.startswith(TEAM)]
    total = round(sum(one.amount for one in quotas), 2)
    if abs(total - plan.target) >= 0.005:
        raise errors.Conflict(
            "quotas_do_not_add_up",
            zh=f"定额合计 {total:.2f}，目标 {plan.target:.2f}",
            en=f"the quotas add up to {total:.2f}, the target is {plan.target:.2f}",
            plan=number,
        )
    if plan.status == "open":
        for one in quotas:
            if not one.answer:
                tx.quotas.put(msgspec.structs.replace(one, answer="silent", answered_at=call.now))
        for unit in plan.units if call.input.get("team") is True else ():
            together = selling.Quota(
                plan=number, unit=unit["unit"], holder=TEAM + unit["unit"], amount=unit["target"], answer="accepted"
            )
            tx.quotas.put(together)
        tx.quotas.keep(msgspec.structs.replace(plan, status="locked", locked_at=call.now))
    silent = sum(one.answer in ("", "silent") for one in quotas)
    return JobAnswer(data={"quota_total": total, "quota_holders": len(quotas), "quota_silent": silent})


def _open(tx: Transaction, number: str) -> selling.QuotaPlan | None:
    """Locked until the transaction ends. Raises Conflict when the plan is in force."""
    tx.quotas.lock(number)
    plan = tx.quotas.plan(number)
    if plan is not None and plan.status == "locked":
        raise errors.Conflict(
            "quotas_locked", zh=f"定额 {number} 已锁定", en=f"the quotas {number!r} are locked", plan=number
        )
    return plan


def _unknown(number: str) -> errors.NotFound:
    return errors.NotFound(
        "quota_plan_unknown", zh=f"找不到定额计划 {number}", en=f"there is no quota plan {number!r}", plan=number
    )


def _day(call: JobCall, name: str) -> date:
    try:
        return date.fromisoformat(given.text(call, name))
    except ValueError:
        raise given.wrong(call, name, zh="日期", en="a day") from None
