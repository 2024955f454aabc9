"""A designer makes a form by mouse and keyboard: fields, choices, a condition, the preview while typing, a save."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

from engine.definitions import drafts, forms
from engine.people.agent import SYSTEM
from tests.browser import axe
from tests.browser.conftest import Desk, employ
from tests.browser.test_designer import fits_a_phone
from tests.house import BOSS, House

pytestmark = pytest.mark.browser
NAMES = {"zh-CN": "报价审批", "en": "Approve a quotation"}


def write(browser: Desk, name: str, text: str) -> None:
    box = browser.find(f'[name="{name}"]')
    browser.driver.execute_script("arguments[0].value = ''", box)
    box.send_keys(text)


def add(browser: Desk, kind: str) -> None:
    Select(browser.find("#new")).select_by_value(kind)
    browser.press('#outline [value="add"]')


def choose(browser: Desk, css: str, value: str) -> None:
    """A list whose choice makes another page of it."""
    page = browser.find("html")
    Select(browser.find(css)).select_by_value(value)
    browser.wait(lambda driver: driver.find_element(By.TAG_NAME, "html") != page)


def test_a_form_from_nothing(desk: House, browser: Desk) -> None:
    employ(desk, "dana", "Dana", "en", ("designer", "staff"))
    employ(desk, "dan", "丹", "zh-CN", ("designer", "staff"))
    drafts.begin(desk.engine, key="offer", names=NAMES, agent=SYSTEM, now=desk.now)
    browser.sign_in("dana")
    browser.open("/designer/offer/1")
    browser.find("#form").send_keys("quote")
    browser.press("#forms .button")
    add(browser, "select")
    assert browser.driver.switch_to.active_element.get_attribute("name") == "set-zh", "the new field's label is next"
    write(browser, "set-zh", "结论")
    write(browser, "set-en", "Outcome")
    write(browser, "set-key", "outcome")
    write(browser, "option-0-value", "no")
    write(browser, "option-0-zh", "不同意")
    write(browser, "option-0-en", "Refuse")
    browser.wait(lambda driver: driver.find_element(By.CSS_SELECTOR, '#preview select[name="f/outcome"] [value="no"]'))
    add(browser, "textarea")
    write(browser, "set-zh", "原因")
    write(browser, "set-en", "Why")
    browser.find('[name="set-required"]').send_keys(Keys.SPACE)
    choose(browser, "#set-when_field", "outcome")
    browser.find('[name="set-when_values"]').send_keys(Keys.SPACE)
    browser.press('#outline [value="up:/textarea"]')
    assert browser.driver.switch_to.active_element.get_attribute("value") == "up:/textarea", "the keyboard stays there"
    reason = browser.find('#preview [name="f/textarea"]')
    assert not reason.is_displayed()
    Select(browser.find('#preview [name="f/outcome"]')).select_by_value("no")
    assert reason.is_displayed()
    browser.press('#preview button[value="try"]')
    assert browser.find("#f-textarea-error").text
    assert axe.breaches(browser.driver) == []
    for name in browser.driver.find_elements(By.CSS_SELECTOR, "#outline li .entry-name"):
        tools = name.find_element(By.XPATH, "following-sibling::*")
        assert tools.rect["x"] > name.rect["x"] + name.rect["width"] - 1, "what moves a field stands beside its name"
    browser.shot("form-editor-en")
    browser.find('[name="shown_at"][value="Step_1"]').click()
    browser.press('[form="editor"][value="save"]')
    found = forms.opened(desk.engine, process="offer", n=1, key="quote", agent=BOSS)
    assert list(found.schema["properties"]) == ["outcome", "textarea"]
    assert [node.id for node in forms.users(found.program, "quote")] == ["Step_1"]
    browser.sign_in("dan")
    browser.open("/designer/offer/1/forms/quote")
    browser.press('[value="select:/outcome"]')
    browser.shot("form-editor-zh-CN")
    assert axe.breaches(browser.driver) == []
    fits_a_phone(browser, "form-editor-zh-CN-360")
    assert browser.complaints() == []
