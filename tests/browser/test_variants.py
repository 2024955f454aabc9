"""An admin makes ten typical changes by forms, without a drawing tool and without XML; another approves them."""

import time
from typing import Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from tests.browser.conftest import Desk, employ
from tests.house import House

pytestmark = pytest.mark.browser
TWO_MINUTES = 120


def change(browser: Desk, group: str, element: str, kind: str, **entered: Any) -> float:
    """Opens the form, fills it in, presses; how many seconds it took."""
    began = time.monotonic()
    browser.open(f"/variants/CSS-03/{group}?do={element}")
    form = f'form[data-change="{kind}"]'
    browser.driver.execute_script("arguments[0].closest('details').open = true", browser.find(form))
    for name, value in {"reason": "because they asked", **entered}.items():
        box = browser.find(f'{form} [name="{name}"]')
        if box.tag_name == "select":
            Select(box).select_by_value(str(value))
        elif box.get_attribute("type") == "checkbox":
            for one in value:
                browser.find(f'{form} [name="{name}"][value="{one}"]').click()
        else:
            box.clear()
            box.send_keys(str(value))
    browser.press(f"{form} button")
    return time.monotonic() - began


TEN: list[tuple[str, str, str, str, dict[str, Any]]] = [
    ("named performer for key accounts", "KA", "performer", "set_performer",
     {"step": "investigate", "person": "anna"}),
    ("shorter promise", "KA", "service_level", "set_sla", {"step": "register", "number": 30, "unit": "minutes"}),
    ("countersigning skipped for small sums", "ST", "logic", "make_optional",
     {"step": "legal_review", "condition": "demand_amount > 1000"}),
    ("a counselling step for prospects", "PR", "activity", "insert",
     {"place": "after:investigate", "name_zh": "咨询谈话", "name_en": "Counselling", "groups": ["complaint_desk"]}),
    ("another form", "KA", "way", "set_form", {"step": "handle_crisis", "form": "executive_call"}),
    ("phone instead of e-mail", "KA", "way", "set_channel", {"step": "follow_up", "channel": "phone"}),
    ("an approval limit", "KA", "way", "set_parameter", {"parameter": "redress_authority_limit", "value": 5000}),
    ("a different order of two steps", "KA", "logic", "move", {"step": "count_cause", "place": "after:customer_view"}),
    ("an automatic decision instead of a manual one", "ST", "performer", "automate",
     {"step": "approve_redress", "decision": "auto_redress"}),
    ("a second pair of eyes", "KA", "performer", "four_eyes",
     {"step": "answer_customer", "others": ["investigate"]}),
]  # fmt: skip


def test_ten_typical_changes_each_in_under_two_minutes(desk: House, browser: Desk) -> None:
    employ(desk, "anna", "Anna Berg", "en", ("admin", "staff"))
    employ(desk, "ben", "本杰明", "zh-CN", ("admin",))
    browser.sign_in("anna")
    for name, group, element, kind, entered in TEN:
        took = change(browser, group, element, kind, **entered)
        assert took < TWO_MINUTES, name
        assert "The change is saved." in browser.text, (name, browser.text)
    for group, count in (("KA", 7), ("ST", 2), ("PR", 1)):
        browser.open(f"/variants/CSS-03/{group}")
        made = browser.driver.find_elements(By.CSS_SELECTOR, f'[data-operation^="{group.lower()}_"]')
        assert browser.driver.find_elements(By.CSS_SELECTOR, "#changes .problem.error") == [], browser.text
        assert len(made) >= count
        browser.find('[data-drawn="1"]')
        browser.shot(f"variant-{group}-en")
    approve_and_release(browser)
    assert browser.complaints() == []


def approve_and_release(browser: Desk) -> None:
    """Anna submits and cannot approve; Ben approves and releases; the tester then says v2; Ben goes back."""
    browser.open("/variants/CSS-03/KA")
    browser.press('form[action$="/submit"] button')
    assert "somebody else has to approve" in browser.text
    assert browser.driver.find_elements(By.CSS_SELECTOR, 'form[action$="/approve"]') == []
    browser.sign_in("ben")
    browser.open("/variants/CSS-03/KA")
    browser.press('form[action$="/approve"] button')
    browser.press('form[action$="/release"] button')
    assert browser.find("[data-status]").get_attribute("data-status") == "released"
    browser.shot("variant-KA-released-zh")
    browser.open("/resolutions/try?process=CSS-03&customer=C-1001")
    assert browser.find("[data-group]").get_attribute("data-group") == "KA"
    assert "v2" in browser.text
    browser.shot("tester-zh")
    browser.open("/variants/CSS-03/KA")
    browser.press_here("details:has(form[action$='/roll-back']) > summary")
    browser.press('form[action$="/roll-back"] button')
    assert "v1 已重新启用" in browser.text


def test_what_is_refused_comes_back_as_it_was_entered_with_the_reason(desk: House, browser: Desk) -> None:
    employ(desk, "anna", "Anna Berg", "en", ("admin",))
    browser.sign_in("anna")
    change(browser, "KA", "service_level", "set_sla", step="register", number=9, unit="hours", reason="slow is fine")
    form = browser.find('form[data-change="set_sla"]')
    assert "must not exceed" in form.text
    entered = {name: form.find_element(By.NAME, name).get_attribute("value") for name in ("step", "number", "reason")}
    assert entered == {"step": "register", "number": "9", "reason": "slow is fine"}
    browser.shot("variant-refused-en")
    change(browser, "KA", "logic", "move", step="root_cause", place="")
    assert "This is needed" in browser.find('form[data-change="move"]').text


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_the_pages_fit_a_phone(desk: House, browser: Desk, locale: str) -> None:
    employ(desk, "anna", "Anna", locale, ("admin",))
    browser.sign_in("anna")
    for page in (
        "/variants/CSS-03/KA?do=performer",
        "/variants/CSS-03/GR",
        "/variants/CSS-03/PR-R",
        "/resolutions/try",
    ):
        browser.open(page)
        browser.driver.execute_script("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        for width in (360, 768, 1280):
            browser.resize(width, 800)
            wide = browser.driver.execute_script("return document.documentElement.scrollWidth")
            assert wide <= width, (page, width, wide)
    browser.resize(1280, 860)
    assert browser.complaints() == []
