"""Territories: who looks after which customers, changed with its consequences shown before, and all of it at once."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from engine import deals, errors, facts, selling
from engine.customers import groups, register
from engine.domain import given
from engine.people import held
from engine.people.agent import SYSTEM
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction
from engine.records import Customer, Person
from engine.trade import PooledLead

ATTRIBUTES = ("region", "postcode", "industry", "product", "customer")
OPERATORS = ("is", "begins")
OPEN_ITEMS: tuple[selling.OpenItems, ...] = ("keep", "move", "by_stage")
POOL = "pool"
"""To nobody: whoever claims the customer has it."""
EARLY = ("visit", "needs")
"""Deals that move where it goes by stage; who has got further finishes them."""
_ROUND = 500
_FIELDS = {"region": "city", "postcode": "postcode", "industry": "industry", "product": "product"}
Deals = Mapping[str, Sequence[deals.Opportunity]]
"""Those that are open, by customer."""


def covers(rules: Sequence[Mapping[str, Any]], customer: Customer) -> bool:
    """Of one attribute any rule must hold, and one of each attribute that is named. No rules cover nobody."""
    wanted = defaultdict(list)
    for rule in rules:
        wanted[rule.get("attr")].append(rule)
    return bool(rules) and all(any(_holds(rule, customer) for rule in some) for some in wanted.values())


def _holds(rule: Mapping[str, Any], customer: Customer) -> bool:
    attr, value = str(rule.get("attr")), str(rule.get("value") or "").casefold()
    told = customer.number if attr == "customer" else customer.attributes.get(_FIELDS.get(attr, ""), "")
    known = [str(one).casefold() for one in (told if isinstance(told, list | tuple) else [told])]
    return bool(value) and any(one.startswith(value) if rule.get("op") == "begins" else one == value for one in known)


def share(count: int, *, among: Sequence[str], load: Mapping[str, int]) -> list[str]:
    """Whoever has fewest gets the next, by key where several have as few. Nobody among whom: to nobody."""
    has = {key: load.get(key, 0) for key in among}
    given_to = []
    for _ in range(count):
        least = min(has, key=lambda key: (has[key], key), default="")
        given_to.append(least)
        if least:
            has[least] += 1
    return given_to


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "territories.simulate": lambda call: store.run(lambda tx: _simulate(tx, call)),
        "territories.apply": lambda call: store.run(lambda tx: _apply(tx, call)),
        "territories.end_overlap": lambda call: store.run(lambda tx: _end_overlap(tx, call)),
    }


def _simulate(tx: Transaction, call: JobCall) -> JobAnswer:
    """The draft is written down; ``problems`` in both languages, else ``impact`` and the ``managers`` it concerns."""
    number = given.text(call, "number")
    tx.territories.lock()
    known = tx.territories.realignment(number)
    if known is not None and known.status == "applied":
        raise errors.Conflict(
            "territory_applied", zh=f"调整 {number} 已生效", en=f"the realignment {number!r} is in force", number=number
        )
    found = _problems(tx, call)
    if found:
        return JobAnswer(data={"problems": found, "impact": {}, "managers": []})
    plan = selling.Realignment(
        id=number,
        territory=given.text(call, "territory"),
        rules=tuple(given.rows(call, "rules")),
        members=tuple(dict.fromkeys(str(one) for one in given.items(call, "members"))),
        segment=given.text(call, "segment", ""),
        leaver=given.text(call, "leaver", ""),
        effective=given.text(call, "effective"),
        open_items=given.choice(call, "open_items", OPEN_ITEMS),
        drafted_at=call.now,
    )
    tx.territories.keep(plan)
    moves = _moves(tx, call, plan)
    told = {"customers": len(moves), "rows": moves[:200], **_money(tx, moves, plan.effective)}
    return JobAnswer(data={"problems": [], "impact": told, "managers": _managers(tx, moves)})


def _problems(tx: Transaction, call: JobCall) -> list[str]:
    rules, members, leaver = given.rows(call, "rules"), given.items(call, "members"), given.text(call, "leaver", "")
    found = [] if rules else ["没有规则 / there is no rule"]
    for n, rule in enumerate(rules, 1):
        if rule.get("attr") not in ATTRIBUTES or rule.get("op") not in OPERATORS or not rule.get("value"):
            found.append(f"第 {n} 条规则不完整 / rule {n} is not complete")
    working = {person.key for person in tx.people.all() if person.active}
    strangers = [str(key) for key in members if key not in working]
    if strangers:
        found.append(f"不在岗：{'、'.join(strangers)} / not at work here: {', '.join(strangers)}")
    if not members and given.text(call, "receiver", "") != POOL:
        found.append("没有成员 / there is no member")
    if leaver and leaver in members:
        found.append(f"离职者 {leaver} 不能是成员 / {leaver} is leaving and cannot be a member")
    effective, today = given.text(call, "effective"), call.now.date().isoformat()
    if effective < today:
        found.append(f"生效日 {effective} 已过 / the day it begins, {effective}, has passed")
    return found


def _moves(tx: Transaction, call: JobCall, plan: selling.Realignment) -> list[dict[str, Any]]:
    """Covered customers whose owner is none of the members, in the order of their numbers, and to whom they go.

    ``receiver`` pool: to nobody, all that have an owner. Of a leaver: only theirs.
    """
    pooled = given.text(call, "receiver", "") == POOL
    everybody = sorted(_everybody(tx), key=lambda customer: customer.number)
    load = Counter(customer.owner for customer in everybody)
    book = groups.book(tx, call.now) if plan.segment else None
    leaving = []
    for customer in everybody:
        stays = customer.owner != plan.leaver if plan.leaver else customer.owner in ("" if pooled else plan.members)
        elsewhere = book is not None and plan.segment not in book.chain(customer.group)
        if not stays and not elsewhere and covers(plan.rules, customer):
            leaving.append(customer)
    people = {person.key: person for person in tx.people.all()}
    to = [""] * len(leaving) if pooled else share(len(leaving), among=plan.members, load=load)
    return [
        {
            "customer": customer.id,
            "number": customer.number,
            "name": customer.name,
            "group": customer.group,
            "former": customer.owner,
            "owner": owner,
            "writer": _writer(people, customer.owner),
        }
        for customer, owner in zip(leaving, to, strict=True)
    ]


def _everybody(tx: Transaction) -> Iterator[Customer]:
    after = ""
    while found := tx.customers.search(text="", group="", after=after, limit=_ROUND):
        yield from found
        after = found[-1].id


def _writer(people: Mapping[str, Person], former: str) -> str:
    """Who tells what there is to know of the customer: the former owner while at work, else their manager."""
    person = people.get(former)
    if person is None or person.active:
        return former
    return person.manager


def _managers(tx: Transaction, moves: Sequence[Mapping[str, Any]]) -> list[str]:
    """Of those who give and those who get, each once."""
    people = {person.key: person for person in tx.people.all()}
    concerned = {str(move[side]) for move in moves for side in ("former", "owner")}
    above = {people[key].manager for key in concerned if key in people}
    return sorted(key for key in above if key in people and people[key].active)


def _money(tx: Transaction, moves: Sequence[Mapping[str, Any]], day: str) -> dict[str, float]:
    """Open deals that their owners lose, and the share of the owners' quotas that goes with them."""
    lost = {(str(move["customer"]), str(move["former"])) for move in moves if move["former"]}
    whole: dict[str, float] = defaultdict(float)
    moved: dict[str, float] = defaultdict(float)
    for deal in tx.opportunities.open():
        whole[deal.owner] += deal.amount
        if (deal.customer, deal.owner) in lost:
            moved[deal.owner] += deal.amount
    quotas = tx.quotas.standing(sorted(moved), day)
    with_them = sum(one.amount * moved[one.holder] / whole[one.holder] for one in quotas if whole[one.holder])
    return {"pipeline": round(sum(moved.values()), 2), "quota": round(with_them, 2)}


