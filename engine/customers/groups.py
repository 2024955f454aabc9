"""Which group a customer is in: by the rules of the day, by hand for a while, or held where it was."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from engine import errors, records, variation
from engine.customers import facts, release, rules, stay
from engine.definitions import schemas
from engine.model import problem as problems
from engine.model.problem import Problem
from engine.model.text import both
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction

REASON_AT_LEAST = 10
"""Letters that a reason for deciding by hand must have."""


def book(tx: Transaction, now: datetime) -> rules.Book:
    """The rules that hold at ``now``. Raises Conflict when none are released."""
    version = tx.groups.released(now)
    if version is None:
        raise errors.Conflict("no_group_rules", zh="还没有发布客户群规则", en="no group rules are released")
    return rules.Book(rules.read(version.rules))


def decide(held: rules.Book, customer: records.Customer, *, now: datetime) -> rules.Decision:
    """A hand's decision that has not expired; else the rules', held back for the minimum stay."""
    by_hand = customer.decided.get("override")
    if by_hand and now.date() <= date.fromisoformat(by_hand["until"]) and by_hand["group"] in held.groups:
        return _overridden(held, customer, by_hand, now=now)
    return stay.hold(held, customer, held.decide(facts.of(customer), now=now), now=now)


def regroup(
    tx: Transaction, held: rules.Book, customer: records.Customer, *, now: datetime, released: int = 0
) -> records.Customer:
    """The customer with today's group written down; a change of group is kept in its history. ``released``: the
    version of the rules whose release is why it is looked at; 0 when something of the customer changed."""
    changed, moved = regrouped(held, customer, now=now)
    if changed is customer:
        return customer
    tx.customers.change(changed)
    if moved:
        tx.groups.add_move(
            variation.GroupMove(
                customer_id=customer.id,
                at=now,
                old=customer.group,
                new=changed.group,
                decided={**changed.decided, "released": released} if released else changed.decided,
            )
        )
    return msgspec.structs.replace(changed, revision=customer.revision + 1)


def regrouped(held: rules.Book, customer: records.Customer, *, now: datetime) -> tuple[records.Customer, bool]:
    """The customer as it is to be kept, and whether its group is another one; the same object when nothing changed."""
    decided = decide(held, customer, now=now)
    kept: dict[str, Any] = {"how": decided.how, "rule": decided.rule, "says": decided.says}
    if decided.how == "override":
        kept["override"] = customer.decided["override"]
    moved = decided.group != customer.group
    if not moved and kept == customer.decided:
        return customer, False
    since = now if moved else customer.group_since
    return msgspec.structs.replace(customer, group=decided.group, decided=kept, group_since=since), moved


def override(
    engine: Engine, *, customer_id: str, group: str, reason: str, until: date, agent: Agent, now: datetime
) -> records.Customer:
    """Put a customer in a group by hand, up to and including the day ``until``, with a reason that people can read.

    Raises Invalid for a day that is past, a reason of less than ten letters, or an unknown group.
    """
    rights.need(agent, "group.decide")
    said = {"group": group, "reason": reason.strip(), "until": until.isoformat(), "by": agent.key}

    def write(tx: Transaction) -> records.Customer:
        customer = tx.customers.get(customer_id)
        if customer is None:
            raise errors.NotFound("customer_unknown", zh="找不到客户", en="there is no such customer", id=customer_id)
        return override_within(tx, customer, said=said, now=now)

    return engine.store.run(write)


def override_within(
    tx: Transaction, customer: records.Customer, *, said: Mapping[str, Any], now: datetime
) -> records.Customer:
    """As part of a larger unit of work; ``said`` is ``group``, ``reason``, ``until`` and ``by``. Raises Invalid."""
    held = book(tx, now)
    found = _wrong(held, said, now)
    if found:
        raise errors.Invalid("override_wrong", zh="人工指定有误", en="this cannot be decided by hand", problems=found)
    return regroup(tx, held, msgspec.structs.replace(customer, decided={"override": dict(said)}), now=now)


def lift(engine: Engine, *, customer_id: str, agent: Agent, now: datetime) -> records.Customer:
    """The rules decide again, without waiting for the day. Raises NotFound, and Conflict when no hand decides."""
    rights.need(agent, "group.decide")

    def write(tx: Transaction) -> records.Customer:
        customer = tx.customers.get(customer_id)
        if customer is None:
            raise errors.NotFound("customer_unknown", zh="找不到客户", en="there is no such customer", id=customer_id)
        if "override" not in customer.decided:
            raise errors.Conflict("not_by_hand", zh="该客户没有人工指定", en="nobody decided this by hand")
        return regroup(tx, book(tx, now), msgspec.structs.replace(customer, decided={}), now=now)

    return engine.store.run(write)


def check(document: Mapping[str, Any], *, now: datetime) -> list[Problem]:
    """Everything that is wrong with group rules; for an overlap and for a gap a customer who shows it."""
    found = schemas.check(document, schema="group-rules.json", file="groups.json")
    return found or release.check(rules.read(document), now=now)


def publish(engine: Engine, *, document: dict[str, Any], agent: Agent, now: datetime) -> variation.GroupRules:
    """A new released version at once, as a catalogue is installed; it holds from now on, and a customer is looked at
    when something of it changes. Raises Invalid with every problem, overlaps and gaps among them."""
    rights.need(agent, "group.decide")
    return engine.store.run(lambda tx: publish_within(tx, document=document, agent=agent, now=now))


def publish_within(tx: Transaction, *, document: dict[str, Any], agent: Agent, now: datetime) -> variation.GroupRules:
    """As part of a larger unit of work."""
    found = check(document, now=now)
    if problems.errors(found):
        raise errors.Invalid("group_rules_wrong", zh="客户群规则有误", en="the group rules are wrong", problems=found)
    version = variation.GroupRules(
        n=max((one.n for one in tx.groups.versions()), default=0) + 1,
        rules=document,
        status="released",
        valid_from=now,
        created_at=now,
        created_by=agent.key,
        history=(variation.Deed(at=now, by=agent.key, did="released"),),
        regrouped_at=now,
    )
    tx.groups.put(version)
    return version


def _overridden(
    held: rules.Book, customer: records.Customer, by_hand: Mapping[str, Any], *, now: datetime
) -> rules.Decision:
    inputs = held.look(facts.of(customer), now=now)
    says = both(
        zh=f"因为 {by_hand['by']} 人工指定至 {by_hand['until']}：{by_hand['reason']}",
        en=f"because {by_hand['by']} decided so until {by_hand['until']}: {by_hand['reason']}",
    )
    outcomes = held.try_all(inputs, now=now)
    return rules.Decision(group=by_hand["group"], how="override", inputs=inputs, outcomes=outcomes, says=says)


def _wrong(held: rules.Book, said: Mapping[str, Any], now: datetime) -> list[Problem]:
    found = []
    if said["group"] not in held.groups:
        found.append(("/group", "没有这个客户群", "there is no such group"))
    if date.fromisoformat(said["until"]) < now.date():
        found.append(("/until", "这一天已经过去", "that day is past"))
    if len(said["reason"]) < REASON_AT_LEAST:
        least = REASON_AT_LEAST
        found.append(("/reason", f"请写明原因（至少 {least} 个字）", f"give a reason of at least {least} letters"))
    return [Problem(code="override_wrong", text=both(zh=zh, en=en), pointer=pointer) for pointer, zh, en in found]
