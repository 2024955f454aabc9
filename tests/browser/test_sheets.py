"""A designer edits a decision table in the grid: a slip at its cell, an overlap, a gap, a test row, a save."""

import pytest
from selenium.webdriver.common.by import By

from engine.definitions import catalogue, drafts
from engine.people.agent import SYSTEM
from tests.browser import axe
from tests.browser.conftest import Desk, employ
from tests.browser.test_designer import fits_a_phone
from tests.house import House

pytestmark = pytest.mark.browser
NAMES = {"zh-CN": "报价审批", "en": "Approve a quotation"}


def write(browser: Desk, **values: str) -> None:
    for name, value in values.items():
        box = browser.find(f'[name="{name.replace("_", "-")}"]')
        browser.driver.execute_script("arguments[0].value = ''", box)
        box.send_keys(value)


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_a_table_from_nothing(desk: House, browser: Desk, locale: str) -> None:
    employ(desk, "dana", "Dana", locale, ("designer", "staff"))
    drafts.begin(desk.engine, key="offer", names=NAMES, agent=SYSTEM, now=desk.now)
    browser.sign_in("dana")
    browser.open("/designer/offer/1")
    browser.find("#decision").send_keys("level")
    browser.press("#decisions .button")
    write(browser, input_0="amount", output_0="level", cell_0_0="< < 100", cell_0_1="1")
    browser.press('[value="add-rule"]')
    assert browser.find("#cell-0-0-wrong").text
    write(browser, cell_0_0="<= 100", cell_1_0="[100..200]", cell_1_1="2")
    browser.press('[value="add-trial"]')
    write(browser, given_0_0="150", expected_0_0="3")
    browser.press('.bar [value="check"]')
    kinds = {one.get_attribute("data-kind") for one in browser.driver.find_elements(By.CSS_SELECTOR, "li[data-kind]")}
    assert kinds == {"overlap", "gap"}
    assert browser.find("#trials .tag.bad").text
    browser.shot(f"sheet-wrong-{locale}")
    assert axe.breaches(browser.driver) == []
    write(browser, cell_0_0="< 100", cell_1_0=">= 100", expected_0_0="2")
    browser.press('[value="save"]')
    assert browser.find("#trials .tag.good").text and not browser.driver.find_elements(By.CSS_SELECTOR, "li[data-kind]")
    browser.shot(f"sheet-{locale}")
    fits_a_phone(browser, f"sheet-{locale}-360")
    _, versions = catalogue.get(desk.engine, process="offer")
    assert set(catalogue.program(desk.engine, sha256=versions[0].program).decisions) == {"level"}
    assert browser.complaints() == []
