"""A designer tries a draft out: a task by its form, a service by its answer, on to the next timer, a message, undo."""

import pytest
from selenium.webdriver.common.by import By

from engine.definitions import publish
from engine.people.agent import SYSTEM
from tests.browser import axe
from tests.browser.conftest import Desk, employ
from tests.browser.test_designer import fits_a_phone
from tests.house import House
from tests.unit.simulation.test_sandbox import DRAWING, FORM

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_a_draft_is_played_to_its_end(desk: House, browser: Desk, locale: str) -> None:
    employ(desk, "dana", "Dana", locale, ("designer", "staff"))
    files = {"p.bpmn": DRAWING, "ask.json": FORM}
    publish.deploy(desk.engine, name="p", files=files, agent=SYSTEM, now=desk.now)
    browser.sign_in("dana")
    browser.open("/designer/p/1")
    browser.press('a[href$="/play"]')
    browser.press('[value="begin"]')
    browser.fill(amount="500")
    browser.press('[value^="complete"]')
    browser.find('[data-drawn="1"]')
    browser.shot(f"sandbox-{locale}")
    assert axe.breaches(browser.driver) == []
    browser.find('textarea[name^="data-"]').send_keys('{"score": 7}')
    browser.press('[value^="answer"]')
    assert '"score": 7' in browser.find("#variables").text
    browser.press("#next-timer")
    browser.press('[value^="deliver"]')
    assert browser.find("#ended").text
    browser.shot(f"sandbox-ended-{locale}")
    browser.press('[value="undo"]')
    assert browser.driver.find_elements(By.CSS_SELECTOR, '[data-wait="message"]')
    fits_a_phone(browser, f"sandbox-{locale}-360")
    with desk.engine.store.reading() as tx:
        assert tx.processes.released("p") is None
    assert browser.complaints() == []
