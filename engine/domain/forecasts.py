"""Forecasts: from the deals up, said by who sells, judged by who leads, kept and compared with what came."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from engine import deals, errors, selling
from engine.domain import given
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction
from engine.records import Person

CATEGORIES: tuple[selling.Category, ...] = ("commit", "best", "pipeline", "omitted")
COUNTED = ("commit", "best")
"""What is expected; the rest is hope."""
COMMIT_FROM, BEST_FROM = 80, 50
"""Per cent of probability, where nobody has said otherwise."""
MOST_LINES = 500
TOGETHER = "together"
"""The deal of a line that stands for several."""
WAYS = ("deals", "statistics", "leads")


def category(probability: int) -> selling.Category:
    if probability >= COMMIT_FROM:
        return "commit"
    return "best" if probability >= BEST_FROM else "pipeline"


def change_percent(now: float, before: float) -> float:
    """Of what is expected against the time before; 0 where there was nothing to compare with."""
    return round((now - before) / before * 100, 1) if before else 0.0


def accuracy(forecast: float, actual: float) -> tuple[float, float]:
    """(accuracy, bias) in per cent: 100 and 0 when it came as it was said; a bias above 0 promised too much."""
    if not forecast and not actual:
        return 100.0, 0.0
    off = (forecast - actual) / max(actual, forecast)
    return round((1 - abs(off)) * 100, 1), round(off * 100, 1)


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "forecasts.pull": lambda call: store.run(lambda tx: _pull(tx, call)),
        "forecasts.confirm": lambda call: store.run(lambda tx: _confirm(tx, call)),
        "forecasts.total": lambda call: _total(store, call),
        "forecasts.lock": lambda call: store.run(lambda tx: _lock(tx, call)),
        "forecasts.compare": lambda call: _compare(store, call),
    }


def _pull(tx: Transaction, call: JobCall) -> JobAnswer:
    """The forecast is begun with what is known: by person, each deal as it was said the time before, else by its
    probability. ``way``: deals, one line for each; statistics and leads, one line for all that a person has."""
    number, team = given.text(call, "number"), given.text(call, "team")
    way = given.choice(call, "way", WAYS)
    ends = call.now.date() + timedelta(days=int(given.number(call, "days")))
    _open(tx, number)
    people = [person for person in tx.people.all() if person.active and team in person.groups]
    before = next(iter(tx.forecasts.of_team(team, 1)), None)
    said = {(line.owner, line.deal): line for line in tx.forecasts.lines(before.id)} if before else {}
    tx.forecasts.keep(
        selling.Forecast(
            id=number, team=team, begins=call.now.date().isoformat(), ends=ends.isoformat(), made_at=call.now
        )
    )
    open_deals = [deal for deal in tx.opportunities.open() if _closes(deal, ends)]
    closed = _closed(tx, call.now.date()) if way == "leads" else []
    found: dict[str, list[selling.ForecastLine]] = {}
    for person in people:
        mine = [deal for deal in open_deals if deal.owner == person.key]
        if way == "deals":
            found[person.key] = _each(number, mine, said)
        else:
            average = _average_won(closed, person.key) if way == "leads" else None
            found[person.key] = _together(number, person, mine, average)
    for owner, lines in found.items():
        tx.forecasts.replace(number, owner, lines)
    sellers = [
        {
            "owner": person.key,
            "name": person.name,
            "before": _counted([line for line in said.values() if line.owner == person.key]),
            "lines": [_told(line) for line in found[person.key]],
        }
        for person in people
    ]
    return JobAnswer(data={"sellers": sellers, "before": _expected(before), "forecast_ends": ends.isoformat()})


def _each(
    number: str, mine: Sequence[deals.Opportunity], said: Mapping[tuple[str, str], selling.ForecastLine]
) -> list[selling.ForecastLine]:
    lines = []
    for deal in mine[:MOST_LINES]:
        last = said.get((deal.owner, deal.id))
        lines.append(
            selling.ForecastLine(
                forecast=number,
                owner=deal.owner,
                deal=deal.id,
                name=deal.name,
                category=last.category if last else category(deal.probability),
                amount=deal.amount,
                confidence=deal.probability,
                carried=True,
            )
        )
    return lines


def _together(
    number: str, person: Person, mine: Sequence[deals.Opportunity], average: float | None
) -> list[selling.ForecastLine]:
    """One line for all, none where nothing is expected: by ``average``, what one deal brought before, else by the
    deals' own probability."""
    worth = sum(deal.amount * deal.probability / 100 for deal in mine) if average is None else len(mine) * average
    together = selling.ForecastLine(
        forecast=number, owner=person.key, deal=TOGETHER, name=person.name, category="best", amount=round(worth, 2),
        carried=True,
    )  # fmt: skip
    return [together] if worth else []


