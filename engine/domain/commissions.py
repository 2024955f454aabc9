"""Commissions and expenses: what was earned with paid orders, explained line by line, confirmed, paid once."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import msgspec

from engine import errors, selling
from engine.customers import groups
from engine.domain import earnings, given, shares
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction

BONUSES = {"new_bonus": "first", "renewal_bonus": "renewal", "won_back_bonus": "won_back"}
"""Per cent on top of the rate, and the fact that earns it."""
EXPENSES = ("travel", "hospitality", "other")
MOST_LINES = 2000
ANSWERS = ("accepted", "silent", "disputed")


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "commissions.note": lambda call: store.run(lambda tx: _note(tx, call)),
        "commissions.collect": lambda call: store.run(lambda tx: _collect(tx, call)),
        "commissions.compute": lambda call: store.run(lambda tx: _compute(tx, call)),
        "commissions.answer": lambda call: store.run(lambda tx: _answer(tx, call)),
        "commissions.tally": lambda call: _tally(store, call),
        "commissions.adjust": lambda call: store.run(lambda tx: _adjust(tx, call)),
        "commissions.pay": lambda call: store.run(lambda tx: _pay(tx, call)),
    }


def _note(tx: Transaction, call: JobCall) -> JobAnswer:
    """An order is paid: ``split`` says who sold it, its customer's owner where nobody says. ``problems`` in both
    languages when the shares do not add up."""
    number, split = given.text(call, "order"), given.rows(call, "split")
    order = given.order(tx, number)
    customer = tx.customers.get(order.customer)
    sold = split or list(earnings.whole(customer.owner if customer else ""))
    whole = sum(one["pct"] for one in sold if isinstance(one.get("pct"), int | float))
    if sold and abs(whole - 100) >= 0.005:
        return JobAnswer(data={"problems": [f"分成合计 {whole}%，应为 100% / the shares are {whole} %, not 100 %"]})
    earnings.of_order(tx, order, sold, now=call.now)
    return JobAnswer(data={"problems": []})


def _collect(tx: Transaction, call: JobCall) -> JobAnswer:
    """What came in and went back in the days, and no other run has paid for; ``segment``: of that group alone."""
    run, segment = given.text(call, "run"), given.text(call, "segment", "")
    found = [
        one
        for one in tx.commissions.earned(given.text(call, "begins"), given.text(call, "ends"))
        if one.statement in ("", run)
    ]
    if segment:
        book = groups.book(tx, call.now)
        found = [one for one in found if segment in book.chain(str(one.facts.get("group", "")))]
    if len(found) > MOST_LINES:
        raise errors.Conflict(
            "too_many_earnings",
            zh=f"一次最多 {MOST_LINES} 笔，这段时间有 {len(found)} 笔，请缩短期间",
            en=f"one run takes {MOST_LINES} payments, these days have {len(found)}: take fewer days",
        )
    told = [
        {"id": one.id, "order": one.order, "kind": one.kind, "base": one.amount, "split": list(one.split), **one.facts}
        for one in found
    ]
    return JobAnswer(data={"earned": told})


def _compute(tx: Transaction, call: JobCall) -> JobAnswer:
    """A statement for each person: every payment at its rate and bonus, parted by who sold it, to the cent.

    ``rates``: {id, rate} of each payment, in per cent. What is paid for here, no other run pays for. Below 100,
    ``owner_share`` is what the owner of a deal keeps when a team won it; shares that people named stay as they are.
    """
    kept = given.number(call, "owner_share", 100)
    if not 0 <= kept <= 100:
        raise given.wrong(call, "owner_share", zh="0 到 100 的百分数", en="a percentage from 0 to 100")
    run, rows = given.text(call, "run"), given.rows(call, "earned")
    rates = {str(one.get("id")): one.get("rate") for one in given.rows(call, "rates")}
    bonus = {name: given.number(call, name, 0) for name in BONUSES}
    tx.commissions.lock(run)
    lines: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        rate = rates.get(str(row["id"]))
        if not given.is_number(rate):
            raise given.wrong(call, "rates", zh=f"含 {row['id']} 的费率", en=f"a rate of {row['id']}")
        rate += sum(bonus[name] for name, fact in BONUSES.items() if row.get(fact) is True)
        split = _parted(row, kept)
        parts = shares.split(row["base"] * rate / 100, [pct for _, pct in split])
        for (user, pct), amount in zip(split, parts, strict=True):
            line = {"what": row["order"], "kind": row["kind"], "base": row["base"], "rate": rate, "pct": pct}
            lines[user].append({**line, "amount": amount})
    tx.commissions.take([str(row["id"]) for row in rows], run)
    for person, theirs in sorted(lines.items()):
        known = tx.commissions.statement(run, person)
        if known is None:
            tx.commissions.put(_statement(call, run, person, theirs))
    people = {person.key: person for person in tx.people.all()}
    made = tx.commissions.statements(run)
    told = [
        {"person": one.person, "name": people[one.person].name if one.person in people else one.person}
        | {"total": one.total, "lines": list(one.lines)}
        for one in made
    ]
    return JobAnswer(data={"statements": told, "commission_total": round(sum(one.total for one in made), 2)})


def _parted(row: Mapping[str, Any], owner_share: float) -> list[tuple[str, float]]:
    """(who, per cent) of a payment."""
    split = [(str(one["user"]), float(one["pct"])) for one in row["split"]]
    team = row.get("team")
    if len(split) == 1 and isinstance(team, list | tuple) and owner_share < 100:
        return shares.of_team(split[0][0], [str(one) for one in team], owner_share)
    return split


def _statement(call: JobCall, run: str, person: str, lines: list[dict[str, Any]]) -> selling.Statement:
    return selling.Statement(
        run=run,
        period=given.text(call, "period"),
        person=person,
        lines=tuple(lines),
        total=_sum(lines),
        made_at=call.now,
    )


def _answer(tx: Transaction, call: JobCall) -> JobAnswer:
    """A person's word on the statement, with the expenses they add; silence accepts. What was said first stays.

    ``problems`` in both languages when an expense is none, and nothing is kept.
    """
    kept = _locked(tx, call, given.text(call, "person"))
    answer, expenses = given.choice(call, "answer", ANSWERS), given.rows(call, "expenses")
    found = []
    for n, row in enumerate(expenses, 1):
        amount = row.get("amount")
        if row.get("type") not in EXPENSES or not given.is_number(amount):
            found.append(f"第 {n} 笔费用不完整 / expense {n} is not complete")
        elif amount <= 0 or not row.get("receipt"):
            found.append(f"第 {n} 笔费用没有金额或凭证 / expense {n} has no amount or no receipt")
    if not found and not kept.answer:
        added = [
            {"what": row["receipt"], "kind": row["type"], "base": row["amount"], "rate": 100, "pct": 100,
             "amount": round(float(row["amount"]), 2)}
            for row in expenses
        ]  # fmt: skip
        told = {"answer": answer, "dispute": given.text(call, "dispute", "")}
        lines = (*kept.lines, *added)
        tx.commissions.put(msgspec.structs.replace(kept, lines=lines, total=_sum(lines), **told))
    return JobAnswer(data={"problems": found})


def _tally(store: Store, call: JobCall) -> JobAnswer:
    """``disputes`` that wait for a decision, the sum, and the highest expenses of one person."""
    with store.reading() as tx:
        found = tx.commissions.statements(given.text(call, "run"))
    disputes = [
        {"person": one.person, "total": one.total, "dispute": one.dispute} for one in found if one.answer == "disputed"
    ]
    expenses = [_sum([line for line in one.lines if line["kind"] in EXPENSES]) for one in found]
    told = {"disputes": disputes, "commission_total": round(sum(one.total for one in found), 2)}
    return JobAnswer(data={**told, "highest_expenses": max(expenses, default=0.0)})


def _adjust(tx: Transaction, call: JobCall) -> JobAnswer:
    """Each dispute is decided: ``decisions`` of {person, amount, reason} add or take away; nothing is added twice."""
    for row in given.rows(call, "decisions"):
        amount, reason = row.get("amount"), str(row.get("reason") or "")
        if not given.is_number(amount) or not reason:
            raise given.wrong(call, "decisions", zh="带金额与理由的列表", en="rows with an amount and a reason")
        kept = _locked(tx, call, str(row.get("person")))
        if kept.answer == "disputed":
            line = {"what": reason, "kind": "adjustment", "base": amount, "rate": 100, "pct": 100, "amount": amount}
            lines = (*kept.lines, line) if amount else kept.lines
            tx.commissions.put(msgspec.structs.replace(kept, lines=lines, total=_sum(lines), answer="accepted"))
    return JobAnswer()


def _pay(tx: Transaction, call: JobCall) -> JobAnswer:
    """Everything that is to be paid out, once; who owes more than was earned carries it as a line without payment."""
    run = given.text(call, "run")
    tx.commissions.lock(run)
    found = tx.commissions.statements(run)
    for one in found:
        if one.status != "paid":
            tx.commissions.put(msgspec.structs.replace(one, status="paid", settled_at=call.now))
    payments = [{"person": one.person, "amount": one.total, "ref": f"{run}/{one.person}"} for one in found]
    payable = [one for one in payments if one["amount"] > 0]  # type: ignore[operator]
    total = _sum(payable)
    return JobAnswer(data={"payment": {"run": run, "payments": payable, "total": total}, "paid_total": total})


def _locked(tx: Transaction, call: JobCall, person: str) -> selling.Statement:
    run = given.text(call, "run")
    tx.commissions.lock(run)
    found = tx.commissions.statement(run, person)
    if found is None:
        raise errors.NotFound(
            "statement_unknown",
            zh=f"{run} 没有 {person} 的结算单",
            en=f"there is no statement of {person!r} in {run!r}",
            run=run,
        )
    if found.status == "paid":
        raise errors.Conflict("statement_paid", zh=f"{run} 已支付", en=f"{run!r} is paid", run=run)
    return found


def _sum(lines: Any) -> float:
    return round(sum(float(line["amount"]) for line in lines), 2)
