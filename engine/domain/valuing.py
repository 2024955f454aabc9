"""What a customer was, is and may be worth, and which group follows from it."""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from engine import errors, marketing, records
from engine.customers import groups
from engine.domain import audience, given, lifting
from engine.people.agent import SYSTEM
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction

MODEL = "npv-1"
POINTS = 500
"""More points than the rules' scale knows nobody gets."""
BY_HAND_FOR = timedelta(days=365)
"""How long a group given by hand holds."""
MARGINS = ("annual_margin", "monthly_margin")
_NEVER = datetime(1, 1, 1, tzinfo=UTC)
SCORES = ("historical", "current", "potential")


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "values.due": lambda call: _due(store, call),
        "values.load": lambda call: _load(store, call),
        "values.compute": _compute,
        "values.write": lambda call: store.run(lambda tx: _write(tx, call)),
    }


def present_value(monthly: float, *, months: int, discount: float, retention: float, growth: float = 0) -> float:
    """Of a margin that comes every month for so long; the rates are of a year, growth may be negative."""
    step = math.pow(retention * (1 + growth) / (1 + discount), 1 / 12)
    return monthly * sum(math.pow(step, month) for month in range(1, months + 1))


def expected(items: Sequence[Mapping[str, Any]]) -> float:
    """What may come of cross-selling, activation and referrals: each amount by its probability."""
    return sum(float(item.get("amount") or 0) * float(item.get("probability") or 0) for item in items)


def points(money: float, unit: float) -> int:
    return max(0, min(POINTS, round(money / unit)))


def _due(store: Store, call: JobCall) -> JobAnswer:
    """Whose value is older than their group may have it: who never was valued first, then who was longest ago. Who has
    no margin on record is left alone: there is nothing to compute.

    ``weekly``: groups (their sub-groups too) for which ``weekly_after`` days count, for the rest ``others_after``.
    """
    weekly, most = given.items(call, "weekly"), int(given.number(call, "at_most", 500))
    often, seldom = (timedelta(days=given.number(call, name)) for name in ("weekly_after", "others_after"))
    waiting: list[tuple[datetime, str]] = []
    with store.reading() as tx:
        everybody = [one for one in audience.meant(tx, [], []) if any(map(one.attributes.get, MARGINS))]
        for start in range(0, len(everybody), audience.PAGE):
            page = everybody[start : start + audience.PAGE]
            valued = tx.scores.valued_at([one.id for one in page])
            for one in page:
                span = often if one.group in weekly or one.group.split("-")[0] in weekly else seldom
                last = valued.get(one.id, _NEVER)
                if last + span <= call.now:
                    waiting.append((last, one.number))
    due = [{"customerId": number, "channel": "api"} for _, number in sorted(waiting)[: max(most, 0)]]
    return JobAnswer(data={"due": due, "due_count": len(due)})


def _load(store: Store, call: JobCall) -> JobAnswer:
    """What was not told is taken from the customer's own attributes; ``has_data`` when there is a margin at all.

    ``growth`` is the change of the margin against the last value, of a year, between -50 % and +50 %.
    """
    customer = _customer(call)
    told = customer.attributes
    with store.reading() as tx:
        last = next(iter(tx.scores.values(customer.id, 1)), None)
        complaint = bool(tx.contacts.stopped([customer.id]))
    margin = _number(call, "history_margin", told.get("annual_margin"))
    rate = _number(call, "run_rate", told.get("monthly_margin"))
    if rate is None and margin is not None:
        rate = margin / 12
    before = last.current if last else 0
    growth = max(-0.5, min(0.5, (rate or 0) * 12 / before - 1)) if before > 0 else 0.0
    return JobAnswer(
        data={
            "history_margin": margin or 0,
            "run_rate": rate or 0,
            "has_data": margin is not None or rate is not None or customer.kind == "prospect",
            "growth": round(growth, 4),
            "open_complaint": complaint,
            "churn_risk": told.get("churn_risk") or 0,
            "from_group": customer.group,
        }
    )


