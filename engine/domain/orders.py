"""Orders: taken once, stock held for them, shipped in parts, invoiced, cancelled. Stock is never promised twice."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec

from engine import care, deals, errors
from engine.domain import given, pricing, quotes
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction
from engine.repositories import Stale

PURPOSE = "order {number}"
SERIES = "FP-{year}-"
"""Invoice numbers, six digits behind it."""
ON_ACCOUNT = timedelta(days=30)
"""So long after its invoice an order on account counts against the customer's credit."""
PAYMENTS: tuple[deals.Payment, ...] = ("prepaid", "on_account", "on_delivery")
MOST_LINES = 200


def problems(lines: Sequence[Mapping[str, Any]], *, requested: str, today: str) -> list[str]:
    """What is wrong with an order, each in both languages; days are ISO 8601 texts."""
    found = []
    if not lines:
        found.append("没有明细 / no lines")
    if len(lines) > MOST_LINES:
        found.append(f"明细超过 {MOST_LINES} 行 / more than {MOST_LINES} lines")
    for n, line in enumerate(lines, 1):
        quantity, price = line.get("qty"), line.get("price")
        if not isinstance(line.get("sku"), str) or not line["sku"]:
            found.append(f"第 {n} 行没有产品 / line {n} names no product")
        if not given.is_number(quantity) or quantity < 1 or quantity % 1:
            found.append(f"第 {n} 行数量须为正整数 / the quantity of line {n} is no whole number from 1")
        if not given.is_number(price) or price < 0:
            found.append(f"第 {n} 行价格不对 / the price of line {n} is none")
    if requested and requested < today:
        found.append(f"要求日期 {requested} 已过 / the day wanted, {requested}, has passed")
    return found


def total(lines: Sequence[Mapping[str, Any]]) -> Decimal:
    """Of lines without problems."""
    return sum((Decimal(str(line["qty"])) * Decimal(str(line["price"])) for line in lines), Decimal())


def exposure(orders: Sequence[deals.Order], *, call: JobCall, without: str) -> Decimal:
    """What the customer has on account: ordered and not invoiced, or invoiced in the last thirty days."""
    counted = [
        one.total
        for one in orders
        if one.payment == "on_account"
        and one.status != "cancelled"
        and one.id != without
        and (one.invoiced_at is None or one.invoiced_at > call.now - ON_ACCOUNT)
    ]
    return sum((Decimal(str(amount)) for amount in counted), Decimal())


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "orders.take": lambda call: store.run(lambda tx: _take(tx, call)),
        "orders.hold": lambda call: store.run(lambda tx: _hold(tx, call)),
        "orders.give_back": lambda call: store.run(lambda tx: _give_back(tx, call)),
        "orders.ship": lambda call: store.run(lambda tx: _ship(tx, call)),
        "orders.invoice": lambda call: store.run(lambda tx: _invoice(tx, call)),
        "orders.cancel": lambda call: store.run(lambda tx: _cancel(tx, call)),
    }


def _take(tx: Transaction, call: JobCall) -> JobAnswer:
    """``duplicate`` when another case has the number already, or has ordered the same quote; else its ``problems``, and
    without any it is kept.

    Without ``lines`` of its own it is what the customer accepted as ``quote``. A duplicate tells which order there is
    (``orderNo``) and, as ``order_result``, whether it stands (``taken``) or was cancelled: whoever asked goes on by it.
    """
    number, (quoted, lines) = given.text(call, "number"), _asked(tx, call)
    requested, payment = given.text(call, "requested_date", ""), given.choice(call, "payment", PAYMENTS)
    customer = call.customer.id if call.customer else ""
    tx.orders.lock(number)
    tx.orders.lock(f"credit {customer}")
    known = tx.orders.get(number)
    other = known if known is not None and known.instance_id != call.instance_id else _of_quote(tx, call, customer)
    if other is not None:
        mine = other.customer == customer
        told = {"orderNo": other.id, "order_result": _standing(other)} if mine else {}
        return JobAnswer(data={"duplicate": True, "problems": [], "total": other.total, "credit_used": 0.0, **told})
    found = [*quoted, *problems(lines, requested=requested, today=call.now.date().isoformat())]
    used = exposure(tx.orders.of_customer(customer), call=call, without=number)
    amount = 0.0 if found else float(total(lines))
    if not found:
        tx.orders.put(
            deals.Order(
                id=number,
                instance_id=call.instance_id,
                customer=customer,
                lines=tuple(lines),
                total=amount,
                payment=payment,
                requested_date=requested,
                ship_to=given.text(call, "ship_to", ""),
                quote=given.text(call, "quote", ""),
                shipments=known.shipments if known else (),
                taken_at=known.taken_at if known else call.now,
            )
        )
    return JobAnswer(
        data={"duplicate": False, "problems": found, "total": amount, "credit_used": float(used), "lines": lines}
    )


