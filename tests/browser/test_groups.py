"""Story 28: an administrator changes the rules of the customer groups and sees before who would change group."""

import pytest
from selenium.webdriver.common.by import By

from engine.customers import drafts
from tests.browser import axe
from tests.browser.conftest import Desk, employ
from tests.browser.test_designer import fits_a_phone
from tests.house import BOSS, House

pytestmark = pytest.mark.browser


def write(browser: Desk, name: str, value: str) -> None:
    box = browser.find(f'[name="{name}"]')
    browser.driver.execute_script("arguments[0].value = ''", box)
    box.send_keys(value)


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_rules_are_drafted_tried_on_the_customers_and_released_by_another(
    desk: House, browser: Desk, locale: str
) -> None:
    employ(desk, "ann", "Ann", locale, ("admin",))
    employ(desk, "ben", "Ben", locale, ("admin",))
    desk.customer("mid", number="C-2001", name="青禾科技", kind="customer", scores={"current": 92, "potential": 1})
    browser.sign_in("ann")
    browser.open("/groups")
    browser.shot(f"groups-{locale}")
    assert axe.breaches(browser.driver) == []
    fits_a_phone(browser, f"groups-{locale}-360")
    browser.press("#edit")
    write(browser, "cell-0-0", "> > 5")
    browser.press('.bar [value="check"]')
    assert browser.find("#cell-0-0-wrong").text
    write(browser, "cell-0-0", ">= 95")
    write(browser, "cell-4-0", "[40..95)")
    write(browser, "cell-5-0", "< 45")
    browser.press('.bar [value="check"]')
    assert browser.find("#preview").text
    browser.shot(f"groups-edit-{locale}")
    assert axe.breaches(browser.driver) == []
    fits_a_phone(browser, f"groups-edit-{locale}-360")
    browser.press('.bar [value="save"]')
    assert browser.find('[data-way="KA-GR"]').text
    assert "C-2001" in browser.find('[data-example="C-2001"]').text
    browser.shot(f"groups-draft-{locale}")
    browser.press('[value="submit"]')
    assert not browser.driver.find_elements(By.CSS_SELECTOR, '[value="release"]'), "not by her who wrote it"
    browser.sign_in("ben")
    browser.open("/groups?look=1")
    assert axe.breaches(browser.driver) == []
    browser.press('[value="release"]')
    here = drafts.shelf(desk.engine, agent=BOSS, now=desk.now)
    assert here.present is not None and here.present.n == 2
    desk.settle()
    browser.open("/customers/mid")
    assert {"en": "Growth", "zh-CN": "成长型"}[locale] in browser.find("h1 + .facts").text
    assert browser.complaints() == []
