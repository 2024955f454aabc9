"""What a customer may do without staff: asked seldom enough, only about what is theirs, and done at once."""

from collections.abc import Mapping
from datetime import timedelta

from engine import deals, errors
from engine.customers import register
from engine.domain import given
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction
from engine.records import Instance

HOUR = timedelta(hours=1)
SEEN = 200
"""Requests that are looked at to count those of the last hour."""
ORDERS = {
    "taken": "已接单 / taken",
    "shipped": "已发货 / shipped",
    "invoiced": "已开票 / invoiced",
    "cancelled": "已取消 / cancelled",
}
ABOUT_AN_ORDER = frozenset({"order_status", "invoice_copy", "return_goods"})


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "portal.check": lambda call: _check(store, call),
        "portal.execute": lambda call: store.run(lambda tx: _execute(tx, call)),
    }


def _check(store: Store, call: JobCall) -> JobAnswer:
    """``allowed``, or ``why`` not: nobody, too often within an hour, an order of somebody else."""
    if call.customer is None:
        return JobAnswer(data={"allowed": False, "why": "不知道是谁 / we do not know who asks"})
    with store.reading() as tx:
        asked = tx.instances.search(
            where={"process": call.process, "customer_id": call.customer.id}, after="", limit=SEEN
        )
        often = sum(one.started_at > call.now - HOUR for one in asked if one.id != call.instance_id)
        if often >= given.number(call, "most_per_hour", 20):
            return JobAnswer(data={"allowed": False, "why": "请求太频繁 / too many requests within an hour"})
        about = given.text(call, "request_type") in ABOUT_AN_ORDER
        if about and _order(tx, call) is None:
            return JobAnswer(data={"allowed": False, "why": "不是您的订单 / this order is not yours"})
    return JobAnswer(data={"allowed": True, "why": ""})


def _order(tx: Transaction, call: JobCall) -> deals.Order | None:
    """The one of that number, if it is this customer's."""
    found = tx.orders.get(given.text(call, "order", ""))
    return found if found and call.customer and found.customer == call.customer.id else None


def _execute(tx: Transaction, call: JobCall) -> JobAnswer:
    """``done`` and what to tell; a case or an invoice that is not found is for a person."""
    kind = given.text(call, "request_type")
    if kind == "order_status":
        order = _order(tx, call)
        return _told(f"{order.id}：{ORDERS[order.status]}" if order else "")
    if kind == "invoice_copy":
        order = _order(tx, call)
        return _told(f"{order.invoice}: CNY {order.total:.2f}" if order and order.invoice else "")
    if kind == "case_progress":
        return _told(_progress(tx, call))
    if kind == "change_address":
        return _told(_move(tx, call))
    raise given.wrong(call, "request_type", zh="可自动办理的类型", en="a kind that can be done at once")


def _told(words: str) -> JobAnswer:
    return JobAnswer(data={"done": bool(words), "result_text": words})


def _progress(tx: Transaction, call: JobCall) -> str:
    """Of a case of the same customer, by its business key or number."""
    wanted = given.text(call, "case_no", "")
    for name in ("business_key", "number"):
        found = tx.instances.search(where={name: wanted}, after="", limit=5) if wanted else []
        for one in found:
            if call.customer is not None and one.customer_id == call.customer.id:
                return _state(one)
    return ""


def _state(case: Instance) -> str:
    if case.ended_at is not None:
        return f"{case.number}：已办结 / done ({case.ended_at.date().isoformat()})"
    return f"{case.number}：处理中 / under way"


def _move(tx: Transaction, call: JobCall) -> str:
    address = given.text(call, "new_address")
    if len(address) > 300:
        raise given.wrong(call, "new_address", zh="不超过 300 字的地址", en="an address of up to 300 characters")
    if call.customer is None:
        raise errors.Invalid("customer_missing", zh="不知道是谁的地址", en="nobody knows whose address this is")
    register.change_within(
        tx, customer_id=call.customer.id, data={"attributes": {"address": address}}, now=call.now, revision=None
    )
    return f"新地址 / new address: {address}"
