"""A customer is brought in once, by the first order or the first contract; what comes later joins it."""

from collections.abc import Iterator

import msgspec
import pytest

from engine import care
from engine.messages import correlate
from engine.people.agent import SYSTEM
from engine.runtime import cancel
from tests.processes.life import Life, living

NEEDED = ("X-01", "SFA-05", "CSS-09", "CSS-10")


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    with living(tmp_path_factory.mktemp("once"), NEEDED, current=20, potential=10) as alive:
        yield alive


def orders(life: Life, number: str) -> None:
    lines = [{"sku": "call_centre", "qty": 2, "price": 1200}]
    day = (life.now.date()).isoformat()
    life.begin("SFA-05", number, orderNo=number, payment="on_account", requested_date=day, ship_to="苏州 / Suzhou",
               lines=lines, channel="web")  # fmt: skip
    life.hears("order.shipped", number, tracking="SF-1")
    life.hears("order.received", number)


def signs(life: Life, number: str) -> str:
    letter = correlate.Letter(
        name="contract.signed", business_key=number, customer_id="C-1", data={"contractNo": number}
    )
    told = correlate.correlate(life.engine, letter=letter, agent=SYSTEM, now=life.now)
    life.settle()
    assert told.outcome == "started"
    return told.instance_id


def onboardings(life: Life) -> list[care.Onboarding]:
    with life.engine.store.reading() as tx:
        return tx.onboardings.of_customer("C-1")


def bring_in(life: Life, number: str) -> None:
    life.does("collect_documents", documents=["licence", "tax_data", "privacy"])
    life.does("check_compliance", outcome="passed")
    while "set_up_tasks" in life.waiting():
        life.does("set_up_tasks")
    life.hears("onboarding.first_value", number)
    life.does("hand_over", service_contact="a")


def test_the_first_order_begins_it_and_a_contract_joins(life: Life) -> None:
    orders(life, "SO-1")
    (first,) = life.instances("X-01")
    assert (first.status, first.customer_id, [one.id for one in onboardings(life)]) == ("active", "C-1", ["ON-SO-1"])

    joined = signs(life, "HT-1")
    assert life.waiting(joined) == {}
    orders(life, "SO-2")
    assert {one.id: one.status for one in life.instances("X-01")} == {first.id: "active", joined: "completed"}
    assert len(onboardings(life)) == 1

    bring_in(life, "ON-SO-1")
    assert [one.outcome for one in onboardings(life)] == ["live"]
    assert life.waiting(signs(life, "HT-2")) == {}, "who is live is not brought in again"


def test_after_a_good_end_only_a_person_begins_another_and_a_case_given_up_leads_nothing(life: Life) -> None:
    wanted = life.begin("X-01", "ON-9", onboardingNo="ON-9", channel="phone")
    assert "collect_documents" in life.waiting(wanted)
    assert life.waiting(signs(life, "HT-3")) == {}
    cancel.cancel(life.engine, instance_id=wanted, reason="客户改期 / put off", agent=SYSTEM, now=life.now)
    with life.engine.store.transaction() as tx:
        live = tx.onboardings.get("ON-SO-1")
        assert live is not None
        tx.onboardings.put(msgspec.structs.replace(live, outcome="dropped"))
    assert "collect_documents" in life.waiting(signs(life, "HT-4")), "nobody leads one, and none came to a good end"
    assert not any(one.incidents for one in life.instances("X-01"))
