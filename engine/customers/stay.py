"""The minimum stay: a customer does not flap between two groups."""

from datetime import datetime

import msgspec

from engine import records
from engine.customers.rules import Book, Decision
from engine.model.text import EN, ZH, both, pick
from engine.schedule import iso


def hold(book: Book, customer: records.Customer, decided: Decision, *, now: datetime) -> Decision:
    """The decision, or the present group while the stay since the last change is shorter than the rules demand.

    A first group, and leaving a group that is no more, is never held back.
    """
    shortest = book.rules.minimum_stay
    if not shortest or decided.group == customer.group or customer.group not in book.groups or not customer.group_since:
        return decided
    until = iso.add(customer.group_since, iso.duration(shortest))
    if now >= until:
        return decided
    day = until.date().isoformat()
    name, new = book.name(customer.group), book.name(decided.group)
    return msgspec.structs.replace(
        decided,
        group=customer.group,
        how="held",
        says=both(
            zh=f"因为变更客户群后至少停留到 {day}；按规则现在应为{pick(new, ZH)}（{decided.says[ZH]}）",
            en=f"because a customer stays in {pick(name, EN)} until {day} after a change; the rules now say "
            f"{pick(new, EN)} ({decided.says[EN]})",
        ),
    )