def _number(call: JobCall, name: str, known: Any) -> float | None:
    if call.input.get(name) is not None:
        return given.number(call, name)
    return float(known) if isinstance(known, int | float) and not isinstance(known, bool) else None


def _compute(call: JobCall) -> JobAnswer:
    """Money of today, and points: money by ``money_per_point``."""
    months, discount = int(given.number(call, "months", 36)), given.number(call, "discount", 0.1)
    retention, unit = given.number(call, "retention", 0.8), given.number(call, "money_per_point", 10000)
    bounds = (("months", months, 1, 60), ("discount", discount, 0, 0.5), ("retention", retention, 0, 1))
    for name, value, least, most in bounds:
        if not least <= value <= most:
            raise given.wrong(call, name, zh=f"{least} 到 {most} 的数字", en=f"a number from {least} to {most}")
    if unit <= 0:
        raise given.wrong(call, "money_per_point", zh="大于 0 的数字", en="a number above 0")
    monthly = given.number(call, "run_rate", 0)
    worth = {
        "historical": given.number(call, "history_margin", 0),
        "current": present_value(
            monthly, months=months, discount=discount, retention=retention, growth=given.number(call, "growth", 0)
        ),
        "potential": expected(given.rows(call, "potential_items")),
    }
    return JobAnswer(
        data={
            "worth": {name: round(money, 2) for name, money in worth.items()},
            "points": {name: points(money, unit) for name, money in worth.items()},
        }
    )


def _write(tx: Transaction, call: JobCall) -> JobAnswer:
    """The value is kept, the scores are the customer's, and the group rules decide anew, or a person's hand does.

    ``change`` is what X-05 begins with; ``group_changed`` whether the group is another one.
    """
    customer = tx.customers.get(_customer(call).id)
    if customer is None:
        raise errors.NotFound("customer_unknown", zh="找不到客户", en="there is no such customer")
    worth, scored = call.input.get("worth"), call.input.get("points")
    if not isinstance(worth, Mapping) or not isinstance(scored, Mapping):
        raise given.wrong(call, "worth", zh="三部分价值", en="the three values")
    before = given.text(call, "from_group", customer.group)
    tx.scores.put_value(
        marketing.CustomerValue(
            id=call.id,
            customer=customer.id,
            **{name: float(worth.get(name) or 0) for name in SCORES},
            tier=given.text(call, "tier", customer.group),
            cluster=given.text(call, "cluster", ""),
            model=MODEL,
            at=call.now,
        )
    )
    cluster = given.text(call, "cluster", "")
    changed = msgspec.structs.replace(
        customer,
        scores={**customer.scores, **{name: {"value": scored.get(name) or 0, "model": MODEL} for name in SCORES}},
        attributes={**customer.attributes, **({"need_cluster": cluster} if cluster else {})},
        changed_at=call.now,
    )
    grouped = _decide(tx, call, changed)
    lifting.follow(tx, grouped, now=call.now)
    group = grouped.group
    moved = group != before
    change = {"from_group": before, "running_policy": "by_rule", "notify": True, "source": "MA-01"}
    return JobAnswer(data={"to_group": group, "group_changed": moved, "change": change})


def _decide(tx: Transaction, call: JobCall, changed: records.Customer) -> records.Customer:
    """Writes the customer, with the group that a hand or the rules give."""
    by_hand, decided = given.text(call, "override_group", ""), changed
    if by_hand:
        said = {
            "group": by_hand,
            "reason": given.text(call, "override_reason", ""),
            "until": (call.now + BY_HAND_FOR).date().isoformat(),
            "by": given.text(call, "override_by", SYSTEM.key),
        }
        decided = groups.override_within(tx, changed, said=said, now=call.now)
    elif tx.groups.released(call.now):
        decided = groups.regroup(tx, groups.book(tx, call.now), changed, now=call.now)
    if decided is changed:
        tx.customers.change(changed)
    return decided


def _customer(call: JobCall) -> records.Customer:
    if call.customer is None:
        raise errors.Invalid(
            "customer_needed", zh="这一步需要客户", en="this step needs a customer", handler=call.handler
        )
    return call.customer
