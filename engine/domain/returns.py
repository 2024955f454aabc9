"""Goods that come back: what was bought, how much of it may still come back, what is paid for it.

Authorising and settling are atomic for each order: all returns of a line together never exceed what was delivered.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from engine import care, errors
from engine.domain import earnings, given
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction

YEAR = timedelta(days=365)
TRUSTED_RETURNS = 3
"""So many returns within a year, all of them intact, and a customer is still taken at their word."""


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "returns.deliver": lambda call: store.run(lambda tx: _deliver(tx, call)),
        "returns.look_up": lambda call: _look_up(store, call),
        "returns.authorise": lambda call: store.run(lambda tx: _authorise(tx, call)),
        "returns.settle": lambda call: store.run(lambda tx: _settle(tx, call)),
        "returns.pay": lambda call: store.run(lambda tx: _pay(tx, call)),
        "returns.close": lambda call: store.run(lambda tx: _close(tx, call)),
    }


def left(delivered: Iterable[care.DeliveredLine], returns: Iterable[care.Return]) -> Counter[str]:
    """How many of each sku may still come back."""
    counted = Counter({line.sku: line.qty for line in delivered})
    for one in returns:
        if one.status != "closed":
            counted.subtract({line.sku: line.qty for line in one.lines})
    return counted


def paid(delivered: Iterable[care.DeliveredLine], wanted: Mapping[str, int]) -> float:
    return round(sum(line.unit_price * wanted.get(line.sku, 0) for line in delivered), 2)


def trusted(past: Sequence[care.Return]) -> bool:
    return len(past) <= TRUSTED_RETURNS and all(one.state in ("", "intact") for one in past)


def _deliver(tx: Transaction, call: JobCall) -> JobAnswer:
    """What an order brought to its customer; asked again it says the same."""
    wanted, prices = given.pieces(call, "lines"), {row["sku"]: row for row in given.rows(call, "lines")}
    for sku, qty in wanted.items():
        price = prices[sku].get("unit_price", 0)
        if not given.is_number(price) or price < 0:
            raise given.wrong(call, "lines", zh="带单价（unit_price）的明细行", en="lines with a price as unit_price")
        tx.returns.deliver(
            care.DeliveredLine(
                order_no=given.text(call, "order"),
                sku=sku,
                customer=call.customer.id if call.customer else "",
                qty=qty,
                unit_price=float(price),
                category=str(prices[sku].get("category") or ""),
                delivered_at=given.moment(call, "at", call.now).astimezone(UTC),
            )
        )
    return JobAnswer()


def _look_up(store: Store, call: JobCall) -> JobAnswer:
    """``order_known``: this customer got all of these lines; ``refund``: what was paid for these lines."""
    wanted = _wanted(call)
    with store.reading() as tx:
        lines = [one for one in tx.returns.delivered(given.text(call, "order")) if _theirs(one, call)]
        past = tx.returns.of_customer(call.customer.id, call.now - YEAR) if call.customer else []
    mine = [line for line in lines if line.sku in wanted]
    known = len(mine) == len(wanted)
    youngest = min((call.now - line.delivered_at for line in mine), default=timedelta(0))
    return JobAnswer(
        data={
            "order_known": known,
            "days_since_delivery": youngest.days if known else None,
            "categories": sorted({line.category for line in mine}),
            "value_paid": paid(mine, wanted),
            "refund": paid(mine, wanted),
            "received_state": "intact",
            "accepted": False,
            "trusted": trusted([one for one in past if one.id != given.text(call, "return")]),
        }
    )


def _authorise(tx: Transaction, call: JobCall) -> JobAnswer:
    """``more_than_bought`` when other returns have taken what is left. An order nobody knows has nothing to count."""
    number, order, wanted = given.text(call, "return"), given.text(call, "order"), _wanted(call)
    tx.returns.lock(order)
    if tx.returns.get(number) is None:
        delivered = [one for one in tx.returns.delivered(order) if _theirs(one, call)]
        free = left(delivered, tx.returns.of_order(order))
        short = sorted(sku for sku, qty in wanted.items() if sku in free and qty > free[sku])
        if short:
            return JobAnswer(error="more_than_bought", message=", ".join(short))
        tx.returns.put(
            care.Return(
                id=number,
                customer=call.customer.id if call.customer else "",
                order_no=order,
                lines=tuple(care.ReturnedLine(sku=sku, qty=qty) for sku, qty in sorted(wanted.items())),
                opened_at=call.now,
            )
        )
    return JobAnswer(data={"rma": f"RMA-{number}"})


def _settle(tx: Transaction, call: JobCall) -> JobAnswer:
    """Books what is paid back; ``more_than_paid`` when that is more than the customer paid for these lines."""
    found = _known(tx, call)
    tx.returns.lock(found.order_no)
    amount = round(given.number(call, "amount", 0), 2)
    delivered = [one for one in tx.returns.delivered(found.order_no) if _theirs(one, call)]
    most = paid(delivered, {line.sku: line.qty for line in found.lines})
    if amount < 0 or (delivered and amount > most):
        return JobAnswer(error="more_than_paid", message=f"{amount} > {most}")
    state = given.text(call, "state", "intact")
    tx.returns.put(_ended(found, call.now, status="settled", refund=amount, state=state))
    earnings.of_return(tx, found.id, found.order_no, amount, now=call.now)
    return JobAnswer(data={"refund": amount})


def _pay(tx: Transaction, call: JobCall) -> JobAnswer:
    """Orders the payment of what was settled, with a number of its own for each try."""
    found = _known(tx, call)
    if call.id not in found.payments:
        found = msgspec.structs.replace(found, payments=(*found.payments, call.id))
        tx.returns.put(found)
    tries = found.payments.index(call.id) + 1
    return JobAnswer(data={"payment_try": tries, "payment_no": f"{found.id}/{tries}"})


def _close(tx: Transaction, call: JobCall) -> JobAnswer:
    """Nothing came, or it went back: the quantity is free for another return."""
    found = _known(tx, call)
    if found.status != "settled":
        tx.returns.put(_ended(found, call.now, status="closed", state=given.text(call, "state", "")))
    return JobAnswer()


def _ended(found: care.Return, now: datetime, **changed: object) -> care.Return:
    return msgspec.structs.replace(found, ended_at=found.ended_at or now, **changed)


def _known(tx: Transaction, call: JobCall) -> care.Return:
    number = given.text(call, "return")
    found = tx.returns.get(number)
    if found is None:
        raise errors.NotFound(
            "return_unknown", zh=f"没有退货单 {number}", en=f"there is no return {number!r}", number=number
        )
    return found


def _theirs(line: care.DeliveredLine, call: JobCall) -> bool:
    return call.customer is None or line.customer == call.customer.id


def _wanted(call: JobCall) -> Counter[str]:
    wanted = given.pieces(call, "lines")
    if not wanted:
        raise given.wrong(call, "lines", zh="至少一行", en="at least one line")
    return wanted
