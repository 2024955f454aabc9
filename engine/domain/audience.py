"""The customers whom a rule means: of some groups, and every line of a selector holds."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine import records
from engine.customers import facts as facts_of
from engine.ports import Transaction

PAGE = 500
ADDRESS = {"email": "email", "sms": "phone", "phone": "phone", "wechat": "wechat", "mail": "address"}
"""Which address a channel needs."""


def meant(tx: Transaction, groups: Sequence[Any], selector: Sequence[Mapping[str, Any]]) -> Iterator[records.Customer]:
    """In the order of their ids; a group means its sub-groups too."""
    after = ""
    while page := tx.customers.search(text="", group="", after=after, limit=PAGE):
        after = page[-1].id
        for customer in page:
            known = facts_of.of(customer)
            facts = {**known, **known["values"]}
            if _in(customer.group, groups) and all(holds(condition, facts) for condition in selector):
                yield customer


def holds(condition: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    """One line of a selection rule. ``ge`` and ``le`` compare numbers; an absent fact fulfils only ``ne``."""
    found, wanted = facts.get(str(condition.get("attribute"))), str(condition.get("value", ""))
    operator = condition.get("operator")
    if found is None or operator == "ne":
        return operator == "ne" and (found is None or _plain(found) != wanted)
    if operator == "eq":
        return _plain(found) == wanted
    if operator == "contains":
        return wanted in (found if isinstance(found, list) else _plain(found))
    try:
        number, limit = float(found), float(wanted)
    except (TypeError, ValueError):
        return False
    return number >= limit if operator == "ge" else operator == "le" and number <= limit


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _in(group: str, groups: Sequence[Any]) -> bool:
    """Of a group, of the group above it, or nobody asked."""
    return not groups or group in groups or group.split("-")[0] in groups
