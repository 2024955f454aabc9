"""A customer's journey in a real house: lead, deal, order and service under one number, each found by its message."""

from collections.abc import Iterator

import pytest

from tests.processes.life import Life, living

NEEDED = ("X-03", "MA-06", "SFA-01", "SFA-02", "SFA-03", "SFA-04", "SFA-12", "SFA-05", "X-01", "CSS-09", "MA-01")
NEED = "二十座席的呼叫中心 / a call centre for twenty"
NEXT = {"next_action": "约演示 / arrange the demo", "next_action_on": "2026-03-20"}


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    with living(tmp_path_factory.mktemp("journey"), NEEDED, current=20, potential=10) as alive:
        yield alive


def test_a_journey_hears_what_became_of_its_deal_and_goes_on_to_service(life: Life) -> None:
    life.begin("X-03", "J-1", correlationId="J-1", campaignId="CMP-1", leadNo="L-1", need=NEED, lead_kind="demo",
               territory="east", interest="call_centre", phone="13912345678", consent=True, source="web",
               channel="web")  # fmt: skip
    life.does("discovery_call", greeted=True, asked_pain="占线 / engaged", budget="yes", authority_contact="店主",
              need=NEED, amount=60000, expected_close="2026-04-20")  # fmt: skip
    life.does("complete_record", company_name="青禾科技有限公司", contact_person="王总")
    (journey,), (deal,) = life.instances("X-03"), life.instances("SFA-02")
    assert (journey.status, deal.status, deal.customer_id) == ("active", "active", "C-1")

    life.does("first_visit", win_plan="先见王总 / Mr Wang first", decision_maker="王总", visit_outcome="go_on", **NEXT)
    life.does("confirm_needs", needs_document="二十座席 / twenty", customer_signed_off=True, demo_shown=True,
              needs_outcome="go_on", **NEXT)  # fmt: skip
    line = {"product": "call_centre", "options": [], "qty": 50, "list_price": 1200, "discount": 5}
    life.does("configure", lines=[line], currency="CNY", valid_until="2026-04-30", payment_terms="net_30",
              proposal_template="quote")  # fmt: skip
    life.hears("quote.answered", "L-1-Q", reply="accept")
    life.does("negotiate", agreed_points="九折 / 10 % off", deal_outcome="go_on", **NEXT)
    assert not {"st_confirm", "enter_order"} & set(life.waiting())
    life.hears("contract.signed_back", "HT-2026-0001", signed=True)
    assert [one.status for one in life.instances("SFA-02")] == ["completed"]
    assert [one.customer_id for one in life.instances("SFA-12")] == ["C-1"], "the review hears of the deal as well"

    assert "enter_order" not in life.waiting(), "what was accepted as a quote is not entered again"
    life.does("st_confirm", order_choice="order", requested_date="2026-04-15", ship_to="苏州 / Suzhou", users_count=20)
    with life.engine.store.reading() as tx:
        order = tx.orders.get("SO-L-1-Q")
    assert order is not None and (order.quote, order.total, order.ship_to) == ("L-1-Q", 57000, "苏州 / Suzhou")
    life.hears("order.shipped", "SO-L-1-Q", tracking="SF-1")
    life.hears("order.received", "SO-L-1-Q")
    (led,) = life.instances("X-01")
    assert life.waiting(journey.id) == {}, "the contract began the onboarding: the journey awaits it"
    life.does("collect_documents", documents=["licence", "tax_data", "privacy"])
    life.does("check_compliance", outcome="passed")
    while "set_up_tasks" in life.waiting(led.id):
        life.does("set_up_tasks")
    life.hears("onboarding.first_value", "ON-HT-2026-0001")
    life.does("hand_over", service_contact="a")
    for _ in range(4):  # whether a survey is drawn or not, its days are over then
        life.passes(days=9)

    with life.engine.store.reading() as tx:
        told, (begun,) = tx.journeys.get("J-1"), tx.onboardings.of_customer("C-1")
    assert (begun.id, begun.outcome, begun.instance_id) == ("ON-HT-2026-0001", "live", led.id)
    assert told is not None and told.outcome == "served"
    assert [(one["stage"], one["outcome"]) for one in told.stages] == [
        ("lead", "answered"), ("opportunity", "won"), ("order", "delivered"), ("onboarding", "live")
    ]  # fmt: skip
    assert [one.status for one in life.instances("X-03")] == ["completed"]
    assert [one.customer_id for one in life.instances("MA-01")] == ["C-1"], "the value is computed anew at the end"
    assert not any(one.incidents for process in NEEDED for one in life.instances(process))


def test_a_journey_ends_at_once_when_its_deal_is_lost(life: Life) -> None:
    life.begin("X-03", "J-2", correlationId="J-2", campaignId="CMP-1", leadNo="L-2", need=NEED, lead_kind="demo",
               territory="east", interest="call_centre", phone="13912345678", consent=True, source="web",
               channel="web")  # fmt: skip
    life.does("discovery_call", greeted=True, asked_pain="占线 / engaged", budget="yes", authority_contact="店主",
              need=NEED, amount=60000, expected_close="2026-04-20")  # fmt: skip
    life.does("complete_record", company_name="青禾科技有限公司", contact_person="王总")
    life.does("first_visit", win_plan="先见王总 / Mr Wang first", decision_maker="王总", visit_outcome="lost",
              win_loss_reason="price", **NEXT)  # fmt: skip
    with life.engine.store.reading() as tx:
        told = tx.journeys.get("J-2")
    assert told is not None and (told.outcome, told.reason) == ("lost", "price")
