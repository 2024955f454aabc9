"""A desk with something on every page: a customer with cases, a variant and a drawing in work, trouble."""

import dataclasses
from typing import Any

import msgspec

from engine import care, deals, variation
from engine.attachments import keep
from engine.bpmn import read, write
from engine.customers import groups
from engine.definitions import publish
from engine.domain import articles
from engine.inbox import act
from engine.model import nodes
from engine.model.program import Flow, Program
from engine.people import api_tokens
from engine.people.agent import SYSTEM, Agent
from engine.variants import author
from tests.house import House
from tests.unit.customers.books import document
from tests.web.conftest import quote_program

ANNA = Agent(key="anna", name="Anna", roles=frozenset({"staff"}), groups=frozenset({"sales"}))
OPERATION = {
    "id": "ka_set_sla_1",
    "kind": "set_sla",
    "target": "approve",
    "promise": {"duration": "PT30M"},
    "reason": {"zh-CN": "客户在等", "en": "they wait"},
}


GROUPS = {"ALL": "全部客户", "KA": "大客户", "GR": "成长型客户", "ST": "普通客户", "PR": "潜在客户"}


def group_rules() -> dict[str, Any]:
    """With the names that a company would give: Chinese in Chinese."""
    found = document()
    for group in found["groups"]:
        group["names"]["zh-CN"] = GROUPS[group["key"]]
    for asked in found["inputs"]:
        if "names" in asked:
            asked["names"]["zh-CN"] = {"value": "价值", "churn": "流失风险"}[asked["name"]]
    return found


def broken_program() -> Program:
    """Its only step cannot be done by anybody yet."""
    service = nodes.ServiceTask(id="call", name="Call", work=nodes.Work(handler="nobody.does", style="unbound"))
    return Program(
        key="broken",
        nodes=(nodes.StartEvent(id="begin"), service, nodes.EndEvent(id="end")),
        flows=(Flow(id="f1", source="begin", target="call"), Flow(id="f2", source="call", target="end")),
    )


def offer(number: str, version: int = 1, **more: Any) -> deals.Quote:
    """A quote to the customer c-1."""
    line = {"product": "pump", "options": ["hose"], "qty": 2, "list_price": 100, "discount": 5}
    told = {"customer": "c-1", "lines": (line,), "total": 190.0, "discount": 5, "discount_limit": 10, "margin": 21.5}
    dates = {"valid_until": "2026-03-31", "payment_terms": "net_30", "document": "Quote Q-1, version 2\npump x 2"}
    named = {"id": f"{number}/{version}", "number": number, "version": version, "instance_id": "none"}
    return deals.Quote(**{**named, **told, **dates, **more})


def article(key: str, **more: Any) -> care.Article:
    """How to reset a password, in both languages."""
    told = {"titles": {"zh-CN": "重置密码", "en": "Reset a password"}, "title": "重置密码 / Reset a password"}
    words = {"problem": {"en": "It is forgotten"}, "solution": {"zh-CN": "点“忘记密码”", "en": "Press 'forgotten'"}}
    return care.Article(**{"key": key, "keywords": ("password",), **told, **words, **more})


def furnish(desk: House, **customer: Any) -> dict[str, str]:
    """What was made, by name: the parts of addresses."""
    desk.engine = dataclasses.replace(desk.engine, reader=read.read)
    groups.publish(desk.engine, document=group_rules(), agent=SYSTEM, now=desk.now)
    known = {"scores": {"current": 90, "potential": 1}, "attributes": {"contract": "gold", "churn": 0}}
    desk.customer("c-1", **{"group": "KA", "owner": "anna", **known, **customer})
    case = desk.start("quote", amount=1200)
    mine = desk.start("quote", amount=80)
    act.claim(desk.engine, work_item_id=desk.item(mine, "approve").id, agent=ANNA, now=desk.now)
    desk.release(broken_program())
    trouble = desk.start("broken")
    desk.settle()
    fresh = write.write(msgspec.structs.replace(quote_program(), key="fresh"))
    publish.deploy(
        desk.engine, name="fresh.bpmn", files={"fresh.bpmn": fresh}, agent=SYSTEM, now=desk.now, source="desk"
    )
    order = author.Order(
        process="quote",
        name="ka",
        group="KA",
        texts={"zh-CN": "大客户", "en": "Key accounts"},
        reason={"zh-CN": "试", "en": "try"},
        operations=[OPERATION],
    )
    version: variation.VariantVersion = author.save(desk.engine, order=order, seen="", agent=SYSTEM, now=desk.now)
    _, token = api_tokens.issue(
        desk.engine, person="robot", name="Shop", scopes=("read",), agent=SYSTEM, now=desk.now, expires_at=None
    )
    with desk.engine.store.transaction() as tx:
        for n, status in ((1, "superseded"), (2, "sent")):
            tx.quotes.put(offer("Q-1", n, instance_id=case, status=status, drafted_at=desk.now))
        articles.keep(tx, article("KB-1"))
    file = keep.add(desk.engine, instance_id=case, file=keep.File("offer.pdf", b"%PDF-1.7"), agent=ANNA, now=desk.now)
    return {
        "file_id": file.id,
        "instance_id": case,
        "item_id": desk.item(case, "approve").id,
        "claimed": desk.item(mine, "approve").id,
        "trouble": trouble,
        "customer_id": "c-1",
        "variant": version.variant_id,
        "token_id": token.id,
    }
