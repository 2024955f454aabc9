"""A customer's page tells where we stand with it: papers, who may write, who meets, who belongs to it."""

from datetime import timedelta

import pytest

from engine import agenda, care, deals, parties, trade
from tests.house import House
from tests.web.conftest import Browser, words

DAY = timedelta(days=1)


@pytest.fixture
def known(desk: House) -> House:
    desk.customer("c-1", name="李雷贸易")
    desk.customer("c-2", name="Han Holding")
    now = desk.now
    with desk.engine.store.transaction() as tx:
        tx.opportunities.put(
            deals.Opportunity(id="d", customer="c-1", lead="L-1", name="Pumps", amount=5, opened_at=now)
        )
        minutes = {"first_response_minutes": 60, "resolution_minutes": 480, "included_calls": 4, "activated_at": now}
        term = {"valid_from": "2025-01-01", "valid_to": "2999-01-01", "calendar": "cn-5x8", "level": "gold"}
        tx.agreements.put(care.Agreement(id="SA-1", n=1, customer="c-1", **term, **minutes))
        for key, reason in (("a", "complaint CP-7"), ("b", "opt_out"), ("c", "journey 4711"), ("d", "<b>odd</b>")):
            tx.contacts.stop(trade.MarketingStop(id=key, customer="c-1", reason=reason, since=now))
        span = {"starts_at": now + DAY, "ends_at": now + DAY + timedelta(hours=1)}
        more = {"kind": "visit", "attendees": ("anna", "bo"), "place": "Hall 3", "booked_at": now}
        tx.diary.put(agenda.Appointment(id="m", customer="c-1", **span, **more))
        tx.parties.relate(parties.Relation(party="c-1", other="c-2", kind="parent", since=now))
        held = {"channel": "email", "priority": 1, "reserved_at": now, "expires_at": now + DAY}
        tx.contacts.add(trade.Reservation(id="r", customer="c-1", campaign="Spring", **held))
    return desk


def test_a_customer_s_page_tells_where_we_stand(known: House, anna: Browser, bo: Browser) -> None:
    english, chinese = words(anna.get("/customers/c-1")), words(bo.get("/customers/c-1"))
    for said in ("Deal L-1", "Service agreement SA-1", "Gold", "until 2999-01-01", "complaint CP-7 is open"):
        assert said in english, said
    for said in (
        "商机 L-1",
        "金牌",
        "到期 2999-01-01",
        "投诉 CP-7 未解决",
        "客户不要广告",
        "客户有服务请求在办",
        "上级",
    ):
        assert said in chinese, said
    for said in ("Hall 3", "Han Holding", "Spring", "<b>odd</b>"):
        assert said in english and said in chinese, said


def test_a_customer_with_nothing_has_an_empty_place_only(known: House, anna: Browser) -> None:
    page = words(anna.get("/customers/c-2"))
    assert "No meeting is booked" in page and "Deals, contracts, orders" not in page and "Subsidiary" in page


@pytest.mark.parametrize(
    ("name", "value", "english", "chinese"),
    [
        ("opt_in", True, "May be sent offers Yes", "同意接收营销信息 是"),
        ("do_not_contact", False, "Do not contact No", "勿联系 否"),
        ("churn_risk", 0.25, "Risk of leaving 0.25", "流失风险 0.25"),
        ("fax_lines", ["a", "b"], "Fax lines a, b", "Fax lines a、b"),
        ("city", "北京", "City 北京", "城市 北京"),
    ],
)
def test_what_is_known_of_a_customer_is_said_in_the_reader_s_words(
    desk: House, anna: Browser, bo: Browser, name: str, value: object, english: str, chinese: str
) -> None:
    desk.customer("c-1", attributes={name: value})
    assert english in words(anna.get("/customers/c-1")) and chinese in words(bo.get("/customers/c-1"))
