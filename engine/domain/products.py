"""Stock and lead time of what a quote offers, from the product table."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from engine import trade
from engine.domain import given
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Handler, JobAnswer, JobCall, Store

FAR = 30
"""A product that takes more days than this is not in time: an alternative is offered."""


def handlers(store: Store) -> Mapping[str, Handler]:
    return {"products.stock": lambda call: _stock(store, call)}


def search(engine: Engine, *, text: str, agent: Agent, limit: int = 50) -> list[trade.Product]:
    """By part of the key or of a name, ordered by key. Raises errors.Forbidden."""
    rights.need(agent, "customer.see")
    with engine.store.reading() as tx:
        return tx.ledger.products(text.strip()[:200], limit)


def _stock(store: Store, call: JobCall) -> JobAnswer:
    """``erp_timeout``, so that a person looks, when a line names a product that the table does not know."""
    wanted: Counter[str] = Counter()
    for line in given.rows(call, "lines"):
        wanted[str(line.get("product", ""))] += _quantity(call, line)
    with store.reading() as tx:
        known = {key: tx.ledger.product(key) for key in wanted}
    days, short = 0, []
    for key, quantity in wanted.items():
        product = known[key]
        if product is None:
            return JobAnswer(error="erp_timeout", message=key)
        if product.stock < quantity:
            days = max(days, product.lead_days)
            if product.lead_days > FAR:
                short.append(key)
    return JobAnswer(data={"in_stock": not short, "lead_time_days": days, "shortages": short})


def _quantity(call: JobCall, line: Mapping[str, Any]) -> int:
    quantity = line.get("qty", 0)
    if not given.is_number(quantity):
        raise given.wrong(call, "lines", zh="带数量（qty）的明细行", en="lines with a number as qty")
    return int(quantity)
