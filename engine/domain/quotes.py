"""Quotes: drafted version by version at list prices, approved, sent, answered; the terms that an accepted one means."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Literal

import msgspec

from engine import deals, errors, trade
from engine.domain import contracts, given, pricing, series
from engine.model.text import both
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction

SERIES = "BJ-{year}-"
HOUSE_CURRENCY = "CNY"
"""The price list and what products cost are in it."""
MOST_LINES = 200
REPLIES: tuple[Literal["accept", "reject", "change"], ...] = ("accept", "reject", "change")
ANSWERED: Mapping[str, deals.Standing] = MappingProxyType(
    {"accept": "accepted", "reject": "declined", "change": "superseded"}
)
OPEN: tuple[deals.Standing, ...] = ("draft", "approved", "sent")


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "quotes.draft": lambda call: store.run(lambda tx: _draft(tx, call)),
        "quotes.approve": lambda call: store.run(lambda tx: _approve(tx, call)),
        "quotes.send": lambda call: store.run(lambda tx: _send(tx, call)),
        "quotes.answer": lambda call: store.run(lambda tx: _answer(tx, call)),
        "quotes.expire": lambda call: store.run(lambda tx: _expire(tx, call)),
        "quotes.terms": lambda call: _terms(store, call),
        "quotes.order": lambda call: _order(store, call),
    }


def accepted(tx: Transaction, number: str, customer: str) -> deals.Quote | None:
    """The version of it that this customer accepted."""
    found = (one for one in tx.quotes.versions(number) if one.status == "accepted" and one.customer == customer)
    return next(found, None)


def _draft(tx: Transaction, call: JobCall) -> JobAnswer:
    """The next version of ``number`` (or of the next number of the year), or the draft that this case has already,
    with ``lines`` at list prices. What other versions were open is superseded.

    Raises Conflict when the number is another customer's.
    """
    tx.quotes.lock("numbers")
    number = given.text(call, "number", "") or _number(tx, call)
    tx.quotes.lock(number)
    before = tx.quotes.versions(number)
    customer = call.customer.id if call.customer else ""
    _same_customer(before, number, customer)
    version = _version(before, call)
    known = {key: tx.ledger.product(key) for key in {str(line.get("product")) for line in given.rows(call, "lines")}}
    for other in before:
        if other.version != version and other.status in OPEN:
            tx.quotes.put(msgspec.structs.replace(other, status="superseded", settled_at=call.now))
    record = _priced(
        deals.Quote(
            id=f"{number}/{version}",
            number=number,
            version=version,
            instance_id=call.instance_id,
            customer=customer,
            lines=(),
            currency=given.text(call, "currency", HOUSE_CURRENCY),
            total=0,
            discount=0,
            discount_limit=given.number(call, "discount_limit", 0),
            valid_until=given.text(call, "valid_until", ""),
            payment_terms=given.text(call, "payment_terms", ""),
            owner=given.text(call, "owner", ""),
            drafted_at=call.now,
        ),
        _lines(call),
        known,
    )
    tx.quotes.put(record)
    return JobAnswer(data={"quoteNo": number, "version": version, "lines": list(record.lines)})


def _version(before: Sequence[deals.Quote], call: JobCall) -> int:
    """The one this case is still at, else the next."""
    if not before:
        return 1
    mine = before[0].instance_id == call.instance_id and before[0].status in ("draft", "approved")
    return before[0].version if mine else before[0].version + 1


def _priced(record: deals.Quote, lines: pricing.Lines, known: Mapping[str, trade.Product | None]) -> deals.Quote:
    """Other currencies have no price list, and nothing says what is left of them."""
    ours, costs = record.currency == HOUSE_CURRENCY, {key: one.unit_cost if one else None for key, one in known.items()}
    at_list = [
        pricing.at_list_price(line, product.list_price) if ours and product else dict(line)
        for line in lines
        for product in (known.get(line["product"]),)
    ]
    return msgspec.structs.replace(
        record,
        lines=tuple(at_list),
        total=float(pricing.total(at_list)),
        discount=max((float(line.get("discount", 0)) for line in at_list), default=0.0),
        margin=pricing.margin(at_list, costs) if ours else None,
    )


def _lines(call: JobCall) -> list[dict[str, Any]]:
    found = given.rows(call, "lines")
    if not 0 < len(found) <= MOST_LINES:
        raise given.wrong(call, "lines", zh=f"1 到 {MOST_LINES} 行明细", en=f"1 to {MOST_LINES} lines")
    return [_line(call, line) for line in found]


def _line(call: JobCall, line: Mapping[str, Any]) -> dict[str, Any]:
    """With numbers, where an expression left the digits of a decimal."""
    product = line.get("product")
    qty, price, discount = (_number_or(line, name) for name in ("qty", "list_price", "discount"))
    sound = qty >= 1 and qty == int(qty) and price >= 0 and 0 <= discount <= 100
    if not isinstance(product, str) or not product or not sound:
        raise given.wrong(
            call,
            "lines",
            zh="明细行：产品、正整数数量、价格、0 到 100 的折扣",
            en="lines with a product, a whole quantity from 1, a price and a discount from 0 to 100",
        )
    return {**line, "qty": int(qty), "list_price": price, "discount": discount}


def _number_or(line: Mapping[str, Any], name: str) -> float:
    """What is no number is less than any that may stand there."""
    found = given.numeric(line.get(name, 0))
    return -1 if found is None else found


def _number(tx: Transaction, call: JobCall) -> str:
    begin = SERIES.format(year=call.now.year)
    last = tx.quotes.last_number(begin)
    return series.following(begin, last, code="quote_numbers_used_up", what=both(zh="报价", en="quote"))


def _same_customer(before: Sequence[deals.Quote], number: str, customer: str) -> None:
    if before and before[0].customer != customer:
        raise errors.Conflict(
            "quote_number_taken",
            zh=f"报价编号 {number} 属于另一位客户，请换一个编号",
            en=f"the quote number {number!r} is another customer's: give it another one",
            number=number,
        )


def _approve(tx: Transaction, call: JobCall) -> JobAnswer:
    """Priced anew with ``lines``, for an alternative may have taken a product's place; then it may be sent."""
    quote = _mine(tx, call)
    if quote.status in ("draft", "approved"):
        lines = _lines(call)
        known = {key: tx.ledger.product(key) for key in {line["product"] for line in lines}}
        tx.quotes.put(msgspec.structs.replace(_priced(quote, lines, known), status="approved"))
    return JobAnswer()


