"""Pieces held for one purpose: taken from the stock all together or not at all."""

from collections.abc import Mapping

import msgspec

from engine import care
from engine.domain import given
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "stock.hold": lambda call: _hold(store, call),
        "stock.use": lambda call: store.run(lambda tx: _end(tx, call, used=True)),
        "stock.release": lambda call: store.run(lambda tx: _end(tx, call, used=False)),
    }


class Short(Exception):
    """Undoes what was taken before the product that there is too little of."""

    def __init__(self, products: list[str]) -> None:
        super().__init__(", ".join(products))
        self.products = products


def _hold(store: Store, call: JobCall) -> JobAnswer:
    """``lines`` of sku and qty. ``held`` is false and nothing is taken when one of them is short."""
    try:
        store.run(lambda tx: _take(tx, call))
    except Short as short:
        return JobAnswer(data={"held": False, "shortages": short.products})
    return JobAnswer(data={"held": True, "shortages": []})


def _take(tx: Transaction, call: JobCall) -> None:
    wanted = given.pieces(call, "lines")
    purpose = given.text(call, "purpose")
    mine = {hold.id for hold in tx.stock.holds(purpose)}
    asked = [(sku, qty) for sku, qty in sorted(wanted.items()) if f"{call.id}:{sku}" not in mine]
    short = [sku for sku, qty in asked if not tx.stock.take(sku, qty)]
    if short:
        raise Short(short)
    for sku, qty in asked:
        tx.stock.hold(care.StockHold(id=f"{call.id}:{sku}", product=sku, qty=qty, purpose=purpose, held_at=call.now))


def _end(tx: Transaction, call: JobCall, *, used: bool) -> JobAnswer:
    """All that is still held for the purpose: gone for good, or back on the shelf."""
    held = [one for one in tx.stock.holds(given.text(call, "purpose")) if one.status == "held"]
    for one in held:
        if not used:
            tx.stock.give_back(one.product, one.qty)
        tx.stock.hold(msgspec.structs.replace(one, status="used" if used else "released"))
    return JobAnswer(data={"pieces": sum(one.qty for one in held)})
