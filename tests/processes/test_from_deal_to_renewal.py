"""A deal in a real house: pursued, quoted, signed, watched, learnt from, renewed.

The processes call and write to each other as they would in life; nothing is answered for them.
"""

from collections.abc import Iterator

import pytest

from tests.processes.life import Life, living

NEEDED = ("SFA-02", "SFA-03", "SFA-04", "SFA-04-watch", "SFA-12", "SFA-16", "CSS-10")
CLOSE = {"expected_close": "2026-06-30", "next_action": "下一步 / next", "next_action_on": "2026-03-20"}


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    with living(tmp_path_factory.mktemp("deal"), NEEDED) as alive:
        yield alive


def test_a_deal_is_won_signed_watched_learnt_from_and_renewed(life: Life) -> None:
    life.begin("SFA-02", "OP-1", opportunityNo="OP-1", subject="呼叫中心", amount=60000.0, channel="phone",
               expected_close="2026-06-30")  # fmt: skip
    life.does("first_visit", win_plan="先见王总 / Mr Wang first", decision_maker="王总", visit_outcome="go_on", **CLOSE)
    life.does(
        "confirm_needs", needs_document="二十座席 / twenty", customer_signed_off=True, needs_outcome="go_on", **CLOSE
    )
    life.does("gate_1", gate_1_outcome="passed")
    life.does("solution_demo", solution="云呼叫中心 / cloud", demo_outcome="go_on", **CLOSE)
    line = {"product": "call_centre", "options": [], "qty": 50, "list_price": 1200, "discount": 5}
    life.does("configure", lines=[line], currency="CNY", valid_until="2026-04-30", payment_terms="net_30")
    life.hears("quote.answered", "OP-1-Q", reply="accept")
    with life.engine.store.reading() as tx:
        (deal,) = tx.opportunities.open()
    assert (deal.stage, deal.amount) == ("negotiation", 57000.0)
    life.does("negotiate", agreed_points="九折 / 10 % off", team=[{"user": "b"}], deal_outcome="go_on", **CLOSE)
    plan = [{"date": "2026-04-01", "amount": 20000}, {"date": "2026-10-01", "amount": 40000}]
    life.does("draft", contract_subject="呼叫中心", amount=60000, term_from="2026-04-01", term_to="2027-03-31",
              template="standard", payment_plan=plan, seal_required=True)  # fmt: skip
    life.does("manager_approval", outcome="agreed")
    life.hears("contract.signed_back", "HT-2026-0001", signed=True)
    life.does("file_contract", sealed=True, shelf="A-12")

    with life.engine.store.reading() as tx:
        (won,) = life.instances("SFA-02")
        contract, moves = tx.contracts.numbered("HT-2026-0001"), tx.opportunities.open()
        (quote,) = tx.quotes.versions("OP-1-Q")
    assert (won.status, won.incidents, moves) == ("completed", 0, [])
    assert (quote.status, quote.total, quote.customer) == ("accepted", 57000.0, "C-1") and "OP-1-Q v1" in quote.document
    assert contract is not None and (contract.status, contract.customer) == ("effective", "C-1")
    assert (contract.quote, contract.team) == ("OP-1-Q", ("b",))
    assert [one.status for one in life.instances("SFA-04-watch")] == ["active"]
    assert len(life.instances("SFA-12")) == 1

    life.hears("payment.received", "HT-2026-0001/1")
    life.until("2026-10-05")
    life.does("chase_payment", payment_note="下周付 / next week")
    life.hears("payment.received", "HT-2026-0001/2")
    with life.engine.store.reading() as tx:
        contract = tx.contracts.numbered("HT-2026-0001")
    assert contract is not None and all("paid_on" in one for one in contract.payments)

    life.until("2027-01-05")
    assert [one.status for one in life.instances("SFA-04-watch")] == ["completed"]
    (renewal,) = life.instances("SFA-16")
    assert renewal.customer_id == "C-1"
    life.does("contact", talk_outcome="same")
    life.hears("renewal.answered", "HT-2026-0001", decision="renew")
    again = {"amount": 60000, "term_from": "2027-04-01", "term_to": "2028-03-31", "template": "standard"}
    at_once = [{"date": "2027-04-01", "amount": 60000}]
    life.does("draft", contract_subject="续约 / renewal", payment_plan=at_once, seal_required=True, **again)
    life.does("manager_approval", outcome="agreed")
    life.hears("contract.signed_back", "HT-2027-0001", signed=True)
    life.does("file_contract", sealed=True, shelf="A-13")
    with life.engine.store.reading() as tx:
        held = [(one.number, one.status) for one in tx.contracts.of_customer("C-1")]
    assert held == [("HT-2027-0001", "effective"), ("HT-2026-0001", "effective")]
    assert not any(one.incidents for process in NEEDED for one in life.instances(process))
