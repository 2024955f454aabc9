"""Leads are taken in once: read, compared with the leads and customers that are known, kept or joined."""

from collections.abc import Mapping
from typing import Any

from engine import trade
from engine.domain import given, sameness
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction
from engine.records import Customer

NEAR = 20
"""So many candidates are looked at closely, and so many letters of a name lead to them: two."""


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "leads.read": _read,
        "leads.search": lambda call: _search(store, call),
        "leads.keep": lambda call: store.run(lambda tx: _keep(tx, call)),
        "leads.join": lambda call: store.run(lambda tx: _join(tx, call)),
    }


def _read(call: JobCall) -> JobAnswer:
    """Phone and e-mail in their one form; ``problems`` says what hinders, in both languages."""
    phone, email = given.text(call, "phone", ""), given.text(call, "email", "")
    plain, address = sameness.phone(phone), sameness.email(email)
    problems = []
    if phone and not plain:
        problems.append(f"电话号码不对 / no phone number: {phone}")
    if email and not address:
        problems.append(f"邮箱不对 / no e-mail address: {email}")
    if not plain and not address:
        problems.append("电话和邮箱至少要有一个 / neither phone nor e-mail")
    return JobAnswer(data={"phone": plain or phone, "email": address or email, "problems": problems})


def _search(store: Store, call: JobCall) -> JobAnswer:
    """``match``: ``customer`` or ``exact`` (same number, address, company), ``probable`` (a like name), ``none``."""
    phone, email = sameness.phone(given.text(call, "phone", "")), sameness.email(given.text(call, "email", ""))
    company, name = given.text(call, "company", ""), given.text(call, "name")
    with store.reading() as tx:
        for customer in tx.customers.reached_by([value for value in (phone, email) if value], NEAR):
            if _reaches(customer, phone, email):
                return _found("customer", customer)
        for lead in tx.leads.reached_by(phone, email):
            if lead.id != given.text(call, "lead"):
                return _found("exact", lead)
        return _by_name(tx, call, company or name, sure=bool(company))


def _by_name(tx: Transaction, call: JobCall, wanted: str, *, sure: bool) -> JobAnswer:
    """A company of the same core is the customer; a person of the same name is a person of the same name."""
    start = sameness.core(wanted)[:2]
    parties: list[Customer | trade.Lead] = [
        *tx.customers.search(text=start, group="", after="", limit=NEAR),
        *(lead for lead in tx.leads.named_like(start, NEAR) if lead.id != given.text(call, "lead")),
    ]
    ranked = sorted(parties, key=lambda one: -sameness.likeness(wanted, _title(one)))
    if not ranked or sameness.likeness(wanted, _title(ranked[0])) < sameness.ALIKE:
        return JobAnswer(data={"match": "none", "match_id": None, "match_name": None, "match_owner": None})
    same = sure and sameness.core(wanted) == sameness.core(_title(ranked[0]))
    return _found("customer" if same and isinstance(ranked[0], Customer) else "probable", ranked[0])


def _reaches(customer: Customer, phone: str, email: str) -> bool:
    return any(
        (phone and sameness.phone(str(contact.get("phone") or "")) == phone)
        or (email and sameness.email(str(contact.get("email") or "")) == email)
        for contact in customer.contacts
    )


def _title(party: Customer | trade.Lead) -> str:
    return party.name if isinstance(party, Customer) else party.company or party.name


def _found(match: str, party: Customer | trade.Lead) -> JobAnswer:
    known = party.number if isinstance(party, Customer) else party.id
    return JobAnswer(
        data={"match": match, "match_id": known, "match_name": _title(party), "match_owner": party.owner or None}
    )


def _keep(tx: Transaction, call: JobCall) -> JobAnswer:
    lead = trade.Lead(
        id=given.text(call, "lead"),
        name=given.text(call, "name"),
        company=given.text(call, "company", ""),
        phone=given.text(call, "phone", ""),
        email=given.text(call, "email", ""),
        source=given.text(call, "source", ""),
        need=given.text(call, "need", ""),
        consent=call.input.get("consent") is True,
        campaign=given.text(call, "campaign", ""),
        created_at=call.now,
    )
    tx.leads.keep(lead)
    return JobAnswer(data={"lead_id": lead.id})


def _join(tx: Transaction, call: JobCall) -> JobAnswer:
    """What was said this time is added to the lead that is known; a customer's number has no lead to add to."""
    known = tx.leads.known(given.text(call, "into"))
    if known is not None:
        told: dict[str, Any] = {
            "lead": given.text(call, "lead"),
            "source": given.text(call, "source", ""),
            "need": given.text(call, "need", ""),
            "at": call.now.isoformat(),
        }
        if told["lead"] not in [one["lead"] for one in known.joined]:
            tx.leads.join(known.id, [*known.joined, told])
    return JobAnswer(data={"lead_id": given.text(call, "into")})
