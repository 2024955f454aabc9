"""The API tells where we stand with a customer."""

from engine import deals, trade
from tests.web.api.conftest import Programs


def test_a_customer_s_papers_and_stops_are_told_by_number(selling: Programs) -> None:
    with selling.engine.store.transaction() as tx:
        customer = tx.customers.by_number("C-1")
        assert customer is not None
        told = {"name": "Pumps", "amount": 5, "opened_at": selling.clock.now()}
        tx.opportunities.put(deals.Opportunity(id="d", customer=customer.id, lead="L-1", **told))
        stop = trade.MarketingStop(id="a", customer=customer.id, reason="opt_out", since=selling.clock.now())
        tx.contacts.stop(stop)
    answer = selling.get("/customers/C-1/standing").json
    assert [(one["kind"], one["number"], one["status"]) for one in answer["papers"]] == [("deal", "L-1", "visit")]
    assert [one["reason"] for one in answer["stops"]] == ["opt_out"]
    assert answer["meetings"] == answer["kin"] == answer["contacts"] == []
    assert selling.get("/customers/C-9/standing").status_code == 404
