"""The page of selling and its twin in the API: the pipeline, what is overdue, quotas, forecasts."""

from datetime import timedelta

import pytest

from engine import deals, selling
from tests.house import House
from tests.web.conftest import Browser, words


@pytest.fixture
def sold(desk: House) -> House:
    """Two open deals, one of them overdue; Anna's quota; a forecast of her team."""
    desk.customer("c-1", name="李雷贸易")
    now, today = desk.now, desk.now.date().isoformat()
    with desk.engine.store.transaction() as tx:
        told = {"customer": "c-1", "amount": 1000, "owner": "anna", "opened_at": now}
        tx.opportunities.put(deals.Opportunity(id="d-1", name="Old pumps", expected_close="2020-01-01", **told))
        tx.opportunities.put(deals.Opportunity(id="d-2", name="New pumps", stage="quote", probability=60, **told))
        closed = {"stage": "won", "closed_at": now, "name": "Sold pumps"}
        tx.opportunities.put(deals.Opportunity(id="d-3", **closed, **told))
        plan = {"begins": today, "ends": today, "period": "Q", "target": 4000, "status": "locked", "made_at": now}
        tx.quotas.keep(selling.QuotaPlan(id="QP", **plan))
        tx.quotas.put(selling.Quota(plan="QP", unit="sales", holder="anna", amount=4000))
        locked = {"status": "locked", "locked_at": now, "made_at": now, "begins": today, "ends": today}
        more = {"totals": {"commit": 777, "forecast": 654}, "adjusted": -20, "reason": "a rival"}
        tx.forecasts.keep(selling.Forecast(id="F", team="sales", **locked, **more))
    return desk


def test_the_page_tells_pipeline_quota_and_forecast(sold: House, anna: Browser, bo: Browser) -> None:
    english, chinese = words(anna.get("/sales")), words(bo.get("/sales"))
    for told in ("Old pumps", "New pumps", "李雷贸易", "2,000", "700"):
        assert told in english and told in chinese, told
    assert "Sold pumps" not in english
    for told in ("1 deal is past its expected day", "Reached", "25 %", "777", "654", "adjusted by -20: a rival"):
        assert told in english.replace("−", "-"), told
    assert "1 个商机已过预计成交日" in chinese and "销售漏斗" in chinese


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ("stage=quote", "New pumps", "Old pumps"),
        ("late=1", "Old pumps", "New pumps"),
        ("owner=anna", "New pumps", "No such deals"),
        ("owner=nobody", "No such deals", "New pumps"),
    ],
)
def test_deals_are_narrowed(sold: House, anna: Browser, query: str, there: str, gone: str) -> None:
    page = words(anna.get(f"/sales?{query}"))
    assert there in page and gone not in page


def test_a_stage_that_is_none_is_refused_in_words(sold: House, anna: Browser, bo: Browser) -> None:
    refused = anna.get("/sales?stage=won")
    assert refused.status_code == 422 and "There is no open stage" in words(refused)
    assert "没有商机阶段" in words(bo.get("/sales?stage=won"))


def test_more_than_a_page_of_deals_goes_on(sold: House, anna: Browser) -> None:
    with sold.engine.store.transaction() as tx:
        for n in range(60):
            day = (sold.now + timedelta(days=n)).date().isoformat()
            told = {"customer": "c-1", "amount": 1, "opened_at": sold.now, "expected_close": day}
            tx.opportunities.put(deals.Opportunity(id=f"m-{n:02}", name=f"Many {n:02}.", **told))
    first = anna.get("/sales")
    assert "Many 40." in words(first) and "Many 59." not in words(first)
    assert "Many 59." in words(anna.get("/sales?after=m-48")) and 'after=m-48"' in first.text
