"""A new version of the complaint process is released; an administrator moves the running cases, and takes it back."""

import msgspec
import pytest
from selenium.webdriver.common.by import By

from engine.model import nodes
from engine.model.program import Flow, Program
from engine.runtime import instances
from tests.browser import axe
from tests.browser.conftest import Desk, employ
from tests.browser.test_story import start
from tests.house import House

pytestmark = pytest.mark.browser


def again(program: Program, source: str) -> Program:
    """With a second look before ``source``."""
    flow = next(one for one in program.flows if one.target == source)
    look = nodes.UserTask(id="second_look", name="Second look", texts={"zh-CN": "复核事实", "en": "Second look"})
    flows = [msgspec.structs.replace(one, target=look.id) if one is flow else one for one in program.flows]
    flows.append(Flow(id="second_look_out", source=look.id, target=source))
    return msgspec.structs.replace(program, nodes=(*program.nodes, look), flows=tuple(flows))


def release(desk: House, source: str) -> None:
    """The next version of every variant; the cases that run stay with the versions before."""
    with desk.engine.store.transaction() as tx:
        for _, old in tx.variants.released("CSS-03"):
            before = tx.programs.get(old.program)
            assert before is not None
            sha256 = tx.programs.add(again(before, source), process="CSS-03", now=desk.now)
            tx.variants.put_version(msgspec.structs.replace(old, status="retired"))
            tx.variants.put_version(msgspec.structs.replace(old, n=old.n + 1, program=sha256))


def text_of(browser: Desk, css: str) -> list[str]:
    return [one.text for one in browser.driver.find_elements(By.CSS_SELECTOR, css)]


def overflow(browser: Desk) -> int:
    return int(browser.driver.execute_script("return document.documentElement.scrollWidth - innerWidth"))


def test_running_cases_are_tried_moved_watched_and_taken_back(desk: House, browser: Desk) -> None:
    employ(desk, "anna", "Anna Berg", "en", ("admin", "staff"))
    employ(desk, "ben", "本杰明", "zh-CN", ("admin", "staff"))
    browser.sign_in("anna")
    for customer in ("st", "st", "st"):
        start(browser, customer)
    desk.settle()
    release(desk, "answer_customer")
    running = [one.id for one in instances.search(desk.engine) if one.status == "active"]
    for who, locale in (("ben", "zh"), ("anna", "en")):
        browser.sign_in(who)
        browser.open("/migrations")
        browser.shot(f"migrations-{locale}")
        assert axe.breaches(browser.driver) == []
        browser.press("tr[data-program] a.button")
        browser.shot(f"migration-try-{locale}")
        assert axe.breaches(browser.driver) == []
        for width in (1280, 390):
            browser.resize(width, 860)
            assert overflow(browser) <= 0, f"{width} pixels are not enough"
        browser.resize(1280, 860)
    assert text_of(browser, '[data-kind="compliant"] dd') == [str(len(running))]
    browser.find("#reason").send_keys("a second pair of eyes before the answer")
    browser.press("form[action='/migrations'] .button.primary")
    desk.settle()
    browser.open(browser.driver.current_url.removeprefix(browser.address))
    assert text_of(browser, '.figure[data-status="moved"] dd') == [str(len(running))]
    browser.shot("migration-moved-en")
    assert axe.breaches(browser.driver) == []
    browser.press('tr[data-status="moved"] form[action$="/undo"] button')
    desk.settle()
    browser.open(browser.driver.current_url.removeprefix(browser.address))
    assert text_of(browser, '.figure[data-status="undone"] dd') == ["1"]
    browser.sign_in("ben")
    browser.open(f"/cases/{running[0]}")
    browser.shot("migration-case-zh")
    assert browser.complaints() == []
