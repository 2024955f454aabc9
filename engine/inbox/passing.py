"""Steps that the engine does by itself: who is to do it said yes already, or started the case, or nobody is there.

It says the form's yes, and only where the form asks for nothing more; else the step waits for a person as ever.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from engine import facts, records
from engine.forms import steps
from engine.inbox import filled, signing
from engine.kernel.graph import Plan
from engine.people.agent import TASK_ROLES
from engine.ports import Assigned, Opening, Transaction

HISTORY = 2000
"""Facts that are looked through for an earlier yes."""
HIGHEST = 10
"""Managers' managers that are looked at."""
_STARTS_OVER = ("send_back", "take_back")


def settled(tx: Transaction, opening: Opening, made: Assigned, able: Sequence[str], now: datetime) -> Assigned:
    """What becomes of the new item by its node's setting. ``able``: who could do it."""
    said = opening.passing
    if said is None:
        return made
    yes = filled.yes(_form(opening.plan, opening.item.node))
    if not able:
        return _left_alone(tx, opening, made, yes)
    item = made.item
    if yes is None or item.shared.signatures or item.assignee is None:
        return made
    person = item.shared.absent or item.assignee
    if said.starter and _starter(tx, opening) == person:
        return _passed(made, "starter", person, yes)
    if said.same_person and _agreed(tx, opening, person, ever=said.same_person == "before"):
        return _passed(made, "same", person, yes)
    return made


def able(people: Sequence[records.Person], item: records.WorkItem) -> list[str]:
    """Active people who work here, are named by the item in any way, and did nothing that excludes them."""
    groups = set(item.groups)
    named = {item.assignee, *item.users, *(one.person for one in item.shared.signatures)}
    return [
        one.key
        for one in people
        if one.active
        and TASK_ROLES & set(one.roles)
        and (one.key in named or groups & set(one.groups))
        and one.key not in item.excluded
    ]


def _left_alone(tx: Transaction, opening: Opening, made: Assigned, yes: dict[str, Any] | None) -> Assigned:
    choice = opening.passing.nobody if opening.passing is not None else ""
    if choice == "pass" and yes is not None:
        return _passed(made, "nobody", "", yes)
    if choice == "incident":
        return made._replace(onward=_onward(made.item, "nobody", made.item.assignee or "", None))
    if not choice:
        return made
    people = {one.key: one for one in tx.people.all()}
    found = [_next_up(tx, made.item, people)] if choice == "manager" else []
    to = tuple(key for key in found if key) or _admins(people, made.item)
    item = msgspec.structs.replace(made.item, assignee=None, claimed_at=None, users=(*made.item.users, *to))
    told = facts.WorkItemActed(node=item.node, verb="nobody_there", to=",".join(to))
    return Assigned(item, (*made.told, told))


def _next_up(tx: Transaction, item: records.WorkItem, people: Mapping[str, records.Person]) -> str:
    """The nearest manager who is there: of whoever is named, else of the groups; empty when there is none."""
    named = [people[key].manager for key in (item.assignee or "", *item.users) if key in people]
    managers = [*named, *(group.manager for group in tx.people.groups() if group.key in item.groups)]
    for manager in managers:
        for _ in range(HIGHEST):
            person = people.get(manager)
            if person is None:
                break
            if person.active and TASK_ROLES & set(person.roles) and person.key not in item.excluded:
                return person.key
            manager = person.manager
    return ""


def _admins(people: Mapping[str, records.Person], item: records.WorkItem) -> tuple[str, ...]:
    return tuple(key for key, one in people.items() if one.active and "admin" in one.roles and key not in item.excluded)


def _passed(made: Assigned, why: Any, person: str, yes: dict[str, Any]) -> Assigned:
    return made._replace(onward=_onward(made.item, why, person, yes))


def _onward(item: records.WorkItem, why: Any, person: str, data: dict[str, Any] | None) -> records.Onward:
    return records.Onward(wait=item.wait, node=item.node, why=why, person=person, data=data)


def _form(plan: Plan, node: str) -> Mapping[str, Any] | None:
    found = plan.nodes[plan.index[node]].model if node in plan.index else None
    return steps.of(plan.program.forms, getattr(found, "form", ""), node)


def _starter(tx: Transaction, opening: Opening) -> str:
    """Whoever takes the first step of a case that is not stored yet has started it."""
    instance = tx.instances.get(opening.item.instance_id)
    return instance.started_by if instance is not None else opening.agent


def _agreed(tx: Transaction, opening: Opening, person: str, *, ever: bool) -> bool:
    """The person's last word here was a yes, in this step or (``ever``) before it, since nothing was sent back."""
    absent = {one.wait: one.shared.absent for one in tx.waits.work_items(opening.item.instance_id)}
    done = list(_completions([(opening.agent, fact) for fact in opening.facts]))
    if ever and not done_by(done, person, absent):
        history = tx.facts.of_instance(opening.item.instance_id, limit=HISTORY)
        done = list(_completions([(row.agent, row.fact) for row in history]))
    said = done_by(done, person, absent)
    return bool(said) and signing.agrees(_form(opening.plan, said[-1].node), said[-1].data)


def done_by(
    done: Sequence[tuple[str, facts.WorkItemCompleted]], person: str, absent: Mapping[int, str]
) -> list[facts.WorkItemCompleted]:
    """Those that the person did, or somebody in their stead."""
    return [fact for agent, fact in done if (absent.get(fact.wait) or agent) == person]


def _completions(told: Sequence[tuple[str, facts.AnyFact]]) -> Iterator[tuple[str, facts.WorkItemCompleted]]:
    """Since something was last sent back, taken back or moved by hand: what was agreed before is asked anew."""
    begin = 0
    for place, (_, fact) in enumerate(told):
        if isinstance(fact, facts.TokenMoved | facts.InstanceMigrated) or (
            isinstance(fact, facts.WorkItemActed) and fact.verb in _STARTS_OVER
        ):
            begin = place
    for agent, fact in told[begin:]:
        if isinstance(fact, facts.WorkItemCompleted):
            yield agent, fact
