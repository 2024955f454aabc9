"""Target lists: select customers by rule, remove doubles and bad addresses, freeze a version."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from engine import records
from engine.domain import audience, given
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction

AT_RISK = 0.5
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]{1,63}(\.[^@\s.]{1,63}){1,4}")
_NO_DIGITS = re.compile(r"\D+")


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "lists.select": lambda call: JobAnswer(data={"candidates": _select(store, call)}),
        "lists.clean": clean,
        "lists.freeze": lambda call: store.run(lambda tx: _freeze(tx, call)),
    }


def _select(store: Store, call: JobCall) -> list[dict[str, Any]]:
    """Customers of the groups (sub-groups too) for whom every line of the selector holds."""
    groups, selector = given.items(call, "groups"), given.rows(call, "selector")
    with store.reading() as tx:
        found = [_candidate(customer) for customer in audience.meant(tx, groups, selector)]
        stopped = tx.contacts.stopped([one["customer_id"] for one in found])
    return [{**one, "open_complaint": one["customer_id"] in stopped} for one in found]


def _candidate(customer: records.Customer) -> dict[str, Any]:
    told = customer.attributes
    addresses = {name: told.get(name) for name in sorted(set(audience.ADDRESS.values()))}
    wishes = {
        name: told.get(name) is True for name in ("opt_in", "do_not_contact", "open_opportunity", "recent_purchase")
    }
    return {
        "customer_id": customer.id,
        "name": customer.name,
        "group": customer.group,
        "owner": customer.owner,
        "nurture_contacts": told.get("nurture_contacts", 0),
        "at_risk": audience.holds({"attribute": "churn_risk", "operator": "ge", "value": AT_RISK}, told),
        **addresses,
        **wishes,
    }


def clean(call: JobCall) -> JobAnswer:
    """The first of those with one key stays; whoever has no usable address for the channel goes."""
    key = given.text(call, "key", "customer_id")
    need = audience.ADDRESS.get(given.text(call, "channel", "email"), "email")
    seen: set[str] = set()
    kept, doubles, unreachable = [], 0, 0
    for one in given.rows(call, "candidates"):
        same = _normal(key, one.get(key)) or str(one.get("customer_id"))
        if same in seen:
            doubles += 1
        elif not _usable(need, one.get(need)):
            unreachable += 1
        else:
            seen.add(same)
            kept.append(one)
    return JobAnswer(data={"candidates": kept, "doubles": doubles, "unreachable": unreachable})


def _normal(key: str, value: Any) -> str:
    """Telephone numbers by their last eleven digits: +86 138... and 138... are one."""
    words = str(value or "").strip().lower()
    return _NO_DIGITS.sub("", words)[-11:] if key == "phone" else words


def _usable(need: str, value: Any) -> bool:
    words = str(value or "").strip()
    if need == "email":
        return _EMAIL.fullmatch(words) is not None
    return len(_normal("phone", words)) >= 5 if need == "phone" else bool(words)


def _freeze(tx: Transaction, call: JobCall) -> JobAnswer:
    """A person's rulings come before the rules' verdicts."""
    rulings = {str(one.get("customer_id")): one for one in given.rows(call, "rulings")}
    members = []
    for one in given.rows(call, "candidates"):
        ruled: dict[str, Any] = rulings.get(str(one.get("customer_id")), {})
        members.append(one | {name: ruled[name] for name in ("verdict", "note", "message") if name in ruled})
    frozen = tx.ledger.freeze(given.text(call, "campaign"), members, call.id, call.now)
    counts = Counter(str(one.get("verdict")) for one in frozen.members)
    told = {f"{verdict}_count": counts[verdict] for verdict in ("allowed", "deferred", "dropped", "owner")}
    return JobAnswer(data={"list_id": frozen.id, "list_version": frozen.n, **told})
