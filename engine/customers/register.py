"""Customers come, change and are found. Every write checks the attributes and decides the group anew."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from engine import errors, records
from engine.customers import facts, groups, rules
from engine.definitions import schemas
from engine.forms import check as form_check
from engine.model.problem import Problem
from engine.model.text import both
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction


def register(engine: Engine, *, data: Mapping[str, Any], agent: Agent, now: datetime) -> records.Customer:
    """A new customer; ``data`` as in schemas/customer.json.

    Raises Invalid with every problem, Conflict when the number is taken.
    """
    rights.need(agent, "customer.change")
    return engine.store.run(lambda tx: register_within(tx, new_id=engine.store.new_id(), data=data, now=now))


def register_within(tx: Transaction, *, new_id: str, data: Mapping[str, Any], now: datetime) -> records.Customer:
    """As part of a larger unit of work."""
    held = _book(tx, now)
    _vet(held, data)
    if tx.customers.by_number(data["number"]) is not None:
        raise errors.Conflict(
            "number_taken",
            zh=f"客户编号 {data['number']} 已存在",
            en=f"the customer number {data['number']!r} is taken",
            number=data["number"],
        )
    customer = records.Customer(id=new_id, created_at=now, changed_at=now, **_fields(data))
    tx.customers.add(customer)
    return groups.regroup(tx, held, customer, now=now) if held else customer


def change(
    engine: Engine,
    *,
    customer_id: str,
    data: Mapping[str, Any],
    agent: Agent,
    now: datetime,
    revision: int | None = None,
) -> records.Customer:
    """Replaces the parts that ``data`` names; attributes and scores one by one, an attribute of null goes.

    With ``revision`` raises Conflict when somebody else changed the customer since. Raises NotFound, Invalid.
    """
    rights.need(agent, "customer.change")
    return engine.store.run(
        lambda tx: change_within(tx, customer_id=customer_id, data=data, now=now, revision=revision)
    )


def get(engine: Engine, *, customer_id: str, agent: Agent) -> records.Customer:
    """By id or number. Raises NotFound."""
    rights.need(agent, "customer.see")
    with engine.store.reading() as tx:
        return _found(tx, customer_id)


def search(
    engine: Engine, *, agent: Agent, text: str = "", group: str = "", after: str = "", limit: int = 50
) -> list[records.Customer]:
    """By part of name or number, in the order of their ids."""
    rights.need(agent, "customer.see")
    with engine.store.reading() as tx:
        return tx.customers.search(text=text, group=group, after=after, limit=min(limit, 500))


def change_within(
    tx: Transaction, *, customer_id: str, data: Mapping[str, Any], now: datetime, revision: int | None = None
) -> records.Customer:
    """As part of a larger unit of work; by id or number."""
    customer = _found(tx, customer_id)
    if revision is not None and revision != customer.revision:
        raise errors.Conflict(
            "customer_changed",
            zh=f"客户 {customer.number} 已被他人修改，请刷新后再试",
            en=f"customer {customer.number!r} was changed by somebody else meanwhile",
            id=customer.id,
        )
    attributes = {**customer.attributes, **data.get("attributes", {})}
    whole = {
        "number": customer.number,
        "name": customer.name,
        **data,
        "attributes": {name: value for name, value in attributes.items() if value is not None},
        "scores": {**customer.scores, **data.get("scores", {})},
    }
    held = _book(tx, now)
    _vet(held, whole)
    changed = msgspec.structs.replace(customer, changed_at=now, **_fields(whole))
    if held:
        regrouped = groups.regroup(tx, held, changed, now=now)
        if regrouped is not changed:
            return regrouped
    tx.customers.change(changed)
    return msgspec.structs.replace(changed, revision=changed.revision + 1)


def _book(tx: Transaction, now: datetime) -> rules.Book | None:
    """None before any rules are released: a customer then has no group yet."""
    return groups.book(tx, now) if tx.groups.released(now) else None


def _vet(held: rules.Book | None, data: Mapping[str, Any]) -> None:
    """Raises Invalid with every place that is wrong."""
    found = schemas.check(data, schema="customer.json")
    attributes = data.get("attributes", {})
    if not found:
        found += [_own(name) for name in sorted(attributes.keys() & set(facts.OWN))]
        schema = held.rules.attributes if held else {}
        for problem in form_check.check(schema, attributes) if schema else []:
            found.append(msgspec.structs.replace(problem, pointer="/attributes" + problem.pointer))
    if found:
        raise errors.Invalid("customer_wrong", zh="客户资料有误", en="the customer's data are wrong", problems=found)


def _own(name: str) -> Problem:
    text = both(
        zh=f"属性不能叫 {name}：这是系统自己的字段", en=f"no attribute can be called {name!r}: it is a field of ours"
    )
    return Problem(code="attribute_named_like_a_field", text=text, pointer=f"/attributes/{name}")


def _fields(data: Mapping[str, Any]) -> dict[str, Any]:
    fields = dict(data)
    if "contacts" in fields:
        fields["contacts"] = tuple(fields["contacts"])
    return fields


def _found(tx: Transaction, customer_id: str) -> records.Customer:
    customer = tx.customers.get(customer_id) or tx.customers.by_number(customer_id)
    if customer is None:
        raise errors.NotFound(
            "customer_unknown",
            zh=f"找不到客户 {customer_id}",
            en=f"there is no customer {customer_id!r}",
            id=customer_id,
        )
    return customer