def _closes(deal: deals.Opportunity, ends: date) -> bool:
    return not deal.expected_close or deal.expected_close[:10] <= ends.isoformat()


def _closed(tx: Transaction, today: date) -> list[deals.Opportunity]:
    """In the year before."""
    return tx.opportunities.closed((today - timedelta(days=365)).isoformat(), today.isoformat())


def _average_won(closed: Sequence[deals.Opportunity], owner: str) -> float:
    """What one opened deal brought, the lost ones counted."""
    theirs = [deal for deal in closed if deal.owner == owner]
    return sum(deal.amount for deal in theirs if deal.stage == "won") / len(theirs) if theirs else 0.0


def _confirm(tx: Transaction, call: JobCall) -> JobAnswer:
    """One person's word on the deals they were shown; ``problems`` in both languages and nothing kept, else it is.

    A change of what is expected by more than ``limit`` per cent against the time before wants a ``comment``.
    """
    number, owner = given.text(call, "number"), given.text(call, "owner")
    _open(tx, number)
    known = {line.deal: line for line in tx.forecasts.lines(number) if line.owner == owner}
    lines, found = [], []
    for n, row in enumerate(given.rows(call, "lines"), 1):
        line = known.get(str(row.get("deal")))
        amount, sure = row.get("amount"), row.get("confidence", 0)
        if line is None:
            found.append(f"第 {n} 行不是自己的商机 / line {n} is no deal of theirs")
        elif row.get("category") not in CATEGORIES:
            found.append(f"第 {n} 行没有类别 / line {n} has no category")
        elif not given.is_number(amount) or amount < 0:
            found.append(f"第 {n} 行金额不对 / the amount of line {n} is none")
        elif not given.is_number(sure) or not 0 <= sure <= 100:
            found.append(f"第 {n} 行把握须为 0 到 100 / the confidence of line {n} is no percentage")
        else:
            told = {"category": row["category"], "amount": float(amount), "confidence": round(sure), "carried": False}
            lines.append(msgspec.structs.replace(line, **told))
    missing = known.keys() - {line.deal for line in lines}
    if missing and not found:
        found.append(f"缺少 {len(missing)} 个商机 / {len(missing)} deals are missing")
    before = given.number(call, "before", 0)
    changed = change_percent(_counted(lines), before)
    if not found and abs(changed) > given.number(call, "limit", 20) and not given.text(call, "comment", ""):
        found.append(f"比上次变动 {changed}%，请说明 / it changed by {changed} %: say why")
    if not found:
        tx.forecasts.replace(number, owner, lines)
    return JobAnswer(data={"problems": found, "change": changed})


def _total(store: Store, call: JobCall) -> JobAnswer:
    """Sums by category, how they changed, and ``unconfirmed``: whose word is as the time before."""
    number = given.text(call, "number")
    with store.reading() as tx:
        forecast = _known(tx, number)
        lines = tx.forecasts.lines(number)
        before = next(iter(tx.forecasts.of_team(forecast.team, 1)), None)
    totals = _totals(lines)
    expected = sum(totals[name] for name in COUNTED)
    unconfirmed = sorted({line.owner for line in lines if line.carried})
    changed = change_percent(expected, _expected(before))
    return JobAnswer(data={"totals": totals, "expected": expected, "change": changed, "unconfirmed": unconfirmed})


