"""A designer uploads a foreign drawing, mends it, says who does what, releases it; an admin moves a case on."""

from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

from tests.browser import axe
from tests.browser.conftest import Desk, employ
from tests.house import House
from tests.unit.bpmn.drawn import document, ext

pytestmark = pytest.mark.browser
LISTENER = ext('<camunda:executionListener event="start" class="com.example.audit.OrderAuditListener"/>')
WAIT = '<intermediateCatchEvent id="wait" name="Wait"><timerEventDefinition/></intermediateCatchEvent>'
DRAWING = document(
    f'<startEvent id="s"/><userTask id="check" name="Check the order" camunda:assignee="ada">{LISTENER}</userTask>'
    '<exclusiveGateway id="big" name="Big?" default="small"/><userTask id="approve" name="Approve" '
    f'camunda:assignee="ada"/>{WAIT}<endEvent id="e"/>'
    '<sequenceFlow id="f1" sourceRef="s" targetRef="check"/><sequenceFlow id="f2" sourceRef="check" targetRef="big"/>'
    '<sequenceFlow id="f3" sourceRef="big" targetRef="approve"><conditionExpression>'
    "${pricing.total(order) &gt; 100}</conditionExpression></sequenceFlow>"
    '<sequenceFlow id="small" sourceRef="big" targetRef="wait"/>'
    '<sequenceFlow id="f4" sourceRef="approve" targetRef="wait"/><sequenceFlow id="f5" sourceRef="wait" targetRef="e"/>'
)


def bind(browser: Desk, handler: str, target: str = "", topic: str = "") -> None:
    form = browser.find(f'form[action$="/bind"]:has(input[value="{handler}"])')
    if target:
        Select(form.find_element(By.NAME, "target")).select_by_visible_text(target)
    form.find_element(By.NAME, "topic").send_keys(topic)
    browser.press(f'form[action$="/bind"]:has(input[value="{handler}"]) button')


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_from_upload_to_a_case_that_was_moved_on(desk: House, browser: Desk, tmp_path: Path, locale: str) -> None:
    employ(desk, "ada", "Ada", locale, ("admin", "staff"))
    browser.sign_in("ada")
    file = tmp_path / "order.bpmn"
    file.write_bytes(DRAWING)
    browser.open("/designer")
    browser.find("#files").send_keys(str(file))
    browser.shot(f"designer-upload-{locale}")
    browser.press(".drop .button.primary")
    browser.shot(f"designer-report-{locale}")
    browser.open("/designer/p/1")
    browser.find('[data-drawn="1"]')
    browser.shot(f"designer-draft-{locale}")
    assert "com.example.audit.OrderAuditListener" in browser.text and "pricing.total" in browser.text
    assert axe.breaches(browser.driver) == []
    fits_a_phone(browser, f"designer-draft-{locale}-360")
    browser.press('form:has(input[value="fill_timer"]) button')
    assert browser.driver.current_url.endswith("/designer/p/2")
    bind(browser, "com.example.audit.OrderAuditListener", target="nothing")
    bind(browser, "pricing.total", topic="pricing")
    assert browser.driver.find_elements(By.CSS_SELECTOR, ".problem.error") == [], browser.text
    browser.shot(f"designer-bound-{locale}")
    browser.press('form[action$="/release"] button')
    move_on(desk, browser, locale)
    assert browser.complaints() == []


def move_on(desk: House, browser: Desk, locale: str) -> None:
    """By keyboard: the step is chosen, the change tried by Enter, then carried out."""
    case = desk.start("p", order={"total": 120})
    desk.settle()
    assert [item.node for item in desk.items(case)] == ["check"]
    browser.open(f"/cases/{case}")
    browser.press('a[href$="/modify"]')
    Select(browser.find('[name^="token/"]')).select_by_value("to/approve")
    browser.find("#reason").send_keys("checked by phone")
    box = browser.find("#name-0")
    box.send_keys("checked", Keys.TAB, "true", Keys.ENTER)
    browser.find("#tried")
    assert [item.node for item in desk.items(case)] == ["check"], "nothing has happened yet"
    browser.shot(f"case-modify-{locale}")
    assert axe.breaches(browser.driver) == []
    fits_a_phone(browser, f"case-modify-{locale}-360")
    browser.press('button[value="carry_out"]')
    assert [item.node for item in desk.items(case)] == ["approve"]
    assert "checked by phone" in browser.text


def fits_a_phone(browser: Desk, name: str) -> None:
    browser.resize(360, 2400)
    wide = browser.driver.execute_script("return document.documentElement.scrollWidth")
    browser.keep(name)
    browser.resize(1280, 860)
    assert wide <= 360
