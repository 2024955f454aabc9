"""Which tickets wait for the fix of a known problem."""

from collections.abc import Mapping

from engine.domain import given
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction


def handlers(store: Store) -> Mapping[str, Handler]:
    return {"knowledge.link": lambda call: store.run(lambda tx: _link(tx, call))}


def _link(tx: Transaction, call: JobCall) -> JobAnswer:
    problem = given.text(call, "problem")
    tx.ledger.link_problem(problem, given.text(call, "ticket"), call.now)
    return JobAnswer(data={"waiting_tickets": len(tx.ledger.linked(problem))})