def _apply(tx: Transaction, call: JobCall) -> JobAnswer:
    """The map is changed and everything goes over in one transaction; asked again it tells what was done.

    ``overlap_days``: so long the former owner stays named beside the new one.
    """
    number = given.text(call, "number")
    tx.territories.lock()
    plan = tx.territories.realignment(number)
    if plan is None:
        raise errors.NotFound(
            "territory_unknown", zh=f"找不到区域调整 {number}", en=f"there is no realignment {number!r}", number=number
        )
    if plan.status != "applied":
        moves, days = _moves(tx, call, plan), given.number(call, "overlap_days", 0)
        until = (call.now + timedelta(days=days)).date().isoformat() if days else None
        open_deals = _deals(tx)
        for move in moves:
            _name(tx, call, plan, move, until=until)
            _move_work(tx, call, plan, move, open_deals.get(str(move["customer"]), ()))
        plan = msgspec.structs.replace(plan, status="applied", moves=tuple(moves), applied_at=call.now)
        tx.territories.keep(plan)
        tx.territories.put(
            selling.Territory(
                id=plan.territory, rules=plan.rules, members=plan.members, realignment=plan.id, since=call.now
            )
        )
    key_accounts = [move for move in plan.moves if move["group"] == "KA"]
    return JobAnswer(data={"handed_over": list(plan.moves), "moved": len(plan.moves), "key_accounts": key_accounts})