def _send(tx: Transaction, call: JobCall) -> JobAnswer:
    """Raises Conflict when nobody has approved it."""
    quote = _mine(tx, call)
    if quote.status == "draft":
        raise errors.Conflict(
            "quote_not_approved",
            zh=f"报价 {quote.id} 还没有批准，不能发出",
            en=f"the quote {quote.id!r} is not approved and cannot be sent",
            quote=quote.id,
        )
    if quote.status == "approved":
        sent = msgspec.structs.replace(
            quote,
            status="sent",
            document=given.text(call, "document", ""),
            lead_days=int(given.number(call, "lead_days", 0)),
            sent_at=call.now,
        )
        tx.quotes.put(sent)
    return JobAnswer()


def _answer(tx: Transaction, call: JobCall) -> JobAnswer:
    """The customer's first word counts: what is settled stays as it is."""
    quote, reply = _mine(tx, call), given.choice(call, "reply", REPLIES)
    _settle(tx, call, quote, ANSWERED[reply], given.text(call, "reason", ""))
    return JobAnswer()


def _expire(tx: Transaction, call: JobCall) -> JobAnswer:
    _settle(tx, call, _mine(tx, call), "expired", "")
    return JobAnswer()


def _settle(tx: Transaction, call: JobCall, quote: deals.Quote, status: deals.Standing, reason: str) -> None:
    if quote.status == "sent":
        tx.quotes.put(msgspec.structs.replace(quote, status=status, reason=reason, settled_at=call.now))


def _terms(store: Store, call: JobCall) -> JobAnswer:
    """What the accepted quote ``quote`` asks of a contract, beside what is given: nothing has to be typed again.
    ``problems`` when this customer has accepted no quote of that number; without a number, nothing."""
    number = given.text(call, "quote", "")
    if not number:
        return JobAnswer()
    with store.reading() as tx:
        quote = accepted(tx, number, call.customer.id if call.customer else "")
        known = {line["product"]: tx.ledger.product(line["product"]) for line in quote.lines} if quote else {}
    if quote is None:
        told = f"客户没有接受报价 {number} / the customer has accepted no quote {number}"
        return JobAnswer(data={"quoteNo": None, "problems": [told]})
    amount = given.number(call, "amount", quote.total)
    begins = contracts.day(given.text(call, "from", "")) or call.now.date() + timedelta(days=1)
    return JobAnswer(
        data={
            "amount": amount,
            "contract_subject": given.text(call, "subject", pricing.said(quote, known)),
            "term_from": begins.isoformat(),
            "term_to": (begins + contracts.YEAR).isoformat(),
            "template": "standard",
            "payment_plan": pricing.plan(amount, quote.payment_terms, begins),
        }
    )


def _order(store: Store, call: JobCall) -> JobAnswer:
    """What the accepted quote ``quote`` asks of an order; ``quoteNo`` alone, and None, when this customer has accepted
    no quote of that number."""
    with store.reading() as tx:
        quote = accepted(tx, given.text(call, "quote", ""), call.customer.id if call.customer else "")
    return JobAnswer(data={"quoteNo": None} if quote is None else pricing.order_terms(quote))


def _mine(tx: Transaction, call: JobCall) -> deals.Quote:
    """The version ``version`` of ``number``, locked. Raises NotFound."""
    number, version = given.text(call, "number"), int(given.number(call, "version"))
    tx.quotes.lock(number)
    found = tx.quotes.get(f"{number}/{version}")
    if found is None:
        raise errors.NotFound(
            "quote_unknown",
            zh=f"没有报价 {number} 第 {version} 版",
            en=f"there is no version {version} of the quote {number!r}",
            quote=number,
        )
    return found
