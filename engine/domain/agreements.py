"""What was agreed on service: in force version by version, measured month by month.

A month is measured over the customer's incidents that began in it, in open time of the agreed calendar.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from engine import care, errors
from engine.domain import given
from engine.facts import WorkItemActed, WorkItemCompleted
from engine.hours import keep
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction
from engine.records import Instance
from engine.schedule import calendars

INCIDENTS, REQUESTS = "CSS-02", "CSS-01"
PAGE = 200
FACTS = 200
"""Among so many facts of a case somebody has answered, or nobody has."""
PENALTY_MOST = 30.0
"""Percent of the monthly fee, however many promises were broken."""


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """One incident against the terms."""

    answered: bool
    """In time; what is still open and not yet due counts as kept."""
    solved: bool


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "agreements.activate": lambda call: store.run(lambda tx: _activate(tx, call)),
        "agreements.end": lambda call: store.run(lambda tx: _end(tx, call)),
        "agreements.report": lambda call: _report(store, call),
    }


def penalty(monthly_fee: float, percent: float, breaches: int) -> float:
    return round(monthly_fee * min(percent * breaches, PENALTY_MOST) / 100, 2)


def measure(
    terms: care.Agreement,
    calendar: calendars.Calendar,
    *,
    began: datetime,
    answered: datetime | None,
    solved: datetime | None,
    now: datetime,
) -> Measured:
    """``calendar``: the agreed one as the house keeps it."""
    answer_due = calendars.add_time(calendar, began, timedelta(minutes=terms.first_response_minutes))
    solve_due = calendars.add_time(calendar, began, timedelta(minutes=terms.resolution_minutes))
    return Measured(answered=(answered or solved or now) <= answer_due, solved=(solved or now) <= solve_due)


def _activate(tx: Transaction, call: JobCall) -> JobAnswer:
    """A version of its own for every change of the terms; the one before is replaced, kept and found by its number."""
    number = given.text(call, "agreement")
    tx.agreements.lock(number)
    known = tx.agreements.versions(number)
    made = _terms(tx, call, number, n=known[0].n + 1 if known else 1)
    if known and known[0] == msgspec.structs.replace(made, n=known[0].n, activated_at=known[0].activated_at):
        made = known[0]
    else:
        if known and known[0].status == "active":
            tx.agreements.put(msgspec.structs.replace(known[0], status="replaced"))
        tx.agreements.put(made)
    return JobAnswer(data={"agreement_version": made.n, "valid_to": made.valid_to})


def _terms(tx: Transaction, call: JobCall, number: str, *, n: int) -> care.Agreement:
    level, calendar = given.text(call, "level"), given.text(call, "calendar", "cn-5x8")
    if level not in ("gold", "silver", "bronze", "trial"):
        raise given.wrong(call, "level", zh="gold、silver、bronze 或 trial", en="gold, silver, bronze or trial")
    if keep.of(tx, calendar) is None:
        raise given.wrong(call, "calendar", zh="已知的日历", en="a known calendar")
    begins, ends = _day(call, "valid_from"), _day(call, "valid_to")
    if ends < begins:
        raise given.wrong(call, "valid_to", zh="不早于起始日的日期", en="a day not before the first one")
    return care.Agreement(
        id=number,
        n=n,
        customer=call.customer.id if call.customer else "",
        level=level,  # type: ignore[arg-type]  # one of them, as was just seen
        calendar=calendar,
        first_response_minutes=_minutes(call, "first_response_minutes"),
        resolution_minutes=_minutes(call, "resolution_minutes"),
        included_calls=int(given.number(call, "included_calls", 0)),
        monthly_fee=given.number(call, "monthly_fee", 0),
        penalty_percent=given.number(call, "penalty_percent", 0),
        valid_from=begins,
        valid_to=ends,
        activated_at=call.now,
    )


def _minutes(call: JobCall, name: str) -> int:
    minutes = given.number(call, name)
    if minutes < 1:
        raise given.wrong(call, name, zh="至少一分钟", en="at least one minute")
    return int(minutes)


def _day(call: JobCall, name: str) -> str:
    try:
        return date.fromisoformat(given.text(call, name)).isoformat()
    except ValueError:
        raise given.wrong(call, name, zh="日期，例如 2026-12-31", en="a day such as 2026-12-31") from None


def _end(tx: Transaction, call: JobCall) -> JobAnswer:
    found = _known(tx, given.text(call, "agreement"))
    tx.agreements.put(msgspec.structs.replace(found, status="ended"))
    return JobAnswer()


def _known(tx: Transaction, number: str) -> care.Agreement:
    versions = tx.agreements.versions(number)
    if not versions:
        raise errors.NotFound(
            "agreement_unknown", zh=f"没有服务合同 {number}", en=f"there is no agreement {number!r}", number=number
        )
    return versions[0]


def _report(store: Store, call: JobCall) -> JobAnswer:
    """How the promises were kept ``since`` (absent: a month ago), what of the calls is used, how long the term runs."""
    since = given.moment(call, "since", call.now - timedelta(days=30))
    with store.reading() as tx:
        terms = _known(tx, given.text(call, "agreement"))
        calendar = keep.of(tx, terms.calendar) or calendars.BUILT_IN["cn-5x8"]
        cases = list(_began(tx, INCIDENTS, terms.customer, since))
        measured = [
            measure(
                terms,
                calendar,
                began=one.started_at,
                answered=_answered(tx, one),
                solved=one.ended_at,
                now=call.now,
            )
            for one in cases
        ]
        calls = sum(1 for _ in _began(tx, REQUESTS, terms.customer, since))
    late, unsolved = sum(not one.answered for one in measured), sum(not one.solved for one in measured)
    kept = sum(one.answered and one.solved for one in measured)
    return JobAnswer(
        data={
            "report_cases": len(measured),
            "answered_late": late,
            "solved_late": unsolved,
            "sla_percent": round(100 * kept / len(measured), 1) if measured else 100.0,
            "breaches": late + unsolved,
            "penalty": penalty(terms.monthly_fee, terms.penalty_percent, late + unsolved),
            "calls_used": calls,
            "usage_percent": round(100 * calls / terms.included_calls, 1) if terms.included_calls else 0.0,
            "days_left": (date.fromisoformat(terms.valid_to) - call.now.date()).days,
        }
    )


def _began(tx: Transaction, process: str, customer: str, since: datetime) -> Iterator[Instance]:
    after = ""
    where: dict[str, Any] = {"process": process, "customer_id": customer}
    while page := tx.instances.search(where=where, after=after, limit=PAGE):
        for one in page:
            if one.started_at < since:
                return
            yield one
        after = page[-1].id


def _answered(tx: Transaction, case: Instance) -> datetime | None:
    """When a person first did something with it."""
    for row in tx.facts.of_instance(case.id, limit=FACTS):
        if isinstance(row.fact, WorkItemCompleted | WorkItemActed):
            return row.at
    return None
