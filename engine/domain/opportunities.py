"""Opportunities: opened from a lead with all that was said before."""

from collections.abc import Mapping

from engine import trade
from engine.domain import given
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction


def handlers(store: Store) -> Mapping[str, Handler]:
    return {"opportunities.open": lambda call: store.run(lambda tx: _open(tx, call))}


def _open(tx: Transaction, call: JobCall) -> JobAnswer:
    """The lead's need and what was joined to it come first, then ``history``, a list of texts."""
    lead = tx.leads.known(given.text(call, "lead", ""))
    before = [lead.need, *(str(one.get("need", "")) for one in lead.joined)] if lead else []
    opportunity = trade.Opportunity(
        id=call.id,
        customer=call.customer.id if call.customer else "",
        lead=given.text(call, "lead", ""),
        name=given.text(call, "name"),
        amount=given.number(call, "amount"),
        expected_close=given.text(call, "expected_close", ""),
        owner=given.text(call, "owner", ""),
        history=tuple(str(said) for said in (*before, *given.items(call, "history")) if said),
        opened_at=call.now,
    )
    tx.ledger.open_opportunity(opportunity)
    return JobAnswer(data={"opportunity_id": opportunity.id})
