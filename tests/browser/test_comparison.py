"""A designer sees what differs between two versions, on both drawings and in words."""

import pytest
from selenium.webdriver.common.by import By

from engine.definitions import drafts
from engine.people.agent import SYSTEM
from tests.browser import axe
from tests.browser.conftest import Desk, employ
from tests.browser.test_designer import fits_a_phone
from tests.house import House

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_two_versions_beside_each_other(desk: House, browser: Desk, locale: str) -> None:
    employ(desk, "dana", "Dana", locale, ("designer", "staff"))
    found = drafts.opened(desk.engine, process="CSS-03", n=1, agent=SYSTEM)
    task = next(node for node in found.program.nodes if type(node).__name__ == "UserTask")
    renamed = found.drawing.replace(task.texts["en"].encode(), b"Another name")
    drafts.save(desk.engine, process="CSS-03", n=1, drawing=renamed, seen=found.seen, agent=SYSTEM, now=desk.now)
    browser.sign_in("dana")
    browser.open("/designer/CSS-03/2")
    browser.press('a[href$="/compare/1/2"]')
    browser.wait(lambda driver: len(driver.find_elements(By.CSS_SELECTOR, '[data-drawn="1"]')) == 2)
    browser.shot(f"comparison-{locale}")
    lines = [line.text for line in browser.driver.find_elements(By.CSS_SELECTOR, "li[data-kind]")]
    assert len(lines) == 2, "the step, and its form, which has the same title"
    assert ("Another name: its name changed" if locale == "en" else "名称有变") in lines[0]
    assert len(browser.driver.find_elements(By.CSS_SELECTOR, ".mark.changed")) == 2
    assert axe.breaches(browser.driver) == []
    fits_a_phone(browser, f"comparison-{locale}-360")
    assert browser.complaints() == []