def _standing(order: deals.Order) -> str:
    return "cancelled" if order.status == "cancelled" else "taken"


def _of_quote(tx: Transaction, call: JobCall, customer: str) -> deals.Order | None:
    """The order that another case made of the whole quote, where this one would be of the whole quote, too."""
    named = given.text(call, "quote", "")
    if not named or given.rows(call, "lines"):
        return None
    ours = [one for one in tx.orders.of_customer(customer) if one.quote == named and one.status != "cancelled"]
    return next((one for one in ours if one.instance_id != call.instance_id), None)


def _asked(tx: Transaction, call: JobCall) -> tuple[list[str], list[dict[str, Any]]]:
    """What is wrong with the quote it names, and its lines."""
    named, lines = given.text(call, "quote", ""), given.rows(call, "lines")
    if not named:
        return [], lines
    quote = quotes.accepted(tx, named, call.customer.id if call.customer else "")
    if quote is None:
        return [f"客户没有接受报价 {named} / the customer has accepted no quote {named}"], lines
    return [], lines or pricing.order_lines(quote)


def _hold(tx: Transaction, call: JobCall) -> JobAnswer:
    """Stock is held for all that is left to ship, or for nothing; with ``partly`` for whatever is there.

    ``erp_failed`` when the product table does not know a product: a person looks.
    """
    order, partly = _order(tx, call), call.input.get("partly") is True
    wanted, short = _left(order) - _held(tx, order), []
    taken: Counter[str] = Counter()
    for sku, quantity in sorted(wanted.items()):
        product = tx.ledger.product(sku)
        if product is None:
            _put_back(tx, taken)
            return JobAnswer(error="erp_failed", message=sku)
        there = min(product.stock, quantity)
        if there < quantity:
            short.append({"sku": sku, "wanted": quantity, "there": there})
        if there and not tx.stock.take(sku, there):
            raise Stale
        taken[sku] += there
    if short and not partly:
        _put_back(tx, taken)
        return JobAnswer(data={"held": False, "shortages": short})
    for sku, quantity in (+taken).items():
        _keep(tx, call, order, sku, quantity)
    return JobAnswer(data={"held": True, "shortages": short})


def _put_back(tx: Transaction, taken: Counter[str]) -> None:
    for sku, quantity in (+taken).items():
        tx.stock.give_back(sku, quantity)


def _keep(tx: Transaction, call: JobCall, order: deals.Order, sku: str, quantity: int) -> None:
    purpose = PURPOSE.format(number=order.id)
    tx.stock.hold(care.StockHold(id=f"{call.id}:{sku}", product=sku, qty=quantity, purpose=purpose, held_at=call.now))


def _holds(tx: Transaction, order: deals.Order) -> list[care.StockHold]:
    return [one for one in tx.stock.holds(PURPOSE.format(number=order.id)) if one.status == "held"]


def _held(tx: Transaction, order: deals.Order) -> Counter[str]:
    held: Counter[str] = Counter()
    for one in _holds(tx, order):
        held[one.product] += one.qty
    return held


def _release(tx: Transaction, order: deals.Order) -> None:
    for one in _holds(tx, order):
        tx.stock.give_back(one.product, one.qty)
        tx.stock.hold(msgspec.structs.replace(one, status="released"))


def _use(tx: Transaction, call: JobCall, order: deals.Order, sent: Counter[str]) -> None:
    """What was sent is held no longer; of a hold that was larger the rest stays."""
    left = Counter(sent)
    for one in _holds(tx, order):
        used = min(one.qty, left[one.product])
        left[one.product] -= used
        if used:
            tx.stock.hold(msgspec.structs.replace(one, qty=used, status="used"))
        if used and used < one.qty:
            _keep(tx, call, order, one.product, one.qty - used)


