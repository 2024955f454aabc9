"""How often one cause made customers complain in the last thirty days."""

from collections.abc import Mapping
from datetime import timedelta

from engine.domain import given
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction

MONTH = timedelta(days=30)


def handlers(store: Store) -> Mapping[str, Handler]:
    return {"complaints.count": lambda call: store.run(lambda tx: _count(tx, call))}


def _count(tx: Transaction, call: JobCall) -> JobAnswer:
    cause, category = given.text(call, "cause"), given.text(call, "category")
    tx.ledger.count_cause(call.id, cause, category, call.now)
    return JobAnswer(data={"same_cause_this_month": tx.ledger.causes(cause, category, call.now - MONTH)})
