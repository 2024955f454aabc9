"""A lender's look-ups: is the application complete, and what credit file, income, valuation and fraud check say.

The files lie in tables of our own; a provider's service can stand behind the same handlers.
"""

from collections.abc import Mapping

from engine.domain import given
from engine.ports import Handler, JobAnswer, JobCall, Store
from engine.trade import CreditFile

UNKNOWN_POINTS = 600
"""A person without a file is neither good nor bad: a human looks (the policy's grey zone)."""
CAUTION = 0.9
"""Of a declared value, where no valuer has been."""


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "lending.receive": receive,
        "lending.credit": lambda call: _credit(_file(store, call)),
        "lending.income": lambda call: _income(_file(store, call), call),
        "lending.valuation": lambda call: _valuation(store, call),
        "lending.fraud": lambda call: JobAnswer(data={"fraud_hits": _file(store, call).fraud_hits}),
    }


def receive(call: JobCall) -> JobAnswer:
    """What is missing, in the order it is asked for, and when the application came."""
    there = given.items(call, "documents")
    missing = [name for name in given.items(call, "required") if name not in there]
    return JobAnswer(data={"missing_documents": missing, "received_at": call.now.isoformat()})


def _file(store: Store, call: JobCall) -> CreditFile:
    id_no = given.text(call, "id_no")
    with store.reading() as tx:
        return tx.ledger.credit_file(id_no) or CreditFile(id_no=id_no, points=UNKNOWN_POINTS)


def _credit(file: CreditFile) -> JobAnswer:
    return JobAnswer(data={"credit": {"points": file.points, "arrears_months": file.arrears_months}})


def _income(file: CreditFile, call: JobCall) -> JobAnswer:
    """The lower of what is on file and what was declared."""
    declared = given.number(call, "declared")
    return JobAnswer(data={"income_verified": declared if file.income is None else min(file.income, declared)})


def _valuation(store: Store, call: JobCall) -> JobAnswer:
    with store.reading() as tx:
        known = tx.ledger.valuation(given.text(call, "address"))
    value = known if known is not None else given.number(call, "declared") * CAUTION
    return JobAnswer(data={"property_value": round(value, 2)})