def _lock(tx: Transaction, call: JobCall) -> JobAnswer:
    """The forecast as it stands, with what the manager added or took away, is kept for good. ``snapshot`` is what
    others get: planners, another system."""
    number, adjusted = given.text(call, "number"), given.number(call, "adjust", 0)
    tx.forecasts.lock(number)
    forecast, lines = _known(tx, number), tx.forecasts.lines(number)
    if adjusted and not given.text(call, "reason", ""):
        raise given.wrong(call, "reason", zh="调整的理由", en="a reason for the adjustment")
    if forecast.status == "open":
        totals = _totals(lines)
        expected = round(sum(totals[name] for name in COUNTED) + adjusted, 2)
        forecast = msgspec.structs.replace(
            forecast,
            status="locked",
            totals={**totals, "forecast": expected},
            adjusted=adjusted,
            reason=given.text(call, "reason", ""),
            locked_at=call.now,
        )
        tx.forecasts.keep(forecast)
    told = {"number": number, "team": forecast.team, "begins": forecast.begins, "ends": forecast.ends}
    snapshot = {**told, "totals": forecast.totals, "lines": [_told(line) for line in lines]}
    return JobAnswer(data={"forecast_total": forecast.totals["forecast"], "snapshot": snapshot})


def _compare(store: Store, call: JobCall) -> JobAnswer:
    """The latest forecast of the team whose days are over, against what was won in them; null while there is none."""
    today, team = call.now.date().isoformat(), given.text(call, "team")
    with store.reading() as tx:
        over = [one for one in tx.forecasts.of_team(team, 100) if one.ends < today]
        if not over:
            return JobAnswer(data={"accuracy": None, "bias": None, "compared": ""})
        last = max(over, key=lambda one: (one.ends, one.locked_at or datetime.min))
        owners = {line.owner for line in tx.forecasts.lines(last.id)}
        until = (date.fromisoformat(last.ends) + timedelta(days=1)).isoformat()
        closed = tx.opportunities.closed(last.begins, until)
    won = sum(deal.amount for deal in closed if deal.stage == "won" and deal.owner in owners)
    hit, bias = accuracy(_expected(last), won)
    return JobAnswer(data={"accuracy": hit, "bias": bias, "compared": last.id})


def _told(line: selling.ForecastLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in ("owner", "deal", "name", "category", "amount", "confidence")}


def _totals(lines: Sequence[selling.ForecastLine]) -> dict[str, float]:
    sums: dict[str, float] = defaultdict(float)
    for line in lines:
        sums[line.category] += line.amount
    return {name: round(sums[name], 2) for name in CATEGORIES}


def _counted(lines: Sequence[selling.ForecastLine]) -> float:
    return round(sum(line.amount for line in lines if line.category in COUNTED), 2)


def _expected(forecast: selling.Forecast | None) -> float:
    return forecast.totals.get("forecast", 0.0) if forecast else 0.0


def _known(tx: Transaction, number: str) -> selling.Forecast:
    forecast = tx.forecasts.get(number)
    if forecast is None:
        raise errors.NotFound(
            "forecast_unknown", zh=f"找不到预测 {number}", en=f"there is no forecast {number!r}", forecast=number
        )
    return forecast


def _open(tx: Transaction, number: str) -> None:
    """Locked until the transaction ends. Raises Conflict when the forecast is kept for good."""
    tx.forecasts.lock(number)
    known = tx.forecasts.get(number)
    if known is not None and known.status == "locked":
        raise errors.Conflict(
            "forecast_locked", zh=f"预测 {number} 已锁定", en=f"the forecast {number!r} is locked", forecast=number
        )
