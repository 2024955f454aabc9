"""Everybody can work here: the keyboard goes everywhere."""

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.browser import axe
from tests.browser.conftest import Desk, employ
from tests.browser.test_story import start
from tests.house import House

pytestmark = pytest.mark.browser


def colours(browser: Desk, scheme: str) -> None:
    """At once: colours that fade into each other would be measured half way."""
    features = [("prefers-color-scheme", scheme), ("prefers-reduced-motion", "reduce")]
    media = {"features": [{"name": name, "value": value} for name, value in features]}
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)


FOCUSED = """
const at = document.activeElement; const style = getComputedStyle(at);
const name = at.getAttribute("name") || at.className || at.tagName;
return [at.tagName, name, style.outlineStyle, style.boxShadow, at.outerHTML];
"""


def test_tab_goes_through_a_task_in_order_always_in_sight_and_out_again(desk: House, browser: Desk) -> None:
    employ(desk, "anna", "Anna Berg", "en")
    browser.sign_in("anna")
    start(browser, "ka")
    desk.settle()
    browser.open("/inbox")
    browser.open(browser.find("a.row").get_attribute("href").removeprefix(browser.address))
    browser.driver.execute_script("document.activeElement.blur()")
    reached = []
    for _ in range(80):
        ActionChains(browser.driver).send_keys(Keys.TAB).perform()
        tag, name, outline, shadow, whole = browser.driver.execute_script(FOCUSED)
        assert tag == "BODY" or (outline, shadow) != ("none", "none"), whole
        reached.append(name)
    assert reached[0] == "skip"
    assert "f/apology" in reached and "do" in reached
    assert reached.index("skip") < reached.index("f/apology")
    assert len(set(reached)) > 10


def test_keys_move_claim_and_go_but_never_while_one_types_or_composes(desk: House, browser: Desk) -> None:
    employ(desk, "anna", "Anna Berg", "en")
    browser.sign_in("anna")
    start(browser, "ka")
    desk.settle()
    browser.open("/inbox")
    body = browser.find("body")
    body.send_keys("j")
    assert "row" in browser.driver.switch_to.active_element.get_attribute("class")
    browser.driver.switch_to.active_element.send_keys(Keys.ENTER)
    browser.wait(lambda driver: "/tasks/" in driver.current_url)
    here = browser.driver.current_url
    browser.find('[name="f/apology"]').send_keys("g i ? c j")
    event = "new KeyboardEvent('keydown', {key: arguments[0], isComposing: true, bubbles: true})"
    compose = f"document.body.dispatchEvent({event})"
    for key in "gi":
        browser.driver.execute_script(compose, key)
    assert browser.driver.current_url == here
    assert not browser.driver.find_elements(By.CSS_SELECTOR, "dialog[open]")
    browser.driver.execute_script("document.activeElement.blur()")
    browser.find("body").send_keys("?")
    assert browser.find("dialog[open]").is_displayed()


def test_a_key_of_one_s_own_and_keys_switched_off(desk: House, browser: Desk) -> None:
    employ(desk, "anna", "Anna Berg", "en")
    browser.sign_in("anna")
    browser.open("/account/keys")
    browser.shot("keys-en")
    assert axe.breaches(browser.driver) == []
    box = browser.find("#key-to_cases")
    box.clear()
    box.send_keys("g q")
    browser.press('.bar [value="save"]')
    browser.find("body").send_keys("gc")
    assert browser.driver.current_url.endswith("/account/keys")
    browser.find("body").send_keys("gq")
    browser.wait(lambda driver: driver.current_url.endswith("/cases"))
    browser.open("/account/keys")
    browser.find('[name="on"]').click()
    browser.press('.bar [value="save"]')
    browser.find("body").send_keys("gq")
    assert browser.driver.current_url.endswith("/account/keys")
    assert browser.complaints() == []
