"""Stock and lead time of what a quote offers, from the product table."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from engine.domain import given
from engine.ports import Handler, JobAnswer, JobCall, Store

FAR = 30
"""A product that takes more days than this is not in time: an alternative is offered."""


def handlers(store: Store) -> Mapping[str, Handler]:
    return {"products.stock": lambda call: _stock(store, call)}


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
    if isinstance(quantity, bool) or not isinstance(quantity, int | float):
        raise given.wrong(call, "lines", zh="带数量（qty）的明细行", en="lines with a number as qty")
    return int(quantity)
