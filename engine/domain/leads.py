"""Who gets a lead, and the public pool: rotation among those who are there, a daily cap on claims."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine import errors
from engine.domain import given
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction
from engine.records import Person
from engine.trade import PooledLead

HOUSE_ZONE = ZoneInfo("Asia/Shanghai")
"""Whose midnight begins a new day of claims."""
_NEVER = datetime.min.replace(tzinfo=UTC)
Picks = Mapping[str, tuple[int, datetime]]


def choose(people: Sequence[Person], *, rule: str, skills: Sequence[str], former: str, picks: Picks) -> str | None:
    """``owner``: the former one where present. ``skill``: most of the wanted skills. ``least_busy``: fewest leads.

    In doubt, and for ``rotation``, who got one longest ago. None when nobody is there.
    """
    if rule == "owner" and any(person.key == former for person in people):
        return former

    def turn(person: Person) -> tuple[Any, ...]:
        count, last = picks.get(person.key, (0, _NEVER))
        fit = -len(set(skills) & set(person.skills)) if rule == "skill" else 0
        return (fit, count if rule == "least_busy" else 0, last, person.key)

    return min(people, key=turn).key if people else None


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "leads.pick": lambda call: JobAnswer(data={"owner": store.run(lambda tx: _pick(tx, call))}),
        "leads.pool": lambda call: _pool(store, call),
        "leads.claim": lambda call: store.run(lambda tx: _claim(tx, call)),
    }


def _pick(tx: Transaction, call: JobCall) -> str | None:
    known = tx.leads.picked_for(call.id)
    if known:
        return known
    team, rule = given.text(call, "team", ""), given.text(call, "rule", "rotation")
    tried, former = given.items(call, "tried"), given.text(call, "former", "")
    tx.leads.lock(f"of {team}")
    everybody = tx.people.all()
    blocked = tx.leads.blocked([person.key for person in everybody])
    present = [
        person
        for person in everybody
        if person.active
        and person.key not in (*tried, *blocked)
        and (team in person.groups or (rule == "owner" and person.key == former))
    ]
    picks = tx.leads.picks([person.key for person in present])
    chosen = choose(present, rule=rule, skills=given.items(call, "skills"), former=former, picks=picks)
    if chosen:
        tx.leads.picked(chosen, call.id, call.now)
    return chosen


def _pool(store: Store, call: JobCall) -> JobAnswer:
    """The lead has no owner from now on, and nobody has tried."""
    lead = PooledLead(
        lead=given.text(call, "lead"),
        pool=given.text(call, "pool"),
        former=given.text(call, "former", ""),
        pooled_at=call.now,
    )
    store.run(lambda tx: tx.leads.pool(lead))
    return JobAnswer(data={"owner": None, "outcome": None, "reassignments": 0, "tried": []})


def _claim(tx: Transaction, call: JobCall) -> JobAnswer:
    """``cap_reached`` when the person has had today's share. Raises Conflict when another has the lead."""
    lead, person = given.text(call, "lead"), given.text(call, "person")
    tx.leads.lock(person)
    pooled = tx.leads.get(lead)
    if pooled is None:
        raise errors.NotFound(
            "lead_not_pooled", zh=f"线索 {lead} 不在公海中", en=f"the lead {lead!r} is not in the pool", lead=lead
        )
    if pooled.claimed_by == person:
        return JobAnswer(data={"owner": person})
    if tx.leads.claims(person, _midnight(call.now)) >= given.number(call, "cap"):
        return JobAnswer(error="cap_reached", message=person)
    if not tx.leads.claim(lead, person, call.now):
        raise errors.Conflict(
            "lead_claimed",
            zh=f"线索 {lead} 已被 {pooled.claimed_by} 领取",
            en=f"the lead {lead!r} was claimed by {pooled.claimed_by}",
            lead=lead,
        )
    return JobAnswer(data={"owner": person})


def _midnight(now: datetime) -> datetime:
    return now.astimezone(HOUSE_ZONE).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
