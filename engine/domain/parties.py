"""Customers and whom they belong to: records are vetted, kept once, merged field by field, given an owner."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from engine import errors, parties
from engine.customers import register
from engine.domain import given, lifting, sameness
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction
from engine.records import Customer

NEAR = 20
"""So many candidates are looked at closely."""
KINDS: tuple[parties.Kind, ...] = ("parent", "partner", "agent", "supplier")
FIELDS = ("name", "language", "industry", "address", "tax_no", "contacts")
"""What may be taken from the one that came in."""
_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_TAX = re.compile(rf"[{_LETTERS}]{{18}}")


def tax_number(number: str) -> str:
    """The eighteen letters of a unified social credit code in capitals; empty when its check letter is wrong.

    GB 32100-2015: weights are powers of three modulo 31, the last letter makes the sum divisible by 31.
    """
    plain = re.sub(r"[\s-]", "", number).upper()
    if not _TAX.fullmatch(plain):
        return ""
    total = sum(_LETTERS.index(letter) * pow(3, place, 31) for place, letter in enumerate(plain[:17]))
    return plain if _LETTERS[-total % 31] == plain[17] else ""


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "parties.check": lambda call: _check(store, call),
        "parties.register": lambda call: store.run(lambda tx: _register(store, tx, call)),
        "parties.merge": lambda call: store.run(lambda tx: _merge(tx, call)),
        "parties.assign": lambda call: store.run(lambda tx: _assign(tx, call)),
    }


def _check(store: Store, call: JobCall) -> JobAnswer:
    """``problems`` in both languages; ``match``: ``none``, or the number of the customer who is probably the same."""
    contacts, tax = given.rows(call, "contacts"), given.text(call, "tax_no", "")
    found = [
        f"缺少 {field} / {field} is missing"
        for field in given.items(call, "required")
        if not call.input.get(str(field))
    ]
    if tax and not tax_number(tax):
        found.append(f"统一社会信用代码校验位不对：{tax} / the check letter of {tax} is wrong")
    found += [problem for n, one in enumerate(contacts, 1) for problem in _contact_problems(n, one)]
    addresses = [value for one in contacts for value in _addresses(one) if value]
    if not addresses:
        found.append("至少要有一个电话或邮箱 / neither a phone number nor an e-mail")
    with store.reading() as tx:
        same = _same(tx, call, addresses)
    told = {"match": same.number, "match_name": same.name, "match_owner": same.owner} if same else {"match": "none"}
    return JobAnswer(data={"problems": found, "tax_no": tax_number(tax) or tax, **told})


def _contact_problems(n: int, contact: Mapping[str, Any]) -> list[str]:
    phone, email = str(contact.get("phone") or ""), str(contact.get("email") or "")
    found = []
    if phone and not sameness.phone(phone):
        found.append(f"第 {n} 位联系人电话不对：{phone} / contact {n}: no phone number: {phone}")
    if email and not sameness.email(email):
        found.append(f"第 {n} 位联系人邮箱不对：{email} / contact {n}: no e-mail address: {email}")
    return found


def _addresses(contact: Mapping[str, Any]) -> tuple[str, str]:
    return sameness.phone(str(contact.get("phone") or "")), sameness.email(str(contact.get("email") or ""))


def _same(tx: Transaction, call: JobCall, addresses: Sequence[str]) -> Customer | None:
    """Who is reached under one of these addresses, has this tax number, or a name of the same core."""
    own, name, tax = given.text(call, "number"), given.text(call, "name"), tax_number(given.text(call, "tax_no", ""))
    for customer in tx.customers.reached_by(addresses, NEAR):
        known = {value for one in customer.contacts for value in _addresses(one)}
        if customer.number != own and known & set(addresses):
            return customer
    core = sameness.core(name)
    for customer in tx.customers.search(text=core[:2], group="", after="", limit=NEAR):
        alike = sameness.core(customer.name) == core or (tax and customer.attributes.get("tax_no") == tax)
        if customer.number != own and alike:
            return customer
    return None


def _register(store: Store, tx: Transaction, call: JobCall) -> JobAnswer:
    """A new customer of that number; asked again by the same case it is the one it made."""
    number = given.text(call, "number")
    customer = tx.customers.by_number(number)
    if customer is None:
        data = {
            "number": number,
            "name": given.text(call, "name"),
            "kind": given.choice(call, "kind", ("customer", "prospect")),
            "language": given.text(call, "language", "zh-CN"),
            "contacts": [_contact(one) for one in given.rows(call, "contacts")],
            "attributes": {**_attributes(call), "registered_by": call.instance_id},
        }
        customer = register.register_within(tx, new_id=store.new_id(), data=data, now=call.now)
    elif customer.attributes.get("registered_by") != call.instance_id:
        raise errors.Conflict(
            "number_taken",
            zh=f"客户编号 {number} 已存在",
            en=f"the customer number {number!r} is taken",
            number=number,
        )
    _relate(tx, call, customer)
    return JobAnswer(data={"customer_no": customer.number, "customer_group": customer.group})


def _attributes(call: JobCall) -> dict[str, Any]:
    told = {name: given.text(call, name, "") for name in ("industry", "address", "tax_no", "city", "party_type")}
    return {name: value for name, value in told.items() if value}


def _contact(row: Mapping[str, Any]) -> dict[str, str]:
    phone, email = _addresses(row)
    told = {"name": str(row.get("name") or ""), "role": str(row.get("role") or ""), "phone": phone, "email": email}
    return {name: value for name, value in told.items() if value}


def _relate(tx: Transaction, call: JobCall, customer: Customer) -> None:
    """``relations``: rows of {kind, number}. Raises NotFound for a number that nobody has."""
    for row in given.rows(call, "relations"):
        other = _known(tx, str(row.get("number") or ""))
        kind = next((kind for kind in KINDS if kind == row.get("kind")), None)
        if kind is None:
            raise given.wrong(call, "relations", zh="带已知关系种类的列表", en="rows with a known kind")
        tx.parties.relate(parties.Relation(party=customer.id, other=other.id, kind=kind, since=call.now))
        if kind == "parent":
            lifting.follow(tx, other, now=call.now)


def _merge(tx: Transaction, call: JobCall) -> JobAnswer:
    """The fields in ``taken`` replace those of the customer ``into``; contacts that are new are added anyway."""
    customer = _known(tx, given.text(call, "into"))
    done = tx.parties.merged(call.instance_id)
    if done is None:
        taken = [field for field in FIELDS if field in given.items(call, "taken")]
        before = {field: _field(customer, field) for field in taken}
        tx.parties.merge(
            parties.Merge(id=call.instance_id, into=customer.id, taken=taken, before=before, merged_at=call.now)
        )
        register.change_within(tx, customer_id=customer.id, data=_merged(call, customer, taken), now=call.now)
    _relate(tx, call, customer)
    return JobAnswer(data={"customer_no": customer.number, "customer_group": customer.group})


def _field(customer: Customer, field: str) -> Any:
    if field == "contacts":
        return list(customer.contacts)
    return getattr(customer, field) if field in ("name", "language") else customer.attributes.get(field)


def _merged(call: JobCall, customer: Customer, taken: Sequence[str]) -> dict[str, Any]:
    """What changes of the customer, as ``register`` takes it."""
    new = [_contact(one) for one in given.rows(call, "contacts")]
    known = {value for one in customer.contacts for value in _addresses(one) if value}
    kept = [] if "contacts" in taken else list(customer.contacts)
    added = [one for one in new if "contacts" in taken or not {one.get("phone"), one.get("email")} & known]
    told: dict[str, Any] = {"contacts": kept + added}
    told |= {field: given.text(call, field) for field in ("name", "language") if field in taken}
    told["attributes"] = {field: given.text(call, field) for field in FIELDS[2:5] if field in taken}
    return told


def _assign(tx: Transaction, call: JobCall) -> JobAnswer:
    customer = _known(tx, given.text(call, "number"))
    owner = given.text(call, "owner")
    if customer.owner != owner:
        register.change_within(tx, customer_id=customer.id, data={"owner": owner}, now=call.now)
    return JobAnswer(data={"owner": owner})


def _known(tx: Transaction, number: str) -> Customer:
    customer = tx.customers.by_number(number)
    if customer is None:
        raise errors.NotFound(
            "customer_unknown", zh=f"找不到客户 {number}", en=f"there is no customer {number!r}", id=number
        )
    return customer