def _give_back(tx: Transaction, call: JobCall) -> JobAnswer:
    """Whatever is held goes back to the stock; ``anything_shipped`` says whether some of the order is gone already."""
    order = _order(tx, call)
    _release(tx, order)
    return JobAnswer(data={"anything_shipped": bool(order.shipments)})


def _ship(tx: Transaction, call: JobCall) -> JobAnswer:
    """A shipment of ``shipped`` ({sku, qty} each); without any, of all that is left. ``complete`` when nothing is."""
    order = _order(tx, call)
    if not any(one["job"] == call.id for one in order.shipments):
        left = _left(order)
        sent = given.pieces(call, "shipped") or left
        over = sorted(sku for sku, quantity in sent.items() if quantity > left[sku])
        if over:
            raise errors.Invalid(
                "shipped_too_much",
                zh=f"订单 {order.id} 发货超出订购：{'、'.join(over)}",
                en=f"more was shipped than ordered with {order.id!r}: {', '.join(over)}",
                order=order.id,
            )
        _use(tx, call, order, sent)
        tracking = given.text(call, "tracking", "")
        shipment = {"job": call.id, "at": call.now.isoformat(), "tracking": tracking, "lines": dict(sent)}
        order = msgspec.structs.replace(order, shipments=(*order.shipments, shipment), status="shipped")
        tx.orders.put(order)
    left = _left(order)
    return JobAnswer(data={"complete": not left, "remaining": sum(left.values()), "parcels": len(order.shipments)})


def _invoice(tx: Transaction, call: JobCall) -> JobAnswer:
    """The next number of the year; the one it has when asked again."""
    order = _order(tx, call)
    if not order.invoice:
        tx.orders.lock("invoices")
        series = SERIES.format(year=call.now.year)
        number = f"{series}{int(tx.orders.last_invoice(series).removeprefix(series) or 0) + 1:06d}"
        order = msgspec.structs.replace(order, invoice=number, invoiced_at=call.now, status="invoiced")
        tx.orders.put(order)
        _deliver(tx, order, call)
    return JobAnswer(
        data={"invoice_no": order.invoice, "total": order.total, "bring_in": _to_bring_in(tx, order, call)}
    )


def _to_bring_in(tx: Transaction, order: deals.Order, call: JobCall) -> bool:
    """It is the customer's first, and nobody brings them in already or has done so."""
    earlier = [one for one in tx.orders.of_customer(order.customer) if one.invoice and one.id != order.id]
    return (
        bool(order.customer)
        and not earlier
        and not any(one.stands for one in tx.onboardings.of_customer(order.customer))
    )


def _deliver(tx: Transaction, order: deals.Order, call: JobCall) -> None:
    """What went out is known to whoever takes it back."""
    prices = {str(line["sku"]): float(line["price"]) for line in order.lines}
    shipped = _wanted(order) - _left(order)
    for sku, quantity in shipped.items():
        tx.returns.deliver(
            care.DeliveredLine(
                order_no=order.id,
                sku=sku,
                customer=order.customer,
                qty=quantity,
                unit_price=prices[sku],
                delivered_at=call.now,
            )
        )


def _cancel(tx: Transaction, call: JobCall) -> JobAnswer:
    """What is held goes back; ``refund`` is what was prepaid."""
    order = _order(tx, call)
    _release(tx, order)
    if order.status != "cancelled":
        order = msgspec.structs.replace(order, status="cancelled", reason=given.text(call, "reason", ""))
        tx.orders.put(order)
    return JobAnswer(data={"refund": order.total if order.payment == "prepaid" else 0.0})


def _wanted(order: deals.Order) -> Counter[str]:
    wanted: Counter[str] = Counter()
    for line in order.lines:
        wanted[str(line["sku"])] += int(line["qty"])
    return wanted


def _left(order: deals.Order) -> Counter[str]:
    """What of each product is still to be shipped."""
    left = _wanted(order)
    for shipment in order.shipments:
        left.subtract(shipment["lines"])
    return +left


def _order(tx: Transaction, call: JobCall) -> deals.Order:
    """Locked until the transaction ends."""
    number = given.text(call, "number")
    tx.orders.lock(number)
    return given.order(tx, number)
