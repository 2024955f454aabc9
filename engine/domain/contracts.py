"""Contracts: what a draft lacks, its number, when it comes into force, what has been paid."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from engine import deals, errors
from engine.domain import earnings, given, series
from engine.model.text import both
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction

SERIES = "HT-{year}-"
YEAR = timedelta(days=365)
_DAY_SHAPE = re.compile(r"\d{4}-\d{2}-\d{2}")


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What is agreed, as it is handed in: days are texts, perhaps wrong ones."""

    amount: float
    term_from: str
    term_to: str
    payments: Sequence[Mapping[str, Any]]
    prepaid_percent: float = 0
    """So much of the amount is due by the first day of the term."""


def problems(draft: Draft) -> list[str]:
    """What is wrong with it, each in both languages; empty when it can be agreed."""
    first, last = day(draft.term_from), day(draft.term_to)
    if first is None or last is None:
        return [f"期限不是日期 / the term is no day: {draft.term_from} – {draft.term_to}"]
    found = [] if last > first else [f"止期须晚于起期 / the term ends before it begins: {first} – {last}"]
    due = [(day(str(one.get("date", ""))), _decimal(one.get("amount"))) for one in draft.payments]
    for n, (when, _) in enumerate(due, 1):
        if when is None:
            found.append(f"第 {n} 笔付款没有日期 / payment {n} has no day")
    planned, amount = sum((paid for _, paid in due), Decimal()), _decimal(draft.amount)
    if planned != amount:
        found.append(f"付款计划合计 {planned}，合同金额 {amount} / the payments add up to {planned}, not {amount}")
    early = sum((paid for when, paid in due if when is not None and when <= first), Decimal())
    wanted = amount * _decimal(draft.prepaid_percent) / 100
    if early < wanted:
        found.append(f"起期前须预付 {wanted}，只有 {early} / {wanted} is due before the term, only {early} is planned")
    return found


def day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY_SHAPE.fullmatch(text) else None
    except ValueError:
        return None


def _decimal(value: Any) -> Decimal:
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else Decimal()


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "contracts.standard": _standard,
        "contracts.draft": lambda call: store.run(lambda tx: _draft(tx, call)),
        "contracts.enact": lambda call: store.run(lambda tx: _enact(tx, call)),
        "contracts.withdraw": lambda call: store.run(lambda tx: _withdraw(tx, call)),
        "contracts.paid": lambda call: store.run(lambda tx: _paid(tx, call)),
    }


def _standard(call: JobCall) -> JobAnswer:
    """The house's own terms without a person: a year from ``from`` (or tomorrow), paid at once on its first day."""
    begins = day(given.text(call, "from", "")) or call.now.date() + timedelta(days=1)
    plan = [{"date": begins.isoformat(), "amount": given.number(call, "amount")}]
    terms = {"term_from": begins.isoformat(), "term_to": (begins + YEAR).isoformat()}
    return JobAnswer(data={**terms, "template": "standard", "clauses_changed": [], "payment_plan": plan})


def _draft(tx: Transaction, call: JobCall) -> JobAnswer:
    """``problems`` of the draft, whether it is ``standard``, and its number: the wanted one or the next of the year."""
    draft = Draft(
        amount=given.number(call, "amount"),
        term_from=given.text(call, "term_from", ""),
        term_to=given.text(call, "term_to", ""),
        payments=given.rows(call, "payment_plan"),
        prepaid_percent=given.number(call, "prepaid_percent", 0),
    )
    team = tuple(dict.fromkeys(str(row.get("user") or "") for row in given.rows(call, "team")))
    found, template = [*problems(draft), *_strangers(tx, team)], given.text(call, "template", "standard")
    tx.contracts.lock("numbers")
    number = given.text(call, "number", "") or _number(tx, call)
    other = tx.contracts.numbered(number)
    if other is not None and (other.id != call.instance_id or other.status in ("effective", "ended")):
        found.append(f"合同编号 {number} 已被使用 / the number {number} is taken")
    if not found:
        plan = tuple({**one, "n": n} for n, one in enumerate(draft.payments, 1))
        made = _record(call, draft, number=number, payments=plan, template=template)
        tx.contracts.put(msgspec.structs.replace(made, team=team))
    standard = template == "standard" and not given.items(call, "clauses_changed")
    return JobAnswer(data={"problems": found, "standard": standard, "contract_no": number})


