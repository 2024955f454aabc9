"""A new base of the complaint process in a browser: an admin decides, carries over; another approves and releases."""

import re

import pytest
from selenium.webdriver.common.by import By

from engine.definitions import bases, catalogue
from engine.people.agent import SYSTEM
from engine.variants import approval, author, release
from tests.browser.conftest import Desk, employ
from tests.house import House
from tests.unit.variants.desk import improved

pytestmark = pytest.mark.browser
WHY = {"zh-CN": "客户这样要求", "en": "because they asked"}
CHANGES = (
    {"kind": "set_sla", "target": "register", "promise": {"duration": "PT90M"}},
    {"kind": "delete", "target": "count_cause"},
    {"kind": "set_parameter", "target": "redress_authority_limit", "value": 300},
)


def upgrade(desk: House) -> None:
    """KA and GR say the same of a promise and one of a limit; then the base changes both and drops a step."""
    limit = {"kind": "set_parameter", "target": "redress_authority_limit", "value": 5000}
    sla = {"kind": "set_sla", "target": "register", "promise": {"duration": "PT30M"}}
    add(desk, "KA", sla, limit)
    add(desk, "GR", sla, {"kind": "set_names", "target": "count_cause", "names": WHY})
    with desk.engine.store.reading() as tx:
        entry = bases.get(tx, "CSS-03")
        assert entry.released is not None
        old = bases.program(tx, entry.released)
    desk.release(improved(old, *CHANGES), **catalogue.get(desk.engine, process="CSS-03")[0].details)


def add(desk: House, group: str, *documents: dict[str, object]) -> None:
    """On top of what the group's shipped variant says."""
    with desk.engine.store.transaction() as tx:
        variant, present = next(pair for pair in tx.variants.released("CSS-03") if pair[0].customer_group == group)
        more = [{"id": f"{group.lower()}_more_{n}", "reason": WHY, **one} for n, one in enumerate(documents)]
        spoken = {one["target"] for one in documents}
        kept = [one for one in present.operations if one.get("target") not in spoken]
        order = author.Order(
            process="CSS-03", name=variant.id.partition(":")[2], group=group, texts=variant.texts,
            reason=present.reason, operations=[*kept, *more],
        )  # fmt: skip
        saved = author.save_within(tx, order=order, agent=SYSTEM, now=desk.now)
        which = {"variant_id": saved.variant_id, "n": saved.n, "agent": SYSTEM, "now": desk.now}
        approval.submit_within(tx, **which)
        approval.approve_within(tx, **which)
        release.release_within(tx, **which)


def state(browser: Desk, variant: str) -> str | None:
    return browser.find(f'tr[data-variant="CSS-03:{variant}"]').get_attribute("data-state")


def choose(browser: Desk, variant: str, kind: str, choice: str) -> None:
    where = f'.board-row[data-variant="CSS-03:{variant}"] [data-conflict="{kind}"].unsettled button[value="{choice}"]'
    browser.press(where)


def test_a_new_base_from_the_first_look_to_release_and_back(desk: House, browser: Desk) -> None:
    employ(desk, "anna", "Anna Berg", "en", ("admin", "staff"))
    employ(desk, "ben", "本杰明", "zh-CN", ("admin",))
    upgrade(desk)
    browser.sign_in("anna")
    browser.open("/matrix")
    browser.press('a[href="/boards/CSS-03"]')
    assert state(browser, "key-accounts") == "decide" and state(browser, "growth") == "decide"
    browser.shot("board-en")
    choose(browser, "key-accounts", "modify_modify", "keep")
    assert "decided by Anna Berg" in browser.text
    browser.shot("board-proposed-en")
    browser.press('form[action$="/accept"] button')
    while browser.driver.find_elements(By.CSS_SELECTOR, ".conflict.unsettled"):
        browser.press(".conflict.unsettled form.form button.button")
    assert state(browser, "key-accounts") == "look"
    browser.press('#deeds form[action$="/carry"] button')
    assert "somebody else has to approve" in browser.text
    assert browser.driver.find_elements(By.CSS_SELECTOR, 'form[action$="/approve"]') == []
    browser.sign_in("ben")
    browser.open("/boards/CSS-03")
    browser.shot("board-carried-zh")
    browser.press('#deeds form[action$="/approve"] button')
    browser.press('#deeds form[action$="/release"] button')
    assert "所有变体都在基准 v2 上" in browser.text
    browser.press('tr[data-variant="CSS-03:key-accounts"] form[action$="/undo"] button')
    assert "原来的方案仍在使用" in browser.text
    assert state(browser, "key-accounts") == "look"
    assert browser.complaints() == []


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_the_board_fits_a_phone(desk: House, browser: Desk, locale: str) -> None:
    employ(desk, "anna", "Anna", locale, ("admin",))
    upgrade(desk)
    browser.sign_in("anna")
    browser.open("/boards/CSS-03")
    for width in (360, 390, 768, 1280):
        browser.resize(width, 844)
        wide = browser.driver.execute_script("return document.documentElement.scrollWidth")
        assert wide <= width, (width, wide)
        if width == 390:
            browser.shot(f"board-390-{locale}")
    browser.resize(1280, 860)
    assert browser.complaints() == []


def test_variants_side_by_side_and_the_path_of_a_refusal(desk: House, browser: Desk) -> None:
    employ(desk, "anna", "Anna Berg", "en", ("admin",))
    browser.sign_in("anna")
    browser.open("/differences/CSS-03")
    browser.find('[data-drawn="1"]')
    assert int(browser.find(".mark.heat4").get_attribute("textContent") or 0) >= 2
    browser.shot("heat-en")
    browser.open("/differences/CSS-03/KA/panes")
    browser.wait(lambda driver: len(driver.find_elements(By.CSS_SELECTOR, '[data-drawn="1"]')) == 2)
    before = scales(browser)
    browser.press_here('[data-pair] [data-zoom="in"]')
    browser.wait(lambda driver: scales(browser)[0] > before[0])
    browser.wait(lambda driver: abs(scales(browser)[0] - scales(browser)[1]) < 0.01)
    browser.shot("panes-en")
    unsound(desk)
    browser.open("/variants/CSS-03/KA")
    browser.find('[data-drawn="1"]')
    browser.press_here("[data-replay]")
    browser.find('[data-replay][data-played="1"]')
    assert browser.driver.find_elements(By.CSS_SELECTOR, ".djs-element.is-trace")
    browser.shot("trace-en")
    assert browser.complaints() == []


def unsound(desk: House) -> None:
    """A branch that leaves a parallel block: its join waits for ever."""
    operations = [
        {"id": "ka_odd_1", "kind": "parallelise", "targets": ["root_cause", "count_cause"], "reason": WHY},
        {
            "id": "ka_odd_2",
            "kind": "add_branch",
            "target": "register",
            "to": "closed",
            "condition": "x > 1",
            "reason": WHY,
        },
    ]
    texts = {"zh-CN": "大客户", "en": "Key accounts"}
    order = author.Order(
        process="CSS-03", name="key-accounts", group="KA", texts=texts, reason=WHY, operations=operations
    )
    saved = author.save(desk.engine, order=order, agent=SYSTEM, now=desk.now)
    assert [one.code for one in saved.problems if one.trace], saved.problems


def scales(browser: Desk) -> list[float]:
    """How far each pane is zoomed in."""
    shown = browser.driver.find_elements(By.CSS_SELECTOR, "[data-pair] .viewport")
    return [float(re.findall(r"-?\d[\d.]*", str(one.get_attribute("transform")))[0]) for one in shown]