def _deals(tx: Transaction) -> Deals:
    found: dict[str, list[deals.Opportunity]] = defaultdict(list)
    for deal in tx.opportunities.open():
        found[deal.customer].append(deal)
    return found


def _name(
    tx: Transaction, call: JobCall, plan: selling.Realignment, move: Mapping[str, Any], *, until: str | None
) -> None:
    """The customer's new owner; ``until`` then the former one is named beside. Without one it is in the pool."""
    beside = {"co_owner": str(move["former"]) if until else None, "co_owner_until": until}
    told = {"owner": str(move["owner"]), "attributes": beside}
    register.change_within(tx, customer_id=str(move["customer"]), data=told, now=call.now)
    if not move["owner"]:
        tx.leads.pool(
            PooledLead(lead=str(move["number"]), pool=plan.territory, former=str(move["former"]), pooled_at=call.now)
        )


def _move_work(
    tx: Transaction,
    call: JobCall,
    plan: selling.Realignment,
    move: Mapping[str, Any],
    open_deals: Sequence[deals.Opportunity],
) -> None:
    """Deals and tasks go along, unless they are to stay; who finishes a deal keeps the tasks of its customer."""
    former, owner = str(move["former"]), str(move["owner"])
    if plan.open_items == "keep" or not owner or not former:
        return
    theirs = [deal for deal in open_deals if deal.owner == former]
    staying = [deal for deal in theirs if plan.open_items == "by_stage" and deal.stage not in EARLY]
    for deal in theirs:
        if deal not in staying:
            tx.opportunities.put(msgspec.structs.replace(deal, owner=owner))
    if not staying:
        _move_tasks(tx, call, str(move["customer"]), former, owner)


def _move_tasks(tx: Transaction, call: JobCall, customer: str, former: str, owner: str) -> None:
    """What the former owner has in hand for the customer; four eyes are kept."""
    for item in list(held.items(tx, former)):
        if item.customer_id == customer and item.assignee == former and owner not in item.excluded:
            tx.items.change(msgspec.structs.replace(item, assignee=owner, claimed_at=call.now))
            told = facts.WorkItemActed(node=item.node, verb="transfer", to=owner)
            tx.facts.append(item.instance_id, [told], agent=SYSTEM.key, now=call.now)
            tx.changes.add("instance", item.instance_id, call.now)


def _end_overlap(tx: Transaction, call: JobCall) -> JobAnswer:
    """The former owners are named no longer."""
    plan = tx.territories.realignment(given.text(call, "number"))
    ended = 0
    for move in plan.moves if plan else ():
        customer = tx.customers.get(str(move["customer"]))
        if customer is not None and customer.attributes.get("co_owner", "") == move["former"] != "":
            alone = {"attributes": {"co_owner": None, "co_owner_until": None}}
            register.change_within(tx, customer_id=customer.id, data=alone, now=call.now)
            ended += 1
    return JobAnswer(data={"overlap_ended": ended})
