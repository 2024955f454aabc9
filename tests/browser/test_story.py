"""A key account and a standard customer complain about the same thing, and get different work."""

import pytest
from selenium.webdriver.common.by import By

from engine.messages import correlate
from engine.people.agent import SYSTEM
from tests.browser.conftest import Desk, employ
from tests.house import House

pytestmark = pytest.mark.browser

COMPLAINT = {
    "complaintNo": "K-1",
    "complaint_text": "收到的设备有划痕，客服两次没有回电。",
    "category": "product",
    "demand": "退一部分款",
    "demand_amount": "80",
    "channel": "phone",
}


def start(browser: Desk, customer: str) -> str:
    """Through the page; the address of the case."""
    browser.open(f"/start/CSS-03?customer={customer}")
    browser.fill(**COMPLAINT)
    browser.press(".bar .button.primary")
    assert "/cases/" in browser.driver.current_url, browser.text
    return browser.driver.current_url.removeprefix(browser.address)


def to_the_end(desk: House, browser: Desk, case: str, who: str) -> str:
    """The customer is content, the cause is put right, the waiting time passes; the case as it then reads."""
    desk.settle()
    letter = correlate.Letter(name="complaint.answered", key="K-1", data={"content": True})
    correlate.correlate(desk.engine, letter=letter, agent=SYSTEM, now=desk.now)
    desk.settle()
    browser.do_next(root_cause="process", corrective_action="更换包装供应商 / new packing")
    desk.settle()
    desk.pass_time(days=31)
    # A month later the session is over, as it should be.
    browser.sign_in(who)
    browser.open(case)
    return browser.text


def test_a_key_account_s_complaint_is_worked_to_its_end_in_chinese(desk: House, browser: Desk) -> None:
    employ(desk, "li", "李雷", "zh-CN")
    browser.sign_in("li")
    case = start(browser, "ka")
    desk.settle()
    assert "大客户" in browser.text
    done = [browser.do_next(apology="非常抱歉，给您添麻烦了。", reached_by="phone")]
    desk.settle()
    done.append(browser.do_next(call_note="已向客户总经理致歉。"))
    desk.settle()
    done.append(browser.do_next(findings="包装不合格，运输中磨损。", at_fault="ours"))
    desk.settle()
    browser.open("/inbox")
    browser.shot("inbox-zh")
    done.append(browser.do_next(redress="refund", redress_amount="2400", offer_text="退款并书面致歉。"))
    desk.settle()
    done.append(browser.do_next(answered_by="phone"))
    assert done[0] == "登记并致歉" and len(set(done)) == 5
    assert "办件已办结" in to_the_end(desk, browser, case, "li")
    browser.shot("case-zh")
    assert browser.complaints() == []


def test_a_standard_customer_s_complaint_is_worked_to_its_end_in_english_with_less_work(
    desk: House, browser: Desk
) -> None:
    employ(desk, "anna", "Anna Berg", "en")
    browser.sign_in("anna")
    case = start(browser, "st")
    desk.settle()
    done = [browser.do_next(apology="We are truly sorry.", reached_by="phone")]
    desk.settle()
    done.append(browser.do_next(findings="Poor packing, worn in transit.", at_fault="ours"))
    desk.settle()
    done.append(browser.do_next(answered_by="phone"))
    assert done[0] == "Register, apologise" and len(set(done)) == 3
    text = to_the_end(desk, browser, case, "anna")
    assert "the case is closed" in text and "Anna Berg" in text
    browser.shot("case-en")
    assert browser.complaints() == []


def test_the_start_page_says_which_variant_each_would_get(desk: House, browser: Desk) -> None:
    employ(desk, "anna", "Anna Berg", "en")
    browser.sign_in("anna")
    said = {}
    for customer in ("ka", "st"):
        browser.open(f"/start/CSS-03?customer={customer}")
        said[customer] = browser.find("aside .card").text
        browser.shot(f"start-{customer}-en")
    assert said["ka"] != said["st"]
    assert "Key accounts" in said["ka"] and "Standard" in said["st"]


def test_the_drawing_shows_where_the_case_stands_and_keeps_its_watermark(desk: House, browser: Desk) -> None:
    employ(desk, "anna", "Anna Berg", "en")
    browser.sign_in("anna")
    case = start(browser, "ka")
    desk.settle()
    browser.open(case)
    browser.find('[data-drawn="1"]')
    assert browser.driver.find_elements(By.CSS_SELECTOR, '.djs-element.is-now[data-element-id="register"]')
    passed = browser.find(".djs-connection.is-done .djs-visual > path")
    assert passed.value_of_css_property("stroke") == "rgb(26, 107, 60)"
    assert browser.find(".bjs-powered-by").is_displayed()
    assert browser.complaints() == []


def test_rows_fields_and_drafts_work_as_one_types(desk: House, browser: Desk) -> None:
    employ(desk, "anna", "Anna Berg", "en")
    browser.sign_in("anna")
    start(browser, "ka")
    desk.settle()
    browser.open("/inbox")
    browser.open(browser.find("a.row").get_attribute("href").removeprefix(browser.address))
    browser.fill(apology="half a sentence")
    browser.wait(lambda driver: "Draft saved" in driver.find_element(By.CSS_SELECTOR, "[data-draft-sign]").text)
    browser.driver.refresh()
    assert browser.find('[name="f/apology"]').get_attribute("value") == "half a sentence"
