"""A member of staff says something: a phrase by keyboard into a comment on a case, feedback about the page."""

import pytest
from selenium.webdriver.common.keys import Keys

from engine.inbox import phrases
from engine.people.agent import SYSTEM
from engine.runtime import start
from engine.watch import feedback
from tests.browser import axe
from tests.browser.conftest import Desk, employ
from tests.browser.test_designer import fits_a_phone
from tests.house import BOSS, House

pytestmark = pytest.mark.browser
WORDS = {"zh-CN": "资料不全，请补充。", "en": "Papers are missing."}


def test_what_people_say(desk: House, browser: Desk) -> None:
    employ(desk, "li", "李雷", "zh-CN", ("admin", "staff"))
    phrases.keep(desk.engine, kind="comment", texts=WORDS, everybody=True, agent=SYSTEM, now=desk.now)
    begun = start.start(
        desk.engine,
        process="CSS-03",
        customer_id="ka",
        data={"complaintNo": "K-1", "complaint_text": "It broke", "category": "product"},
        agent=SYSTEM,
        now=desk.now,
    )
    browser.sign_in("li")
    browser.open(f"/cases/{begun.instance.id}")
    browser.find("#comment").send_keys("@li")
    browser.find('select[data-phrases="comment"]').send_keys(Keys.ARROW_DOWN, Keys.ENTER)
    assert browser.find("#comment").get_attribute("value") == "@li 资料不全，请补充。"
    browser.press(".comment .button")
    assert "资料不全，请补充。" in browser.find("#story").text
    browser.press('a[href^="/feedback?page="]')
    browser.find("#text").send_keys("字段太多")
    browser.press("form.form .button.primary")
    (said,) = feedback.listed(desk.engine, agent=BOSS)
    assert (said.process, said.instance_id) == ("CSS-03", begun.instance.id)
    assert axe.breaches(browser.driver) == []
    browser.shot("feedback-zh-CN")
    for page in ("/phrases", "/uses?kind=group&key=complaint_desk", "/designer/CSS-03/1"):
        browser.open(page)
        assert axe.breaches(browser.driver) == [], page
        fits_a_phone(browser, f"said-{page.split('/')[1].split('?')[0]}-360")
    assert browser.complaints() == []