def _strangers(tx: Transaction, team: Sequence[str]) -> list[str]:
    """Whoever shares in a deal is one of the house."""
    gone = [one for one in team if (person := tx.people.get(one)) is None or not person.active]
    return [f"团队成员 {one!r} 不在职 / {one!r} of the team is not in the house" for one in gone]


def _record(
    call: JobCall, draft: Draft, *, number: str, payments: tuple[dict[str, Any], ...], template: str
) -> deals.Contract:
    return deals.Contract(
        id=call.instance_id,
        number=number,
        customer=call.customer.id if call.customer else "",
        amount=draft.amount,
        term_from=draft.term_from,
        term_to=draft.term_to,
        template=template,
        payments=payments,
        auto_renew=call.input.get("auto_renew") is True,
        owner=given.text(call, "owner", ""),
        quote=given.text(call, "quote", ""),
        drafted_at=call.now,
    )


def _number(tx: Transaction, call: JobCall) -> str:
    """The one that this draft has already, else the next of the year."""
    mine = tx.contracts.get(call.instance_id)
    if mine is not None:
        return mine.number
    begin = SERIES.format(year=call.now.year)
    last = tx.contracts.last_number(begin)
    return series.following(begin, last, code="contract_numbers_used_up", what=both(zh="合同", en="contract"))


def _enact(tx: Transaction, call: JobCall) -> JobAnswer:
    """It is in force. ``contract`` is what whoever watches over it has to know; ``first``: the customer had none."""
    contract = _mine(tx, call, call.instance_id)
    earlier = [one for one in tx.contracts.of_customer(contract.customer) if one.id != contract.id]
    first = not any(one.status in ("effective", "ended") for one in earlier)
    if contract.status == "drafted":
        contract = msgspec.structs.replace(contract, status="effective", settled_at=call.now)
        tx.contracts.put(contract)
    return JobAnswer(
        data={"contract": contract.watched(contract.payments, first=first), "contract_no": contract.number}
    )


def _withdraw(tx: Transaction, call: JobCall) -> JobAnswer:
    """A draft that comes to nothing, if there is one; its number is not given again."""
    contract = tx.contracts.get(call.instance_id)
    if contract is not None and contract.status == "drafted":
        tx.contracts.put(msgspec.structs.replace(contract, status="withdrawn", settled_at=call.now))
    return JobAnswer()


def _paid(tx: Transaction, call: JobCall) -> JobAnswer:
    """Payment ``n`` of ``number`` has come in; ``unpaid`` is what is still open of the contract."""
    number, n = given.text(call, "number"), int(given.number(call, "n"))
    tx.contracts.lock(number)
    contract = tx.contracts.numbered(number)
    if contract is None or not any(one["n"] == n for one in contract.payments):
        raise errors.NotFound(
            "payment_unknown",
            zh=f"合同 {number} 没有第 {n} 笔付款",
            en=f"the contract {number!r} has no payment {n}",
            contract=number,
        )
    paid_on = call.now.date().isoformat()
    kept = tuple({"paid_on": paid_on, **one} if one["n"] == n else one for one in contract.payments)
    tx.contracts.put(msgspec.structs.replace(contract, payments=kept))
    earnings.of_contract(tx, contract, next(one for one in kept if one["n"] == n), now=call.now)
    unpaid = sum((_decimal(one["amount"]) for one in kept if "paid_on" not in one), Decimal())
    return JobAnswer(data={"unpaid": float(unpaid)})


def _mine(tx: Transaction, call: JobCall, contract_id: str) -> deals.Contract:
    contract = tx.contracts.get(contract_id)
    if contract is None:
        raise errors.NotFound(
            "contract_unknown",
            zh=f"办件 {call.business_key or contract_id} 还没有合同草案",
            en=f"the case {call.business_key or contract_id} has no draft of a contract",
            id=contract_id,
        )
    return contract
